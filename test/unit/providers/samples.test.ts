import assert from 'node:assert/strict';
import { rewriteJson } from '../../../src/providers/json.ts';
import type { Provider } from '../../../src/providers/provider.ts';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.ts';
import { collect, connect, documentText } from '../../support/connect.ts';
import { exchanges, sampleNames, sampleText } from '../../support/fixtures.ts';

/** Every recorded answer to a read that Sendmap makes, served over HTTP as it was recorded and read by the provider. */
describe('recorded samples, served as recorded', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox({ instantly: { accounts: 0, campaigns: 0 } });
  });
  after(() => sandbox.close());
  afterEach(() => {
    sandbox.clearOverrides();
  });

  describe('Instantly', () => {
    const last = (path: string) => decodeURIComponent(path.split('/').at(-1) ?? '');
    const reads: readonly (readonly [
      RegExp,
      (provider: Provider, path: string) => Promise<{ count: number } | { document: string }>,
    ])[] = [
      [/^\/api\/v2\/accounts$/, async (provider) => ({ count: (await collect(provider.accountPages())).length })],
      [
        /^\/api\/v2\/accounts\/[^/]+@|^\/api\/v2\/accounts\/[^/]+%40[^/]+$/,
        async (provider, path) => ({ document: await documentText(provider, 'account', last(path)) }),
      ],
      [/^\/api\/v2\/campaigns$/, async (provider) => ({ count: (await collect(provider.campaignPages())).length })],
      [
        /^\/api\/v2\/account-campaign-mappings\//,
        async (provider, path) => ({ count: (await provider.mappingOf(last(path))).campaigns?.length ?? -1 }),
      ],
    ];
    let served = 0;

    for (const name of sampleNames('instantly').filter(
      (file) => file !== 'errors.observed.json' && !file.includes('openapi-example'),
    )) {
      for (const [index, { request, response }] of exchanges(name).entries()) {
        const read = reads.find(([path]) => request.method === 'GET' && path.test(request.path))?.[1];
        if (read === undefined || response.status !== 200) {
          continue;
        }
        served += 1;
        it(`${name}, exchange ${index + 1}`, async () => {
          const text = JSON.stringify(response.body);
          // The page after the recorded one is empty, as it is for real.
          sandbox.override({ path: /./, reply: { status: 200, body: { items: [] } } });
          sandbox.override({
            path: new RegExp(request.path.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')),
            times: 1,
            reply: { status: 200, body: text },
          });
          const result = await read(connect('instantly', { baseUrl: sandbox.baseUrls.instantly }), request.path);
          if ('document' in result) {
            assert.equal(result.document, rewriteJson(text));
          } else {
            assert.equal(result.count, (response.body as { items: unknown[] }).items.length);
          }
        });
      }
    }
    it('are more than a few', () => {
      assert.ok(served >= 6, String(served));
    });
  });

  describe('Smartlead', () => {
    for (const name of sampleNames('smartlead').filter((file) => file.endsWith('.json'))) {
      const text = sampleText('smartlead', name);
      const serve = () => {
        sandbox.override({ path: /./, reply: { status: 200, body: text } });
        return connect('smartlead', { baseUrl: sandbox.baseUrls.smartlead });
      };
      const rows = () => (JSON.parse(text) as unknown[]).length;
      if (name.startsWith('email-accounts-list')) {
        it(name, async () => {
          assert.equal((await collect(serve().accountPages())).length, rows());
        });
      } else if (name.startsWith('campaigns-list')) {
        it(name, async () => {
          assert.equal((await collect(serve().campaignPages())).length, rows());
        });
      } else if (name.startsWith('email-account-detail')) {
        it(name, async () => {
          const provider = serve();
          assert.equal(await documentText(provider, 'account', '1'), rewriteJson(text));
          assert.equal((await provider.account('1')).key, String((JSON.parse(text) as { id: number }).id));
        });
      } else if (name.startsWith('campaign-detail')) {
        it(name, async () => {
          assert.equal(await documentText(serve(), 'campaign', '1'), rewriteJson(text));
        });
      } else if (name.startsWith('campaign-email-accounts')) {
        it(name, async () => {
          assert.equal(await documentText(serve(), 'campaign-senders', '1'), rewriteJson(text));
        });
      }
    }
  });
});

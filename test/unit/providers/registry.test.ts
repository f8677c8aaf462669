import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { providers, type ProviderId } from '../../../src/providers/index.ts';
import { defaults } from '../../../src/sandbox/options.ts';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.ts';
import { collect, connect } from '../../support/connect.ts';
import { root } from '../../support/paths.ts';

const ids = Object.keys(providers) as ProviderId[];

describe('every service', () => {
  let sandbox: Sandbox;

  before(async () => {
    sandbox = await startSandbox();
  });
  after(() => sandbox.close());

  it('is simulated by the sandbox, under the path that its base URL begins with, and has a key there', () => {
    assert.deepEqual(Object.keys(sandbox.baseUrls).sort(), [...ids].sort());
    assert.deepEqual(defaults.keys.map(({ service }) => service).sort(), [...ids].sort());
  });

  it('has its drafts validated by its own schema, where campaigns can be edited', async () => {
    const manifest = JSON.parse(readFileSync(`${root}/package.json`, 'utf8')) as {
      contributes: { jsonValidation: { fileMatch: string; url: string }[] };
    };
    const editable = ids.filter((id) => providers[id].campaignSchema !== undefined);
    const { jsonValidation } = manifest.contributes;
    assert.deepEqual(
      jsonValidation.map(({ fileMatch }) => fileMatch).sort(),
      editable.map((id) => `sendmap-draft://${id}/**`).sort(),
    );
    for (const { fileMatch, url } of jsonValidation) {
      const id = ids.find((one) => fileMatch.startsWith(`sendmap-draft://${one}/`))!;
      assert.deepEqual(JSON.parse(readFileSync(`${root}/${url}`, 'utf8')), await providers[id].campaignSchema!());
    }
  });

  for (const id of ids) {
    describe(id, () => {
      const info = providers[id];

      it('says who it is, and which setting has its base URL', () => {
        assert.equal(info.id, id);
        assert.equal(info.profile.name, info.name);
        assert.equal(info.profile.baseUrlSetting, `sendmap.${id}.baseUrl`);
        assert.notEqual(info.keyAdvice(), '');
        assert.notEqual(info.sampleLabel(), '');
      });

      it('accepts typed keys and ids as the service has them, and nothing else', async () => {
        const provider = connect(id, { baseUrl: sandbox.baseUrls[id] });
        const accounts = await collect(provider.accountPages());
        const campaigns = await collect(provider.campaignPages());
        assert.ok(accounts.length > 0 && campaigns.length > 0);
        for (const { key } of accounts) {
          assert.match(key, info.accountKeyPattern);
        }
        for (const { id: campaign } of campaigns) {
          assert.match(campaign, info.campaignIdPattern);
        }
        for (const pattern of [info.accountKeyPattern, info.campaignIdPattern]) {
          assert.equal(pattern.global || pattern.sticky, false);
          assert.doesNotMatch('two words', pattern);
          assert.doesNotMatch('', pattern);
        }
      });

      it('has the emails of a campaign in a document of its own, and a request and words for each document', async () => {
        assert.ok(info.documents.has(info.emails.kind));
        for (const kind of info.documents) {
          assert.notEqual(info.shellRequest(kind, 'x').url, '');
          assert.notDeepEqual(await info.properties(kind), {}, kind);
        }
      });

      it('gives the reason of a bad value from a property that it has', async () => {
        const properties = await info.properties('account');
        const reasons = Object.keys(properties).flatMap((name) =>
          [-1, false].map((bad) => info.reasonPath('account', name.split('.'), bad)?.join('.')),
        );
        const found = reasons.filter((path) => path !== undefined);
        assert.ok(found.length > 0);
        for (const path of found) {
          assert.ok(properties[path]?.smtp, path);
        }
        for (const name of Object.keys(properties)) {
          for (const good of [1, true]) {
            assert.equal(info.reasonPath('account', name.split('.'), good), undefined);
          }
        }
      });

      it('takes times and counters for volatile, but for those that people set', async () => {
        for (const kind of info.documents) {
          const properties = await info.properties(kind);
          for (const [path, { time }] of Object.entries(properties)) {
            const name = path.split('.');
            if (/^(created_at|updated_at|timestamp_\w+)$/.test(name.at(-1)!)) {
              assert.ok(time && info.isVolatile(properties, name), path);
            }
            if (/schedule|expires|_(min|max)_/.test(path)) {
              assert.ok(!info.isVolatile(properties, name), path);
            }
          }
          assert.ok(info.isVolatile(properties, ['items', 0, 'unheard_count']));
          assert.ok(!info.isVolatile(properties, ['items', 0]));
        }
      });
    });
  }
});

describe('the code above the services', () => {
  /** What names no service: the parts that serve all of them. */
  const parts = ['map', 'queries', 'health', 'plans', 'connections', 'documents', 'overview', 'tree', 'commands'];

  it('names none of them', () => {
    const named = new RegExp(`['"\`./](${ids.join('|')})\\b`);
    const files = parts.flatMap((part) =>
      readdirSync(`${root}/src/${part}`, { recursive: true, encoding: 'utf8' })
        .filter((name) => name.endsWith('.ts'))
        .map((name) => `${part}/${name}`),
    );
    const beside = readdirSync(`${root}/src`).filter((name) => name.endsWith('.ts') && name !== 'api.ts');
    const naming = [...files, ...beside].filter((name) => named.test(readFileSync(`${root}/src/${name}`, 'utf8')));
    assert.deepEqual(naming, []);
  });
});

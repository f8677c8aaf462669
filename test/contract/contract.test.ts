import assert from 'node:assert/strict';
import type { DocumentKind, Provider } from '../../src/providers/provider.ts';
import { startSandbox, type Sandbox, type Service } from '../../src/sandbox/server.ts';
import { collect, connect, documentText } from '../support/connect.ts';
import { services } from '../support/services.ts';
import { loadContract, type Contract } from './document.ts';

/** What is different from one service to the other. */
interface Expectation {
  /** Long enough for every way in which a list is read. */
  readonly settings: NonNullable<Parameters<typeof startSandbox>[0]>;
  /** Whether it lists the accounts with a tag, and whether it is asked for a part of a list by `skip`. */
  readonly tagged: boolean;
  readonly skips: boolean;
  /** An account that is not there. */
  readonly nobody: string;
  /** An answer to a list of accounts that breaks the document. */
  readonly broken: unknown;
}

const size = { accounts: 520, campaigns: 14 };
const expectations: Readonly<Record<Service, Expectation>> = {
  instantly: {
    settings: { instantly: { ...size, skip: 'supported' } },
    tagged: true,
    skips: true,
    nobody: 'nobody@example.com',
    broken: { items: [{ email: 5 }] },
  },
  smartlead: {
    settings: { smartlead: size },
    tagged: false,
    skips: false,
    nobody: '1',
    broken: [{ id: 'x' }],
  },
};

for (const service of services) {
  const { settings, tagged, skips, nobody, broken } = expectations[service];
  describe(`${service} against its OpenAPI document`, () => {
    let contract: Contract;
    let sandbox: Sandbox;
    let provider: Provider;

    before(async () => {
      contract = await loadContract(service);
      sandbox = await startSandbox({ oddities: false, ...settings });
      provider = connect(service, { baseUrl: sandbox.baseUrls[service] });
    });
    after(() => sandbox.close());

    it('sends only what is documented, and gets only what is documented', async () => {
      const accounts = await collect(provider.accountPages());
      const campaigns = await collect(provider.campaignPages());
      const { key } = accounts[0]!;
      for (const { id } of campaigns) {
        await provider.campaign(id);
        await provider.sendersOf(id);
        const status = await provider.sendingStatus?.(id);
        assert.notEqual(status?.code, undefined, id);
        await provider.bounces?.(id);
      }
      await provider.account(key);
      const vitals = await provider.domainVitals?.(accounts[0]!.email);
      assert.equal(vitals !== undefined, provider.domainVitals !== undefined);
      await provider.mappingOf(key);
      const tagId = String(sandbox.instantly.tags[0]!['id']);
      assert.equal((await provider.tagsById?.([tagId]))?.has(tagId), tagged ? true : undefined);
      await provider.campaignTags?.(campaigns.map(({ id }) => id));
      const withTag = provider.accountsWithTag?.(tagId);
      assert.equal(withTag !== undefined && (await collect(withTag)).length > 0, tagged);
      await provider.checkKey();
      for await (const read of provider.checkReads()) {
        assert.equal(read.result, 'allowed', read.what);
      }
      const ids: Readonly<Record<DocumentKind, string>> = {
        account: key,
        'account-campaigns': key,
        'account-tags': key,
        campaign: campaigns[0]!.id,
        'campaign-senders': campaigns[0]!.id,
        'campaign-sequences': campaigns[0]!.id,
        'campaign-tags': campaigns[0]!.id,
        tag: String(sandbox.instantly.tags[0]!['id']),
        workspace: '',
      };
      for (const kind of provider.info.documents) {
        assert.ok(JSON.parse(await documentText(provider, kind, ids[kind])));
      }
      assert.ok(sandbox.requests.length > 20);
      assert.equal(
        sandbox.requests.some(({ query }) => 'skip' in query),
        skips,
      );
      for (const seen of sandbox.requests) {
        contract.check(seen);
      }
    });

    it('would notice a request or an answer that is not', () => {
      const [seen] = sandbox.requests;
      assert.throws(() => {
        contract.check({ ...seen!, path: `${seen!.path}/nonsense` });
      });
      assert.throws(() => {
        contract.check({ ...seen!, query: { ...seen!.query, limit: '101' } });
      });
      assert.throws(() => {
        contract.check({ ...seen!, body: broken });
      });
    });

    it('gets errors as documented', async () => {
      sandbox.requests.length = 0;
      const stranger = connect(service, { baseUrl: sandbox.baseUrls[service], key: 'wrong' });
      await assert.rejects(stranger.account('1'));
      await assert.rejects(provider.account(nobody));
      assert.deepEqual(
        sandbox.requests.map(({ status }) => status),
        [401, 404],
      );
      for (const seen of sandbox.requests) {
        contract.check(seen);
      }
    });
  });
}

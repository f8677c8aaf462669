import assert from 'node:assert/strict';
import formats from 'ajv-formats';
import { OpenAPIBackend, type Document } from 'openapi-backend';
import type { DocumentKind, Provider } from '../../src/providers/provider.ts';
import { startSandbox, type Sandbox, type SeenRequest, type Service } from '../../src/sandbox/server.ts';
import { collect, connect, documentText } from '../support/connect.ts';
import { openApi } from '../support/fixtures.ts';
import { services } from '../support/services.ts';

/**
 * Parameters that are sent although the published document lacks them, each with the reason.
 */
const UNPUBLISHED: Readonly<Record<string, string>> = {
  include_ai_sales_agent_campaigns: 'newer than the harvested document (Instantly FACTS 0)',
};

/** Every request of a provider, and every answer of the sandbox to it, against the published document. */
async function loadDocument(service: Service): Promise<OpenAPIBackend> {
  const definition = structuredClone(openApi(service));
  // Answers may have fields that the document does not know yet: unknown fields are normal (Instantly FACTS 0), and
  // `tags` on accounts is one that the document itself forbids and adds in the same breath.
  open(definition);
  const api = new OpenAPIBackend({
    definition: definition as unknown as Document,
    ajvOpts: { strict: false, allErrors: true },
    customizeAjv: (ajv) => {
      formats.default(ajv);
      return ajv;
    },
    coerceTypes: true,
    // The document's own schema check knows OpenAPI 3.0 only; these are 3.1.
    quick: true,
    ignoreTrailingSlashes: false,
  });
  await api.init();
  return api;
}

function open(node: unknown): void {
  if (typeof node !== 'object' || node === null) {
    return;
  }
  const record = node as Record<string, unknown>;
  if (record['additionalProperties'] === false) {
    delete record['additionalProperties'];
  }
  if (typeof record['resource_id'] === 'object' && record['resource_id'] !== null) {
    // Declared a UUID, but the email for accounts (Instantly FACTS 2.4).
    delete (record['resource_id'] as Record<string, unknown>)['format'];
  }
  Object.values(record).forEach(open);
}

/** What is different from one service to the other. */
interface Expectation {
  /** Long enough for every way in which a list is read. */
  readonly settings: NonNullable<Parameters<typeof startSandbox>[0]>;
  /** What paths have before those of the document. */
  readonly prefix: string;
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
    prefix: '',
    tagged: true,
    skips: true,
    nobody: 'nobody@example.com',
    broken: { items: [{ email: 5 }] },
  },
  smartlead: {
    settings: { smartlead: size },
    prefix: '/api/v1',
    tagged: false,
    skips: false,
    nobody: '1',
    broken: [{ id: 'x' }],
  },
};

for (const service of services) {
  const { settings, prefix, tagged, skips, nobody, broken } = expectations[service];
  describe(`${service} against its OpenAPI document`, () => {
    let api: OpenAPIBackend;
    let sandbox: Sandbox;
    let provider: Provider;

    before(async () => {
      api = await loadDocument(service);
      sandbox = await startSandbox({ oddities: false, ...settings });
      provider = connect(service, { baseUrl: sandbox.baseUrls[service] });
    });
    after(() => sandbox.close());

    function check(seen: SeenRequest, answersToo = true): void {
      const query = Object.fromEntries(Object.entries(seen.query).filter(([name]) => !(name in UNPUBLISHED)));
      const request = {
        method: seen.method,
        path: seen.path.slice(prefix.length),
        query,
        headers: seen.headers as Record<string, string>,
        ...(seen.sent === undefined ? {} : { body: seen.sent }),
      };
      const operation = api.matchOperation(request);
      assert.ok(operation, `${seen.method} ${seen.path} is not in the document`);
      const declared = (operation.parameters ?? []).map((parameter) => ('name' in parameter ? parameter.name : ''));
      for (const name of Object.keys(query)) {
        assert.ok(declared.includes(name), `${name} is not a parameter of ${seen.path}`);
      }
      const asked = api.validateRequest(request, operation);
      assert.ok(asked.valid, `${seen.path}: ${JSON.stringify(asked.errors)}`);
      if (answersToo) {
        const answered = api.validateResponse(JSON.parse(JSON.stringify(seen.body)), operation, seen.status);
        assert.ok(answered.valid, `${seen.path}: ${JSON.stringify(answered.errors?.slice(0, 3))}`);
      }
    }

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
      await provider.campaignTags?.(campaigns.map(({ id }) => id));
      const withTag = provider.accountsWithTag?.(String(sandbox.instantly.tags[0]!['id']));
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
        check(seen);
      }
    });

    it('would notice a request or an answer that is not', () => {
      const [seen] = sandbox.requests;
      assert.throws(() => {
        check({ ...seen!, path: `${prefix}/nonsense` });
      });
      assert.throws(() => {
        check({ ...seen!, query: { ...seen!.query, limit: '101' } });
      });
      assert.throws(() => {
        check({ ...seen!, body: broken });
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
        check(seen);
      }
    });
  });
}

import assert from 'node:assert/strict';
import * as instantlyBodies from '../../src/sandbox/instantlyBodies.ts';
import * as smartleadBodies from '../../src/sandbox/smartleadBodies.ts';
import { startSandbox, type Sandbox, type SeenRequest, type Service } from '../../src/sandbox/server.ts';
import { openApi } from '../support/fixtures.ts';
import { services } from '../support/services.ts';
import { sendTo, type Sending } from '../support/writes.ts';
import { loadContract, type Contract } from './document.ts';

type Line = readonly [method: string, path: string, sending?: Sending];

/** What is different from one service to the other. */
interface Expectation {
  /** Each write that there is, so that each route is used; the last ones take away what the others need. */
  readonly good: (sandbox: Sandbox) => readonly Line[];
  /** Requests that break the document, and are refused with 400. */
  readonly bad: (sandbox: Sandbox) => readonly Line[];
  /** What is not there. */
  readonly missing: readonly Line[];
  /** Statuses that are answered although the document has none of them for writes, each with the reason. */
  readonly undeclared: Readonly<Record<number, string>>;
  /** The shape of those answers. */
  readonly envelope: (body: unknown) => boolean;
}

const schedule = {
  start_date: '2026-12-01',
  schedules: [
    { name: 'All', timing: { from: '09:00', to: '17:30' }, days: { '1': true }, timezone: 'Europe/Belgrade' },
  ],
};
const steps = [{ type: 'email', delay: 2, delay_unit: 'hours', variants: [{ subject: '', body: 'Hi' }] }];
const NOBODY = '00000000-0000-4000-8000-000000000000';

const expectations: Readonly<Record<Service, Expectation>> = {
  instantly: {
    good: ({ instantly }) => {
      const [first, second] = instantly.accounts.map(({ email }) => email);
      const campaign = `/campaigns/${String(instantly.campaigns[0]!['id'])}`;
      const account = `/accounts/${encodeURIComponent(first!)}`;
      const tags = { tag_ids: [instantly.tags[0]!['id']], resource_type: 1, resource_ids: [first, second] };
      return [
        ['PATCH', campaign, { body: { name: 'Renamed', campaign_schedule: schedule, sequences: [{ steps }] } }],
        ['PATCH', campaign, { body: { email_list: [first], email_tag_list: tags.tag_ids, daily_limit: null } }],
        ['POST', `${campaign}/pause`],
        ['POST', `${campaign}/activate`],
        ['POST', '/accounts/pause', { body: { emails: [first, 'nobody@example.com'] } }],
        ['POST', `${account}/pause`],
        ['POST', `${account}/resume`],
        ['POST', `${account}/mark-fixed`],
        ['PATCH', account, { body: { daily_limit: 20, warmup: { limit: 10, increment: '1' }, reply_to: null } }],
        ['POST', '/custom-tags/toggle-resource', { body: { ...tags, assign: true } }],
        ['POST', '/custom-tags/toggle-resource', { body: { ...tags, assign: false } }],
        ['DELETE', campaign],
      ];
    },
    bad: ({ instantly }) => {
      const campaign = `/campaigns/${String(instantly.campaigns[0]!['id'])}`;
      const account = `/accounts/${instantly.accounts[0]!.email}`;
      return [
        ['PATCH', campaign, { body: {} }],
        ['PATCH', campaign, { body: { status: 1 } }],
        ['PATCH', campaign, { body: { campaign_schedule: {} } }],
        ['PATCH', account, { body: { sending_gap: 1441 } }],
        ['PATCH', account, { body: { provider_code: 1 } }],
        ['POST', '/accounts/pause', { body: { emails: [] } }],
        ['POST', '/custom-tags/toggle-resource', { body: { tag_ids: ['x'], resource_type: 1, assign: true } }],
        ['PATCH', '/campaigns/1', { body: { name: 'x' } }],
      ];
    },
    missing: [
      ['PATCH', `/campaigns/${NOBODY}`, { body: { name: 'x' } }],
      ['DELETE', `/campaigns/${NOBODY}`],
      ['POST', `/campaigns/${NOBODY}/activate`],
      ['PATCH', '/accounts/nobody@example.com', { body: { daily_limit: 1 } }],
      ['POST', '/accounts/nobody@example.com/pause'],
    ],
    undeclared: {
      400: 'seen for parameters, and in no document of PATCH and DELETE (Instantly FACTS 1.1, 3.2)',
      403: 'the answer to a missing scope, which no document of a route has (Instantly FACTS 3.1)',
      422: 'never seen',
    },
    envelope: (body) => {
      const { statusCode, error, message } = body as Record<string, unknown>;
      return typeof statusCode === 'number' && typeof error === 'string' && typeof message === 'string';
    },
  },
  smartlead: {
    good: ({ smartlead }) => {
      const id = Number(smartlead.campaigns.find(({ status }) => status === 'PAUSED')!['id']);
      const ids = smartlead.accounts.filter(({ campaignIds }) => !campaignIds.includes(id)).map((one) => one.id);
      const senders = { body: { email_account_ids: ids.slice(0, 2) } };
      const tags = { body: { ...senders.body, tag_ids: [10] } };
      return [
        ['POST', `/campaigns/${id}/email-accounts`, senders],
        ['DELETE', `/campaigns/${id}/email-accounts`, senders],
        ['POST', `/email-accounts/${ids[0]!}/`, { body: { max_email_per_day: 20, client_id: null } }],
        ['POST', '/email-accounts/tag-mapping', tags],
        ['DELETE', '/email-accounts/tag-mapping', tags],
        ['POST', `/campaigns/${id}/status`, { body: { status: 'START' } }],
        ['POST', `/campaigns/${id}/status`, { body: { status: 'STOPPED' } }],
        ['DELETE', `/campaigns/${id}`],
      ];
    },
    bad: ({ smartlead }) => {
      const path = `/campaigns/${String(smartlead.campaigns[0]!['id'])}`;
      const many = Array.from({ length: 26 }, (_, index) => index + 1);
      return [
        ['POST', `${path}/status`, { body: { status: 'ACTIVE' } }],
        ['POST', `${path}/email-accounts`, { body: { email_account_ids: [] } }],
        ['DELETE', `${path}/email-accounts`],
        ['POST', `/email-accounts/${smartlead.accounts[0]!.id}/`, { body: { max_email_per_day: 'many' } }],
        ['POST', '/email-accounts/tag-mapping', { body: { email_account_ids: many, tag_ids: [10] } }],
      ];
    },
    missing: [
      ['POST', '/campaigns/1/status', { body: { status: 'START' } }],
      ['DELETE', '/campaigns/1'],
      ['POST', '/email-accounts/1/', { body: { max_email_per_day: 1 } }],
    ],
    undeclared: { 422: 'in the documentation, and never seen (Smartlead FACTS 4)' },
    envelope: (body) => typeof (body as Record<string, unknown>)['error'] === 'string',
  },
};

for (const service of services) {
  const { good, bad, missing, undeclared, envelope } = expectations[service];
  describe(`writes to ${service} against its OpenAPI document`, () => {
    let contract: Contract;
    let sandbox: Sandbox;

    before(async () => {
      contract = await loadContract(service);
    });
    beforeEach(async () => {
      // The document has no properties but those that it lists.
      sandbox = await startSandbox({ oddities: false, instantly: { quirks: ['unknownRefused'] } });
    });
    afterEach(() => sandbox.close());

    const send = async ([method, path, sending]: Line): Promise<SeenRequest> => {
      await sendTo(sandbox, service, method, path, sending);
      return sandbox.requests.at(-1)!;
    };

    /** As documented; or one of the answers that the document lacks, in the shape that they have. */
    function checkAnswer(seen: SeenRequest): void {
      if (undeclared[seen.status] === undefined) {
        contract.checkAnswer(seen);
      } else {
        assert.ok(envelope(seen.body), JSON.stringify(seen.body));
      }
    }

    it('take what is documented, and answer what is documented', async () => {
      for (const line of good(sandbox)) {
        const seen = await send(line);
        assert.equal(seen.status, 200, `${line[0]} ${line[1]}: ${JSON.stringify(seen.body)}`);
        contract.check(seen);
      }
    });

    it('refuse what the document refuses', async () => {
      for (const line of bad(sandbox)) {
        const seen = await send(line);
        assert.equal(seen.status, 400, `${line[0]} ${line[1]}`);
        assert.throws(() => {
          contract.checkRequest(seen);
        }, assert.AssertionError);
        checkAnswer(seen);
      }
    });

    it('answer errors as documented', async () => {
      const statuses: number[] = [];
      for (const line of missing) {
        const seen = await send(line);
        statuses.push(seen.status);
        contract.checkRequest(seen);
        checkAnswer(seen);
      }
      assert.deepEqual(
        statuses,
        missing.map(() => 404),
      );
      const [write = assert.fail()] = good(sandbox);
      checkAnswer(await send([write[0], write[1], { ...write[2], key: 'wrong' }]));
      const refused = { kind: 'refused', property: 'name', problem: 'must be shorter' } as const;
      for (const [status, fault] of [
        [429, { kind: 'rateLimited', retryAfter: 1 }],
        // It is no answer that a document has.
        [200, { kind: 'errorInBody' }],
        [400, { ...refused, status: 400 }],
        [422, { ...refused, status: 422 }],
      ] as const) {
        sandbox.clearFaults();
        sandbox.fault(fault);
        const seen = await send(write);
        contract.checkRequest(seen);
        assert.equal(seen.status, status);
        if (status !== 200) {
          checkAnswer(seen);
        }
      }
    });
  });
}

/** A schema without what is for people. */
function bare(schema: unknown): unknown {
  if (Array.isArray(schema)) {
    return schema.map(bare);
  }
  if (typeof schema !== 'object' || schema === null) {
    return schema;
  }
  const words = ['description', 'example', 'examples', 'x-enumDescriptions'];
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([name, value]) => !words.includes(name) && !(Array.isArray(value) && value.length === 0))
      .map(([name, value]) => [name, bare(value)]),
  );
}

describe('the bodies that the sandbox takes', () => {
  const published = (service: Service, path: string, method: string) => {
    const { paths } = openApi(service) as {
      paths: Record<string, Record<string, { requestBody: { content: Record<string, { schema: unknown }> } }>>;
    };
    return bare(paths[path]![method]!.requestBody.content['application/json']!.schema) as Record<string, unknown>;
  };

  it('are those that Instantly publishes', () => {
    const { campaignBody, accountBody, pauseBody, tagBody, noBody } = instantlyBodies;
    const { properties, ...tags } = published('instantly', '/api/v2/custom-tags/toggle-resource', 'post');
    // They narrow what nobody should send.
    const { filter, search, ...others } = properties as Record<string, unknown>;
    assert.ok(filter !== undefined && search !== undefined);
    for (const [body, schema] of [
      [campaignBody, published('instantly', '/api/v2/campaigns/{id}', 'patch')],
      [noBody, published('instantly', '/api/v2/campaigns/{id}', 'delete')],
      [accountBody, published('instantly', '/api/v2/accounts/{email}', 'patch')],
      [pauseBody, published('instantly', '/api/v2/accounts/pause', 'post')],
      [tagBody, { ...tags, properties: others }],
    ]) {
      assert.deepEqual(body, schema);
    }
  });

  it('are those that Smartlead publishes, and nothing else is taken', () => {
    const { statusBody, attachBody, detachBody, accountBody, tagBody } = smartleadBodies;
    for (const [body, path, method] of [
      [statusBody, '/campaigns/{campaign_id}/status', 'post'],
      [attachBody, '/campaigns/{campaign_id}/email-accounts', 'post'],
      [detachBody, '/campaigns/{campaign_id}/email-accounts', 'delete'],
      [accountBody, '/email-accounts/{email_account_id}/', 'post'],
      [tagBody, '/email-accounts/tag-mapping', 'post'],
      [tagBody, '/email-accounts/tag-mapping', 'delete'],
    ] as const) {
      assert.deepEqual(body, { ...published('smartlead', path, method), additionalProperties: false });
    }
  });
});

import assert from 'node:assert/strict';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.ts';
import { isServiceError } from '../../../src/transport/errors.ts';
import { connect, documentText } from '../../support/connect.ts';

/** Rows of two megabytes, each with a password. */
const rows = Array.from({ length: 20_000 }, (_, id) => ({ id, smtp_password: 'planted', note: 'x'.repeat(70) }));

describe('documents of megabytes', () => {
  let box: Sandbox;

  before(async () => {
    box = await startSandbox({ instantly: { accounts: 3, campaigns: 2 }, smartlead: { accounts: 3, campaigns: 2 } });
  });
  after(() => box.close());
  afterEach(() => {
    box.clearOverrides();
  });

  for (const [service, kind, body] of [
    ['instantly', 'account', { email: 'a@example.com', rows }],
    ['instantly', 'account-campaigns', { items: rows }],
    ['instantly', 'campaign', { id: 'a', rows }],
    ['smartlead', 'account', { id: 1, rows }],
    ['smartlead', 'campaign', { id: 1, rows }],
    ['smartlead', 'campaign-senders', rows],
    ['smartlead', 'campaign-sequences', { data: rows }],
  ] as const) {
    it(`are whole and without credentials: ${kind} on ${service}`, async () => {
      box.override({ path: /./, reply: { status: 200, body } });
      const source = await documentText(connect(service, { baseUrl: box.baseUrls[service] }), kind, '1');
      const without = JSON.parse(
        JSON.stringify(body, (name, value: unknown) => (name === 'smtp_password' ? undefined : value)),
      ) as unknown;
      assert.deepEqual(JSON.parse(source), without);
    });

    it(`are refused where they are not JSON: ${kind} on ${service}`, async () => {
      for (const text of [`${JSON.stringify(body)}]`, `<html>${'x'.repeat(2_000_000)}`]) {
        box.override({
          path: /./,
          reply: { status: 200, body: text, contentType: 'application/json' },
        });
        await assert.rejects(
          connect(service, { baseUrl: box.baseUrls[service] }).document(kind, '1'),
          (error) => isServiceError(error) && error.kind === 'malformed',
        );
        box.clearOverrides();
      }
    });
  }

  it('have hundreds of thousands of rows of one page', async () => {
    box.override({
      path: /./,
      reply: { status: 200, body: `{"items":[${'{},'.repeat(300_000)}{}]}`, contentType: 'application/json' },
    });
    const source = await documentText(
      connect('instantly', { baseUrl: box.baseUrls.instantly }),
      'account-campaigns',
      'a',
    );
    assert.equal((JSON.parse(source) as { items: unknown[] }).items.length, 300_001);
  });
});

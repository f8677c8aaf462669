import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type { DocumentKind } from '../../../src/providers/provider.ts';
import { startSandbox, type Sandbox, type Service } from '../../../src/sandbox/server.ts';
import { connect, documentText } from '../../support/connect.ts';

/** A number deep inside of a document: whatever reads the document as a whole meets it once. */
const MARKER = '987654321.125';
const deep = { wrapped: { marker: Number(MARKER) } };

/** How often JSON with the marker in it is read, by `JSON.parse` or by the walker, which parses each number alone. */
function countReadings(): () => number {
  const parse = mock.method(JSON, 'parse');
  return () => {
    const count = parse.mock.calls.filter(({ arguments: [source] }) => source.includes(MARKER)).length;
    parse.mock.restore();
    return count;
  };
}

describe('a document', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox();
  });
  after(() => sandbox.close());
  afterEach(() => {
    sandbox.clearOverrides();
  });

  const answer = (body: unknown) => {
    sandbox.override({ path: /./, reply: { status: 200, body } });
  };
  const provider = (service: Service) => connect(service, { baseUrl: sandbox.baseUrls[service] });

  for (const [service, kind, body] of [
    ['instantly', 'account', { email: 'a@b.c', deep }],
    ['instantly', 'campaign', { id: '5', deep }],
    ['instantly', 'tag', { id: '5', deep }],
    ['instantly', 'workspace', { id: '5', deep }],
    ['smartlead', 'account', { id: 5, deep }],
    ['smartlead', 'campaign', { ok: true, data: { id: 5, deep } }],
    ['smartlead', 'campaign-senders', [{ id: 5, deep }]],
    ['smartlead', 'campaign-sequences', { data: [{ id: 5, deep }] }],
  ] as const satisfies readonly (readonly [Service, DocumentKind, unknown])[]) {
    it(`is read once from the network to the screen: ${kind} of ${service}`, async () => {
      answer(body);
      const count = countReadings();
      const text = await documentText(provider(service), kind, '5', { indentation: '  ' }).finally(() => {
        assert.equal(count(), 1);
      });
      assert.deepEqual(JSON.parse(text), body);
    });
  }

  it('is called by its name, also where its record is wrapped', async () => {
    for (const [body, name] of [
      [{ id: 5, name: 'Q4 launch' }, 'Q4 launch'],
      [{ ok: true, data: { id: 5, name: 'Q4 launch' } }, 'Q4 launch'],
      [{ ok: true, data: { id: 5, from_email: 'a@b.c' } }, 'a@b.c'],
      [{ id: 5, name: 'outer', data: { name: 'inner' } }, 'outer'],
      [{ id: 5, name: '' }, undefined],
      [{ id: 5, name: 7 }, undefined],
    ] as const) {
      answer(body);
      assert.equal((await provider('smartlead').document('campaign', '5')).name, name, JSON.stringify(body));
    }
  });

  it('is only begun where there is more of it than is wanted', async () => {
    answer({ id: 5, rows: Array.from({ length: 50_000 }, (_, id) => ({ id, password: 'planted' })) });
    const { content, cutFrom } = await provider('smartlead').document('campaign', '5', { most: 100_000 });
    assert.ok(content.byteLength > 100_000 && content.byteLength < 500_000);
    assert.ok(!new TextDecoder().decode(content).includes('planted'));
    assert.ok(cutFrom !== undefined && cutFrom > 1_000_000);
  });
});

import assert from 'node:assert/strict';
import type { Session } from '../../../src/connections/sessions.ts';
import { NodeRegistry, type Node } from '../../../src/tree/nodes.ts';
import { Repainter } from '../../../src/tree/repainter.ts';
import { until } from '../../support/until.ts';

interface List {
  readonly rows: string;
}

describe('the repainter', () => {
  const session = { connection: { id: 'c' } } as Session;
  const change = { listed: false, accounts: new Set(['a@x.com']), campaigns: new Set<string>() };
  let nodes: NodeRegistry;
  let connection: Node;
  let fired: (Node | Node[])[];
  let listOf: () => Promise<List>;
  let repainter: Repainter<List>;

  beforeEach(() => {
    nodes = new NodeRegistry();
    connection = nodes.connection('c');
    fired = [];
    listOf = () => Promise.resolve({ rows: 'as painted' });
    repainter = new Repainter({
      nodes,
      listOf: () => listOf(),
      same: (before, after) => before.rows === after.rows,
      changedNodes: (connectionId, changed) => Promise.resolve(nodes.changedRows(connectionId, changed)),
      fire: (painted) => fired.push(painted),
    });
    repainter.painted('c', { rows: 'as painted' }, 0);
  });
  afterEach(() => {
    repainter.dispose();
  });

  it('repaints the rows that changed where the list is the same', async () => {
    const row = nodes.account(connection, 'a@x.com');
    repainter.take(session, change);
    await until(() => fired.length > 0);
    assert.deepEqual(fired, [[row]]);
  });

  it('repaints the list where it is another', async () => {
    listOf = () => Promise.resolve({ rows: 'others' });
    repainter.take(session, change);
    await until(() => fired.length > 0);
    assert.deepEqual(fired, [connection]);
  });

  it('repaints the list where nobody can say whether it is the same', async () => {
    listOf = () => Promise.reject(new Error('no'));
    repainter.take(session, change);
    await until(() => fired.length > 0);
    assert.deepEqual(fired, [connection]);
  });

  it('repaints nothing of a connection that is gone', async () => {
    const { promise, resolve } = Promise.withResolvers<List>();
    listOf = () => promise;
    repainter.take(session, change);
    repainter.forget('c');
    resolve({ rows: 'others' });
    // What comes after it has been painted is the last word.
    repainter.painted('d', { rows: 'others' }, 0);
    listOf = () => Promise.resolve({ rows: 'others' });
    const other = nodes.account(nodes.connection('d'), 'a@x.com');
    repainter.take({ connection: { id: 'd' } } as Session, change);
    await until(() => fired.length > 0);
    assert.deepEqual(fired, [[other]]);
  });
});

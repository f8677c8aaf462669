import assert from 'node:assert/strict';
import type { Session } from '../../../src/connections/sessions.ts';
import { NodeRegistry, type ConnectionNode, type Node } from '../../../src/tree/nodes.ts';
import { Repainter } from '../../../src/tree/repainter.ts';
import { until } from '../../support/until.ts';

interface List {
  readonly rows: string;
}

describe('the repainter', () => {
  const session = { connection: { id: 'c' } } as Session;
  const change = { listed: false, accounts: new Set(['a@x.com']), campaigns: new Set<string>() };
  let nodes: NodeRegistry;
  let connection: ConnectionNode;
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
    repainter.painted(session, { rows: 'as painted' }, 0);
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

  describe('of a whole list', () => {
    let worked: number;
    let done: () => void;

    beforeEach(() => {
      worked = 0;
      listOf = () => {
        worked += 1;
        const { promise, resolve } = Promise.withResolvers<List>();
        done = () => {
          resolve({ rows: 'others' });
        };
        return promise;
      };
      repainter.listNow(connection);
    });

    it('has it worked out before VS Code asks, which takes no command on its rows until they come', async () => {
      await until(() => worked === 1);
      assert.deepEqual(fired, []);
      done();
      await until(() => fired.length > 0);
      assert.deepEqual([fired, worked], [[connection], 1]);
    });

    it('works nothing out where nobody asked for it since, because it is not on screen', async () => {
      await until(() => worked === 1);
      done();
      await until(() => fired.length === 1);
      repainter.listNow(connection);
      await until(() => fired.length === 2);
      assert.equal(worked, 1);
    });

    it('asks once for all that changes while it is worked out', async () => {
      await until(() => worked === 1);
      repainter.listSoon(connection);
      repainter.take(session, { ...change, listed: true });
      done();
      await until(() => fired.length > 0);
      repainter.painted(session, { rows: 'others' }, 0);
      repainter.listNow(connection);
      await until(() => worked === 2);
      assert.deepEqual(fired, [connection]);
    });

    it('does not wait where it is to be shown at once, and does not ask again after that', async () => {
      await until(() => worked === 1);
      repainter.listNow(connection);
      await until(() => fired.length === 1);
      done();
      repainter.painted(session, { rows: 'others' }, 0);
      repainter.listNow(connection);
      await until(() => worked === 2);
      assert.equal(fired.length, 1);
    });

    it('asks for nothing of a connection that went meanwhile', async () => {
      await until(() => worked === 1);
      repainter.forget('c');
      done();
      repainter.painted(session, { rows: 'others' }, 0);
      repainter.listNow(connection);
      await until(() => worked === 2);
      assert.deepEqual(fired, []);
    });
  });

  it('repaints nothing of a connection that is gone', async () => {
    const { promise, resolve } = Promise.withResolvers<List>();
    listOf = () => promise;
    repainter.take(session, change);
    repainter.forget('c');
    resolve({ rows: 'others' });
    // What comes after it has been painted is the last word.
    const sessionOfOther = { connection: { id: 'd' } } as Session;
    repainter.painted(sessionOfOther, { rows: 'others' }, 0);
    listOf = () => Promise.resolve({ rows: 'others' });
    const other = nodes.account(nodes.connection('d'), 'a@x.com');
    repainter.take(sessionOfOther, change);
    await until(() => fired.length > 0);
    assert.deepEqual(fired, [[other]]);
  });
});

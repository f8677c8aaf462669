import assert from 'node:assert/strict';
import type { Graph } from '../../../src/map/graph.ts';
import { tagsInUse, tagUseOf } from '../../../src/queries/tags.ts';
import { account, campaign, graphOf, storeOf } from '../../support/records.ts';

const europe = { id: 't1', label: 'Europe' };
const asia = { id: 't2', label: 'Asia' };

/** A map that counts how often its accounts are walked. */
function mapOf(graph: Graph) {
  const map = {
    version: 1,
    walks: 0,
    graph: Object.create(graph, {
      accounts: {
        get: () => {
          map.walks += 1;
          return graph.accounts;
        },
      },
      campaigns: { get: () => graph.campaigns },
      tagLabel: { value: (id: string) => graph.tagLabel(id) },
    }) as Graph,
  };
  return map;
}

describe('where tags are used', () => {
  const graph = graphOf(
    [account('a', { tags: [europe, asia] }), account('b', { tags: [asia] }), account('c')],
    [campaign('1', { senderTagIds: ['t2', 't3'] }), campaign('2')],
  );

  it('is on accounts, and in campaigns that select senders through them', async () => {
    const map = mapOf(graph);
    assert.deepEqual(await tagUseOf(map, 't1'), { label: 'Europe', accounts: ['a'], campaigns: [] });
    assert.deepEqual(await tagUseOf(map, 't2'), { label: 'Asia', accounts: ['a', 'b'], campaigns: ['1'] });
    assert.deepEqual(await tagUseOf(map, 't3'), { label: undefined, accounts: [], campaigns: ['1'] });
    assert.deepEqual(
      (await tagsInUse(map)).map(({ label }) => label),
      ['Asia', 'Europe'],
    );
    assert.deepEqual(await tagUseOf(map, 'none'), { label: undefined, accounts: [], campaigns: [] });
  });

  it('is called what the service calls it where no account carries it', async () => {
    const { store, graph: some } = storeOf({ campaigns: [campaign('1', { senderTagIds: ['t3'] })] });
    store.edges.labelTags([{ id: 't3', label: 'Nobody' }]);
    assert.deepEqual(await tagUseOf(mapOf(some), 't3'), { label: 'Nobody', accounts: [], campaigns: ['1'] });
  });

  it('takes one walk over the accounts for each version of a map, however often and by how many it is asked', async () => {
    const map = mapOf(graph);
    await Promise.all([tagUseOf(map, 't1'), tagUseOf(map, 't2')]);
    await tagUseOf(map, 't1');
    assert.equal(map.walks, 1);
    map.version = 2;
    await tagUseOf(map, 't1');
    await tagUseOf(map, 't1');
    assert.equal(map.walks, 2);
    await tagUseOf(mapOf(graph), 't1');
    assert.equal(map.walks, 2);
  });

  it('lets others have their turn while there are hundreds of thousands of accounts', async () => {
    const many = {
      accounts: Array.from({ length: 400_000 }, (_, index) => account(String(index), { tags: [europe] })),
    };
    let turns = 0;
    let done = false;
    const count = () => {
      turns += 1;
      if (!done) {
        setImmediate(count);
      }
    };
    setImmediate(count);
    const use = await tagUseOf({ version: 1, graph: { ...many, campaigns: [] } as unknown as Graph }, 't1');
    done = true;
    assert.equal(use.accounts.length, 400_000);
    assert.ok(turns > 1, `${turns} turns`);
  });
});

import { atOnce } from '../../../src/transport/turns.ts';
import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { MapChange } from '../../../src/map/changeFeed.ts';
import type { Graph } from '../../../src/map/graph.ts';
import type { Account, Campaign, SenderReason, Tag } from '../../../src/providers/model.ts';
import { account, campaign, graphOf, storeOf } from '../../support/records.ts';

const EU = { id: 't1', label: 'EU' };
const US = { id: 't2', label: 'US' };

function campaignsOf(graph: Graph, key: string): [string, string][] {
  return graph.campaignsOf(key).map(({ campaign: { id }, reasons }) => [id, words(reasons)]);
}

function sendersOf(graph: Graph, id: string): [string, string][] {
  return graph.sendersOf(id).map(({ account: { key }, reasons }) => [key, words(reasons)]);
}

function words(reasons: readonly SenderReason[]): string {
  return reasons.map((reason) => (reason.kind === 'tag' ? `tag ${reason.tag.label}` : reason.kind)).join(', ');
}

describe('graph', () => {
  it('has nothing where there is nothing', () => {
    const graph = graphOf([]);
    assert.deepEqual([atOnce(graph.countEdges()), [...graph.accounts], [...graph.campaigns]], [0, [], []]);
    assert.deepEqual([graph.campaignsOf('x'), graph.sendersOf('x')], [[], []]);
    assert.deepEqual([graph.countOfCampaigns('x'), graph.countOfSenders('x')], [{ all: 0, active: 0 }, undefined]);
    assert.deepEqual([graph.account('x'), graph.campaign('x'), graph.subsequencesOf('x')], [undefined, undefined, []]);
  });

  it('takes the senders that a campaign lists, each once', () => {
    const graph = graphOf(
      [account('a'), account('b')],
      [campaign('1', { listedSenders: ['b', 'a', 'b'] }), campaign('2', { listedSenders: ['b'] })],
    );
    assert.deepEqual(sendersOf(graph, '1'), [
      ['b', 'listed'],
      ['a', 'listed'],
    ]);
    assert.deepEqual(campaignsOf(graph, 'b'), [
      ['1', 'listed'],
      ['2', 'listed'],
    ]);
    assert.deepEqual(
      [atOnce(graph.countEdges()), graph.countOfCampaigns('b')?.all, graph.countOfSenders('1')?.senders],
      [3, 2, 2],
    );
  });

  it('takes the accounts that a tag selects, and names all reasons of one edge', () => {
    const graph = graphOf(
      [account('a', { tags: [EU] }), account('b', { tags: [EU, US] }), account('c', { tags: [US] }), account('d')],
      [
        campaign('1', { listedSenders: ['d', 'b'], senderTagIds: ['t1', 't2'] }),
        campaign('2', { senderTagIds: ['t2'] }),
      ],
    );
    assert.deepEqual(Object.fromEntries(sendersOf(graph, '1')), {
      a: 'tag EU',
      b: 'listed, tag EU, tag US',
      c: 'tag US',
      d: 'listed',
    });
    assert.deepEqual(sendersOf(graph, '2'), [
      ['b', 'tag US'],
      ['c', 'tag US'],
    ]);
  });

  it('names a tag once that an account or a campaign has twice', () => {
    const graph = graphOf([account('a', { tags: [EU, EU] })], [campaign('1', { senderTagIds: ['t1', 't1'] })]);
    assert.deepEqual(sendersOf(graph, '1'), [['a', 'tag EU']]);
    assert.deepEqual([atOnce(graph.countEdges()), graph.countOfSenders('1')?.senders], [1, 1]);
  });

  it('has no sender through a tag that no account has', () => {
    const graph = graphOf([account('a', { tags: [EU] })], [campaign('1', { senderTagIds: ['t9'] })]);
    assert.deepEqual(sendersOf(graph, '1'), []);
  });

  it('takes the campaigns that an account says itself', () => {
    const graph = graphOf(
      [account('a', { campaignIds: ['2', '2'] }), account('b'), account('c', { campaignIds: [] })],
      [campaign('1'), campaign('2')],
      { senderLists: {} },
    );
    assert.deepEqual(sendersOf(graph, '2'), [['a', 'reported']]);
    assert.deepEqual(campaignsOf(graph, 'a'), [['2', 'reported']]);
    assert.deepEqual([campaignsOf(graph, 'b'), campaignsOf(graph, 'c')], [[], []]);
  });

  describe('where an account and a campaign say different things', () => {
    const accounts = [account('a', { campaignIds: ['1'] }), account('b', { campaignIds: [] }), account('c')];

    it('takes what was said later', () => {
      const { store, graph } = storeOf({ campaigns: [campaign('1')], senderLists: {} });
      for (const one of accounts) {
        store.putAccount(one, 10);
      }
      store.putSenderList('1', ['b', 'c'], 20);
      assert.deepEqual(sendersOf(graph, '1'), [
        ['b', 'reported'],
        ['c', 'reported'],
      ]);
      assert.deepEqual([campaignsOf(graph, 'a'), graph.countOfSenders('1')?.senders], [[], 2]);
      for (const one of accounts) {
        store.putAccount(one, 30);
      }
      assert.deepEqual(sendersOf(graph, '1'), [
        ['c', 'reported'],
        ['a', 'reported'],
      ]);
      assert.deepEqual(campaignsOf(graph, 'b'), []);
    });

    it('marks both ends of what is said no to', () => {
      const { store, feed } = storeOf({ accounts, campaigns: [campaign('1')], senderLists: {} });
      const marked: string[][] = [];
      feed.onDidChange((change) => marked.push([...change.accounts, ...change.campaigns].toSorted()));
      store.putSenderList('1', ['b'], 20);
      feed.publish();
      assert.deepEqual(marked, [['1', 'a', 'b']]);
    });
  });

  it('adds what a mapping names, and removes nothing that a campaign lists or a tag selects', () => {
    const graph = graphOf(
      [account('a', { tags: [EU] }), account('b'), account('c')],
      [
        campaign('1', { listedSenders: ['a', 'b', 'c'], senderTagIds: ['t1'] }),
        campaign('2', { listedSenders: ['a', 'c'] }),
        campaign('3'),
      ],
      { confirmed: { a: ['3', '1', '3'], c: [] } },
    );
    assert.deepEqual(Object.fromEntries(campaignsOf(graph, 'a')), {
      '1': 'listed, tag EU',
      '2': 'listed',
      '3': 'reported',
    });
    assert.deepEqual(campaignsOf(graph, 'c'), [
      ['1', 'listed'],
      ['2', 'listed'],
    ]);
    assert.deepEqual(sendersOf(graph, '3'), [['a', 'reported']]);
  });

  it('takes a campaign that is read after a mapping for the newer of the two', () => {
    const { store, graph } = storeOf({ campaigns: [campaign('1'), campaign('2')], confirmed: { a: ['1', '2'] } });
    assert.equal(graph.countOfCampaigns('a')?.all, 2);
    store.putCampaign(campaign('1', { name: 'Renamed' }), 3);
    assert.deepEqual(campaignsOf(graph, 'a'), [['2', 'reported']]);
    assert.equal(graph.countOfSenders('1')?.senders, 0);
  });

  it('has accounts and campaigns that only an edge names, after the listed ones', () => {
    const graph = graphOf([account('a')], [campaign('1', { listedSenders: ['gone', 'a'] }), campaign('2')], {
      confirmed: { mapped: ['9', '1'] },
    });
    assert.deepEqual(
      [...graph.accounts].map(({ key, statusWords }) => `${key} ${statusWords}`),
      ['a Active', 'gone Not listed', 'mapped Not listed'],
    );
    assert.deepEqual(
      [...graph.campaigns].map(({ id, statusWords }) => `${id} ${statusWords}`),
      ['1 Active', '2 Active', '9 Not listed'],
    );
    assert.deepEqual(campaignsOf(graph, 'gone'), [['1', 'listed']]);
    assert.deepEqual(sendersOf(graph, '9'), [['mapped', 'reported']]);
    assert.equal(graph.account('gone')?.state, 'unknown');
    assert.equal(graph.campaign('9')?.name, '');
  });

  it('knows the subsequences of a campaign, and a parent that the list leaves out', () => {
    const graph = graphOf(
      [],
      [
        campaign('1'),
        campaign('2', { parentId: '1' }),
        campaign('3', { parentId: '9' }),
        campaign('4', { parentId: '1' }),
      ],
    );
    assert.deepEqual(graph.subsequencesOf('1'), ['2', '4']);
    assert.deepEqual(graph.subsequencesOf('9'), ['3']);
    assert.deepEqual(graph.subsequencesOf('2'), []);
    assert.equal(graph.campaign('9')?.statusWords, 'Not listed');
  });

  it('counts the senders that are in order', () => {
    const graph = graphOf(
      [account('a'), account('b', { state: 'error' }), account('c'), account('d', { state: 'paused' })],
      [campaign('1', { listedSenders: ['a', 'b', 'c', 'd', 'unlisted'] }), campaign('2', { listedSenders: ['b'] })],
    );
    assert.deepEqual([graph.countOfSenders('1')?.healthy, graph.countOfSenders('2')?.healthy], [2, 0]);
  });

  it('resolves a tag by the answer of the service where accounts do not say their tags', () => {
    const { store, graph } = storeOf({
      accounts: [account('a'), account('b')],
      campaigns: [campaign('1', { senderTagIds: ['t1'] })],
    });
    assert.equal(graph.countOfSenders('1')?.senders, 0);
    store.edges.labelTags([EU]);
    store.edges.resolveTag('t1', ['b', 'later']);
    assert.deepEqual(sendersOf(graph, '1'), [
      ['b', 'tag EU'],
      ['later', 'tag EU'],
    ]);
    assert.deepEqual(campaignsOf(graph, 'b'), [['1', 'tag EU']]);
    store.edges.resolveTag('t1', ['a']);
    assert.deepEqual(sendersOf(graph, '1'), [['a', 'tag EU']]);
    store.edges.labelTags([]);
    assert.deepEqual(sendersOf(graph, '1'), [['a', 'tag t1']]);
  });

  it('calls a tag what accounts call it, and otherwise what the service answered', () => {
    const { store, graph } = storeOf({
      accounts: [account('a', { tags: [EU] }), account('b')],
      campaigns: [campaign('1', { senderTagIds: ['t1', 't2'] })],
    });
    const labels = () => ['t1', 't2', 't3'].map((id) => graph.tagLabel(id));
    assert.deepEqual(labels(), ['EU', undefined, undefined]);
    store.edges.labelTags([{ id: 't1', label: 'Old' }, US]);
    assert.deepEqual(labels(), ['EU', 'US', undefined]);
    store.putAccount(account('a', { tags: [{ id: 't1', label: 'Europe' }] }), 2);
    assert.deepEqual(labels(), ['Europe', 'US', undefined]);
    store.putAccount(account('a'), 3);
    assert.deepEqual(labels(), ['Old', 'US', undefined]);
    store.edges.labelTags([US]);
    assert.deepEqual(labels(), [undefined, 'US', undefined]);
  });

  it('marks what shows the label of a tag where that changed, and nothing else', () => {
    const { store, feed } = storeOf({
      accounts: [account('a'), account('b')],
      campaigns: [campaign('1', { senderTagIds: ['t1'] }), campaign('2', { senderTagIds: ['t2'] })],
    });
    store.edges.resolveTag('t1', ['a']);
    feed.publish();
    const changes: MapChange[] = [];
    feed.onDidChange((change) => changes.push(change));
    store.edges.labelTags([EU]);
    feed.publish();
    assert.deepEqual(changes, [{ listed: false, accounts: new Set(['a']), campaigns: new Set(['1']) }]);
    store.edges.labelTags([{ ...EU }]);
    feed.publish();
    assert.equal(changes.length, 1);
    feed.dispose();
  });

  describe('after any changes', () => {
    const KEYS = ['a', 'b', 'c', 'd', 'e'];
    const IDS = ['1', '2', '3', '4'];
    const TAGS: readonly Tag[] = [EU, US];
    const someKeys = fc.uniqueArray(fc.constantFrom(...KEYS, 'x'));
    const someTags = fc.subarray([...TAGS]);
    const putAccount = fc.record({
      put: fc.constant('account' as const),
      key: fc.constantFrom(...KEYS),
      tags: someTags,
      state: fc.constantFrom('healthy' as const, 'error' as const),
    });
    const putCampaign = fc.record({
      put: fc.constant('campaign' as const),
      id: fc.constantFrom(...IDS),
      listedSenders: someKeys,
      senderTagIds: someTags.map((tags) => tags.map(({ id }) => id)),
      parentId: fc.constantFrom(undefined, ...IDS, '9'),
    });
    const drop = fc.record({ put: fc.constant('drop' as const), name: fc.constantFrom(...KEYS, ...IDS) });

    /** What the facts say, worked out the slow way. */
    function edgesOf(accounts: ReadonlyMap<string, Account>, campaigns: ReadonlyMap<string, Campaign>): string[] {
      const edges: string[] = [];
      for (const { id, listedSenders = [], senderTagIds = [] } of campaigns.values()) {
        for (const key of new Set([...listedSenders, ...accounts.keys()])) {
          const tags = (accounts.get(key)?.tags ?? []).filter((tag) => senderTagIds.includes(tag.id));
          const ordered = senderTagIds.flatMap((tagId) => tags.filter((tag) => tag.id === tagId));
          const reasons = [
            ...(listedSenders.includes(key) ? ['listed'] : []),
            ...ordered.map(({ label }) => `tag ${label}`),
          ];
          if (reasons.length > 0) {
            edges.push(`${key} ${id} ${reasons.join(', ')}`);
          }
        }
      }
      return edges.toSorted();
    }

    it('says the same both ways, and what the facts say; and marks every end that differs', () => {
      fc.assert(
        fc.property(fc.array(fc.array(fc.oneof(putAccount, putCampaign, drop), { maxLength: 6 })), (turns) => {
          const { store, feed, graph } = storeOf({});
          const accounts = new Map<string, Account>();
          const campaigns = new Map<string, Campaign>();
          const marked = new Set<string>();
          feed.onDidChange((change) => {
            [...change.accounts, ...change.campaigns].forEach((key) => marked.add(key));
          });
          let before: string[] = [];
          let time = 1;
          for (const turn of turns) {
            marked.clear();
            for (const change of turn) {
              time += 1;
              if (change.put === 'account') {
                const one = account(change.key, { tags: change.tags, state: change.state });
                accounts.set(change.key, one);
                store.putAccount(one, time);
              } else if (change.put === 'campaign') {
                const { id, listedSenders, senderTagIds, parentId } = change;
                const one = campaign(id, { listedSenders, senderTagIds, parentId });
                campaigns.set(id, one);
                store.putCampaign(one, time);
              } else {
                accounts.delete(change.name);
                campaigns.delete(change.name);
                store.dropAccount(store.accounts.number(change.name));
                store.dropCampaign(store.campaigns.number(change.name));
              }
            }
            feed.publish();
            const forth = [...graph.accounts].flatMap(({ key }) =>
              campaignsOf(graph, key).map(([id, reasons]) => `${key} ${id} ${reasons}`),
            );
            const back = [...graph.campaigns].flatMap(({ id }) =>
              sendersOf(graph, id).map(([key, reasons]) => `${key} ${id} ${reasons}`),
            );
            const now = edgesOf(accounts, campaigns);
            assert.deepEqual(forth.toSorted(), now);
            assert.deepEqual(back.toSorted(), now);
            assert.equal(atOnce(graph.countEdges()), now.length);
            for (const edge of [
              ...now.filter((one) => !before.includes(one)),
              ...before.filter((one) => !now.includes(one)),
            ]) {
              const [key = '', id = ''] = edge.split(' ');
              assert.ok(marked.has(key) && marked.has(id), edge);
            }
            for (const { id } of graph.campaigns) {
              const senders = graph.sendersOf(id);
              assert.equal(graph.countOfSenders(id)?.senders, senders.length);
              assert.equal(
                graph.countOfSenders(id)?.healthy,
                senders.filter((edge) => edge.account.state === 'healthy').length,
              );
              assert.deepEqual(
                [...graph.subsequencesOf(id)].toSorted(),
                [...campaigns.values()]
                  .filter(({ parentId }) => parentId === id)
                  .map((one) => one.id)
                  .toSorted(),
              );
            }
            before = now;
          }
          feed.dispose();
        }),
        { numRuns: 2_000 },
      );
    }).timeout(60_000);

    it('marks nothing where everything is said again as it was', () => {
      const facts = {
        accounts: [account('a', { tags: [EU] }), account('b', { campaignIds: ['1'] })],
        campaigns: [campaign('1', { listedSenders: ['a', 'x'], senderTagIds: ['t1'], parentId: '9' })],
      };
      for (const senderLists of [undefined, { '1': ['a', 'x'] }]) {
        const { store, feed } = storeOf({ ...facts, ...(senderLists && { senderLists }) });
        let changes = 0;
        feed.onDidChange(() => (changes += 1));
        facts.accounts.forEach((one) => {
          store.putAccount({ ...one, tags: [...one.tags] }, 50);
        });
        facts.campaigns.forEach((one) => {
          store.putCampaign({ ...one }, 50);
        });
        Object.entries(senderLists ?? {}).forEach(([id, keys]) => {
          store.putSenderList(id, keys, 50);
        });
        feed.publish();
        assert.equal(changes, 0);
      }
    });
  });
});

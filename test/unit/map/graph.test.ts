import assert from 'node:assert/strict';
import { Graph } from '../../../src/map/graph.ts';
import type { SenderReason } from '../../../src/providers/model.ts';
import { account, accountTable, campaign, campaignTable, evidence, graphOf, numbers } from '../../support/records.ts';

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
    assert.deepEqual([graph.size, [...graph.accounts], [...graph.campaigns]], [0, [], []]);
    assert.deepEqual([graph.campaignsOf('x'), graph.sendersOf('x')], [[], []]);
    assert.deepEqual([graph.countOfCampaigns('x'), graph.countOfSenders('x'), graph.countOfHealthy('x')], [0, 0, 0]);
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
    assert.deepEqual([graph.size, graph.countOfCampaigns('b'), graph.countOfSenders('1')], [3, 2, 2]);
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
    assert.deepEqual([graph.size, graph.countOfSenders('1')], [1, 1]);
  });

  it('has no sender through a tag that no account has', () => {
    const graph = graphOf([account('a', { tags: [EU] })], [campaign('1', { senderTagIds: ['t9'] })]);
    assert.deepEqual(sendersOf(graph, '1'), []);
  });

  it('takes the campaigns that an account says itself, before what campaigns answered', () => {
    const graph = graphOf(
      [account('a', { campaignIds: ['2', '2'] }), account('b'), account('c', { campaignIds: [] })],
      [campaign('1'), campaign('2')],
      { reported: { '1': ['a', 'b', 'b', 'c'], '2': ['b'] } },
    );
    assert.deepEqual(sendersOf(graph, '1'), [['b', 'reported']]);
    assert.deepEqual(campaignsOf(graph, 'a'), [['2', 'reported']]);
    assert.deepEqual(campaignsOf(graph, 'c'), []);
  });

  it('keeps the reason that a campaign gave where it answered too', () => {
    const graph = graphOf([account('a')], [campaign('1', { listedSenders: ['a'] })], { reported: { '1': ['a'] } });
    assert.deepEqual(sendersOf(graph, '1'), [['a', 'listed']]);
  });

  it("takes the service's answer about one account for all there is, and keeps the reasons where both agree", () => {
    const graph = graphOf(
      [account('a', { tags: [EU] }), account('b'), account('c')],
      [
        campaign('1', { listedSenders: ['a', 'b', 'c'], senderTagIds: ['t1'] }),
        campaign('2', { listedSenders: ['a', 'c'] }),
        campaign('3'),
      ],
      { told: { a: ['3', '1', '3'], c: [] } },
    );
    assert.deepEqual(Object.fromEntries(campaignsOf(graph, 'a')), { '1': 'listed, tag EU', '3': 'reported' });
    assert.deepEqual(campaignsOf(graph, 'b'), [['1', 'listed']]);
    assert.deepEqual([campaignsOf(graph, 'c'), graph.countOfCampaigns('c')], [[], 0]);
    assert.deepEqual(sendersOf(graph, '2'), []);
  });

  it('gives rows to accounts and campaigns that only an edge names, after the listed ones', () => {
    const graph = graphOf(
      [account('a', { campaignIds: ['8'] })],
      [campaign('1', { listedSenders: ['gone', 'a'] }), campaign('2')],
      { reported: { '2': ['reported', 'gone'] }, told: { told: ['9', '1'] } },
    );
    assert.deepEqual(
      [...graph.accounts].map(({ key, statusWords }) => `${key} ${statusWords}`),
      ['a Active', 'gone Not listed', 'reported Not listed', 'told Not listed'],
    );
    assert.deepEqual(
      [...graph.campaigns].map(({ id, statusWords }) => `${id} ${statusWords}`),
      ['1 Active', '2 Active', '8 Not listed', '9 Not listed'],
    );
    assert.deepEqual(campaignsOf(graph, 'gone'), [
      ['1', 'listed'],
      ['2', 'reported'],
    ]);
    assert.deepEqual(sendersOf(graph, '9'), [['told', 'reported']]);
    assert.equal(graph.account('gone')?.state, 'unknown');
    assert.equal(graph.campaign('8')?.name, '');
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
    assert.deepEqual([graph.countOfHealthy('1'), graph.countOfHealthy('2')], [2, 0]);
  });

  it('stays as it is while rows come to its tables, and when rows go', () => {
    const accounts = accountTable([account('a'), account('b')]);
    const campaigns = campaignTable([campaign('1', { listedSenders: ['a', 'late', 'b'] })]);
    const graph = new Graph(accounts, campaigns, evidence());
    accounts.set('late', account('late'));
    campaigns.set('2', campaign('2', { listedSenders: ['a'] }));
    accounts.set('a', account('a', { statusWords: 'Paused' }));
    const keys = ['a', 'late', 'b'];
    assert.deepEqual(
      graph.sendersOf('1').map(({ account: { key } }) => key),
      keys,
    );
    assert.deepEqual(
      graph.sendersOf('1').map(({ account: { statusWords } }) => statusWords),
      ['Paused', 'Not listed', 'Active'],
    );
    assert.deepEqual([graph.campaign('2'), [...graph.accounts].length], [undefined, 3]);
    accounts.deleteAll(new Set(['a']));
    assert.deepEqual(
      graph.sendersOf('1').map(({ account: { key } }) => key),
      keys,
    );
    assert.deepEqual(campaignsOf(graph, 'a'), [['1', 'listed']]);
  });

  it('says the same both ways, and what it was built from', () => {
    const random = numbers(7);
    const some = (count: number, name: string) =>
      Array.from({ length: 12 }, () => `${name}${Math.floor(random() * count)}`).filter(() => random() < 0.6);
    const accounts = Array.from({ length: 60 }, (_, row) =>
      account(`a${row}`, { tags: random() < 0.3 ? [EU] : random() < 0.3 ? [EU, US] : [] }),
    );
    const campaigns = Array.from({ length: 25 }, (_, row) =>
      campaign(`c${row}`, { listedSenders: some(70, 'a'), senderTagIds: random() < 0.2 ? ['t1', 't2'] : [] }),
    );
    const reported = Object.fromEntries(campaigns.filter(() => random() < 0.4).map(({ id }) => [id, some(75, 'a')]));
    const told = Object.fromEntries(accounts.slice(0, 9).map(({ key }) => [key, some(30, 'c')]));
    const graph = graphOf(accounts, campaigns, { reported, told });

    const wanted = new Set<string>();
    for (const { id, listedSenders = [], senderTagIds = [] } of campaigns) {
      const tagged = accounts.filter(({ tags }) => tags.some((tag) => senderTagIds.includes(tag.id)));
      for (const key of [...listedSenders, ...(reported[id] ?? []), ...tagged.map((one) => one.key)]) {
        if (!(key in told)) {
          wanted.add(`${key} ${id}`);
        }
      }
    }
    for (const [key, ids] of Object.entries(told)) {
      for (const id of ids) {
        wanted.add(`${key} ${id}`);
      }
    }
    const forth = [...graph.accounts].flatMap(({ key }) =>
      campaignsOf(graph, key).map(([id, reasons]) => `${key} ${id} ${reasons}`),
    );
    const back = [...graph.campaigns].flatMap(({ id }) =>
      sendersOf(graph, id).map(([key, reasons]) => `${key} ${id} ${reasons}`),
    );
    assert.deepEqual(forth.toSorted(), back.toSorted());
    assert.equal(new Set(forth).size, forth.length);
    assert.deepEqual(forth.map((edge) => edge.split(' ').slice(0, 2).join(' ')).toSorted(), [...wanted].toSorted());
    assert.equal(graph.size, wanted.size);
    for (const { key } of graph.accounts) {
      assert.equal(graph.countOfCampaigns(key), graph.campaignsOf(key).length);
    }
    for (const { id } of graph.campaigns) {
      assert.equal(graph.countOfSenders(id), graph.sendersOf(id).length);
      assert.equal(
        graph.countOfHealthy(id),
        graph.sendersOf(id).filter((edge) => edge.account.state === 'healthy').length,
      );
    }
  });

  describe('differences', () => {
    const accounts = [account('a'), account('b', { tags: [EU] }), account('c')];
    const campaigns = [
      campaign('1', { listedSenders: ['a', 'b'] }),
      campaign('2', { listedSenders: ['c'] }),
      campaign('3'),
    ];
    const before = graphOf(accounts, campaigns);

    function differences(after: Graph): [string[], string[]] {
      const found = after.differences(before);
      return [[...found.accounts].toSorted(), [...found.campaigns].toSorted()];
    }

    it('has none between graphs of the same', () => {
      assert.deepEqual(differences(before), [[], []]);
      assert.deepEqual(differences(graphOf(accounts, campaigns)), [[], []]);
      assert.deepEqual(differences(graphOf([...accounts, account('d')], [...campaigns, campaign('4')])), [[], []]);
    });

    it('names both ends of an edge that came, went, or has another reason', () => {
      const [first, second, third] = campaigns;
      assert.deepEqual(differences(graphOf(accounts, [first!, second!, { ...third!, listedSenders: ['c'] }])), [
        ['c'],
        ['2', '3'],
      ]);
      assert.deepEqual(differences(graphOf(accounts, [{ ...first!, listedSenders: ['b'] }, second!, third!])), [
        ['a'],
        ['1'],
      ]);
      assert.deepEqual(differences(graphOf(accounts, [{ ...first!, senderTagIds: ['t1'] }, second!, third!])), [
        ['b'],
        ['1'],
      ]);
      assert.deepEqual(differences(graphOf(accounts, campaigns, { told: { c: ['1'] } })), [['c'], ['1', '2']]);
    });

    it('names the campaigns of an account that is gone', () => {
      const [first, second, third] = campaigns;
      const gone = graphOf(accounts.slice(0, 2), [first!, { ...second!, listedSenders: [] }, third!]);
      assert.deepEqual(differences(gone), [[], ['2']]);
    });

    it('names the accounts of a campaign that is gone', () => {
      const [found] = differences(graphOf(accounts, campaigns.slice(1)));
      assert.deepEqual(found, ['a', 'b']);
    });
  });
});

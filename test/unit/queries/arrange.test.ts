import assert from 'node:assert/strict';
import { atOnce } from '../../../src/transport/turns.ts';
import {
  accountGroupings,
  accountSorts,
  arrangeAccounts,
  arrangeCampaigns,
  campaignGroupings,
  campaignSorts,
  type AccountGrouping,
  type AccountSort,
  type Arrangement,
  type CampaignGrouping,
  type CampaignSort,
} from '../../../src/queries/arrange.ts';
import { accountFacets, campaignFacets, parseFilter } from '../../../src/queries/filter.ts';
import { account, campaign, graphOf } from '../../support/records.ts';

const eu = { id: 't9', label: 'EU' };
const us = { id: 't1', label: 'US' };

const accounts = [
  account('c@b.com', {
    warmupScore: 90,
    dailyLimit: 10,
    createdAt: '2025-03-01T00:00:00Z',
    tags: [us, eu],
    clientId: '7',
  }),
  account('B@a.com', { state: 'error', statusWords: 'Connection Error', warmupScore: 5, providerType: 'Google' }),
  account('d@a.com', { dailyLimit: 50, createdAt: '2025-04-01T02:00:00+02:00', tags: [eu], providerType: 'custom' }),
  account('none', { state: 'done', statusWords: 'Ended', createdAt: 'no date' }),
  account('a@B.com', { warmupScore: 0, dailyLimit: 0, createdAt: '2025-03-31T23:59:59Z' }),
];
const campaigns = [
  campaign('1', {
    name: 'beta',
    listedSenders: ['c@b.com'],
    tags: [us],
    createdAt: '2024-01-01T00:00:00Z',
    dailyLimit: 5,
  }),
  campaign('2', {
    name: 'Alpha',
    listedSenders: ['c@b.com', 'd@a.com'],
    state: 'draft',
    statusWords: 'Draft',
    clientId: '7',
  }),
  campaign('3', {
    name: '',
    state: 'error',
    statusWords: 'Bounced',
    createdAt: '2024-02-01T00:00:00Z',
    listedSenders: ['d@a.com'],
  }),
  campaign('4', { name: 'alpha', dailyLimit: 500 }),
];
const graph = graphOf(accounts, campaigns);

function sorted(sort: AccountSort | undefined): string[] {
  const { groups } = atOnce(arrangeAccounts(accounts, graph, 'none', sort, undefined));
  return groups.flatMap(({ rows }) => rows.map(({ key }) => key));
}

function sortedCampaigns(sort: CampaignSort): string[] {
  const { groups } = atOnce(arrangeCampaigns(campaigns, graph, 'none', sort, undefined));
  return groups.flatMap(({ rows }) => rows.map(({ id }) => id));
}

function groupsOf<T>({ groups }: Arrangement<T>, name: (row: T) => string): [string, string[]][] {
  return groups.map(({ label, rows }) => [label, rows.map(name)]);
}

function grouped(grouping: AccountGrouping): [string, string[]][] {
  return groupsOf(atOnce(arrangeAccounts(accounts, graph, grouping, 'email', undefined)), ({ key }) => key);
}

function groupedCampaigns(grouping: CampaignGrouping): [string, string[]][] {
  return groupsOf(atOnce(arrangeCampaigns(campaigns, graph, grouping, 'name', undefined)), ({ id }) => id);
}

describe('arrangement', () => {
  it('leaves everything in its order where nothing is asked for', () => {
    const arrangement = atOnce(arrangeAccounts(accounts, graph, 'none', undefined, undefined));
    assert.deepEqual(arrangement, {
      groups: [{ value: '', label: '', rows: accounts, state: undefined, apart: true, broken: 1, score: 32 }],
      grouped: false,
      saved: [],
      order: accounts,
      settled: true,
      shown: 5,
      total: 5,
      broken: 1,
    });
  });

  for (const [sort, wanted] of [
    [undefined, ['c@b.com', 'B@a.com', 'd@a.com', 'none', 'a@B.com']],
    ['email', ['a@B.com', 'B@a.com', 'c@b.com', 'd@a.com', 'none']],
    ['warmup', ['a@B.com', 'B@a.com', 'c@b.com', 'd@a.com', 'none']],
    ['limit', ['d@a.com', 'c@b.com', 'a@B.com', 'B@a.com', 'none']],
    ['campaigns', ['c@b.com', 'd@a.com', 'B@a.com', 'a@B.com', 'none']],
    ['created', ['d@a.com', 'a@B.com', 'c@b.com', 'B@a.com', 'none']],
  ] as const) {
    it(`sorts accounts by ${sort ?? 'nothing'}, what is missing last`, () => {
      assert.deepEqual(sorted(sort), wanted);
    });
  }

  for (const [sort, wanted] of [
    ['health', ['3', '4', '1', '2']],
    ['name', ['3', '2', '4', '1']],
    ['senders', ['2', '3', '1', '4']],
    ['limit', ['4', '1', '3', '2']],
    ['created', ['3', '1', '2', '4']],
  ] as const) {
    it(`sorts campaigns by ${sort}, what is missing last`, () => {
      assert.deepEqual(sortedCampaigns(sort), wanted);
    });
  }

  it('sorts accounts without a daily limit first by limit, those whose limit is not given last', () => {
    const rows = [
      account('d'),
      account('c', { dailyLimit: 50 }),
      account('b', { unlimited: true }),
      account('a', { unlimited: true }),
    ];
    const { groups } = atOnce(arrangeAccounts(rows, graph, 'none', 'limit', undefined));
    assert.deepEqual(
      groups.flatMap((group) => group.rows.map(({ key }) => key)),
      ['a', 'b', 'c', 'd'],
    );
  });

  for (const [grouping, wanted] of [
    [
      'domain',
      [
        ['a.com', ['B@a.com', 'd@a.com']],
        ['b.com', ['a@B.com', 'c@b.com']],
        ['No domain', ['none']],
      ],
    ],
    [
      'status',
      [
        ['Connection Error', ['B@a.com']],
        ['Active', ['a@B.com', 'c@b.com', 'd@a.com']],
        ['Ended', ['none']],
      ],
    ],
    [
      'type',
      [
        ['custom', ['d@a.com']],
        ['Google', ['B@a.com']],
        ['Kind of mailbox not given', ['a@B.com', 'c@b.com', 'none']],
      ],
    ],
    [
      'tag',
      [
        ['EU', ['c@b.com', 'd@a.com']],
        ['US', ['c@b.com']],
        ['No tag', ['a@B.com', 'B@a.com', 'none']],
      ],
    ],
    [
      'client',
      [
        ['Client 7', ['c@b.com']],
        ['No client', ['a@B.com', 'B@a.com', 'd@a.com', 'none']],
      ],
    ],
    [
      'campaign',
      [
        ['Alpha', ['c@b.com', 'd@a.com']],
        ['beta', ['c@b.com']],
        ['Campaign 3', ['d@a.com']],
        ['In no active campaign', ['a@B.com', 'B@a.com', 'd@a.com', 'none']],
      ],
    ],
  ] as const) {
    it(`groups accounts by ${grouping}, those with none last`, () => {
      assert.deepEqual(grouped(grouping), wanted);
    });
  }

  for (const [grouping, wanted] of [
    [
      'status',
      [
        ['Bounced', ['3']],
        ['Active', ['4', '1']],
        ['Draft', ['2']],
      ],
    ],
    [
      'tag',
      [
        ['US', ['1']],
        ['No tag', ['3', '2', '4']],
      ],
    ],
    [
      'client',
      [
        ['Client 7', ['2']],
        ['No client', ['3', '4', '1']],
      ],
    ],
  ] as const) {
    it(`groups campaigns by ${grouping}, those with none last`, () => {
      assert.deepEqual(groupedCampaigns(grouping), wanted);
    });
  }

  it('puts the group with none last, whatever the others are called', () => {
    const rows = [
      account('a'),
      account('b', { tags: [{ id: '1', label: 'zz' }] }),
      account('c', { tags: [{ id: '2', label: '\u{10ffff}' }] }),
    ];
    const { groups } = atOnce(arrangeAccounts(rows, graphOf(rows), 'tag', 'email', undefined));
    assert.deepEqual(
      groups.map(({ label, value }) => [label, value]),
      [
        ['zz', '1'],
        ['\u{10ffff}', '2'],
        ['No tag', ''],
      ],
    );
  });

  it('keeps an email without a domain with those that have none', () => {
    const rows = [account('a@'), account('b')];
    const { groups } = atOnce(arrangeAccounts(rows, graphOf(rows), 'domain', 'email', undefined));
    assert.deepEqual(
      groups.map(({ label, rows: { length } }) => [label, length]),
      [['No domain', 2]],
    );
  });

  it('tells apart groups that are called the same', () => {
    const rows = [account('a', { tags: [{ id: '1', label: 'x' }] }), account('b', { tags: [{ id: '2', label: 'x' }] })];
    const { groups } = atOnce(arrangeAccounts(rows, graphOf(rows), 'tag', 'email', undefined));
    assert.deepEqual(
      groups.map(({ value, label }) => [value, label]),
      [
        ['1', 'x'],
        ['2', 'x'],
      ],
    );
  });

  it('counts what the filter shows of all there are, in every arrangement', () => {
    const filter = parseFilter(accountFacets, 'domain:a.com');
    for (const grouping of accountGroupings) {
      for (const sort of [undefined, ...accountSorts]) {
        const { shown, total, groups } = atOnce(arrangeAccounts(accounts, graph, grouping, sort, filter));
        assert.deepEqual([shown, total], [2, 5]);
        const keys = new Set(groups.flatMap(({ rows }) => rows.map(({ key }) => key)));
        assert.deepEqual([...keys].toSorted(), ['B@a.com', 'd@a.com']);
        assert.ok(groups.every(({ rows }) => rows.length > 0));
      }
    }
    const campaignFilter = parseFilter(campaignFacets, 'alpha');
    for (const grouping of campaignGroupings) {
      for (const sort of campaignSorts) {
        const { shown, total } = atOnce(arrangeCampaigns(campaigns, graph, grouping, sort, campaignFilter));
        assert.deepEqual([shown, total], [2, 4]);
      }
    }
  });

  it('has no groups where the filter shows nothing', () => {
    const filter = parseFilter(accountFacets, 'nobody');
    const { groups, shown, total } = atOnce(arrangeAccounts(accounts, graph, 'domain', 'email', filter));
    assert.deepEqual([groups, shown, total], [[], 0, 5]);
  });

  it('leaves what it was given as it was', () => {
    const before = [...accounts];
    atOnce(arrangeAccounts(accounts, graph, 'none', 'created', undefined));
    assert.deepEqual(accounts, before);
  });
});

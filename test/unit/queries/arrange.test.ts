import assert from 'node:assert/strict';
import { atOnce } from '../../../src/transport/turns.ts';
import {
  accountGroupings,
  accountSorts,
  arrangeAccounts,
  arrangeCampaigns,
  campaignGroupings,
  campaignSorts,
  healthOf,
  MANY,
  type AccountGrouping,
  type AccountSort,
  type ArrangeOptions,
  type Arrangement,
  type CampaignGrouping,
  type CampaignSort,
  type Group,
} from '../../../src/queries/arrange.ts';
import type { Account } from '../../../src/providers/model.ts';
import { accountFacets, campaignFacets, parseFilter } from '../../../src/queries/filter.ts';
import { account, campaign, graphOf } from '../../support/records.ts';

const eu = { id: 't9', label: 'EU' };
const us = { id: 't1', label: 'US' };

const accounts = [
  account('c@b.com', {
    warmupScore: 90,
    dailyLimit: 10,
    createdAt: Date.parse('2025-03-01T00:00:00Z'),
    tags: [us, eu],
    clientId: '7',
  }),
  account('B@a.com', { state: 'error', statusWords: 'Connection Error', warmupScore: 5, providerType: 'Google' }),
  account('d@a.com', {
    dailyLimit: 50,
    createdAt: Date.parse('2025-04-01T02:00:00+02:00'),
    tags: [eu],
    providerType: 'custom',
  }),
  account('none', { state: 'done', statusWords: 'Ended', createdAt: undefined }),
  account('a@B.com', { warmupScore: 0, dailyLimit: 0, createdAt: Date.parse('2025-03-31T23:59:59Z') }),
];
const campaigns = [
  campaign('1', {
    name: 'beta',
    listedSenders: ['c@b.com'],
    tags: [us],
    createdAt: Date.parse('2024-01-01T00:00:00Z'),
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
    createdAt: Date.parse('2024-02-01T00:00:00Z'),
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
    ['campaigns', ['c@b.com', 'd@a.com', 'a@B.com', 'B@a.com', 'none']],
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
        ['Mailbox type not given', ['a@B.com', 'c@b.com', 'none']],
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

  it('says of a group that its rows stand in no other, but where they can', () => {
    const several = { accounts: ['tag', 'campaign'], campaigns: ['tag'] };
    for (const grouping of accountGroupings) {
      const { groups } = atOnce(arrangeAccounts(accounts, graph, grouping, 'email', undefined));
      assert.deepEqual(new Set(groups.map(({ apart }) => apart)), new Set([!several.accounts.includes(grouping)]));
    }
    for (const grouping of campaignGroupings) {
      const arranged = atOnce(arrangeCampaigns(campaigns, graph, grouping, 'name', undefined));
      const apart = new Set(arranged.groups.map((group) => group.apart));
      assert.deepEqual(apart, new Set([!several.campaigns.includes(grouping)]));
      assert.equal(arranged.grouped, grouping !== 'none');
    }
  });

  it('has accounts whose campaigns are not all known in a group of their own too', () => {
    const rows = [account('a@x.com'), account('b@x.com')];
    const unsure = graphOf(rows, [campaign('1', { name: 'One', listedSenders: ['b@x.com'] })], { known: false });
    const arranged = atOnce(arrangeAccounts(rows, unsure, 'campaign', 'email', undefined));
    assert.deepEqual(
      groupsOf(arranged, ({ key }) => key),
      [
        ['One', ['b@x.com']],
        ['Campaigns not fully known', ['a@x.com', 'b@x.com']],
      ],
    );
  });

  it('has what saved filters find among campaigns, a built-in one only where it finds something, and none in a filter', () => {
    const saved = [
      ['none', 'nobody', true],
      ['mine', 'nobody', false],
      ['alpha', 'alpha', true],
    ].map(([id, source, builtIn]) => ({
      id: String(id),
      name: String(id).toUpperCase(),
      filter: parseFilter(campaignFacets, String(source)),
      builtIn: builtIn === true,
    }));
    const found = atOnce(arrangeCampaigns(campaigns, graph, 'none', 'name', undefined, { saved })).saved;
    assert.deepEqual(
      found.map(({ value, label, rows }) => [value, label, rows.map(({ id }) => id)]),
      [
        ['mine', 'MINE', []],
        ['alpha', 'ALPHA', ['2', '4']],
      ],
    );
    const filter = parseFilter(campaignFacets, 'alpha');
    assert.deepEqual(atOnce(arrangeCampaigns(campaigns, graph, 'none', 'name', filter, { saved })).saved, []);
  });

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

describe('arrangement of many accounts', () => {
  const STATES = ['healthy', 'error', 'warning'] as const;
  /** Accounts of 20 domains; every third is broken or at risk, most of them in the last domains. */
  const many = (count: number, stateOf = (index: number): (typeof STATES)[number] => STATES[index % 3]!) =>
    Array.from({ length: count }, (_, index) =>
      account(`u${index}@d${String(index % 20).padStart(2, '0')}.com`, {
        state: stateOf(index),
        warmupScore: index % 101,
      }),
    );
  const byHealth = (rows: Account[], options?: ArrangeOptions<Account>, sort: AccountSort | undefined = 'email') =>
    atOnce(arrangeAccounts(rows, graphOf(rows), 'health', sort, undefined, options));
  const saved = (id: string, source: string, builtIn = false) => ({
    id,
    name: id.toUpperCase(),
    filter: parseFilter(accountFacets, source),
    builtIn,
  });
  const leaves = (groups: readonly Group<Account>[]): string[] =>
    groups.flatMap(({ groups: inner, rows }) => (inner === undefined ? rows.map(({ key }) => key) : leaves(inner)));

  it('is flat where they fit a person, broken first, then as sorted', () => {
    const { grouped, groups, broken } = byHealth(many(MANY - 1));
    assert.equal(grouped, false);
    const found = groups[0]!.rows.map(
      ({ state, email }) => `${['error', 'warning', 'healthy'].indexOf(state)} ${email}`,
    );
    assert.deepEqual(found, found.toSorted());
    assert.equal(broken, 66);
  });

  it('is by health from there on, in the words of the field', () => {
    const { grouped, groups } = byHealth(many(MANY));
    assert.equal(grouped, true);
    assert.deepEqual(
      groups.map(({ label, state, rows, broken, apart }) => [label, state, rows.length, broken, apart]),
      [
        ['Broken', 'error', 67, 67, true],
        ['At risk', 'warning', 66, 0, true],
        ['Healthy', 'healthy', 67, 0, true],
      ],
    );
    assert.ok(groups.every((group) => group.groups === undefined));
  });

  it('divides what is still long by domain, the worst first, and keeps every row', () => {
    const rows = many(3 * (MANY + 1));
    const { groups } = byHealth(rows);
    for (const { groups: domains = [], rows: all } of groups) {
      assert.equal(domains.length, 20);
      assert.deepEqual(
        leaves(domains),
        all.map(({ key }) => key),
      );
      const ranks = domains.map(({ broken, score = 0, rows: { length } }) => [-broken, -length, score]);
      for (const [place, [broken, length, score]] of ranks.slice(1).entries()) {
        const [brokenBefore, lengthBefore, scoreBefore] = ranks[place]!;
        assert.ok(brokenBefore! <= broken!);
        assert.ok(brokenBefore! < broken! || scoreBefore! <= score! || lengthBefore! < length!);
      }
    }
    assert.deepEqual(leaves(groups).toSorted(), rows.map(({ key }) => key).toSorted());
    const short = byHealth(many(3 * MANY)).groups;
    assert.ok(short.every((group) => group.groups === undefined));
  });

  it('leaves a long group as it is where domains do not divide it', () => {
    const one = many(900).map(({ key }) => account(key, { email: `${key.split('@')[0]!}@only.com` }));
    const each = many(900).map(({ key }) => account(key, { email: `x@${key.split('@')[0]!}.com` }));
    for (const rows of [one, each]) {
      assert.ok(byHealth(rows).groups.every(({ groups }) => groups === undefined));
    }
  });

  it('keeps the places of rows and domains while a sync runs, with new ones behind them', () => {
    const rows = many(3 * (MANY + 1));
    const before = byHealth(rows, undefined, 'warmup');
    const extra = account('a0@d00.com', { state: 'error', warmupScore: 0 });
    const fresh = account('b@a-new.com', { state: 'error', warmupScore: 0 });
    const now = [fresh, extra, ...rows.slice(1).map((row) => ({ ...row, warmupScore: 100 - row.warmupScore! }))];
    const during = byHealth(now, { settled: false, before }, 'warmup');
    assert.equal(during.settled, false);
    for (const [place, { groups: domains = [], value }] of before.groups.entries()) {
      const after = during.groups[place]!;
      assert.equal(after.value, value);
      const values = domains.map((domain) => domain.value);
      assert.deepEqual(after.groups?.map((domain) => domain.value).slice(0, values.length), values);
    }
    const wanted = leaves(before.groups).filter((key) => key !== rows[0]!.key);
    const found = leaves(during.groups).filter((key) => key !== extra.key && key !== fresh.key);
    assert.deepEqual(found, wanted);
    assert.equal(during.groups[0]!.groups!.at(-1)!.value, 'a-new.com');
    const settled = byHealth(now, { before: during }, 'warmup');
    assert.deepEqual(settled, byHealth(now, undefined, 'warmup'));
  });

  it('keeps the places of a flat list where states change meanwhile, and of campaigns', () => {
    const rows = many(30);
    const before = byHealth(rows);
    const now = rows.map((row) => ({ ...row, state: 'healthy' as const }));
    const during = byHealth(now, { settled: false, before });
    assert.deepEqual(leaves(during.groups), leaves(before.groups));
    const first = atOnce(arrangeCampaigns(campaigns, graph, 'none', 'name', undefined));
    const renamed = campaigns.map((one) => ({ ...one, name: one.name === 'beta' ? 'aaa' : one.name })).toReversed();
    const then = atOnce(arrangeCampaigns(renamed, graph, 'none', 'name', undefined, { settled: false, before: first }));
    assert.deepEqual(
      then.order.map(({ id }) => id),
      first.order.map(({ id }) => id),
    );
  });

  it('has what saved filters find in the same layout, a built-in one only where it finds something', () => {
    const filters = [
      saved('none', 'nobody', true),
      saved('mine', 'nobody'),
      saved('all', 'u'),
      saved('broken', 'state:broken'),
      saved('few', 'u1@'),
    ];
    const rows = many(3 * (MANY + 1));
    const opened = new Set(filters.map(({ id }) => id));
    const found = byHealth(rows, { saved: filters, opened }).saved;
    assert.deepEqual(
      found.map(({ value, label, rows: { length }, apart }) => [value, label, length, apart]),
      [
        ['mine', 'MINE', 0, false],
        ['all', 'ALL', 603, false],
        ['broken', 'BROKEN', 201, false],
        ['few', 'FEW', 1, false],
      ],
    );
    const [, all, broken, few] = found;
    assert.deepEqual(
      all?.groups?.map(({ label }) => label),
      ['Broken', 'At risk', 'Healthy'],
    );
    assert.equal(all.groups[0]?.groups?.length, 20);
    assert.equal(broken?.groups?.length, 20);
    assert.equal(few?.groups, undefined);
    const closed = byHealth(rows, { saved: filters, opened: new Set(['broken']) }).saved;
    assert.deepEqual(
      closed.map(({ value, rows: { length }, groups }) => [value, length, groups?.length]),
      [
        ['mine', 0, undefined],
        ['all', 603, undefined],
        ['broken', 201, 20],
        ['few', 1, undefined],
      ],
    );
    const filter = parseFilter(accountFacets, 'u1');
    assert.deepEqual(
      atOnce(arrangeAccounts(rows, graphOf(rows), 'health', 'email', filter, { saved: filters })).saved,
      [],
    );
  });

  it('takes an active campaign without a healthy sender for one at risk', () => {
    const broken = account('x@y.z', { state: 'error' });
    const rows = [
      campaign('a', { name: 'a', listedSenders: ['v@y.z'] }),
      campaign('b', { name: 'b', listedSenders: ['x@y.z'] }),
    ];
    const known = graphOf([broken, account('v@y.z')], rows);
    const { order } = atOnce(arrangeCampaigns(rows, known, 'none', 'health', undefined));
    assert.deepEqual(
      order.map(({ id }) => id),
      ['b', 'a'],
    );
    assert.equal(healthOf(rows[1]!, known.countOfSenders('b')), 'warning');
    assert.equal(healthOf(rows[1]!, undefined), 'healthy');
    assert.equal(healthOf({ state: 'paused' }, { senders: 0, healthy: 0 }), 'paused');
  });
});

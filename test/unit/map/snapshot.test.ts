import assert from 'node:assert/strict';
import type { MapState } from '../../../src/map/sendingMap.ts';
import { decodeHeader, decodeSnapshot, encodeSnapshot as encode, SnapshotError } from '../../../src/map/snapshot.ts';
import type { Account, Campaign } from '../../../src/providers/model.ts';
import { account, campaign, emptyState, numbers } from '../../support/records.ts';

const header = { connectionId: 'c-1', provider: 'instantly', keyTag: 'k1', language: 'en', savedAt: 1234 } as const;

const fullAccount: Required<Account> = {
  key: 'ana@é.com',
  email: 'Ana@é.com',
  name: 'Ana "the\nfirst" \u2028 \ud83d\ude00',
  status: -1,
  statusWords: 'Connection Error',
  state: 'error',
  reason: '535 5.7.8 "no"',
  others: ['Warmup blocked: bounces', 'Suspended'],
  own: { findings: [{ state: 'paused', words: 'Suspended' }], at: 1234 },
  providerType: 'Google',
  warmupWords: 'Active',
  warmupScore: 0,
  dailyLimit: 30.5,
  unlimited: true,
  sentToday: 0,
  sendingGap: 10,
  warmupLimit: 40,
  trackingDomain: 'inst.é.com',
  trackingStatus: 'CTD_ACTIVE',
  tags: [
    { id: 't1', label: 'EU, "west"' },
    { id: 't2', label: '' },
  ],
  clientId: '7',
  campaignIds: ['1', '2'],
  setupPending: false,
  createdAt: '2025-01-01T00:00:00.000Z',
  updatedAt: '2025-01-02T00:00:00.000Z',
  warmupStartedAt: '2025-01-03T00:00:00.000Z',
};

const fullCampaign: Required<Campaign> = {
  id: '1',
  name: 'Q4',
  status: 'ACTIVE',
  statusWords: 'Active',
  state: 'healthy',
  reason: 'bounces',
  others: ['Paused'],
  dailyLimit: 100,
  notSending: 'outside of the schedule',
  schedule: { days: [1, 2], from: '09:00', to: '17:00', timezone: 'Etc/GMT+12' },
  tags: [{ id: 't1', label: 'EU, "west"' }],
  newLeadsPerDay: 5,
  parentId: '0',
  clientId: '7',
  listedSenders: ['ana@é.com', 'b@x.com'],
  senderTagIds: ['t1', 't2'],
  createdAt: '2025-01-01T00:00:00.000Z',
  updatedAt: '2025-01-02T00:00:00.000Z',
};

const state: MapState = {
  accounts: [
    fullAccount,
    account('b@x.com', { campaignIds: [], status: 'odd', setupPending: true }),
    account('c@x.com', { state: 'unknown', name: '', campaignIds: ['2'] }),
  ],
  campaigns: [
    fullCampaign,
    campaign('2', { name: '', listedSenders: [], state: 'draft' }),
    campaign('3', { schedule: { days: [], from: '', to: '' }, status: 0 }),
  ],
  named: [campaign('9', { statusWords: 'Not listed' })],
  accountsPosition: {
    status: 'stopped',
    pages: 3,
    pagesBefore: 7,
    startedAt: 10,
    completedAt: 20,
    next: '99 b@x.com',
    unmet: ['c@x.com'],
    warnings: ['changed'],
    invalid: [{ label: 'x', problem: 'no id' }],
  },
  campaignsPosition: {
    status: 'complete',
    pages: 1,
    pagesBefore: 1,
    startedAt: 10,
    completedAt: undefined,
    next: undefined,
    unmet: [],
    warnings: [],
    invalid: [],
  },
  senderLists: [
    ['1', { keys: ['ana@é.com'], at: 5 }],
    ['2', { keys: [], at: 6 }],
  ],
  claimsHold: true,
  tagsRead: true,
  gaps: ['tags of campaigns: late'],
  confirmed: [['b@x.com', { ids: ['1', '9'], at: 7 }]],
  syncStartedAt: 8,
  syncedAt: 9,
};

/** What is left when everything undefined is taken away. */
function present(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function refused(source: string): string {
  try {
    decodeSnapshot(source);
  } catch (error) {
    assert.ok(error instanceof SnapshotError, `${String(error)} for ${source.slice(0, 500)}`);
    return error.message;
  }
  return assert.fail(`taken: ${source}`);
}

/** The text of a snapshot as a whole. */
function encodeSnapshot(...of: Parameters<typeof encode>): string {
  return [...encode(...of)].join('');
}

type Mutable = Record<string, unknown>;

/** The text with something else at a place of its second line, named as `accounts.key.0`; undefined takes it away. */
function changed(place: string, value: unknown): string {
  const [first, second] = encodeSnapshot(header, state).split('\n');
  const body = JSON.parse(second!) as Mutable;
  const steps = place.split('.');
  const target = steps.slice(0, -1).reduce((at, step) => at[step] as Mutable, body);
  assert.ok(Object.hasOwn(target, steps.at(-1)!), place);
  target[steps.at(-1)!] = value;
  return `${first!}\n${JSON.stringify(body)}\n`;
}

function withHeader(change: Mutable): string {
  const [first, second] = encodeSnapshot(header, state).split('\n');
  return `${JSON.stringify({ ...(JSON.parse(first!) as Mutable), ...change })}\n${second!}\n`;
}

describe('snapshot', () => {
  it('comes in pieces, none longer than one column', () => {
    const accounts = Array.from({ length: 3000 }, (_, row) => account(`a${row}@x.com`, { name: `Name ${row}` }));
    const pieces = [...encode(header, { ...state, accounts })];
    const whole = pieces.join('').length;
    assert.ok(Math.max(...pieces.map(({ length }) => length)) < whole / 2);
  });

  it('is of the moment when it was asked for, whatever changes before its last piece', () => {
    const live = [account('first'), account('second')];
    const text = encodeSnapshot(header, { ...state, accounts: live });
    const pieces = encode(header, { ...state, accounts: live });
    live.push(account('third'));
    live[0] = account('another');
    assert.equal([...pieces].join(''), text);
  });

  it('gives back exactly what was saved', () => {
    const decoded = decodeSnapshot(encodeSnapshot(header, state));
    assert.deepEqual(present(decoded.state), present(state));
    assert.deepEqual(decoded.header, { format: 'sendmap.map', version: 3, ...header });
  });

  it('keeps every property, alone and beside records that lack it', () => {
    for (const property of Object.keys(fullAccount) as (keyof Account)[]) {
      const only = account('k', { [property]: fullAccount[property] });
      for (const accounts of [[only], [account('a'), only, account('b')]]) {
        const decoded = decodeSnapshot(encodeSnapshot(header, { ...state, accounts })).state;
        assert.deepEqual(present(decoded.accounts), present(accounts), property);
        assert.deepEqual(decoded.accounts[accounts.indexOf(only)]![property], only[property]);
      }
    }
    for (const property of Object.keys(fullCampaign) as (keyof Campaign)[]) {
      const only = campaign('k', { [property]: fullCampaign[property] });
      const campaigns = [campaign('a'), only, campaign('b')];
      const decoded = decodeSnapshot(encodeSnapshot(header, { ...state, campaigns, named: campaigns })).state;
      assert.deepEqual(present(decoded.campaigns), present(campaigns), property);
      assert.deepEqual(present(decoded.named), present(campaigns), property);
    }
  });

  it('keeps what is absent absent', () => {
    const decoded = decodeSnapshot(encodeSnapshot(header, { ...state, accounts: [account('a'), fullAccount] }));
    const [bare] = decoded.state.accounts;
    const defined = Object.entries(bare!).filter(([, value]) => value !== undefined);
    assert.deepEqual(defined.map(([name]) => name).toSorted(), ['email', 'key', 'state', 'statusWords', 'tags']);
  });

  it('keeps a map that is empty', () => {
    const decoded = decodeSnapshot(encodeSnapshot(header, emptyState()));
    assert.deepEqual(present(decoded.state), present(emptyState()));
    assert.equal(decoded.state.syncedAt, undefined);
  });

  it('takes two lines, whatever the records say', () => {
    assert.equal(encodeSnapshot(header, state).split('\n').length, 3);
    assert.equal(decodeHeader(encodeSnapshot(header, state).split('\n')[0]!).savedAt, 1234);
  });

  it('keeps texts that repeat once', () => {
    const accounts = Array.from({ length: 1000 }, (_, row) =>
      account(`a${row}`, { reason: 'a long reason', tags: fullAccount.tags }),
    );
    const source = encodeSnapshot(header, { ...state, accounts });
    assert.equal(source.split('a long reason').length - 1, 1);
    const [first, second] = decodeSnapshot(source).state.accounts;
    assert.equal(first!.tags, second!.tags);
  });

  it('refuses what is no snapshot', () => {
    for (const source of ['', '\n', 'x', '{}', '[]', 'null', '{"a":1}\n{}', '"text"\n{}\n', '\ufeff{}', '[]\n[]\n']) {
      refused(source);
    }
    assert.match(refused('{"format":"other"}\n{}\n'), /not a saved map/);
  });

  it('refuses another version, and says which', () => {
    assert.match(refused(withHeader({ version: 4 })), /of version 4, and this is version 3/);
    for (const version of [undefined, null, 1, '2', 0, {}, { toString: 1, valueOf: 1 }]) {
      assert.match(refused(withHeader({ version })), /version/);
    }
  });

  it('refuses a damaged first line', () => {
    for (const change of [
      { connectionId: 1 },
      { keyTag: null },
      { language: undefined },
      { provider: 5 },
      { provider: ['instantly'] },
      { savedAt: '1' },
    ]) {
      refused(withHeader(change));
    }
    const [first] = encodeSnapshot(header, state).split('\n');
    refused(first!);
    refused(`${first!}\n`);
    refused(`${first!}\n${first!}\n`);
  });

  it('refuses text that ends in the middle, wherever that is', () => {
    const source = encodeSnapshot(header, state);
    for (let length = 0; length < source.length - 1; length += 1) {
      refused(source.slice(0, length));
    }
    assert.ok(decodeSnapshot(source.slice(0, -1)));
  });

  for (const [place, values] of Object.entries({
    accounts: [undefined, null, [], 'x', {}],
    'accounts.rows': [undefined, null, 2, 4, -1, 1.5, '3'],
    'accounts.key': [undefined, null, [], {}, ['a', 'b'], ['a', 'b', null], ['a', 'b', 1], ['a', 'b', 'c', 'd']],
    'accounts.name': [null, {}, ['a'], ['a', 'b', {}]],
    'accounts.status': [
      [true, null, null],
      [[], null, null],
    ],
    'accounts.warmupScore': [
      ['1', null, null],
      [{}, null, null],
    ],
    'accounts.setupPending': [
      [1, null, null],
      ['', null, null],
    ],
    'accounts.statusWords': [undefined, null, [], {}, { values: [], rows: [] }, { values: ['x'], rows: [0, 0, -1] }],
    'accounts.statusWords.values': [null, [1, 2], [null, 'x'], []],
    'accounts.statusWords.rows': [
      null,
      [0, 1],
      [0, 1, 9],
      [0, 1, -2],
      [0, 1, 0.5],
      [0, 1, '0'],
      [0, 1, [0]],
      [0, 1, null],
    ],
    'accounts.state.values': [
      ['healthy', 'fine', 'unknown'],
      ['toString', 'healthy', 'error'],
    ],
    'accounts.campaignIds.rows': [
      [0, 0, 0],
      [[-1], [], []],
      [[9], [], []],
      [[[0]], [], []],
      [{}, [], []],
      [null, [], []],
    ],
    'accounts.tags': [undefined, null, { values: ['[]'], rows: [0, 0, -1] }],
    'accounts.tags.values': [
      ['[', '[]'],
      ['{}', '[]'],
      ['[{}]', '[]'],
      ['[{"id":1,"label":""}]', '[]'],
      ['null', '[]'],
      [[], []],
    ],
    'campaigns.schedule': [
      [{}, null, null],
      [[], null, null],
      ['x', null, null],
      [{ days: ['1'], from: '', to: '' }, null, null],
      [{ days: [1], from: 1, to: '' }, null, null],
      [{ days: [1], from: '', to: '', timezone: 1 }, null, null],
    ],
    'named.id': [undefined, ['a', 'b'], [null]],
    accountsPosition: [undefined, null, [], {}],
    'accountsPosition.status': [undefined, 'done', 1],
    'accountsPosition.next': [1, null, {}],
    'accountsPosition.pages': [undefined, '1', null],
    'accountsPosition.completedAt': ['x', null],
    'accountsPosition.unmet': [undefined, 'x', [1]],
    'accountsPosition.warnings': [undefined, [null]],
    'accountsPosition.invalid': ['x', [1], [{}], [{ label: 'x', problem: 1 }]],
    senderLists: [
      undefined,
      {},
      [1],
      [[]],
      [['1']],
      [[1, { keys: [], at: 1 }]],
      [['1', { keys: [], at: '1' }]],
      [['1', { keys: [1], at: 1 }]],
    ],
    confirmed: [undefined, {}, [['a', null]], [['a', { at: 1 }]], [['a', { ids: {}, at: 1 }]]],
    syncStartedAt: [undefined, null, '8'],
    syncedAt: [null, '9'],
  })) {
    it(`refuses anything else as ${place}`, () => {
      for (const value of values) {
        refused(changed(place, value));
      }
    });
  }

  it('gives a state or a SnapshotError for whatever text it is given', () => {
    const random = numbers(11);
    const source = encodeSnapshot(header, state);
    const pieces = [
      '"',
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '\\',
      '-1',
      '0',
      '9',
      '1e999',
      'null',
      'true',
      '\n',
      'x',
      '\u0000',
      '{}',
      '[]',
      '""',
    ];
    const place = () => Math.floor(random() * source.length);
    let taken = 0;
    for (let round = 0; round < 5000; round += 1) {
      const [start, piece] = [place(), pieces[Math.floor(random() * pieces.length)]!];
      const length = Math.floor(random() * random() * 20);
      const broken = `${source.slice(0, start)}${piece}${source.slice(start + length)}`;
      try {
        const decoded = decodeSnapshot(broken).state;
        taken += 1;
        assert.ok(decoded.accounts.every(({ key, tags }) => typeof key === 'string' && Array.isArray(tags)));
      } catch (error) {
        assert.ok(error instanceof SnapshotError, `${String(error)}: ${broken}`);
      }
    }
    assert.ok(taken > 0 && taken < 5000);
  });

  it('gives a state or a SnapshotError where any value is of any other kind', () => {
    const [first, second] = encodeSnapshot(header, state).split('\n');
    const values = [null, 0, -1, 1.5, 'x', '', true, [], {}, [null], [[]], [{}], { values: [], rows: [] }];
    const visit = (at: unknown): void => {
      if (typeof at !== 'object' || at === null) {
        return;
      }
      const owner = at as Mutable;
      for (const [name, before] of Object.entries(owner)) {
        for (const value of values) {
          owner[name] = value;
          try {
            decodeSnapshot(`${first!}\n${JSON.stringify(body)}\n`);
          } catch (error) {
            assert.ok(error instanceof SnapshotError, `${String(error)}: ${name} ${JSON.stringify(value)}`);
          }
        }
        owner[name] = before;
        visit(before);
      }
    };
    const body: unknown = JSON.parse(second!);
    visit(body);
  });
});

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sameRecord } from '../../../src/map/equal.ts';
import { SendingMap, type MapState } from '../../../src/map/sendingMap.ts';
import {
  decodeHeader,
  decodeSnapshot,
  encodeSnapshot,
  HEADER_BYTES,
  SnapshotError,
} from '../../../src/map/snapshot.ts';
import type { Account, Campaign } from '../../../src/providers/model.ts';
import { ServiceError } from '../../../src/transport/errors.ts';
import { hostileAccount, hostileCampaign, hostileText } from '../../support/arbitraries.ts';
import { connect, MemoryLog } from '../../support/connect.ts';
import { account, campaign, emptyState, numbers } from '../../support/records.ts';
import { linesOf, packed, savedMap, withChecksum } from '../../support/savedMaps.ts';

const header = { connectionId: 'c-1', provider: 'instantly', keyTag: 'k1', language: 'en', savedAt: 1234 } as const;

const fullAccount: Required<Account> = {
  key: 'ana@é.com',
  email: 'Ana@é.com',
  domain: 'é.com',
  name: 'Ana "the\nfirst" \u2028 \ud83d\ude00',
  status: -1,
  statusWords: 'Connection Error',
  state: 'error',
  reason: '535 5.7.8 "no"',
  others: ['Warmup blocked: bounces', 'Suspended'],
  problems: [{ kind: 'disconnected', words: 'Connection Error', reason: '535 5.7.8 "no"' }],
  own: { findings: [{ state: 'paused', words: 'Suspended', problem: 'suspended' }], at: 1234 },
  providerType: 'Google',
  host: 'google',
  warmup: 'on',
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
  createdAt: Date.UTC(2025, 0, 1),
  updatedAt: Date.UTC(2025, 0, 2),
  warmupStartedAt: Date.UTC(2025, 0, 3),
};

const fullCampaign: Required<Campaign> = {
  id: '1',
  name: 'Q4',
  status: 'ACTIVE',
  statusWords: 'Active',
  state: 'healthy',
  reason: 'bounces',
  others: ['Paused'],
  problems: [{ kind: 'bounce-protection', words: 'Bounce Protect' }],
  dailyLimit: 100,
  notSending: 'outside of the schedule',
  schedule: { days: [1, 2], from: '09:00', to: '17:00', timezone: 'Etc/GMT+12' },
  tags: [{ id: 't1', label: 'EU, "west"' }],
  newLeadsPerDay: 5,
  parentId: '0',
  clientId: '7',
  listedSenders: ['ana@é.com', 'b@x.com'],
  senderTagIds: ['t1', 't2'],
  createdAt: Date.UTC(2025, 0, 1),
  updatedAt: Date.UTC(2025, 0, 2),
};

const state: MapState = {
  accounts: [
    fullAccount,
    account('b@x.com', { campaignIds: [], status: 'odd', setupPending: true }),
    account('c@x.com', { state: 'unknown', name: '', campaignIds: ['2'] }),
  ],
  claimTimes: [0, 17, 1_760_000_000_000],
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
    error: undefined,
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
    error: undefined,
    warnings: [],
    invalid: [],
  },
  senderLists: [
    ['1', { keys: ['ana@é.com'], at: 5 }],
    ['2', { keys: [], at: 6 }],
  ],
  tagLabels: [{ id: 't9', label: 'US, "east"' }],
  claimsHold: true,
  tagsRead: true,
  gaps: ['tags of campaigns: late'],
  confirmed: [['b@x.com', { ids: ['1', '9'], at: 7 }]],
  syncStartedAt: 8,
  syncedAt: 9,
};

/** What is left when everything undefined is taken away, and every iterable is a list. */
function present(value: MapState): unknown {
  const senderLists = value.senderLists.map(([id, { keys, at }]) => [id, { keys: [...keys], at }]);
  const [accountsPosition, campaignsPosition] = [value.accountsPosition, value.campaignsPosition].map((position) => ({
    ...position,
    unmet: [...position.unmet],
  }));
  const [accounts, claimTimes] = [[...value.accounts], [...value.claimTimes]];
  return JSON.parse(
    JSON.stringify({ ...value, accounts, senderLists, claimTimes, accountsPosition, campaignsPosition }),
  );
}

async function refused(saved: Uint8Array): Promise<string> {
  try {
    await decodeSnapshot(saved);
  } catch (error) {
    assert.ok(error instanceof SnapshotError, String(error));
    return error.message;
  }
  return assert.fail('taken');
}

async function again(of: MapState): Promise<MapState> {
  return (await decodeSnapshot(await savedMap(header, of))).state;
}

type Mutable = Record<string, unknown>;

/** Some rows of a list, as they are on disk. */
interface Line {
  readonly list: string;
  readonly rows: unknown[];
}

/** The lines with something else at a place, named as `accounts.0.key`; undefined takes it away. */
function changed(lines: readonly string[], place: string, value: unknown): Buffer {
  const [first, values, ...lists] = lines.map((line) => JSON.parse(line) as Mutable);
  const tables = Object.fromEntries((lists as unknown as Line[]).map(({ list, rows }) => [list, rows]));
  const steps = place.split('.');
  const [table = ''] = steps;
  const owner = Object.hasOwn(tables, table) ? tables : values!;
  const target = steps.slice(0, -1).reduce((at, step) => at[step] as Mutable, owner);
  assert.ok(Object.hasOwn(target, steps.at(-1)!), place);
  target[steps.at(-1)!] = value;
  const rewritten = (lists as unknown as Line[]).map(({ list }) => ({ list, rows: tables[list] }));
  return packed([first, values, ...rewritten].map((line) => JSON.stringify(line)));
}

describe('snapshot', () => {
  it('gives back exactly what was saved', async () => {
    const decoded = await decodeSnapshot(await savedMap(header, state));
    assert.deepEqual(present(decoded.state), present(state));
    assert.deepEqual(decoded.header, { format: 'sendmap.map', version: 6, ...header });
  });

  it('keeps every property, alone and beside records that lack it', async () => {
    // The domain is what the email says.
    const properties = (Object.keys(fullAccount) as (keyof Account)[]).filter((name) => name !== 'domain');
    for (const property of properties) {
      const only = account('k', { [property]: fullAccount[property] });
      const accounts = [account('a'), only, account('b')];
      const decoded = [...(await again({ ...state, accounts, senderLists: [], confirmed: [] })).accounts];
      assert.ok(sameRecord(decoded, accounts), property);
      assert.deepEqual(decoded[1]![property], only[property]);
    }
    for (const property of Object.keys(fullCampaign) as (keyof Campaign)[]) {
      const campaigns = [campaign('a'), campaign('k', { [property]: fullCampaign[property] }), campaign('b')];
      const decoded = await again({ ...state, campaigns, named: campaigns });
      assert.ok(sameRecord([decoded.campaigns, decoded.named], [campaigns, campaigns]), property);
    }
  });

  it('keeps whatever a decoder could make: any text, and numbers that are none as absent', async () => {
    const some = <T>(arbitrary: fc.Arbitrary<T>) => fc.array(arbitrary, { maxLength: 6 });
    const unset = fc.option(fc.integer(), { nil: undefined });
    const position = fc.record({
      status: fc.constantFrom('idle', 'capped', 'complete', 'failed' as const),
      pages: fc.nat(),
      pagesBefore: fc.nat(),
      startedAt: fc.integer(),
      completedAt: unset,
      next: fc.option(hostileText, { nil: undefined }),
      unmet: some(hostileText),
      error: fc.constant(undefined),
      warnings: some(hostileText),
      invalid: some(fc.record({ label: hostileText, problem: hostileText })),
    });
    const anyState: fc.Arbitrary<MapState> = fc.record({
      accounts: some(hostileAccount),
      claimTimes: some(fc.nat()),
      campaigns: some(hostileCampaign),
      named: some(hostileCampaign),
      accountsPosition: position,
      campaignsPosition: position,
      senderLists: fc.uniqueArray(fc.tuple(hostileText, fc.record({ keys: fc.array(hostileText), at: fc.integer() })), {
        maxLength: 6,
        selector: ([id]) => id,
      }),
      confirmed: some(fc.tuple(hostileText, fc.record({ ids: some(hostileText), at: fc.integer() }))),
      tagLabels: some(fc.record({ id: hostileText, label: hostileText })),
      claimsHold: fc.option(fc.boolean(), { nil: undefined }),
      tagsRead: fc.boolean(),
      gaps: some(hostileText),
      syncStartedAt: fc.integer(),
      syncedAt: unset,
    });
    /** As JSON has it: a zero below zero, and numbers that are none, are not in it. */
    const written = (value: MapState): unknown =>
      JSON.parse(JSON.stringify(value), function (this: unknown, _, member: unknown) {
        return member ?? (Array.isArray(this) ? member : undefined);
      });
    await fc.assert(
      fc.asyncProperty(anyState, async (any) => {
        assert.ok(sameRecord(await again(any), written(any)));
      }),
      { numRuns: 200 },
    );
  });

  it('keeps the error that a list ended with, and takes one of an unknown kind for none', async () => {
    const details = { service: 'Instantly', status: 429, serviceMessage: 'slow down', retryAt: 17 };
    const error = new ServiceError('rateLimited', details);
    const failed = { ...state, accountsPosition: { ...state.accountsPosition, status: 'failed', error } } as const;
    const { accountsPosition } = await again(failed);
    assert.equal(accountsPosition.status, 'failed');
    assert.deepEqual(accountsPosition.error, error);
    const odd = Object.assign({}, error, { kind: 'never heard of' });
    const decoded = await again({ ...failed, accountsPosition: { ...failed.accountsPosition, error: odd } });
    assert.equal(decoded.accountsPosition.error, undefined);
  });

  it('keeps lists apart that look alike when they are joined', async () => {
    const accounts = [
      account('a', { campaignIds: [], tags: [{ id: '1 2', label: '3' }] }),
      account('b', { campaignIds: [''], tags: [{ id: '1', label: '2 3' }] }),
      account('c', { campaignIds: ['1,2'], tags: [{ id: '1', label: '2\n3 4' }] }),
      account('d', {
        campaignIds: ['1', '2'],
        tags: ['2', '4'].map((label, at) => ({ id: at === 0 ? '1' : '3', label })),
      }),
    ];
    assert.ok(sameRecord((await again({ ...state, accounts })).accounts, accounts));
  });

  it('keeps a map that is empty', async () => {
    const decoded = await again(emptyState());
    assert.deepEqual(present(decoded), present(emptyState()));
    assert.equal(decoded.syncedAt, undefined);
  });

  it('is of the moment when the map was asked, whatever changes before its last line', async () => {
    const map = new SendingMap(connect('instantly', { baseUrl: 'http://127.0.0.1:9' }), () => 0, new MemoryLog());
    const position = { ...state.campaignsPosition, completedAt: 20 };
    const partial = { ...position, status: 'stopped', next: '99 b', unmet: ['b'] } as const;
    const complete = emptyState({ accountsPosition: position, campaignsPosition: position });
    const lists = (keys: readonly string[]) => [['1', { keys, at: 5 }]] as const;
    const before = {
      ...complete,
      accounts: [account('a', { campaignIds: ['1'] }), account('b')],
      accountsPosition: partial,
      claimTimes: [17, 0],
      campaigns: [campaign('1')],
      senderLists: lists(['a', 'b', 'gone']),
    };
    await map.restore(before);
    const saved = await map.save();
    const pieces = encodeSnapshot(header, saved);
    await pieces.next();
    const accounts = [account('a', { name: 'New', campaignIds: ['1'] })];
    const now = { ...before, accounts, claimTimes: [18], accountsPosition: position, senderLists: lists(['a']) };
    await map.restore(now);
    const decoded = await again(saved);
    assert.ok(sameRecord([...decoded.accounts], before.accounts));
    assert.deepEqual(present(decoded), present(saved));
    assert.deepEqual([...decoded.senderLists[0]![1].keys], ['a', 'b', 'gone']);
    assert.deepEqual([[...decoded.claimTimes], [...decoded.accountsPosition.unmet]], [[17, 0], ['b']]);
    map.dispose();
  });

  it('has no line that is long, however much there is of anything', async () => {
    const keys = Array.from({ length: 30_000 }, (_, row) => `account-${row}@example.com`);
    const long = emptyState({
      accounts: keys.slice(0, 20_000).map((key) => account(key, { name: `Name of ${key}` })),
      campaigns: [campaign('1'), campaign('2')],
      // One campaign has all, also those that are in no list.
      senderLists: [
        ['1', { keys, at: 1 }],
        ['2', { keys: keys.slice(5000), at: 2 }],
      ],
      confirmed: keys.map((key) => [key, { ids: ['1', '2'], at: 3 }]),
      accountsPosition: {
        ...state.accountsPosition,
        unmet: keys,
        invalid: keys.map((label) => ({ label, problem: 'has no email' })),
      },
      campaignsPosition: { ...state.campaignsPosition, unmet: keys },
    });
    const saved = await savedMap(header, long);
    const lines = linesOf(saved);
    assert.ok(lines.length > 50);
    // A line ends with the row that makes it longer than 64 KiB; the longest row has 5000 senders.
    assert.deepEqual(
      lines.filter(({ length }) => length > 64 * 1024 + 5000 * 32),
      [],
    );
    assert.deepEqual(present((await decodeSnapshot(saved)).state), present(long));
  });

  it('writes the key of an account once', async () => {
    const keys = ['ana@example.com', 'unlisted@example.com'];
    const text = linesOf(
      await savedMap(header, {
        ...emptyState({ accounts: [account('ana@example.com', { email: 'x' })], campaigns: [campaign('1')] }),
        senderLists: ['1', '2', '3'].map((id) => [id, { keys, at: 1 }]),
        confirmed: keys.map((key) => [key, { ids: [], at: 1 }]),
        accountsPosition: { ...state.accountsPosition, unmet: keys },
      }),
    ).join();
    for (const key of keys) {
      assert.equal(text.split(key).length - 1, 1, key);
    }
  });

  it('has texts that repeat once in memory', async () => {
    const accounts = Array.from({ length: 10 }, (_, row) => account(`a${row}`, { tags: fullAccount.tags }));
    const [first, second] = (await again({ ...state, accounts })).accounts;
    assert.equal(first!.tags, second!.tags);
  });

  it('says what it is in its first bytes, in plain text, without the rest', async () => {
    const saved = await savedMap(header, state);
    const first = { format: 'sendmap.map', version: 6, ...header };
    assert.equal(saved.toString('utf8', 0, saved.indexOf('\n')), JSON.stringify(first));
    assert.deepEqual(decodeHeader(saved.subarray(0, saved.indexOf('\n') + 1)), first);
    assert.deepEqual(decodeHeader(saved.subarray(0, HEADER_BYTES)), first);
  });

  it('gives way to everything else while it is written and read', async () => {
    const accounts = Array.from({ length: 20_000 }, (_, row) => account(`a${row}@x.com`));
    let turns = 0;
    let counting = true;
    const count = () => {
      turns += 1;
      if (counting) {
        setImmediate(count);
      }
    };
    count();
    const saved = await savedMap(header, { ...state, accounts });
    const lines = linesOf(saved).length;
    const written = turns;
    await decodeSnapshot(saved);
    counting = false;
    // A piece that is unpacked may hold the ends of two lines.
    assert.ok(lines > 20 && written >= lines / 2 && turns - written >= lines / 2, `${lines}: ${written}, ${turns}`);
  });

  it('refuses what is no snapshot', async () => {
    for (const source of ['', '\n', 'x', '{}', '[]', 'null', '{"a":1}\n{}', '"text"\n{}\n', '\ufeff{}', '[]\n[]\n']) {
      await refused(Buffer.from(source));
      await refused(withChecksum(Buffer.from(source)));
    }
    assert.match(await refused(Buffer.from('{"format":"other"}\n{}\n')), /not a saved map/);
    assert.match(await refused(Buffer.alloc(2 * HEADER_BYTES, 'x')), /not a saved map/);
  });

  it('refuses another version, and says which', async () => {
    const [first, ...lines] = linesOf(await savedMap(header, state));
    const versioned = (version: unknown) =>
      packed([JSON.stringify({ ...(JSON.parse(first!) as Mutable), version }), ...lines]);
    assert.match(await refused(versioned(3)), /of version 3, and this is version 6/);
    for (const version of [undefined, null, 1, '4', 0, {}, { toString: 1, valueOf: 1 }]) {
      assert.match(await refused(versioned(version)), /version/);
    }
  });

  it('reads one that was saved before labels of tags were', async () => {
    const earlier = changed(linesOf(await savedMap(header, state)), 'tagLabels', undefined);
    assert.deepEqual(present((await decodeSnapshot(earlier)).state), present({ ...state, tagLabels: [] }));
  });

  it('refuses a first line that lacks something', async () => {
    const [first, ...lines] = linesOf(await savedMap(header, state));
    for (const change of [
      { connectionId: 1 },
      { keyTag: null },
      { language: undefined },
      { provider: ['instantly'] },
      { savedAt: '1' },
    ]) {
      await refused(packed([JSON.stringify({ ...(JSON.parse(first!) as Mutable), ...change }), ...lines]));
    }
    await refused(packed([first!]));
    await refused(packed([first!, first!]));
    await refused(withChecksum(Buffer.from(`${first!}\n`)));
    await refused(withChecksum(Buffer.from(`${first!}\nno gzip`)));
  });

  it('refuses a file with a flipped bit, wherever it is', async () => {
    const saved = await savedMap(header, state);
    for (let place = 0; place < saved.length; place += 1) {
      const damaged = Buffer.from(saved);
      damaged[place]! ^= 1 << (place % 8);
      await refused(damaged);
    }
  });

  it('refuses a file that ends in the middle, wherever that is, or goes on', async () => {
    const saved = await savedMap(header, state);
    for (let length = 0; length < saved.length; length += 1) {
      await refused(saved.subarray(0, length));
    }
    for (const more of ['\0', '\n', '{}\n', saved, saved.subarray(-32)]) {
      await refused(Buffer.concat([saved, Buffer.from(more as string)]));
    }
    await decodeSnapshot(saved);
  });

  for (const [place, values] of Object.entries({
    'accounts.0': [null, [], 'x', {}],
    'accounts.0.key': [undefined, null, 1],
    'accounts.1.email': [undefined, null, []],
    'accounts.1.statusWords': [undefined, null, 0],
    'accounts.1.state': [undefined, null, 'fine', 'toString', 0],
    'accounts.0.tags': [undefined, null, {}, [null], [{}], [{ id: 1, label: '' }], [{ id: '' }]],
    'accounts.0.campaignIds': ['1', {}, [1]],
    'campaigns.0.id': [undefined, null, 1],
    'campaigns.0.name': [undefined, null, 1],
    'campaigns.0.senderTagIds': ['x', {}, [null]],
    'named.0.id': [undefined, 1],
    'senderLists.0': [null, {}, [], ['1'], [1, [], 1], ['1', {}, 1], ['1', [], '1'], ['1', [true], 1], ['1', [99], 1]],
    'senderLists.0.1.0': [-1, 0.5, 3, null, [0]],
    'confirmed.0': [null, [], ['a', null, 1], ['a', [], null], ['a', [1], 1], [99, [], 1]],
    'unmetAccounts.0': [null, 99, {}],
    'invalidAccounts.0': [null, 1, {}, { label: 'x', problem: 1 }],
    accountsPosition: [undefined, null, [], {}],
    'accountsPosition.status': [undefined, 'done', 1],
    'accountsPosition.next': [1, null, {}],
    'accountsPosition.pages': [undefined, '1', null],
    'accountsPosition.completedAt': ['x', null],
    'accountsPosition.warnings': [undefined, [null]],
    tagLabels: [null, {}, 'x', [null], [{ id: 't9' }], [{ id: 't9', label: 1 }]],
    gaps: [undefined, null, [1]],
    syncStartedAt: [undefined, null, '8'],
    syncedAt: [null, '9'],
  })) {
    it(`refuses anything else as ${place}, also where the checksum is right`, async () => {
      const lines = linesOf(await savedMap(header, state));
      for (const value of values) {
        await refused(changed(lines, place, value));
      }
    });
  }

  it('refuses lines that are none of its own, also where the checksum is right', async () => {
    const lines = linesOf(await savedMap(header, state));
    const others = ['', '[]', 'null', '{', '{"list":"accounts"}', '{"list":"others","rows":[]}', '{"rows":[]}'];
    for (const line of [...others, '{"list":"toString","rows":[]}', '{"list":"__proto__","rows":[]}']) {
      await refused(packed([...lines, line]));
    }
  });

  it('gives a state or a SnapshotError whatever its lines say', async () => {
    const random = numbers(11);
    const [first, ...lines] = linesOf(await savedMap(header, state));
    const source = lines.join('\n');
    const pieces = ['"', '{', '}', '[', ']', ',', ':', '\\', '-1', '0', '9', '1e999', 'null', 'true', '\n', 'x', '""'];
    const place = () => Math.floor(random() * source.length);
    let taken = 0;
    for (let round = 0; round < 3000; round += 1) {
      const [start, piece] = [place(), pieces[Math.floor(random() * pieces.length)]!];
      const length = Math.floor(random() * random() * 20);
      const broken = `${source.slice(0, start)}${piece}${source.slice(start + length)}`;
      try {
        const { accounts } = (await decodeSnapshot(packed([first!, ...broken.split('\n')]))).state;
        taken += 1;
        assert.ok([...accounts].every(({ key, tags }) => typeof key === 'string' && Array.isArray(tags)));
      } catch (error) {
        assert.ok(error instanceof SnapshotError, `${String(error)}: ${broken}`);
      }
    }
    assert.ok(taken > 0 && taken < 3000);
  });
});

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { changesSince, lostScore } from '../../../src/health/changes.ts';
import { publicChanges } from '../../../src/health/publicChanges.ts';
import {
  decodeRecord,
  decodeRecordHeader,
  decodeScores,
  encodeRecord,
  RecordError,
  type RecordedAccount,
  type RecordedCampaign,
} from '../../../src/health/record.ts';
import { RecordFiles, unneededOf } from '../../../src/health/recordFiles.ts';
import type { Graph } from '../../../src/map/graph.ts';
import { states, type Account } from '../../../src/providers/model.ts';
import { MemoryLog } from '../../support/connect.ts';
import { account, campaign, graphOf } from '../../support/records.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const at = Date.UTC(2026, 10, 20, 9);

async function bytesOf(graph: Graph, idleSince: (number: number) => number | undefined = () => undefined) {
  const chunks: Uint8Array[] = [];
  for await (const chunk of encodeRecord(graph, at, idleSince)) {
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

async function rowsOf(bytes: Uint8Array) {
  const [accounts, campaigns]: [RecordedAccount[], RecordedCampaign[]] = [[], []];
  for await (const rows of decodeRecord(bytes)) {
    accounts.push(...rows.accounts);
    campaigns.push(...rows.campaigns);
  }
  return { accounts, campaigns };
}

describe('records of what a map said', () => {
  it('have all that later shows what changed', async () => {
    const graph = graphOf(
      [
        account('a@x.com', { warmupScore: 91, state: 'error', statusWords: 'Down' }),
        account('7', { email: 'b@x.com' }),
      ],
      [campaign('1', { listedSenders: ['a@x.com'], name: 'Q4\n"' }), campaign('2', { state: 'paused' })],
    );
    const bytes = await bytesOf(graph, () => at - 9 * DAY);
    assert.deepEqual(decodeRecordHeader(bytes), {
      format: 'sendmap.record',
      version: 1,
      at,
      accounts: 2,
      campaigns: 2,
      states: states.map((state) => ({ error: 1, healthy: 1 })[state as string] ?? 0),
    });
    assert.deepEqual(await rowsOf(bytes), {
      campaigns: [
        { id: '1', name: 'Q4\n"', state: 'healthy', words: 'Active' },
        { id: '2', name: 'Campaign 2', state: 'paused', words: 'Active' },
      ],
      accounts: [
        { key: 'a@x.com', email: 'a@x.com', state: 'error', words: 'Down', score: 91, idleSince: undefined, campaignIds: ['1'] },
        { key: '7', email: 'b@x.com', state: 'healthy', words: 'Active', score: undefined, idleSince: at - 9 * DAY, campaignIds: [] },
      ],
    }); // prettier-ignore
  });

  it('give their scores alone, and wait for their turn with each line', async () => {
    const keys = Array.from({ length: 40_000 }, (_, index) => `${index}@x.com`);
    const graph = graphOf(
      keys.map((key, index) => account(key, { warmupScore: index % 3 === 0 ? undefined : index % 101 })),
      [campaign('1', { listedSenders: keys.slice(0, 20_000) })],
    );
    const bytes = await bytesOf(graph, (number) => at - (number % 5) * DAY);
    let turns = 0;
    const counting = setInterval(() => {
      turns += 1;
    });
    const scores = [];
    for await (const rows of decodeScores(bytes)) {
      scores.push(...rows);
      // As the work of a reader takes, several of which make a turn.
      const end = performance.now() + 3;
      while (performance.now() < end);
    }
    clearInterval(counting);
    const { accounts } = await rowsOf(bytes);
    assert.deepEqual(
      scores,
      accounts.map(({ key, score, idleSince }) => ({ key, score, idleSince })),
    );
    assert.ok(turns > 15, `${turns} turns for 80 lines`);
  });

  it('keep any texts and any edges', async () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 });
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.record({ key: text, words: text, score: fc.option(fc.integer({ min: 0, max: 100 })) }), {
          selector: ({ key }) => key,
          maxLength: 8,
        }),
        fc.array(fc.array(fc.nat(7)), { maxLength: 5 }),
        async (rows, lists) => {
          const keys = rows.map(({ key }) => key);
          const graph = graphOf(
            rows.map(({ key, words, score }) => account(key, { statusWords: words, warmupScore: score ?? undefined })),
            lists.map((members, index) =>
              campaign(`c${index}`, { listedSenders: members.flatMap((member) => keys[member] ?? []) }),
            ),
          );
          const { accounts } = await rowsOf(await bytesOf(graph));
          assert.deepEqual(
            accounts.map(({ key, words, score, campaignIds }) => [key, words, score, campaignIds]),
            rows.map(({ key, words, score }) => [
              key,
              words,
              score ?? undefined,
              graph
                .campaignsOf(key)
                .map(({ campaign: { id } }) => id)
                .sort(),
            ]),
          );
        },
      ),
      { numRuns: 60 },
    );
  });

  it('take less than 100 bytes an account', async () => {
    const keys = Array.from({ length: 5000 }, (_, index) => `mailbox-${index * 7919}@domain-${index % 900}.com`);
    const graph = graphOf(
      keys.map((key, index) => account(key, { warmupScore: 70 + (index % 31) })),
      Array.from({ length: 20 }, (_, index) =>
        campaign(`c${index}`, { listedSenders: keys.filter((_, place) => (place * 31 + index) % 7 === 0) }),
      ),
    );
    const { length } = await bytesOf(graph);
    assert.ok(length / keys.length < 100, `${length / keys.length} bytes`);
  });

  it('are refused where they are damaged, or of another version', async () => {
    const bytes = await bytesOf(graphOf([account('a@x.com')]));
    const later = Buffer.from(bytes.toString('latin1').replace('"version":1', '"version":2'), 'latin1');
    for (const damaged of [bytes.subarray(0, bytes.length - 12), Buffer.from('{}\n'), Buffer.from(''), later]) {
      await assert.rejects(rowsOf(damaged), RecordError);
    }
  });
});

describe('files of records', () => {
  let folder: string;
  let log: MemoryLog;
  const owner = { connectionId: 'c-1', keyTag: 'k1' };
  const graph = graphOf([account('a@x.com')]);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sendmap-records-'));
    log = new MemoryLog();
  });

  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('are those of one key of one connection, and gone with it', async () => {
    const files = new RecordFiles(folder, log, () => true);
    const write = files.writer(owner);
    await write(graph, at, () => undefined);
    await files.writer({ ...owner, keyTag: 'k2' })(graph, at + 1, () => undefined);
    assert.deepEqual(await files.times(owner), [at]);
    assert.deepEqual(
      (await files.headers(owner)).map((header) => header.at),
      [at],
    );
    await files.remove('c-1', 'k1');
    assert.deepEqual(await files.times(owner), []);
    await write(graph, at + 2, () => undefined);
    assert.deepEqual(await files.times(owner), [], 'what is removed does not come back');
    assert.deepEqual(await files.times({ ...owner, keyTag: 'k2' }), [at + 1]);
    await files.remove('c-1');
    assert.deepEqual(await readdir(folder), []);
    assert.equal(log.lines.length, 0);
  });

  it('leave out what cannot be read', async () => {
    const files = new RecordFiles(folder, log, () => true);
    await files.writer(owner)(graph, at, () => undefined);
    await writeFile(join(folder, 'c-1', 'k1', `${at + 5}.record`), 'nonsense');
    assert.deepEqual(
      (await files.headers(owner)).map((header) => header.at),
      [at],
    );
    assert.equal(await files.read(owner, 1), undefined);
  });

  it('write nothing where nothing may be saved', async () => {
    const files = new RecordFiles(folder, log, () => false);
    await files.writer(owner)(graph, at, () => undefined);
    assert.deepEqual(await readdir(folder), []);
  });

  it('keep the last of each day for 35 days, and the last two', () => {
    const noon = new Date(2026, 10, 20, 12).getTime();
    const daily = Array.from({ length: 40 }, (_, day) => noon - day * DAY);
    const times = [noon, noon - HOUR, noon - 2 * HOUR, ...daily.slice(1)];
    assert.deepEqual(unneededOf(times, noon), [noon - 2 * HOUR, ...daily.slice(35)]);
    assert.deepEqual(unneededOf([noon + DAY, noon], noon), [noon + DAY], 'one from the future');
  });
});

describe('what changed', () => {
  it('is neither a recovery nor a failure where nothing is said of a mailbox, or somebody paused it', async () => {
    const states = (all: Record<string, Account['state']>) =>
      graphOf(
        Object.entries(all).map(([key, state]) => account(`${key}@x.com`, { state, statusWords: state })),
        [],
      );
    const before = states({ silent: 'error', paused: 'error', appears: 'unknown', mended: 'error', risky: 'error' });
    const now = states({ silent: 'unknown', paused: 'paused', appears: 'error', mended: 'healthy', risky: 'warning' });
    const changes = await changesSince(now, at, await bytesOf(before), 10);
    const emails = (list: readonly { account: { email: string } }[]) => list.map(({ account: { email } }) => email);
    assert.deepEqual(emails(changes.newlyBroken), []);
    assert.deepEqual(emails(changes.recovered), ['mended@x.com', 'risky@x.com']);
    assert.deepEqual(emails(changes.statusChanges), ['silent@x.com', 'paused@x.com', 'appears@x.com']);
  });

  it('is told by kind, and what was not known is no change', async () => {
    const before = graphOf(
      [
        account('broke@x.com', { warmupScore: 90 }),
        account('mended@x.com', { state: 'error', statusWords: 'Down' }),
        account('fell@x.com', { warmupScore: 90 }),
        account('steady@x.com', { warmupScore: 90 }),
        account('paused@x.com'),
        account('gone@x.com'),
      ],
      [
        campaign('1', { listedSenders: ['broke@x.com', 'steady@x.com'] }),
        campaign('2', { name: 'Stopped' }),
        campaign('3', { name: 'Done' }),
        campaign('4', { name: 'Deleted' }),
      ],
    );
    const now = graphOf(
      [
        account('broke@x.com', { warmupScore: 90, state: 'error', statusWords: 'Down' }),
        account('mended@x.com'),
        account('fell@x.com', { warmupScore: 80 }),
        account('steady@x.com', { warmupScore: 81 }),
        account('paused@x.com', { state: 'paused', statusWords: 'Paused' }),
        account('new@x.com'),
      ],
      [
        campaign('1', { listedSenders: ['steady@x.com', 'fell@x.com'] }),
        campaign('2', {
          state: 'warning',
          statusWords: 'Paused: bounce protection',
          problems: [{ kind: 'bounce-protection', words: 'Paused: bounce protection' }],
        }),
        campaign('3', { state: 'done', statusWords: 'Completed' }),
        campaign('5', { name: 'Fresh' }),
      ],
    );
    const changes = await changesSince(now, at, await bytesOf(before), 10);
    const emails = (list: readonly { account: { email: string } }[]) => list.map(({ account: { email } }) => email);
    assert.deepEqual(emails(changes.newlyBroken), ['broke@x.com']);
    assert.deepEqual(emails(changes.recovered), ['mended@x.com']);
    assert.deepEqual(
      changes.scoreDrops.map((change) => [change.account.email, lostScore(change)]),
      [['fell@x.com', 10]],
    );
    assert.deepEqual(emails(changes.statusChanges), ['paused@x.com']);
    assert.deepEqual(
      changes.campaignsPausedByService.map(({ campaign: { id } }) => id),
      ['2'],
    );
    assert.deepEqual(
      changes.campaignChanges.map(({ campaign: { id } }) => id),
      ['3'],
    );
    assert.deepEqual(
      changes.joined.map((edge) => [edge.account.email, edge.campaign.id]),
      [['fell@x.com', '1']],
    );
    assert.deepEqual(
      changes.left.map((edge) => [edge.account.email, edge.campaign.id]),
      [['broke@x.com', '1']],
    );
    assert.deepEqual(
      changes.accountsAdded.map(({ email }) => email),
      ['new@x.com'],
    );
    assert.deepEqual(
      changes.accountsRemoved.map(({ email }) => email),
      ['gone@x.com'],
    );
    assert.deepEqual(
      changes.campaignsAdded.map(({ id }) => id),
      ['5'],
    );
    assert.deepEqual(
      changes.campaignsRemoved.map(({ id }) => id),
      ['4'],
    );
    const { scoreDrops, campaignsPausedByService, left, accountsRemoved } = publicChanges(changes);
    assert.deepEqual(
      { scoreDrops, campaignsPausedByService, left, accountsRemoved },
      {
        scoreDrops: [{ accountKey: 'fell@x.com', was: 'Active', is: 'Active', scoreWas: 90, scoreIs: 80 }],
        campaignsPausedByService: [{ campaignId: '2', was: 'Active', is: 'Paused: bounce protection' }],
        left: [{ accountKey: 'broke@x.com', campaignId: '1' }],
        accountsRemoved: ['gone@x.com'],
      },
    );
  });

  it('is nothing where the map says the same', async () => {
    const graph = graphOf([account('a@x.com', { warmupScore: 1 })], [campaign('1', { listedSenders: ['a@x.com'] })]);
    const { since, ...lists } = await changesSince(graph, at, await bytesOf(graph), 1);
    assert.equal(since, at);
    assert.ok(Object.values(lists).every((list) => list.length === 0));
  });
});

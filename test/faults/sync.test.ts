import { atOnce } from '../../src/transport/turns.ts';
import assert from 'node:assert/strict';
import { SendingMap, type MapChange } from '../../src/map/sendingMap.ts';
import { decodeSnapshot } from '../../src/map/snapshot.ts';
import { probe } from '../../src/providers/probe.ts';
import type { Provider } from '../../src/providers/provider.ts';
import type { InstantlyAccount, Json } from '../../src/sandbox/instantlyWorld.ts';
import { Random } from '../../src/sandbox/random.ts';
import type { Reply } from '../../src/sandbox/reply.ts';
import { startSandbox, type Override, type Sandbox, type SeenRequest, type Service } from '../../src/sandbox/server.ts';
import type { SmartleadAccount } from '../../src/sandbox/smartleadWorld.ts';
import { connect, MemoryLog, type ConnectOptions } from '../support/connect.ts';
import { savedMap } from '../support/savedMaps.ts';
import { services } from '../support/services.ts';

/** A service as the suite runs against it. */
interface Variant {
  readonly name: string;
  readonly service: Service;
  /** What Smartlead does with `fetch_campaigns`. */
  readonly fetchCampaigns: 'answered' | 'ignored' | 'refused';
}

const variants: readonly Variant[] = [
  { name: 'Instantly', service: 'instantly', fetchCampaigns: 'answered' },
  { name: 'Smartlead, answered', service: 'smartlead', fetchCampaigns: 'answered' },
  { name: 'Smartlead, ignored', service: 'smartlead', fetchCampaigns: 'ignored' },
  { name: 'Smartlead, refused', service: 'smartlead', fetchCampaigns: 'refused' },
];

interface Size {
  readonly accounts?: number;
  readonly campaigns?: number;
  /** What Smartlead's list of accounts does before each of its pages. */
  readonly unrest?: 'none' | 'inserts' | 'deletes' | 'moves';
  /** What Instantly does with `skip`. */
  readonly skip?: 'supported' | 'supportedWithoutCursor' | 'ignored' | 'refused';
  readonly limit?: { readonly requests: number; readonly seconds: number; readonly headers: boolean };
}

/** What the service has, or what a map says that it has. */
interface Facts {
  readonly accounts: readonly string[];
  readonly campaigns: readonly string[];
  /** `account campaign`, one for each edge. */
  readonly edges: readonly string[];
}

const open: { dispose(): void | Promise<void> }[] = [];

/** One service with its world, and maps of it over real HTTP. */
class Trial {
  readonly variant: Variant;
  readonly box: Sandbox;
  readonly log = new MemoryLog();
  map: SendingMap;
  provider!: Provider;
  /** Ends when the map is there that was reopened last. */
  reopened: Promise<void> | undefined;
  readonly #options: Partial<ConnectOptions>;

  private constructor(variant: Variant, box: Sandbox, options: Partial<ConnectOptions>) {
    this.variant = variant;
    this.box = box;
    this.#options = options;
    this.map = this.fresh();
  }

  static async start(variant: Variant, size: Size = {}, options: Partial<ConnectOptions> = {}): Promise<Trial> {
    const { accounts = 1000, campaigns = 12, unrest = 'none', skip = 'supportedWithoutCursor', limit } = size;
    const { service, fetchCampaigns } = variant;
    const box = await startSandbox({
      limit,
      // By the cursor, where the address of each page differs from those of the others.
      [service]:
        service === 'instantly' ? { accounts, campaigns, skip } : { accounts, campaigns, fetchCampaigns, unrest },
    });
    open.push({ dispose: () => box.close() });
    return new Trial(variant, box, options);
  }

  /** A map that knows nothing yet, and is the one of this trial from then on. */
  fresh(): SendingMap {
    const { service } = this.variant;
    // A busy machine is none of the faults.
    const network = { timeout: 30_000 };
    this.provider = connect(service, { baseUrl: this.box.baseUrls[service], network, ...this.#options });
    const map = new SendingMap(this.provider, () => 0, this.log);
    open.push(map);
    this.map = map;
    return map;
  }

  get smartlead(): boolean {
    return this.variant.service === 'smartlead';
  }

  /** True where each campaign has to be asked for its senders. */
  get scans(): boolean {
    return this.variant.fetchCampaigns !== 'answered';
  }

  get instantlyAccounts(): InstantlyAccount[] {
    return this.box.instantly.accounts as InstantlyAccount[];
  }

  get smartleadAccounts(): SmartleadAccount[] {
    return this.box.smartlead.accounts;
  }

  /** The keys of all accounts, in the order of the list. */
  get keys(): string[] {
    return this.smartlead
      ? this.smartleadAccounts.map(({ id }) => String(id))
      : this.instantlyAccounts.map(({ email }) => email);
  }

  get truth(): Facts {
    const edges = new Set<string>();
    const { instantly, smartlead } = this.box;
    const campaigns = this.smartlead ? smartlead.campaigns : instantly.campaigns;
    if (!this.smartlead) {
      for (const campaign of campaigns) {
        const tags = new Set((campaign['email_tag_list'] ?? []) as string[]);
        const tagged = instantly.accounts.filter(({ tagIds }) => tagIds.some((id) => tags.has(id)));
        for (const email of [...((campaign['email_list'] ?? []) as string[]), ...tagged.map(({ email }) => email)]) {
          edges.add(`${email} ${String(campaign['id'])}`);
        }
      }
    } else if (this.scans) {
      for (const [id, senders] of smartlead.sendersOf) {
        senders.forEach((account) => edges.add(`${account.id} ${id}`));
      }
    } else {
      for (const account of smartlead.accounts) {
        account.campaignIds.forEach((id) => edges.add(`${account.id} ${id}`));
      }
    }
    return { accounts: this.keys, campaigns: campaigns.map(({ id }) => String(id)), edges: [...edges] };
  }

  /** The map knows all there is, both ways, and nothing else, and says so. */
  assertWhole(): void {
    assert.deepEqual(this.map.missing(), []);
    assert.equal(this.map.complete, true);
    this.assertEqual(this.truth);
  }

  assertEqual(truth: Facts): void {
    const { graph, accounts, campaigns } = this.map;
    assertSame(
      'accounts',
      accounts.records.rows.map(({ key }) => key),
      truth.accounts,
    );
    assertSame(
      'campaigns',
      campaigns.records.rows.map(({ id }) => id),
      truth.campaigns,
    );
    const fromAccounts = [...graph.accounts].flatMap(({ key }) =>
      graph.campaignsOf(key).map(({ campaign }) => `${key} ${campaign.id}`),
    );
    const fromCampaigns = [...graph.campaigns].flatMap(({ id }) =>
      graph.sendersOf(id).map(({ account }) => `${account.key} ${id}`),
    );
    assertSame('campaigns of accounts', fromAccounts, truth.edges);
    assertSame('senders of campaigns', fromCampaigns, truth.edges);
    assert.equal(atOnce(graph.countEdges()), truth.edges.length);
  }

  /** How many accounts so many pages bring: pages of Smartlead overlap by a row. */
  accountsIn(pages: number): number {
    return this.smartlead ? 100 + 99 * (pages - 1) : 100 * pages;
  }

  /** Requests of a sync in which nothing goes wrong. */
  requestsFor(accounts: number, campaigns: number): number {
    if (!this.smartlead) {
      const tried = accounts >= 300 ? 1 : 0;
      // The last page has a cursor too, and what comes after it is empty.
      return Math.ceil(accounts / 100) + 1 + tried + Math.ceil(campaigns / 100) + 1;
    }
    const scans = this.scans && accounts > 0 ? campaigns : 0;
    const refused = this.variant.fetchCampaigns === 'refused' ? 1 : 0;
    // What accounts say of their campaigns is compared with what one campaign says.
    const compared = this.scans || accounts === 0 ? 0 : 1;
    return Math.max(1, Math.ceil(accounts / 99)) + refused + 1 + scans + compared;
  }

  /** Requests so far, but for those of the tags on campaigns: how many they are follows from the tags. */
  get asked(): SeenRequest[] {
    return this.box.requests.filter(({ path }) => !path.includes('/custom-tag'));
  }

  /** The requests so far are no more than those, and what was read ahead in vain. */
  assertRequests(needed: number, ahead = 2): void {
    const { length } = this.asked;
    assert.ok(length >= needed && length <= needed + (this.smartlead ? ahead : 0), `${length} requests for ${needed}`);
  }

  /** Matches the request for one page of accounts, counted from 1. */
  page(number: number): RegExp {
    if (this.smartlead) {
      return new RegExp(`^/api/v1/email-accounts/\\?.*\\boffset=${99 * (number - 1)}(&|$)`);
    }
    return number === 1
      ? /^\/api\/v2\/accounts\?(?!.*(?:starting_after|sort_by))/
      : new RegExp(
          `^/api/v2/accounts\\?(?!.*sort_by).*${literal(new URLSearchParams({ starting_after: this.cursor(number) }).toString())}`,
        );
  }

  /** The cursor to one page of Instantly's accounts, counted from 1. */
  cursor(page: number): string {
    const { row, email } = this.instantlyAccounts[100 * (page - 1) - 1]!;
    return `${String(row['timestamp_created'])}&${email}`;
  }

  /** The rows of a page of accounts, as the service gave them. */
  rowsOf(page: number): Json[] {
    const seen = this.box.requests.find((request) => request.status === 200 && this.page(page).test(urlOf(request)));
    return this.smartlead ? (seen!.body as Json[]) : ((seen!.body as Json)['items'] as Json[]);
  }

  override(path: RegExp, reply: Override['reply'], times?: number): void {
    this.box.override(times === undefined ? { path, reply } : { path, reply, times });
  }

  /** An answer with these accounts. */
  answer(rows: readonly Json[], cursor: string): Reply {
    return { status: 200, body: this.smartlead ? rows : { items: rows, next_starting_after: cursor } };
  }

  /** Does something once, when the map has come so far. */
  when(reached: (map: SendingMap) => boolean, act: () => void): void {
    const { map } = this;
    const subscription = map.onDidProgress(() => {
      if (reached(map)) {
        subscription.dispose();
        act();
      }
    });
  }

  /**
   * Runs a sync and checks that it asks for nothing that was answered before, but for what `fault` spoiled and what had
   * been read ahead.
   */
  async resume(fault?: RegExp): Promise<void> {
    const before = this.asked.length;
    const reached = 99 * this.map.accounts.pages;
    const ahead = (url: string) => Number(/email-accounts\/\?.*\boffset=(\d+)/.exec(url)?.[1] ?? -1) >= reached;
    await this.map.sync();
    const had = new Set(
      this.asked
        .slice(0, before)
        .filter(({ status }) => status === 200)
        .map(urlOf)
        .filter((url) => fault?.test(url) !== true && !ahead(url)),
    );
    const again = this.asked.slice(before).map(urlOf);
    assert.deepEqual(
      again.filter((url) => had.has(url)),
      [],
    );
  }

  /** Ends the sync, and checks that it asks for no list, and for no campaign that answered. */
  async assertAsksNoneAgain(): Promise<void> {
    const { senderLists } = await this.map.save();
    const answered = new Set(senderLists.map(([id]) => `/api/v1/campaigns/${id}/email-accounts`));
    const before = this.box.requests.length;
    await this.map.sync();
    const again = this.box.requests.slice(before).map(({ path }) => path);
    assert.deepEqual(
      again.filter((path) => answered.has(path) || !/^\/api\/v1\/campaigns\/\d+\//.test(path)),
      [],
    );
    this.assertWhole();
  }

  /** What the map says is kept, as on disk, and given to a fresh one. */
  reopen(): Promise<void> {
    this.reopened = this.#reopen();
    return this.reopened;
  }

  async #reopen(): Promise<void> {
    const { service } = this.variant;
    const header = { connectionId: 'c', provider: service, keyTag: '1', language: 'en', savedAt: 1 };
    const state = this.map.save();
    this.map.dispose();
    const saved = await savedMap(header, await state);
    await this.fresh().restore((await decodeSnapshot(saved)).state);
  }
}

function urlOf({ path, query }: SeenRequest): string {
  return `${path}?${new URLSearchParams(query).toString()}`;
}

function literal(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}

/** Compares lists as sets, because of two that differ in thousands of rows nobody wants to read the difference. */
function assertSame(what: string, actual: readonly string[], expected: readonly string[]): void {
  const [is, should] = [new Set(actual), new Set(expected)];
  const missing = expected.filter((value) => !is.has(value));
  const surplus = actual.filter((value) => !should.has(value));
  assert.deepEqual(
    { what, count: actual.length, missing: missing.slice(0, 5), surplus: surplus.slice(0, 5) },
    { what, count: should.size, missing: [], surplus: [] },
  );
}

function changesOf(map: SendingMap): MapChange[] {
  const changes: MapChange[] = [];
  map.onDidChange((change) => changes.push(change));
  return changes;
}

/** Runs a test against several subjects at once: most of the time goes into waits between tries. */
function forEach<T extends { readonly name: string }>(of: readonly T[], run: (subject: T) => Promise<void>) {
  return async (): Promise<void> => {
    const results = await Promise.allSettled(of.map(run));
    for (const [index, result] of results.entries()) {
      if (result.status === 'rejected') {
        const error: unknown = result.reason;
        if (error instanceof Error) {
          error.message = `${of[index]!.name}: ${error.message}`;
        }
        throw error;
      }
    }
  };
}

function onAll(title: string, run: (variant: Variant) => Promise<void>): void {
  it(title, forEach(variants, run));
}

function onInstantly(title: string, run: (variant: Variant) => Promise<void>): void {
  it(title, forEach(variants.slice(0, 1), run));
}

function onSmartlead(title: string, run: (variant: Variant) => Promise<void>): void {
  it(title, forEach(variants.slice(1), run));
}

/** Pages that may have been read ahead when a reading is stopped: two for each request that may be under way. */
const READ_AHEAD = 8;

/** Far enough that a list is in its middle, and the other list at its end. */
const inTheMiddle = (map: SendingMap) => map.accounts.pages === 3 && map.campaigns.status === 'complete';

describe('sync with faults', function () {
  this.timeout(60_000);

  afterEach(async () => {
    for (const one of open.splice(0).reverse()) {
      await one.dispose();
    }
  });

  it('is tried with every service', () => {
    assert.deepEqual([...new Set(variants.map(({ service }) => service))], services);
  });

  describe('none', () => {
    for (const accounts of [0, 1, 99, 100, 101, 2500]) {
      onAll(
        `reads ${accounts} accounts with as few requests as there can be, and at most two in vain`,
        async (variant) => {
          const trial = await Trial.start(variant, { accounts });
          await trial.map.sync();
          trial.assertWhole();
          assert.equal(trial.truth.accounts.length, accounts);
          trial.assertRequests(trial.requestsFor(accounts, 12));
        },
      );
    }

    it(
      'reads 26,802 accounts',
      forEach(variants.slice(0, 2), async (variant) => {
        const trial = await Trial.start(variant, { accounts: 26_802, campaigns: 150 });
        await trial.map.sync();
        trial.assertWhole();
        assert.equal(trial.map.accounts.records.size, 26_802);
        trial.assertRequests(trial.smartlead ? 271 + 1 + 1 : 269 + 1 + 1 + 2 + 1);
      }),
    );

    onAll('tells nothing where a refresh finds everything as it was', async (variant) => {
      const trial = await Trial.start(variant, { accounts: 300 });
      await trial.map.sync();
      for (const reopened of [false, true]) {
        if (reopened) {
          await trial.reopen();
        }
        const changes = changesOf(trial.map);
        await trial.map.sync(true);
        assert.deepEqual(changes, []);
        trial.assertWhole();
      }
    });

    onAll('tells one change of one account', async (variant) => {
      const trial = await Trial.start(variant, { accounts: 300 });
      await trial.map.sync();
      const changes = changesOf(trial.map);
      if (trial.smartlead) {
        trial.smartleadAccounts[123]!.shared['message_per_day'] = 77;
      } else {
        trial.instantlyAccounts[123]!.row['daily_limit'] = 77;
      }
      const key = trial.keys[123]!;
      await trial.map.sync(true);
      assert.deepEqual(changes, [{ listed: false, accounts: new Set([key]), campaigns: new Set() }]);
      assert.equal(trial.map.accounts.records.get(key)?.dailyLimit, 77);
      trial.assertWhole();
    });
  });

  describe('refusals', () => {
    const cases = [0.1, 0.3, 0.6].flatMap((rate) =>
      variants.map((variant) => ({ rate, variant, name: `${variant.name} at ${rate * 100} %` })),
    );
    it(
      'waits out a 429 at 10, 30 and 60 % of the requests',
      forEach(cases, async ({ rate, variant }) => {
        const trial = await Trial.start(variant, { accounts: 500, campaigns: 5 });
        await trial.map.sync();
        const urls = trial.asked.filter(({ status }) => status === 200).map(urlOf);
        const random = new Random(rate * 100);
        const refused = urls.filter((_, index) => index === 0 || random.chance(rate));
        for (const url of refused) {
          const reply = { status: 429, body: { error: 'slow down' }, headers: { 'retry-after': '1' } };
          trial.override(new RegExp(`^${literal(url)}$`), reply, 1);
        }
        trial.box.requests.length = 0;
        await trial.fresh().sync();
        trial.assertWhole();
        trial.assertRequests(trial.requestsFor(500, 5) + refused.length);
      }),
    );

    const far = ['1e30', 'Fri, 31 Dec 9999 23:59:59 GMT'].flatMap((header) =>
      variants.map((variant) => ({ header, variant, name: `${variant.name} until ${header}` })),
    );
    it(
      'reads everything when a person refreshes, however long the service asked to be left alone',
      forEach(far, async ({ header, variant }) => {
        const trial = await Trial.start(variant, { accounts: 500, campaigns: 5 });
        const reply = { status: 429, body: { error: 'slow down' }, headers: { 'retry-after': header } };
        trial.override(trial.page(3), reply, 1);
        await trial.map.sync();
        assert.equal(trial.map.complete, false);
        const until = trial.provider.client.waitingUntil ?? Infinity;
        assert.ok(until - Date.now() <= 2 * 60 * 60_000, String(until));
        // What nobody asked for by hand leaves the service alone.
        trial.box.requests.length = 0;
        await trial.map.sync(true);
        assert.equal(trial.box.requests.length, 0);
        await probe(trial.provider);
        assert.equal(trial.box.requests.length, 1);
        await trial.map.sync(true);
        trial.assertWhole();
      }),
    );

    onAll('finds a pace where the service only says no', async (variant) => {
      const limit = { requests: 6, seconds: 1, headers: false };
      const trial = await Trial.start(variant, { accounts: 700, campaigns: 5, limit });
      await trial.map.sync();
      assert.ok(trial.box.requests.some(({ status }) => status === 429));
      trial.assertWhole();
    });
  });

  describe('broken answers', () => {
    const html = '<!DOCTYPE html><html><body><h1>Just a moment</h1></body></html>';
    interface Fault {
      readonly name: string;
      readonly reply: Override['reply'];
      /** How often a page is tried that answers like this. */
      readonly tries: number;
      readonly why: RegExp;
      readonly timeout?: number;
    }
    const page = { body: html, contentType: 'text/html' };
    const repeated: readonly Fault[] = [
      { name: 'a 503', reply: { status: 503, body: { error: 'busy' } }, tries: 4, why: /busy/ },
      { name: 'a 502 as HTML', reply: { status: 502, ...page }, tries: 4, why: /moment/ },
      { name: 'a cut connection', reply: 'cut', tries: 3, why: /connection|terminated|closed/i },
    ];
    const final: readonly Fault[] = [
      { name: 'HTML for JSON', reply: { status: 200, ...page }, tries: 1, why: /list/ },
      { name: 'an empty body', reply: { status: 200, body: '' }, tries: 1, why: /list/ },
      { name: 'half a body', reply: { status: 200, body: '{"items":[{"id":1,' }, tries: 1, why: /list/ },
    ];
    // Alone, so that the work of the others does not count against its time.
    const silent: readonly Fault[] = [
      { name: 'no answer', reply: 'hang', tries: 2, why: /time|answer/i, timeout: 1000 },
    ];

    for (const faults of [repeated, final, silent]) {
      const names = faults.map(({ name }) => name).join(', ');
      const cases = faults.flatMap((fault) =>
        variants.map((variant) => ({ fault, variant, name: `${fault.name}, ${variant.name}` })),
      );
      const start = ({ fault: { timeout }, variant }: (typeof cases)[number]) =>
        Trial.start(variant, { accounts: 600 }, timeout === undefined ? {} : { network: { timeout } });

      if (faults !== final) {
        it(
          `gets over it for a while: ${names}`,
          forEach(cases, async (subject) => {
            const { reply, tries } = subject.fault;
            const trial = await start(subject);
            trial.override(trial.page(4), reply, tries - 1);
            await trial.map.sync();
            trial.assertWhole();
          }),
        );
      }

      it(
        `says what is missing after it for good, and goes on from there: ${names}`,
        forEach(cases, async (subject) => {
          const { reply, why, tries } = subject.fault;
          const trial = await start(subject);
          trial.override(trial.page(4), reply);
          // The second one finds that the fault is still there; where that takes long, one is enough.
          for (const first of tries === 1 ? [true, false] : [true]) {
            await (first ? trial.map.sync() : trial.resume(trial.page(4)));
            const known = trial.accountsIn(3);
            assert.equal(trial.map.complete, false);
            const [missing, ...more] = trial.map.missing();
            assert.deepEqual(more, []);
            assert.ok(missing!.startsWith(`accounts after the first ${known}, from page 4 on: `), missing);
            assert.match(missing!, why);
            assertSame(
              'accounts',
              trial.map.accounts.records.rows.map(({ key }) => key),
              trial.keys.slice(0, known),
            );
          }
          trial.box.clearOverrides();
          await trial.resume(trial.page(4));
          trial.assertWhole();
        }),
      );

      it(
        `keeps everything when a refresh meets it: ${names}`,
        forEach(cases, async (subject) => {
          const trial = await start(subject);
          await trial.map.sync();
          const changes = changesOf(trial.map);
          trial.override(trial.page(4), subject.fault.reply);
          await trial.map.sync(true);
          assert.equal(trial.map.missing().length, 1);
          assert.ok(trial.map.missing()[0]!.startsWith('accounts that changed since the last sync, from page 4 on: '));
          trial.assertEqual(trial.truth);
          trial.box.clearOverrides();
          const before = trial.asked.length;
          await trial.map.sync();
          const needed = 7 - 3 + (trial.smartlead && !trial.scans ? 1 : 0);
          assert.ok(trial.asked.length - before <= needed + (trial.smartlead ? 2 : 0));
          trial.assertWhole();
          assert.deepEqual(changes, []);
        }),
      );
    }

    onAll('says that the campaigns are missing, and goes on from there', async (variant) => {
      const trial = await Trial.start(variant, { accounts: 150, campaigns: 150 });
      const path = trial.smartlead ? /^\/api\/v1\/campaigns\/\?/ : /^\/api\/v2\/campaigns\?.*starting_after/;
      trial.override(path, { status: 200, body: html });
      await trial.map.sync();
      const [missing, ...more] = trial.map.missing();
      const [known, page] = trial.smartlead ? [0, 1] : [100, 2];
      assert.ok(missing!.startsWith(`campaigns after the first ${known}, from page ${page} on: `), missing);
      assert.deepEqual(more, []);
      trial.box.clearOverrides();
      await trial.resume(path);
      trial.assertWhole();
    });

    for (const body of [
      { error: 'The workspace is locked', items: [] },
      { ok: false, message: 'The workspace is locked', data: [] },
      { status: 'error', message: 'The workspace is locked', email_accounts: [] },
    ]) {
      onAll(`keeps the map where a list is ${JSON.stringify(body)}, and says why`, async (variant) => {
        const trial = await Trial.start(variant, { accounts: 250, campaigns: 5 });
        await trial.map.sync();
        const { truth } = trial;
        const lists = trial.smartlead
          ? /^\/api\/v1\/(email-accounts|campaigns)\/\?/
          : /^\/api\/v2\/(accounts|campaigns)\?/;
        trial.override(lists, { status: 200, body });
        await trial.map.sync(true);
        trial.assertEqual(truth);
        // Where campaigns are asked for their senders, those stay to be asked.
        const missing = trial.map.missing().slice(0, 2);
        assert.deepEqual(
          missing.map((sentence) => sentence.split(':')[0]),
          [
            'accounts that changed since the last sync, from page 1 on',
            'campaigns that changed since the last sync, from page 1 on',
          ],
        );
        assert.ok(
          missing.every((sentence) => sentence.includes('The workspace is locked')),
          missing.join('\n'),
        );
        await trial.fresh().sync();
        assert.equal(trial.map.complete, false);
        assert.match(trial.map.missing()[0]!, /^accounts after the first 0, .*The workspace is locked/);
        trial.box.clearOverrides();
        await trial.map.sync();
        trial.assertWhole();
      });
    }

    onAll('says which campaigns could not tell their senders, and asks those again', async (variant) => {
      const trial = await Trial.start(variant, { accounts: 150 });
      const ids = trial.truth.campaigns.slice(3, 5);
      const path = new RegExp(`/campaigns/(${ids.join('|')})/email-accounts`);
      trial.override(path, { status: 200, body: html });
      await trial.map.sync();
      if (!trial.scans) {
        trial.assertWhole();
        return;
      }
      assert.deepEqual(trial.map.missing(), ['senders of 2 of 12 campaigns']);
      trial.box.clearOverrides();
      const before = trial.asked.length;
      await trial.resume(path);
      assert.equal(trial.asked.length - before, 2);
      trial.assertWhole();
    });

    onAll('names a malformed record, keeps saying so, and takes it in once it is well', async (variant) => {
      for (const index of variant.service === 'smartlead' ? [0, 50, 99, 198, 249] : [0, 150]) {
        const trial = await Trial.start(variant, { accounts: 250 });
        const rows = trial.smartlead ? trial.smartleadAccounts : trial.instantlyAccounts;
        const well = rows[index]!;
        const [ill, name] =
          'row' in well
            ? [{ ...well, row: { ...well.row, email: null } }, 'Record without a name']
            : [{ ...well, shared: { ...well.shared, id: null } }, String(well.shared['from_email'])];
        rows.splice(index, 1, ill as unknown as InstantlyAccount & SmartleadAccount);
        await trial.map.sync();
        const missing = `accounts: the record "${name}" has no ${trial.smartlead ? 'id' : 'email'}`;
        assert.deepEqual(trial.map.missing(), [missing], `row ${index}`);
        assert.equal(trial.map.complete, false);
        assert.equal(trial.map.accounts.invalid.length, 1);
        assert.equal(trial.map.accounts.records.size, 249);
        await trial.reopen();
        assert.deepEqual(trial.map.missing(), [missing], 'a saved map does not become complete');
        rows.splice(index, 1, well as InstantlyAccount & SmartleadAccount);
        await trial.map.sync();
        trial.assertWhole();
      }
    });
  });

  describe('odd lists', () => {
    onAll('counts rows once that pages repeat', async (variant) => {
      const trial = await Trial.start(variant);
      await trial.map.sync();
      const rows = [2, 3, 4].map((page) => trial.rowsOf(page));
      trial.override(trial.page(4), trial.answer([...rows[0]!, ...rows[2]!, ...rows[1]!, ...rows[2]!], cursorAfter()));
      await trial.fresh().sync();
      trial.assertWhole();

      function cursorAfter(): string {
        return trial.smartlead ? '' : trial.cursor(5);
      }
    });

    onInstantly('ends where the last page gives its own cursor again', async (variant) => {
      const trial = await Trial.start(variant, { accounts: 250 });
      await trial.map.sync();
      const rows = trial.rowsOf(3);
      trial.override(trial.page(3), trial.answer(rows, trial.cursor(3)));
      const before = trial.asked.length;
      await trial.fresh().sync();
      trial.assertWhole();
      assert.equal(trial.asked.length - before, trial.requestsFor(250, 12) - 1);
    });

    for (const back of [0, 1, 3]) {
      onInstantly(`takes a cursor ${back} pages back for an error, not for the end`, async (variant) => {
        const trial = await Trial.start(variant);
        await trial.map.sync();
        const rows = trial.rowsOf(5);
        trial.override(trial.page(5), trial.answer(rows, trial.cursor(5 - back)));
        await trial.fresh().sync();
        assert.equal(trial.map.complete, false);
        const [missing, ...more] = trial.map.missing();
        assert.deepEqual(more, []);
        assert.match(missing!, /^accounts after the first 500, from page \d on: .*repeats itself/);
        trial.box.clearOverrides();
        await trial.map.sync();
        trial.assertWhole();
      });
    }

    for (const cursor of [42, true, {}]) {
      onInstantly(`takes the cursor ${JSON.stringify(cursor)} for an error, not for the end`, async (variant) => {
        const trial = await Trial.start(variant);
        await trial.map.sync();
        trial.override(trial.page(5), {
          status: 200,
          body: { items: trial.rowsOf(5), next_starting_after: cursor },
        });
        await trial.fresh().sync();
        assert.equal(trial.map.complete, false);
        const [missing, ...more] = trial.map.missing();
        assert.deepEqual(more, []);
        assert.match(missing!, /^accounts after the first 500, from page 6 on: .*cursor of the list is not text/);
        trial.box.clearOverrides();
        await trial.map.sync();
        trial.assertWhole();
      });
    }

    onInstantly('goes on behind an empty page that leads on', async (variant) => {
      const trial = await Trial.start(variant);
      await trial.map.sync();
      const rows = trial.rowsOf(5);
      trial.override(trial.page(5), trial.answer([], 'detour'));
      trial.override(/[?&]starting_after=detour/, trial.answer(rows, trial.cursor(6)));
      await trial.fresh().sync();
      trial.assertWhole();
    });

    onInstantly('takes nothing but empty pages that lead on for an error, not for the end', async (variant) => {
      const trial = await Trial.start(variant);
      await trial.map.sync();
      trial.override(trial.page(5), trial.answer([], 'detour1'));
      for (let page = 1; page < 30; page += 1) {
        trial.override(new RegExp(`starting_after=detour${page}$`), trial.answer([], `detour${page + 1}`));
      }
      const before = trial.asked.length;
      await trial.fresh().sync();
      const [missing, ...more] = trial.map.missing();
      assert.deepEqual(more, []);
      assert.match(missing!, /^accounts after the first 400, .*empty pages/);
      assert.ok(trial.asked.length - before < 20);
      trial.box.clearOverrides();
      await trial.map.sync();
      trial.assertWhole();
    });

    onSmartlead('takes a list that stands still for an error, not for the end', async (variant) => {
      const trial = await Trial.start(variant);
      await trial.map.sync();
      const rows = trial.rowsOf(3);
      trial.override(/^\/api\/v1\/email-accounts\/\?.*\boffset=(?!0&|99&)/, trial.answer(rows, ''));
      trial.box.requests.length = 0;
      await trial.fresh().sync();
      const [missing, ...more] = trial.map.missing();
      assert.deepEqual(more, []);
      assert.match(missing!, /^accounts after the first 298, from page 4 on: .*repeats itself/);
      assert.ok(trial.box.requests.length < 40);
      trial.box.clearOverrides();
      await trial.map.sync();
      trial.assertWhole();
    });

    for (const [shape, body] of [
      ['{}', {}],
      ['an empty wrapper', { success: true, data: {} }],
      ['no rows', []],
    ] as const) {
      onSmartlead(`does not take ${shape} in the middle for the end`, async (variant) => {
        const trial = await Trial.start(variant);
        trial.override(trial.page(4), { status: 200, body }, 1);
        await trial.map.sync();
        trial.assertWhole();
        // Nothing can be read behind the third page.
        trial.override(/^\/api\/v1\/email-accounts\/\?.*\boffset=(?!0&|99&|198&)/, { status: 200, body });
        await trial.fresh().sync();
        assert.deepEqual(trial.map.missing(), ['possibly some accounts: list changed while loading']);
        trial.box.clearOverrides();
        await trial.map.sync();
        trial.assertWhole();
      });
    }
  });

  describe('a workspace that changes meanwhile', () => {
    for (const [what, places] of [
      ['one row that was read', [5]],
      ['the row where the reading stands', [0]],
      ['rows everywhere', [-3, -2, -1, 0, 1, 2, 40, 41, 120, 250, 297]],
      ['a page but one row', Array.from({ length: 99 }, (_, row) => row + 1)],
      ['rows that were not read yet', [-1, -60, -230]],
    ] as const) {
      onAll(`loses no account that stays while somebody deletes ${what}`, async (variant) => {
        const trial = await Trial.start(variant);
        const edges = trial.truth.edges;
        trial.when(
          (map) => map.accounts.pages === 3,
          () => {
            // Counted back from the last row that was read; negative ones are still to come.
            const last = trial.accountsIn(3) - 1;
            const gone = new Set<number>(places.map((place) => last - place));
            remove(trial.smartlead ? trial.smartleadAccounts : trial.instantlyAccounts, gone);
          },
        );
        await trial.map.sync();
        const { graph, accounts } = trial.map;
        const lost = trial.keys.filter((key) => !accounts.records.has(key));
        assert.deepEqual(lost, []);
        assert.deepEqual(trial.map.missing(), []);
        const stays = new Set(trial.keys);
        const expected = edges.filter((edge) => stays.has(edge.split(' ')[0]!)).length;
        assert.equal(
          trial.keys.reduce((sum, key) => sum + (graph.countOfCampaigns(key)?.all ?? 0), 0),
          expected,
        );
        await trial.map.sync(true);
        trial.assertWhole();
      });
    }

    onAll('says so where so much is deleted that it cannot tell, and ends whole', async (variant) => {
      const trial = await Trial.start(variant);
      trial.when(
        (map) => map.accounts.pages === 4,
        () => {
          const gone = new Set(Array.from({ length: 250 }, (_, row) => row + 20));
          remove(trial.smartlead ? trial.smartleadAccounts : trial.instantlyAccounts, gone);
        },
      );
      await trial.map.sync();
      if (trial.smartlead) {
        assert.deepEqual(trial.map.missing(), ['possibly some accounts: list changed while loading']);
        await trial.map.sync();
      } else {
        // A cursor names a place in the order, so nothing can be overlooked.
        assert.deepEqual(trial.map.missing(), []);
        assert.deepEqual(
          trial.keys.filter((key) => !trial.map.accounts.records.has(key)),
          [],
        );
        await trial.map.sync(true);
      }
      trial.assertWhole();
    });

    for (const many of [1, 99, 150]) {
      onAll(`loses no account while ${many} come in front`, async (variant) => {
        const trial = await Trial.start(variant);
        const before = trial.keys;
        trial.when(
          (map) => map.accounts.pages === 3,
          () => {
            addInFront(trial, many);
          },
        );
        await trial.map.sync();
        assert.deepEqual(
          before.filter((key) => !trial.map.accounts.records.has(key)),
          [],
        );
        assert.deepEqual(trial.map.missing(), []);
        await trial.map.sync(true);
        trial.assertWhole();
        assert.equal(trial.map.accounts.records.size, 1000 + many);
      });
    }

    for (const [from, to] of [
      [220, 0],
      [900, 0],
      [999, 50],
      [500, 250],
    ] as const) {
      onSmartlead(`loses no account while the one at ${from} moves to ${to}`, async (variant) => {
        for (const concurrency of [1, 4]) {
          for (const pages of [1, 2]) {
            const settings = { concurrency: () => concurrency };
            const trial = await Trial.start(variant, { accounts: from === 220 ? 250 : 1000 }, { settings });
            trial.when(
              (map) => map.accounts.pages === pages,
              () => {
                const [account] = trial.smartleadAccounts.splice(from, 1);
                trial.smartleadAccounts.splice(to, 0, account!);
              },
            );
            await trial.map.sync();
            trial.assertWhole();
          }
        }
      });
    }

    for (const skip of ['supported', 'supportedWithoutCursor', 'ignored', 'refused'] as const) {
      onInstantly(`reads all accounts where skip is ${skip}, and finds that out only once`, async (variant) => {
        const trial = await Trial.start(variant, { accounts: 1250, skip });
        const accountsAsked = () => trial.box.requests.filter(({ path }) => path.endsWith('/accounts')).length;
        await trial.map.sync();
        trial.assertWhole();
        const byCursor = 13 + 1;
        assert.ok(skip === 'supported' || accountsAsked() <= byCursor + 2, String(accountsAsked()));
        trial.box.requests.length = 0;
        await trial.map.sync(true);
        trial.assertWhole();
        // 100 rows, and 99 with each page more; at most two pages in vain.
        assert.ok(skip === 'supported' ? accountsAsked() <= 13 + 2 : accountsAsked() === byCursor);
      });
    }

    for (const [what, change] of [
      [
        'deletes some',
        (trial: Trial) => {
          remove(trial.instantlyAccounts, new Set([3, 50, 51, 400, 900]));
        },
      ],
      [
        'deletes many',
        (trial: Trial) => {
          remove(trial.instantlyAccounts, new Set(Array.from({ length: 700 }, (_, row) => row)));
        },
      ],
      [
        'adds some',
        (trial: Trial) => {
          addInFront(trial, 5);
        },
      ],
    ] as const) {
      onInstantly(`loses no account read by skip while somebody ${what}`, async (variant) => {
        for (const pages of [4, 5, 8]) {
          const trial = await Trial.start(variant, { accounts: 1250, skip: 'supported' });
          const before = trial.keys;
          trial.when(
            (map) => map.accounts.pages === pages,
            () => {
              change(trial);
            },
          );
          await trial.map.sync();
          const stayed = new Set(trial.keys);
          assert.deepEqual(
            before.filter((key) => stayed.has(key) && !trial.map.accounts.records.has(key)),
            [],
          );
          assert.deepEqual(trial.map.missing(), []);
          await trial.map.sync(true);
          trial.assertWhole();
        }
      });
    }

    onInstantly('goes back to the cursor where skip fails in the middle', async (variant) => {
      for (const reply of [
        { status: 400, body: { message: 'querystring/skip must be <= 500' } },
        { status: 200, body: { items: [] } },
        { status: 200, body: 'oops' },
      ]) {
        const trial = await Trial.start(variant, { accounts: 1250, skip: 'supported' });
        trial.override(/[?&]skip=(?:[6-9]\d\d|\d{4})\b/, reply);
        await trial.map.sync();
        trial.assertWhole();
        trial.box.requests.length = 0;
        await trial.map.sync(true);
        trial.assertWhole();
        assert.ok(trial.box.requests.every(({ query }) => query['skip'] === undefined));
      }
    });

    onInstantly('does not trust skip where the cursor leads to other accounts', async (variant) => {
      const trial = await Trial.start(variant, { accounts: 1250, skip: 'supported' });
      const rows = trial.instantlyAccounts.slice(300, 400).map(({ row }) => row);
      trial.override(/sort_by=email.*starting_after/, { status: 200, body: { items: rows, next_starting_after: 'x' } });
      await trial.map.sync();
      trial.assertWhole();
      assert.equal(trial.box.requests.filter(({ query }) => 'skip' in query).length, 1);
    });

    onInstantly('goes on by skip where it stopped, in this session and in another', async (variant) => {
      for (const reopened of [false, true]) {
        const trial = await Trial.start(variant, { accounts: 1250, skip: 'supported' });
        const first = trial.map;
        trial.when(
          (map) => map.accounts.pages === 8,
          () => {
            if (reopened) {
              void trial.reopen();
            } else {
              trial.map.cancel();
            }
          },
        );
        await first.sync();
        await trial.reopened;
        trial.box.requests.length = 0;
        await trial.map.sync();
        trial.assertWhole();
        const asked = trial.box.requests.filter(({ path }) => path.endsWith('/accounts'));
        assert.ok(asked.length <= 13 - 5 + 2, String(asked.length));
        assert.ok(asked.every(({ query }) => Number(query['skip']) >= 5 * 99));
      }
    });

    for (const unrest of ['inserts', 'deletes', 'moves'] as const) {
      onSmartlead(`loses no account of a list that ${unrest} a row before every page, or says so`, async (variant) => {
        const trial = await Trial.start(variant, { accounts: 700, unrest });
        const before = trial.keys;
        await trial.map.sync();
        const stayed = new Set(trial.keys);
        const lost = before.filter((key) => stayed.has(key) && !trial.map.accounts.records.has(key));
        assert.deepEqual(trial.map.missing().length > 0 ? [] : lost, []);
        // A row moves before each request, and how many of them there are is a matter of chance.
        assert.ok(lost.length < before.length / 20, String(lost.length));
      });
    }

    onAll('drops what is gone and takes what is new at a refresh, campaigns too', async (variant) => {
      const trial = await Trial.start(variant, { accounts: 320, campaigns: 15 });
      await trial.map.sync();
      remove(trial.smartlead ? trial.smartleadAccounts : trial.instantlyAccounts, new Set([3, 99, 100, 200]));
      addInFront(trial, 5);
      const campaigns = (trial.smartlead ? trial.box.smartlead : trial.box.instantly).campaigns;
      const [gone] = campaigns.splice(4, 1);
      if (trial.smartlead) {
        const id = Number(gone!['id']);
        (trial.box.smartlead.sendersOf as Map<number, unknown>).delete(id);
        for (const { campaignIds } of trial.smartleadAccounts) {
          campaignIds.splice(0, campaignIds.length, ...campaignIds.filter((one) => one !== id));
        }
      }
      await trial.map.sync(true);
      trial.assertWhole();
      assert.equal(trial.map.graph.campaign(String(gone!['id']))?.name, undefined);
    });
  });

  describe('edges', () => {
    onAll('keeps an edge whose other end no list has', async (variant) => {
      const trial = await Trial.start(variant, { accounts: 120 });
      const { instantly, smartlead } = trial.box;
      const known = trial.keys[7]!;
      let [account, campaign] = ['stranger@nowhere.test', ''];
      if (!trial.smartlead) {
        const row = instantly.campaigns.find((one) => one['email_list'] !== undefined)!;
        (row['email_list'] as string[]).push(account);
        campaign = String(row['id']);
      } else if (trial.scans) {
        const [id, senders] = [...smartlead.sendersOf].find(([, list]) => list.length > 0)!;
        senders.push(strangerLike(trial.smartleadAccounts[0]!, 77));
        [account, campaign] = ['77', String(id)];
      } else {
        trial.smartleadAccounts[7]!.campaignIds.push(77);
        [account, campaign] = [known, '77'];
      }
      await trial.map.sync();
      trial.assertWhole();
      const { graph } = trial.map;
      assert.ok(graph.campaignsOf(account).some((edge) => edge.campaign.id === campaign));
      assert.ok(graph.sendersOf(campaign).some((edge) => edge.account.key === account));
      const named = trial.smartlead && !trial.scans ? graph.campaign(campaign) : graph.account(account);
      assert.equal(named?.state, 'unknown');
    });

    onAll(
      'adds what the mapping of an account names, or takes its own newer answer, and logs that without an address',
      async (variant) => {
        const trial = await Trial.start(variant, { accounts: 120 });
        await trial.map.sync();
        const { edges, campaigns } = trial.truth;
        const key = trial.keys.find((one) => trial.map.graph.countOfCampaigns(one)!.all > 1)!;
        const known = new Set(trial.map.graph.campaignsOf(key).map(({ campaign }) => campaign.id));
        const ids = [[...known][0]!, campaigns.find((id) => !known.has(id))!].sort();
        trial.override(
          trial.smartlead
            ? new RegExp(`/email-accounts/${key}/`)
            : /\/account-campaign-mappings\/[^?]*\?(?!.*starting)/,
          {
            status: 200,
            body: trial.smartlead
              ? { id: Number(key), campaign_ids: ids.map(Number) }
              : { items: ids.map((id) => ({ campaign_id: id, campaign_name: '', timestamp_created: 'x' })) },
          },
        );
        await trial.map.lookups.checkMapping(key);
        const { graph } = trial.map;
        // On Smartlead the account itself says its campaigns; on Instantly a mapping only adds to what campaigns say.
        const now = trial.smartlead ? ids : [...new Set([...known, ...ids])].sort();
        const fed = graph.campaignsOf(key).map(({ campaign }) => campaign.id);
        assert.deepEqual(fed.sort(), now);
        const sends = campaigns.filter((id) => graph.sendersOf(id).some(({ account }) => account.key === key));
        assert.deepEqual(sends.sort(), now);
        assert.equal(atOnce(graph.countEdges()), edges.length - known.size + now.length);
        const said = trial.log.lines.filter((line) => line.includes('the mapping of an account'));
        assert.equal(said.length, trial.smartlead ? 0 : 1);
        if (!trial.smartlead) {
          assert.ok(said[0]!.includes(`1 campaigns more and ${known.size - 1} fewer`), said[0]);
        }
        assert.ok(!trial.log.lines.some((line) => line.includes('@')));

        // What the lists say later is newer than that answer.
        await trial.map.sync(true);
        trial.assertWhole();
      },
    );
  });

  describe('people', () => {
    onAll('cancels in the middle, stays there, and goes on from there', async (variant) => {
      const trial = await Trial.start(variant);
      trial.when(inTheMiddle, () => {
        trial.map.cancel();
      });
      await trial.map.sync();
      const known = trial.accountsIn(3);
      assert.deepEqual(trial.map.missing(), [
        `accounts after the first ${known}, from page 4 on: the sync was stopped`,
        ...scanOf(trial),
      ]);
      trial.map.ensureFresh(0);
      assert.equal(trial.map.progress.running, false);
      await trial.resume();
      trial.assertWhole();
      trial.assertRequests(trial.requestsFor(1000, 12) - untried(trial), READ_AHEAD);
    });

    onSmartlead('cancels while campaigns are asked, and asks the others later', async (variant) => {
      const trial = await Trial.start(variant, { accounts: 150, campaigns: 30 });
      trial.when(
        (map) => map.progress.scan?.scanned === 9,
        () => {
          trial.map.cancel();
        },
      );
      await trial.map.sync();
      if (!trial.scans) {
        trial.assertWhole();
        return;
      }
      assert.deepEqual(trial.map.missing(), ['senders of 21 of 30 campaigns']);
      await trial.assertAsksNoneAgain();
    });

    onAll('starts over in the middle, and ends whole', async (variant) => {
      const trial = await Trial.start(variant);
      let second: Promise<void> | undefined;
      trial.when(inTheMiddle, () => {
        second = trial.map.sync(true);
      });
      await trial.map.sync();
      await second;
      trial.assertWhole();
      const whole = trial.requestsFor(1000, 12);
      assert.ok(trial.asked.length > whole && trial.asked.length <= 2 * whole);
    });

    onAll('starts over again and again, and ends whole', async (variant) => {
      const trial = await Trial.start(variant, { accounts: 400 });
      const syncs: Promise<void>[] = [];
      const subscription = trial.map.onDidProgress(() => {
        if (trial.map.accounts.pages === 2 && syncs.length < 5) {
          syncs.push(trial.map.sync(syncs.length % 2 === 0));
        }
      });
      await trial.map.sync();
      await Promise.all(syncs);
      await trial.map.sync();
      subscription.dispose();
      trial.assertWhole();
    });

    onAll('goes away in the middle: all that wait are released, and nothing is published', async (variant) => {
      const trial = await Trial.start(variant);
      const { map } = trial;
      const changes = changesOf(map);
      let published = 0;
      trial.when(inTheMiddle, () => {
        published = changes.length;
        map.dispose();
      });
      await map.sync();
      assert.equal(changes.length, published);
      assert.equal(map.complete, false);
      await trial.fresh().sync();
      trial.assertWhole();
    });

    onAll('is saved in the middle, and goes on from there in another session', async (variant) => {
      const trial = await Trial.start(variant);
      const first = trial.map;
      trial.when(inTheMiddle, () => {
        void trial.reopen();
      });
      await first.sync();
      await trial.reopened;
      const { map } = trial;
      assert.notEqual(map, first);
      const known = trial.accountsIn(3);
      assert.deepEqual(map.missing(), [
        `accounts after the first ${known}, from page 4 on: the sync was stopped`,
        ...scanOf(trial),
      ]);
      await trial.resume();
      trial.assertWhole();
      const refusals = variant.fetchCampaigns === 'refused' ? 1 : 0;
      trial.assertRequests(trial.requestsFor(1000, 12) + refusals - untried(trial), READ_AHEAD);
    });

    onAll('is saved in the middle of a refresh, and drops what is gone in another session', async (variant) => {
      const trial = await Trial.start(variant);
      const first = trial.map;
      await first.sync();
      remove(trial.smartlead ? trial.smartleadAccounts : trial.instantlyAccounts, new Set([10, 500]));
      trial.when(inTheMiddle, () => {
        void trial.reopen();
      });
      trial.box.requests.length = 0;
      await first.sync(true);
      await trial.reopened;
      assert.equal(trial.map.accounts.records.size, 1000);
      await trial.resume();
      trial.assertWhole();
    });

    onSmartlead('is saved while campaigns are asked, and asks the others in another session', async (variant) => {
      const trial = await Trial.start(variant, { accounts: 150, campaigns: 30 });
      const first = trial.map;
      trial.when(
        (map) => map.progress.scan?.scanned === 9,
        () => {
          void trial.reopen();
        },
      );
      await first.sync();
      await trial.reopened;
      assert.deepEqual(trial.map.missing(), trial.scans ? ['senders of 21 of 30 campaigns'] : []);
      await trial.assertAsksNoneAgain();
    });
  });

  describe('a map that is opened', () => {
    onAll('does not repeat what just failed', async (variant) => {
      const trial = await Trial.start(variant);
      trial.override(trial.page(4), { status: 401, body: { message: 'Invalid API key' } });
      trial.map.ensureFresh(60_000);
      await trial.map.sync();
      assert.equal(trial.map.complete, false);
      const before = trial.asked.length;
      trial.map.ensureFresh(60_000);
      assert.equal(trial.map.progress.running, false);
      assert.equal(trial.asked.length, before);
    });

    onAll('says when it was complete, not when somebody looked', async (variant) => {
      const trial = await Trial.start(variant, { accounts: 10 });
      await trial.map.sync();
      const { syncedAt } = trial.map;
      const { length } = trial.box.requests;
      await trial.reopen();
      await trial.map.sync();
      assert.equal(trial.map.syncedAt, syncedAt);
      assert.equal(trial.box.requests.length, length);
    });
  });
});

/** A list that goes on from its middle goes on by its cursor. */
function untried(trial: Trial): number {
  return trial.smartlead ? 0 : 1;
}

/** What else is missing where no campaign was asked yet. */
function scanOf(trial: Trial): string[] {
  return trial.scans ? ['senders of 12 of 12 campaigns'] : [];
}

function remove(rows: unknown[], gone: ReadonlySet<number>): void {
  const stay = rows.filter((_, index) => !gone.has(index));
  rows.splice(0, rows.length, ...stay);
}

function addInFront(trial: Trial, many: number): void {
  for (let index = 0; index < many; index += 1) {
    if (trial.smartlead) {
      trial.smartleadAccounts.unshift(strangerLike(trial.smartleadAccounts[0]!, 90_000_000 + index));
    } else {
      const [like] = trial.instantlyAccounts;
      const email = `new${index}@late.test`;
      const created = new Date(Date.parse(String(like!.row['timestamp_created'])) + 1000).toISOString();
      trial.instantlyAccounts.unshift({ ...like!, email, row: { ...like!.row, email, timestamp_created: created } });
    }
  }
}

function strangerLike(account: SmartleadAccount, id: number): SmartleadAccount {
  const email = `new${id}@late.test`;
  return { ...account, id, shared: { ...account.shared, id, from_email: email, username: email }, campaignIds: [] };
}

import assert from 'node:assert/strict';
import fc from 'fast-check';
import { checkPlan } from '../../../src/plans/check.ts';
import {
  accountItems,
  campaignItems,
  limitItems,
  propertyItems,
  senderItems,
  tagItems,
} from '../../../src/plans/make.ts';
import type { PlanItem } from '../../../src/plans/plan.ts';
import { placesIn } from '../../../src/plans/record.ts';
import { undoItems } from '../../../src/plans/undo.ts';
import type { Account, Campaign } from '../../../src/providers/model.ts';
import type { Sandbox, Service, WriteFault } from '../../../src/sandbox/server.ts';
import { apply, connectTo, MemoryRecord, planOf, startWorld, type PlanWorld } from '../../support/plans.ts';

const never = new AbortController().signal;

/** Which of the records of a world are meant: a bit each. */
const some = fc.nat(2 ** 12 - 1);
const pick = <T>(all: readonly T[], bits: number): T[] => all.filter((_, place) => ((bits >> (place % 12)) & 1) === 1);

const fault: fc.Arbitrary<WriteFault> = fc
  .record({ kind: fc.constantFrom('cutBefore', 'cutAfter', 'errorInBody', 'refused'), after: fc.nat(6) })
  .map(({ kind, after }) =>
    kind === 'refused'
      ? { kind, status: 422, property: 'x', problem: 'is odd', after, times: 1 }
      : { kind, after, times: 1 },
  );

const worldOf = fc.record({
  service: fc.constantFrom<Service>('instantly', 'smartlead'),
  seed: fc.nat(1000),
  statuses: fc.array(fc.constantFrom(1, 1, 2, 2, -1, -3), { minLength: 12, maxLength: 12 }),
});
type WorldShape = typeof worldOf extends fc.Arbitrary<infer T> ? T : never;

function startShape({ service, seed, statuses }: WorldShape): Promise<PlanWorld> {
  const sizes = { accounts: 12, campaigns: 5 };
  return startWorld(service, {
    sandbox: { seed, instantly: { ...sizes, tags: 2, senders: 3 }, smartlead: { ...sizes, clients: 1 } },
    prepare: ({ instantly, smartlead }) => {
      for (const [place, { row }] of instantly.accounts.entries()) {
        row['status'] = statuses[place];
      }
      for (const [place, campaign] of instantly.campaigns.entries()) {
        campaign['status'] = statuses[place + 3];
      }
      for (const [place, campaign] of smartlead.campaigns.entries()) {
        campaign['status'] = ['PAUSED', 'ACTIVE', 'DRAFTED', 'STOPPED', 'COMPLETED'][place];
      }
    },
  });
}

/** What a plan asks for, as bits of who is meant. */
const wishesOf = fc.record({
  pause: some,
  resume: some,
  fixed: some,
  limited: some,
  limit: fc.nat(60),
  campaigns: some,
  stopped: some,
  added: some,
  removed: some,
  tagged: some,
  untagged: some,
  edited: fc.boolean(),
});
type Wishes = typeof wishesOf extends fc.Arbitrary<infer T> ? T : never;

/** Items of all kinds that a service has, none of which is about the same fact as another. */
async function itemsFor(world: PlanWorld, wishes: Wishes): Promise<PlanItem[]> {
  const { provider, box, reads, service } = world;
  const { changes } = provider.info;
  const accounts = world.accounts();
  const campaigns = world.campaigns();
  const items: PlanItem[] = [];
  const add = (more: readonly PlanItem[]) => {
    const facts = new Set(items.map(factOf));
    items.push(...more.filter((item) => !facts.has(factOf(item))));
  };
  const isThere = (kind: PlanItem['kind']) => changes[kind] !== undefined;
  for (const [kind, bits] of [
    ['pause-account', wishes.pause],
    ['resume-account', wishes.resume],
    ['mark-fixed', wishes.fixed],
  ] as const) {
    add(isThere(kind) ? accountItems(kind, pick(accounts, bits), changes).items : []);
  }
  add(limitItems(pick<Account>(accounts, wishes.limited), wishes.limit).items);
  const [first, second] = campaigns;
  const named = await reads.sendersOf(first!.id, never);
  const reasons = ({ key }: Account) => ({ named: named.has(reads.sameKey(key)), tags: [] });
  add(senderItems('add-sender', first!, pick(accounts, wishes.added), reasons).items);
  add(senderItems('remove-sender', first!, pick(accounts, wishes.removed), reasons).items);
  const others = pick<Campaign>(campaigns, wishes.stopped);
  add(isThere('stop-campaign') ? campaignItems('stop-campaign', others, changes).items : []);
  add(campaignItems('pause-campaign', pick(campaigns, wishes.campaigns), changes).items);
  add(campaignItems('activate-campaign', campaigns, changes).items);
  const raw = (service === 'instantly' ? box.instantly.tags : box.smartlead.tags)[0]!;
  const tag = { id: String(raw['id']), label: 'Tag' };
  add(tagItems('assign-tag', 'account', pick(accounts, wishes.tagged), tag).items);
  add(tagItems('remove-tag', 'account', pick(accounts, wishes.untagged), tag).items);
  if (wishes.edited && isThere('edit-campaign')) {
    const live = await reads.properties(second!.id, never);
    const edits = { name: 'Another name', daily_limit: wishes.limit + 1, email_gap: null, stop_on_reply: true };
    const properties = Object.entries(edits).map(([property, after]) => ({
      ...{ property, before: live?.[property] ?? null, after },
    }));
    add(
      propertyItems(
        second!,
        properties.filter(({ before, after }) => before !== after),
      ).items,
    );
  }
  return items;
}

/** What an item is about: two of one plan may not be about the same. */
function factOf({ kind, id, campaign, tag, property }: PlanItem): string {
  const of =
    kind.includes('account') || kind === 'mark-fixed' || /^(activate|pause|stop)-campaign$/.test(kind)
      ? 'status'
      : kind.replace(/^\w+-/, '');
  return [of, id, campaign?.id, tag?.id, property].join(' ');
}

/** All that plans can change, by its fact. */
function factsOf({ instantly, smartlead }: Sandbox): Map<string, unknown> {
  const facts = new Map<string, unknown>();
  for (const { email, row, tagIds } of instantly.accounts) {
    facts.set(`${email} status`, row['status']).set(`${email} limit`, row['daily_limit']);
    facts.set(`${email} tags`, [...tagIds].sort());
  }
  for (const { email_list: senders = [], ...campaign } of instantly.campaigns) {
    delete campaign['timestamp_updated'];
    facts.set(String(campaign['id']), campaign);
    facts.set(`${String(campaign['id'])} senders`, [...(senders as string[])].sort());
  }
  for (const { id, shared, tags } of smartlead.accounts) {
    facts.set(`${id} limit`, shared['message_per_day']);
    facts.set(`${id} tags`, tags.map((tag) => Number(tag['id'])).sort());
  }
  for (const campaign of smartlead.campaigns) {
    facts.set(`${String(campaign['id'])} status`, campaign['status']);
    const senders = smartlead.sendersOf.get(Number(campaign['id'])) ?? [];
    facts.set(`${String(campaign['id'])} senders`, senders.map(({ id }) => id).sort());
  }
  return structuredClone(facts);
}

describe('plans in any world', function () {
  this.timeout(60_000);

  it('give back the state before where they are undone, as far as they can be', async () => {
    await fc.assert(
      fc.asyncProperty(worldOf, wishesOf, fc.option(fault), async (shape, wishes, wrong) => {
        const world = await startShape(shape);
        try {
          const { box, provider } = world;
          const items = await itemsFor(world, wishes);
          const before = factsOf(box);
          if (wrong !== null) {
            box.fault(wrong);
          }
          const { record } = await apply(world, planOf(shape.service, { items }));
          box.clearFaults();
          const { items: back, leftOut } = undoItems(record.read(), provider.info.changes);
          const undone = await apply(world, planOf(shape.service, { items: back }));
          const final = new Set(leftOut.map(({ id }) => id));
          for (const [place, state] of undone.record.states().entries()) {
            if (state.includes('Cannot remove all email accounts from an active campaign')) {
              // It was active without any, which the service does not allow again.
              final.add(back[place]!.campaign!.id);
            } else {
              assert.equal(state, 'confirmed');
            }
          }
          for (const [fact, value] of factsOf(box)) {
            if (!final.has(fact.split(' ')[0]!)) {
              assert.deepEqual([fact, value], [fact, before.get(fact)]);
            }
          }
        } finally {
          await world.close();
        }
      }),
      { numRuns: 20 },
    );
  });

  /** The items that a request asks to change, as `kind id`. */
  function askedBy({ path, method, body }: Sandbox['writes'][number]): string[] {
    const { emails = [], resource_ids: ids = [], assign } = (body ?? {}) as Record<string, string[]>;
    const email = decodeURIComponent(/accounts\/([^/]+)/.exec(path)?.[1] ?? '');
    if (path.endsWith('/pause')) {
      return emails.map((one) => `pause-account ${one}`);
    }
    if (path.endsWith('/toggle-resource')) {
      return ids.map((one) => `${assign ? 'assign' : 'remove'}-tag ${one}`);
    }
    return [method === 'PATCH' ? `daily-limit ${email}` : `resume-account ${email}`];
  }

  it('leave every item accounted for where they are cancelled, crash or lose their connection, and send none twice', async () => {
    const breaks = fc.record({
      how: fc.constantFrom('crash', 'cancel', 'end', 'deny'),
      step: fc.nat(12),
      // Milliseconds after the step: while a request waits, is under way, or is read back.
      later: fc.nat(6),
    });
    await fc.assert(
      fc.asyncProperty(
        worldOf,
        wishesOf,
        breaks,
        fc.option(fault),
        async (shape, wishes, { how, step, later }, wrong) => {
          const world = await startShape({ ...shape, service: 'instantly' });
          try {
            const { box, provider, reads } = world;
            const { changes } = provider.info;
            const kinds = new Set(['pause-account', 'resume-account', 'daily-limit', 'assign-tag', 'remove-tag']);
            const items = (await itemsFor(world, wishes)).filter(({ kind }) => kinds.has(kind));
            const plan = planOf('instantly', { items });
            const record = new MemoryRecord(plan);
            if (wrong !== null) {
              box.fault(wrong);
            }
            const leaving = new AbortController();
            let [allowed, steps] = [true, 0];
            const first = connectTo(box, 'instantly', { settings: { mayChange: () => allowed } });
            const interrupt = () => {
              if (how === 'cancel') {
                leaving.abort();
              } else if (how === 'deny') {
                allowed = false;
              } else {
                first.client.dispose();
              }
            };
            record.onWrite = () => {
              steps += 1;
              if (steps > step && how === 'crash') {
                throw new Error('the window is gone');
              }
              if (steps === step + 1) {
                setTimeout(interrupt, later);
              }
            };
            const crashed = await apply({ provider: first, reads }, plan, { record, signal: leaving.signal }).then(
              () => false,
              (error: unknown) => {
                assert.match(String(error), /the window is gone/);
                return true;
              },
            );
            first.client.dispose();
            assert.ok(how === 'crash' || !crashed);
            // Nothing is left half said but where the window is gone.
            assert.ok(crashed || placesIn(record.read(), 'sent').length === 0);

            // Another window finds out what it can, and goes on.
            record.onWrite = () => undefined;
            box.clearFaults();
            await checkPlan(record.read(), { reads, changes, record, signal: never });
            const after = record.read();
            assert.deepEqual(placesIn(after, 'sent', 'unknown'), []);
            await apply(world, plan, { record, places: placesIn(after, 'planned') });
            const last = record.read();
            assert.deepEqual(placesIn(last, 'planned', 'sent', 'unknown'), []);
            const asked = box.writes.filter(({ status }) => status !== 429).flatMap(askedBy);
            assert.deepEqual(
              asked.filter((one, place) => asked.indexOf(one) !== place),
              [],
            );
            // What it says is so.
            const live = new Map(box.instantly.accounts.map((account) => [account.email, account]));
            for (const place of placesIn(last, 'confirmed')) {
              const { kind, id, after: wanted, tag } = items[place]!;
              const { row, tagIds } = live.get(id)!;
              const now = kind === 'daily-limit' ? row['daily_limit'] : tag ? tagIds.includes(tag.id) : row['status'];
              assert.equal(now, wanted);
              // Nobody else changed anything: what is so was sent, and is known to have been.
              assert.equal(last.items[place]?.why, undefined);
            }
          } finally {
            await world.close();
          }
        },
      ),
      { numRuns: 50 },
    );
  });
});

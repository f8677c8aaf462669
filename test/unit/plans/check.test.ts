import assert from 'node:assert/strict';
import { checkPlan } from '../../../src/plans/check.ts';
import { accountItems, campaignItems, propertyItems } from '../../../src/plans/make.ts';
import type { Plan } from '../../../src/plans/plan.ts';
import { isOpen, type Entry } from '../../../src/plans/record.ts';
import { dueItems, nextLook, settle } from '../../../src/plans/settle.ts';
import { undoItems } from '../../../src/plans/undo.ts';
import { instantly } from '../../../src/providers/instantly/info.ts';
import type { Sandbox } from '../../../src/sandbox/server.ts';
import { apply, MemoryRecord, planOf, startWorld, type PlanWorld } from '../../support/plans.ts';

const never = new AbortController().signal;
const MINUTE = 60_000;

describe('looking again at plans', () => {
  let world: PlanWorld;

  const prepare = ({ instantly: { accounts, campaigns } }: Sandbox) => {
    for (const { row } of accounts) {
      row['status'] = 2;
    }
    for (const campaign of campaigns) {
      Object.assign(campaign, { status: 2, email_list: [], email_tag_list: [] });
    }
  };

  beforeEach(async () => {
    world = await startWorld('instantly', { sandbox: { instantly: { accounts: 16, campaigns: 4 } }, prepare });
  });
  afterEach(() => world.close());

  const changes = instantly.changes;
  const resumePlan = (count: number): Plan =>
    planOf('instantly', { items: accountItems('resume-account', world.accounts(), changes).items.slice(0, count) });
  const options = (record: MemoryRecord) => ({ reads: world.reads, changes, record, signal: never });
  const statusOf = (plan: Plan, place: number) => world.box.instantly.byEmail.get(plan.items[place]!.id)!.row;

  async function check(record: MemoryRecord): Promise<void> {
    await checkPlan(record.read(), options(record));
  }

  describe('whose window is gone', () => {
    it('finds out what became of what was sent without an answer, and sends nothing', async () => {
      const plan = resumePlan(6);
      Object.assign(statusOf(plan, 0), { status: 1 });
      Object.assign(statusOf(plan, 1), { status: 1 });
      Object.assign(statusOf(plan, 3), { status: -1 });
      const record = new MemoryRecord(plan, [
        { at: 1, items: [0], state: 'sent' },
        { at: 2, items: [1, 2, 3], state: 'unknown', why: 'no answer' },
        { at: 3, items: [4], state: 'failed', why: 'refused' },
      ]);
      await check(record);
      assert.deepEqual(record.states(), [
        'confirmed',
        'confirmed',
        'failed: it was not done',
        'failed: it is -1 now',
        'failed: refused',
        'planned',
      ]);
      assert.deepEqual(world.box.writes, []);
      // What was found done is this plan's, so it can be taken back.
      assert.equal(undoItems(record.read(), changes).items.length, 2);
    });

    it('looks at nothing where everything is known', async () => {
      const record = new MemoryRecord(resumePlan(1), [{ at: 1, items: [0], state: 'confirmed' }]);
      const before = world.box.requests.length;
      await check(record);
      assert.deepEqual([record.entries.length, world.box.requests.length], [1, before]);
    });

    it('leaves a run ended that had ended', async () => {
      const end: Entry = { at: 2, end: 'stopped', why: 'five failures' };
      const record = new MemoryRecord(resumePlan(2), [{ at: 1, items: [0], state: 'unknown' }, end]);
      await check(record);
      const after = record.read();
      assert.deepEqual([after.end?.how, after.end?.why, isOpen(after)], ['stopped', 'five failures', false]);
      assert.deepEqual(record.states(), ['failed: it was not done', 'planned']);
    });

    it('keeps a plan open of which some was never sent, for a person to go on with', async () => {
      const record = new MemoryRecord(resumePlan(2), [{ at: 1, items: [0], state: 'sent' }]);
      await check(record);
      assert.equal(isOpen(record.read()), true);
    });

    it('takes a campaign out of the map that was deleted', async () => {
      const [campaign] = world.campaigns();
      const plan = planOf('instantly', campaignItems('delete-campaign', [campaign!], changes));
      const record = new MemoryRecord(plan, [{ at: 1, items: [0], state: 'sent' }]);
      world.box.instantly.campaigns.shift();
      await check(record);
      assert.deepEqual(record.states(), ['confirmed']);
      assert.equal(world.map.campaigns.records.get(campaign!.id), undefined);
    });

    it('confirms what the service added to, with what it shows', async () => {
      const [campaign] = world.campaigns();
      const after = { mode: 'custom', daily_limit: 3 };
      const property = 'limit_emails_per_company_override';
      const plan = planOf('instantly', propertyItems(campaign!, [{ property, before: null, after }]));
      const shown = { ...after, scope: 'per_campaign' };
      Object.assign(world.box.instantly.campaigns[0]!, { [property]: shown });
      const record = new MemoryRecord(plan, [{ at: 1, items: [0], state: 'unknown' }]);
      await check(record);
      assert.deepEqual(record.states(), ['confirmed']);
      assert.deepEqual(undoItems(record.read(), changes).items[0]?.before, shown);
    });

    it('says where the service cannot be asked, and leaves the rest as it was', async () => {
      const record = new MemoryRecord(resumePlan(2), [{ at: 1, items: [0, 1], state: 'sent' }]);
      const second = encodeURIComponent(record.plan.items[1]!.id);
      world.box.override({ path: new RegExp(second), reply: { status: 403, body: { message: 'no' } } });
      await assert.rejects(check(record), { kind: 'missingScope' });
      assert.deepEqual(record.states(), ['failed: it was not done', 'sent']);
    });

    it('is cancelled between items', async () => {
      const leaving = new AbortController();
      const record = new MemoryRecord(resumePlan(2), [{ at: 1, items: [0, 1], state: 'sent' }]);
      record.onWrite = () => {
        leaving.abort();
      };
      const stopped = checkPlan(record.read(), { ...options(record), signal: leaving.signal });
      await assert.rejects(stopped, { name: 'AbortError' });
      assert.deepEqual(record.states(), ['failed: it was not done', 'sent']);
    });
  });

  describe('after a while', () => {
    it('says that a campaign without senders, which was active at once, is in error minutes later', async () => {
      const campaigns = world.campaigns().slice(0, 2);
      const plan = planOf('instantly', campaignItems('activate-campaign', campaigns, changes));
      const { record } = await apply(world, plan);
      assert.deepEqual(record.states(), ['confirmed', 'confirmed']);
      const { at = 0 } = record.read().items[0]!;
      assert.deepEqual(dueItems(record.read(), changes, at + 4 * MINUTE), []);
      const first = nextLook(record.read(), changes)!;
      assert.equal(first, at + 5 * MINUTE);
      world.box.advance(5 * MINUTE);
      const now = at + 6 * MINUTE;
      assert.deepEqual(dueItems(record.read(), changes, now), [0, 1]);
      await settle(record.read(), options(record), now);
      assert.deepEqual(
        record.read().items.map(({ state, later }) => [state, later]),
        [
          ['confirmed', -1],
          ['confirmed', -1],
        ],
      );
      assert.deepEqual([dueItems(record.read(), changes, now), nextLook(record.read(), changes)], [[], undefined]);
      // The map shows it too.
      assert.equal(world.map.campaigns.records.get(campaigns[0]!.id)?.status, -1);
      // It is not as the change left it, so nothing is set back.
      const undone = await apply(world, planOf('instantly', undoItems(record.read(), changes)));
      assert.match(undone.record.states()[0] ?? '', /^failed: left alone: it is -1 now$/);
    });

    it('finds what was done later than the service answered, which can be taken back then', async () => {
      const plan = resumePlan(2);
      world.box.fault({ kind: 'late', milliseconds: 2 * MINUTE, times: 1 });
      const { record } = await apply(world, plan);
      assert.deepEqual(
        record.read().items.map(({ state }) => state),
        ['failed', 'confirmed'],
      );
      const now = Date.now() + 6 * MINUTE;
      assert.deepEqual(dueItems(record.read(), changes, now), [0]);
      world.box.advance(5 * MINUTE);
      await settle(record.read(), options(record), now);
      assert.equal(record.read().items[0]?.later, 1);
      const undone = await apply(world, planOf('instantly', undoItems(record.read(), changes)));
      assert.deepEqual(undone.record.states(), ['confirmed', 'confirmed']);
      assert.deepEqual([statusOf(plan, 0)['status'], statusOf(plan, 1)['status']], [2, 2]);
    });

    it('looks at nothing else again', () => {
      const entries: Entry[] = [
        { at: 1, items: [0], state: 'confirmed' },
        { at: 1, items: [1], state: 'failed', why: 'refused' },
        { at: 1, items: [2], state: 'unknown' },
        { at: 1, items: [3], state: 'sent' },
      ];
      const record = new MemoryRecord(resumePlan(5), entries).read();
      assert.deepEqual([dueItems(record, changes, Infinity), nextLook(record, changes)], [[], undefined]);
      const [campaign] = world.campaigns();
      const already = new MemoryRecord(planOf('instantly', campaignItems('activate-campaign', [campaign!], changes)), [
        { at: 1, items: [0], state: 'confirmed', why: 'it already was so' },
      ]).read();
      assert.deepEqual(dueItems(already, changes, Infinity), []);
    });

    it('stays due where the service cannot be asked', async () => {
      const { record } = await apply(
        world,
        planOf('instantly', campaignItems('activate-campaign', world.campaigns().slice(0, 1), changes)),
      );
      world.box.override({ path: /campaigns/, reply: { status: 401, body: { message: 'no' } } });
      const now = Date.now() + 6 * MINUTE;
      await assert.rejects(settle(record.read(), options(record), now), { kind: 'badKey' });
      assert.deepEqual(dueItems(record.read(), changes, now), [0]);
    });
  });
});

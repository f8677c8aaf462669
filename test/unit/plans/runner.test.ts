import assert from 'node:assert/strict';
import { undoItems } from '../../../src/plans/undo.ts';
import { setImmediate } from 'node:timers/promises';
import {
  accountItems,
  campaignItems,
  changeOfSenders,
  limitItems,
  propertyItems,
  senderItems,
  tagItems,
  moveItems,
} from '../../../src/plans/make.ts';
import type { Plan } from '../../../src/plans/plan.ts';
import { placesIn } from '../../../src/plans/record.ts';
import type { Sandbox, Service } from '../../../src/sandbox/server.ts';
import { apply, connectTo, MemoryRecord, planOf, startWorld, writesOf } from '../../support/plans.ts';
import type { PlanWorld, WorldOptions } from '../../support/plans.ts';
import { until } from '../../support/until.ts';

const SMALL = { instantly: { accounts: 16, campaigns: 4 }, smartlead: { accounts: 30, campaigns: 4 } };

describe('runner', () => {
  let world: PlanWorld | undefined;

  afterEach(async () => {
    await world?.close();
    world = undefined;
  });

  async function start(service: Service = 'instantly', options: WorldOptions = {}): Promise<PlanWorld> {
    const started = await startWorld(service, { ...options, sandbox: { ...SMALL, ...options.sandbox } });
    world = started;
    return started;
  }

  const withStatus =
    (status: number) =>
    ({ instantly }: Sandbox) => {
      for (const { row } of instantly.accounts) {
        row['status'] = status;
        delete row['status_message'];
      }
      for (const campaign of instantly.campaigns) {
        campaign['status'] = status;
      }
    };

  /** A plan that resumes so many accounts, which takes a request for each. */
  async function startPaused(
    count: number,
    options: WorldOptions = {},
  ): Promise<PlanWorld & { plan: Plan; statuses(): unknown[] }> {
    const started = await start('instantly', { prepare: withStatus(2), ...options });
    const plan = planOf('instantly', {
      items: accountItems('resume-account', started.accounts(), changesOf(started)).items.slice(0, count),
    });
    assert.equal(plan.items.length, count);
    const statuses = () => plan.items.map(({ id }) => started.box.instantly.byEmail.get(id)?.row['status']);
    return { ...started, plan, statuses };
  }

  const changesOf = ({ provider }: PlanWorld) => provider.info.changes;

  /** How often each path was written to, as far as it was done. */
  function timesDone({ writes }: Sandbox): number[] {
    const counts = new Map<string, number>();
    for (const { path, done } of writes) {
      counts.set(path, (counts.get(path) ?? 0) + Number(done));
    }
    return [...counts.values()];
  }

  it('writes down that it sends before it does, and what became of it when it has read it back', async () => {
    const subject = await start('instantly', { prepare: withStatus(1) });
    const { box, map } = subject;
    const plan = planOf('instantly', accountItems('pause-account', subject.accounts().slice(0, 3), changesOf(subject)));
    const record = new MemoryRecord(plan);
    const steps: [state: unknown, writes: number, reads: number][] = [];
    const reads = () => box.requests.filter(({ method, path }) => method === 'GET' && path.includes('%40')).length;
    record.onWrite = (entry) => steps.push(['state' in entry && entry.state, box.writes.length, reads()]);
    const before = map.version;
    const { how, progress } = await apply(subject, plan, { record });
    assert.deepEqual([how, progress], ['finished', [3]]);
    assert.deepEqual(steps, [
      ['sent', 0, 3],
      ['confirmed', 1, 6],
    ]);
    assert.deepEqual(record.states(), ['confirmed', 'confirmed', 'confirmed']);
    assert.deepEqual(writesOf(box), [
      `POST /api/v2/accounts/pause ${JSON.stringify({ emails: plan.items.map(({ id }) => id) })}`,
    ]);
    // The map shows it at once.
    assert.ok(map.version > before);
    assert.deepEqual(
      plan.items.map(({ id }) => map.accounts.records.get(id)?.state),
      ['paused', 'paused', 'paused'],
    );
  });

  it('names the missing scope, and tries no second item', async () => {
    const scopes = ['accounts:read', 'campaigns:read', 'custom_tags:read', 'custom_tag_mappings:read'];
    const key = 'reads-only';
    const subject = await startPaused(3, {
      sandbox: { keys: [{ key, service: 'instantly', scopes }] },
      connect: { key },
    });
    const { how, why = '', record } = await apply(subject, subject.plan);
    assert.equal(how, 'stopped');
    assert.match(why, /403.*It needs the scope accounts:update\./);
    assert.deepEqual(record.states(), [`failed: ${why}`, 'planned', 'planned']);
    assert.equal(subject.box.writes.length, 1);
    assert.deepEqual(timesDone(subject.box), [0]);
  });

  for (const [status, words] of [
    [401, /refused the key/],
    [402, /plan of this workspace/],
  ] as const) {
    it(`stops after the first item at ${status}, of writes and of reads`, async () => {
      const subject = await startPaused(3);
      const reply = { status, body: { message: 'no' } };
      subject.box.override({ path: /resume/, reply });
      const first = await apply(subject, subject.plan);
      assert.equal(first.how, 'stopped');
      assert.match(first.why ?? '', words);
      assert.deepEqual(
        first.record.read().items.map(({ state }) => state),
        ['failed', 'planned', 'planned'],
      );
      subject.box.override({ path: /accounts/, reply });
      const second = await apply(subject, subject.plan);
      assert.equal(second.how, 'stopped');
      // Nothing was sent, so that all of it can be resumed with another key.
      assert.deepEqual(second.record.states(), ['planned', 'planned', 'planned']);
      assert.equal(subject.box.writes.length, 1);
    });
  }

  it('stops where changes are turned off meanwhile', async () => {
    let allowed = true;
    const subject = await startPaused(3, { connect: { settings: { mayChange: () => allowed } } });
    const { how, why, record } = await apply(subject, subject.plan, { onProgress: () => (allowed = false) });
    assert.equal(how, 'stopped');
    assert.match(why ?? '', /sendmap\.allowChanges/);
    assert.deepEqual(
      record.read().items.map(({ state }) => state),
      ['confirmed', 'failed', 'planned'],
    );
    assert.equal(subject.box.writes.length, 1);
  });

  it('waits where a 429 comes in the middle, and goes on', async () => {
    const subject = await startPaused(3);
    subject.box.fault({ kind: 'rateLimited', retryAfter: 1, after: 1, times: 1 });
    const { how, record } = await apply(subject, subject.plan);
    assert.equal(how, 'finished');
    assert.deepEqual(record.states(), ['confirmed', 'confirmed', 'confirmed']);
    assert.deepEqual(
      subject.box.writes.map(({ status }) => status),
      [200, 429, 200, 200],
    );
    assert.deepEqual(timesDone(subject.box), [1, 1, 1]);
  });

  for (const kind of ['add-sender', 'remove-sender', 'edit-campaign'] as const) {
    it(`compares again before it sends again what a 429 held back: ${kind}`, async () => {
      const subject = await start();
      const { box } = subject;
      const [campaign] = subject.campaigns();
      const row = box.instantly.campaigns.find(({ id }) => id === campaign!.id)!;
      const [one, other, more] = subject.accounts().map(({ email }) => email);
      row['email_list'] = kind === 'remove-sender' ? [one, other] : [one];
      await subject.reads.campaign(campaign!.id);
      const account = subject.accounts().find(({ email }) => email === other)!;
      const items =
        kind === 'edit-campaign'
          ? propertyItems(campaign!, [{ property: 'email_list', before: [one!], after: [one!, other!] }])
          : changeOfSenders(subject.map.graph, kind, campaign!, [account]);
      box.fault({ kind: 'rateLimited', retryAfter: 1, method: 'PATCH', times: 1 });
      const running = apply(subject, planOf('instantly', items));
      await until(() => box.writes.length === 1);
      // Somebody adds a sender while the service asks to wait.
      row['email_list'] = [...(row['email_list'] as string[]), more];
      const { record } = await running;
      const all = { 'add-sender': [one, more, other], 'remove-sender': [one, more], 'edit-campaign': [one, more] };
      assert.deepEqual(row['email_list'], all[kind]);
      const [state = ''] = record.states();
      assert.match(state, kind === 'edit-campaign' ? /^failed: left alone: it is / : /^confirmed$/);
    });
  }

  it('gives up where a 429 comes again and again, and nothing was done', async () => {
    const subject = await start();
    const [campaign] = subject.campaigns();
    const [account] = subject.accounts();
    const items = changeOfSenders(subject.map.graph, 'add-sender', campaign!, [account!]);
    const kind = items.items.length > 0 ? 'add-sender' : 'remove-sender';
    const plan = planOf('instantly', changeOfSenders(subject.map.graph, kind, campaign!, [account!]));
    subject.box.fault({ kind: 'rateLimited', retryAfter: 0, method: 'PATCH' });
    const { record } = await apply(subject, plan);
    assert.match(record.states()[0] ?? '', /^failed: /);
    assert.equal(subject.box.writes.length, 6);
  });

  describe('where the answer of the service does not say all tags', () => {
    it('sends nothing of Smartlead, and keeps the tags that the map has', async () => {
      const subject = await start('smartlead', {
        sandbox: { smartlead: { ...SMALL.smartlead, fetchCampaigns: 'refused' } },
      });
      const tagged = () => subject.accounts().filter(({ tags }) => tags.length > 0);
      const [one, ...others] = tagged();
      const tag = one!.tags[0]!;
      const before = tagged().length;
      const { record } = await apply(subject, planOf('smartlead', tagItems('remove-tag', 'account', [one!], tag)));
      assert.match(record.states()[0] ?? '', /^planned: it could not be checked first: .* does not say its tags/);
      assert.deepEqual(subject.box.writes, []);
      await apply(subject, planOf('smartlead', limitItems(others, 7)));
      assert.equal(tagged().length, before);
    });

    it('sends nothing of Instantly for an account that may be among those that cannot be read', async () => {
      const subject = await start();
      const { provider } = subject;
      const account = subject.accounts().find(({ tags }) => tags.length > 0)!;
      const tag = account.tags[0]!;
      const accountsWithTag = provider.accountsWithTag!.bind(provider);
      provider.accountsWithTag = async function* (id, options) {
        for await (const page of accountsWithTag(id, options)) {
          const items = page.items.filter(({ key }) => key !== account.key);
          yield { ...page, items, invalid: [{ label: id, problem: 'has accounts that may be missing' }] };
        }
      };
      const { record } = await apply(subject, planOf('instantly', tagItems('remove-tag', 'account', [account], tag)));
      assert.match(record.states()[0] ?? '', /^planned: it could not be checked first: /);
      assert.deepEqual(subject.box.writes, []);
      assert.ok(subject.map.graph.account(account.key)!.tags.some(({ id }) => id === tag.id));
    });
  });

  it('waits for longer than a person would where a read of it is asked to, and is cancelled meanwhile', async () => {
    const subject = await startPaused(2);
    const headers = { 'retry-after': '45' };
    subject.box.override({ path: /accounts/, times: 1, reply: { status: 429, body: {}, headers } });
    const leaving = new AbortController();
    const running = apply(subject, subject.plan, { signal: leaving.signal });
    await until(() => subject.provider.client.waitingUntil !== undefined);
    await setImmediate();
    leaving.abort();
    const { how, record } = await running;
    assert.deepEqual([how, record.entries], ['cancelled', []]);
  });

  it('does not know what became of a change whose connection broke before it was done, and goes on', async () => {
    const subject = await startPaused(2);
    subject.box.fault({ kind: 'cutBefore', times: 1 });
    const { how, record } = await apply(subject, subject.plan);
    assert.equal(how, 'finished');
    assert.match(record.states().join('\n'), /^unknown: .* It was unchanged right after\.\nconfirmed$/);
    assert.deepEqual(timesDone(subject.box), [0, 1]);
  });

  it('confirms a change whose connection broke after it was done', async () => {
    const subject = await startPaused(2);
    subject.box.fault({ kind: 'cutAfter', times: 1 });
    const { record } = await apply(subject, subject.plan);
    assert.deepEqual(record.states(), ['confirmed', 'confirmed']);
    assert.deepEqual(timesDone(subject.box), [1, 1]);
  });

  it('does not know it where the state afterwards cannot be read, or is another one', async () => {
    const subject = await startPaused(2);
    const { box, plan } = subject;
    const record = new MemoryRecord(plan);
    const reply = { status: 400, body: { message: 'not now' } };
    record.onWrite = (entry) => {
      if ('state' in entry && entry.state === 'sent' && entry.items[0] === 0) {
        box.override({ path: /%40[^/]*$/, times: 1, reply });
      } else if ('state' in entry && entry.state === 'sent') {
        box.fault({ kind: 'cutBefore', times: 1 });
        Object.assign(box.instantly.byEmail.get(plan.items[1]!.id)!.row, { status: -1 });
        // What is sent finds it so, because the check was before.
      }
    };
    await apply(subject, plan, { record });
    const [first = '', second = ''] = record.states();
    assert.match(first, /^unknown: it could not be read back: .*not now/);
    assert.match(second, /^unknown: .*could not be reached.* It is -1 now\.$/);
  });

  for (const service of ['instantly', 'smartlead'] as const) {
    it(`takes a 200 of ${service} with an error in its body for what it is`, async () => {
      const subject = await start(service);
      const plan = planOf(service, limitItems(subject.accounts().slice(0, 2), 4321));
      subject.box.fault({ kind: 'errorInBody', times: 1 });
      const { record } = await apply(subject, plan);
      const [first = '', second] = record.states();
      assert.match(first, /^failed: .*The change could not be saved.* It was unchanged right after\.$/);
      assert.equal(second, 'confirmed');
    });
  }

  it('says what the service silently ignored', async () => {
    const subject = await start();
    const campaign = subject.campaigns()[0]!;
    const live = await subject.reads.properties(campaign.id, new AbortController().signal);
    const changes = [
      { property: 'daily_limit', before: live?.['daily_limit'] ?? null, after: 77 },
      { property: 'name', before: live?.['name'], after: 'gone' },
    ];
    subject.box.fault({ kind: 'ignored', names: ['daily_limit'] });
    const { record } = await apply(subject, planOf('instantly', propertyItems(campaign, changes)));
    const words = JSON.stringify(changes[0]!.before).replace('null', 'not set');
    assert.deepEqual(record.states(), [
      `failed: the service answered that it was done, but it is ${words}`,
      'confirmed',
    ]);
    assert.equal(subject.box.writes.length, 1);
  });

  it('leaves the properties of a campaign alone that is gone, even one that becomes "gone"', async () => {
    const subject = await start();
    const campaign = subject.campaigns()[0]!;
    subject.box.instantly.campaigns.shift();
    const change = { property: 'name', before: campaign.name, after: 'gone' };
    const { record } = await apply(subject, planOf('instantly', propertyItems(campaign, [change])));
    assert.deepEqual([record.states(), subject.box.writes], [['failed: left alone: it is gone now'], []]);
  });

  it('confirms properties to which the service adds what it sets itself, but none that should be gone', async () => {
    const subject = await start();
    const campaign = subject.campaigns()[0]!;
    const live = await subject.reads.properties(campaign.id, new AbortController().signal);
    const variants = [{ subject: 'Hello', body: 'There' }];
    const sequences = [{ steps: [{ type: 'email', delay: 2, variants }] }];
    const schedule = live?.['campaign_schedule'] as Record<string, unknown>;
    const wanted = { schedules: schedule['schedules'] };
    const dated = { ...schedule, start_date: '2026-12-01' };
    Object.assign(subject.box.instantly.campaigns[0]!, { campaign_schedule: dated });
    const plan = planOf(
      'instantly',
      propertyItems(campaign, [
        { property: 'sequences', before: live?.['sequences'] ?? null, after: sequences },
        { property: 'campaign_schedule', before: dated, after: wanted },
      ]),
    );
    subject.box.fault({ kind: 'ignored', names: ['campaign_schedule'] });
    const { record } = await apply(subject, plan);
    const [first, second] = record.read().items;
    assert.equal(first?.state, 'confirmed', record.states()[0]);
    const shown = [{ steps: [{ type: 'email', delay: 2, delay_unit: 'days', pre_delay_unit: 'days', variants }] }];
    assert.deepEqual(first.shown, shown);
    assert.equal(second?.state, 'failed');
  });

  it('says what the service shows of a change that it answers at once and does later', async () => {
    const subject = await startPaused(1);
    subject.box.fault({ kind: 'late', milliseconds: 60_000 });
    const { record } = await apply(subject, subject.plan);
    assert.deepEqual(record.states(), ['failed: the service answered that it was done, but it is Paused']);
    assert.equal(record.read().items[0]?.shown, 2);
  });

  it('says which of many the service did not change, however it writes them', async () => {
    const subject = await start('instantly', { prepare: withStatus(1) });
    const plan = planOf('instantly', accountItems('pause-account', subject.accounts().slice(0, 3), changesOf(subject)));
    const [first, second, third] = plan.items.map(({ id }) => id);
    subject.box.fault({ kind: 'ignored', names: [second!] });
    const writes = {
      send: async (...args: Parameters<typeof subject.provider.changes.send>) => {
        const refused = await subject.provider.changes.send(...args);
        // It says the third too, which it did change.
        return [...refused, third!].map((email) => email.toUpperCase());
      },
    };
    const { record } = await apply(subject, plan, { writes });
    assert.deepEqual(record.states(), ['confirmed', 'failed: the service did not change it', 'confirmed']);
    assert.ok(first);
  });

  it('stops after five failures in a row', async () => {
    const subject = await startPaused(8);
    subject.box.fault({ kind: 'refused', status: 422, property: 'x', problem: 'is odd', after: 1 });
    const { how, why, record, progress } = await apply(subject, subject.plan);
    assert.deepEqual([how, why], ['stopped', '5 requests in a row failed']);
    assert.deepEqual(
      record.read().items.map(({ state }) => state),
      ['confirmed', 'failed', 'failed', 'failed', 'failed', 'failed', 'planned', 'planned'],
    );
    assert.deepEqual(progress, [1, 2, 3, 4, 5, 6]);
    assert.equal(subject.box.writes.length, 6);
  });

  it('goes on where failures are not in a row', async () => {
    const subject = await startPaused(8);
    const odd = { kind: 'refused', status: 400, property: 'x', problem: 'is odd' } as const;
    subject.box.fault({ ...odd, times: 4 });
    // Tried first, and counts only what the other lets through.
    const { how, record } = await apply(subject, subject.plan);
    assert.equal(how, 'finished');
    assert.equal(placesIn(record.read(), 'failed').length, 4);
    assert.equal(placesIn(record.read(), 'confirmed').length, 4);
  });

  it('is cancelled between items and goes on with another connection, and sends none twice', async () => {
    const subject = await startPaused(5);
    const leaving = new AbortController();
    const first = await apply(subject, subject.plan, {
      signal: leaving.signal,
      onProgress: (done) => {
        if (done === 2) {
          leaving.abort();
        }
      },
    });
    assert.equal(first.how, 'cancelled');
    assert.deepEqual(first.record.states(), ['confirmed', 'confirmed', 'planned', 'planned', 'planned']);
    const provider = connectTo(subject.box, 'instantly');
    const other = { provider, reads: subject.reads };
    const record = new MemoryRecord(subject.plan, first.record.entries);
    const second = await apply(other, subject.plan, { record, places: placesIn(record.read(), 'planned') });
    provider.client.dispose();
    assert.equal(second.how, 'finished');
    assert.deepEqual(record.states(), Array(5).fill('confirmed'));
    assert.deepEqual(timesDone(subject.box), Array(5).fill(1));
    assert.equal(subject.box.writes.length, 5);
  });

  it('is cancelled before a change leaves, and the change counts as planned', async () => {
    const subject = await startPaused(2);
    const leaving = new AbortController();
    const record = new MemoryRecord(subject.plan);
    record.onWrite = (entry) => {
      if ('state' in entry && entry.state === 'sent') {
        leaving.abort();
      }
    };
    const { how } = await apply(subject, subject.plan, { record, signal: leaving.signal });
    assert.deepEqual([how, record.states(), subject.box.writes], ['cancelled', ['planned', 'planned'], []]);
  });

  it('is cancelled while a change is under way, and says what became of it', async () => {
    const subject = await startPaused(2, { sandbox: { latency: 60 } });
    const leaving = new AbortController();
    const running = apply(subject, subject.plan, { signal: leaving.signal });
    await until(() => subject.box.writes.length === 1);
    leaving.abort();
    const { how, record } = await running;
    assert.deepEqual([how, record.states()], ['cancelled', ['confirmed', 'planned']]);
    assert.deepEqual(subject.statuses(), [1, 2]);
  });

  it('does not know what became of a change where the connection ends while it is under way', async () => {
    const subject = await startPaused(2, { sandbox: { latency: 60 } });
    const running = apply(subject, subject.plan);
    await until(() => subject.box.writes.length === 1);
    subject.provider.client.dispose();
    const { how, record } = await running;
    assert.equal(how, 'stopped');
    assert.match(record.states().join('\n'), /^unknown: .*stopped before it finished.*\nplanned$/);
  });

  it('leaves alone what somebody changed meanwhile, and does not send what already is so', async () => {
    const subject = await startPaused(3);
    const { box, plan } = subject;
    Object.assign(box.instantly.byEmail.get(plan.items[0]!.id)!.row, { status: -3 });
    Object.assign(box.instantly.byEmail.get(plan.items[1]!.id)!.row, { status: 1 });
    box.override({
      path: new RegExp(encodeURIComponent(plan.items[2]!.id)),
      reply: { status: 404, body: { message: 'Resource not found' } },
    });
    const { how, record } = await apply(subject, plan);
    assert.equal(how, 'finished');
    assert.deepEqual(record.states(), [
      'failed: left alone: it is -3 now',
      'confirmed: it already was so',
      'failed: left alone: it is gone now',
    ]);
    assert.deepEqual(box.writes, []);
  });

  it('sends only those of a request that are still as planned', async () => {
    const subject = await start('instantly', { prepare: withStatus(1) });
    const plan = planOf('instantly', accountItems('pause-account', subject.accounts().slice(0, 3), changesOf(subject)));
    Object.assign(subject.box.instantly.byEmail.get(plan.items[1]!.id)!.row, { status: -2 });
    const { record } = await apply(subject, plan);
    assert.deepEqual(record.states(), ['confirmed', 'failed: left alone: it is -2 now', 'confirmed']);
    assert.deepEqual(subject.box.writes[0]?.body, { emails: [plan.items[0]!.id, plan.items[2]!.id] });
  });

  it('sends nothing where the disk refuses, and nothing more', async () => {
    for (const [state, sent] of [
      ['sent', 0],
      ['confirmed', 1],
    ] as const) {
      const subject = await startPaused(3);
      const record = new MemoryRecord(subject.plan);
      record.onWrite = (entry) => {
        if ('state' in entry && entry.state === state) {
          throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
        }
      };
      await assert.rejects(apply(subject, subject.plan, { record }), { code: 'ENOSPC' });
      assert.equal(subject.box.writes.length, sent);
      await subject.close();
    }
  });

  it('sends an item once that is named twice, and none that is not there', async () => {
    const subject = await startPaused(2);
    const { record } = await apply(subject, subject.plan, { places: [99, 1, 1, -1, 0.5, 1] });
    assert.deepEqual(record.states(), ['planned', 'confirmed']);
    assert.deepEqual(subject.statuses(), [2, 1]);
    assert.equal(subject.box.writes.length, 1);
  });

  it('goes on where one item cannot be checked first, and does not send it', async () => {
    const subject = await startPaused(2);
    subject.box.override({ path: /%40/, times: 1, reply: { status: 422, body: { message: 'odd' } } });
    const { how, record } = await apply(subject, subject.plan);
    assert.equal(how, 'finished');
    assert.match(record.states().join('\n'), /^planned: it could not be checked first: .*odd.*\nconfirmed$/);
    assert.equal(subject.box.writes.length, 1);
  });

  for (const service of ['instantly', 'smartlead'] as const) {
    it(`deletes a campaign of ${service}, which leaves the map`, async () => {
      const subject = await start(service, {
        prepare: ({ smartlead }) => {
          for (const row of smartlead.campaigns) {
            row['status'] = 'PAUSED';
          }
        },
      });
      const [campaign] = subject.campaigns();
      const plan = planOf(service, campaignItems('delete-campaign', [campaign!], changesOf(subject)));
      const { record } = await apply(subject, plan);
      assert.deepEqual(record.states(), ['confirmed']);
      assert.equal(subject.map.campaigns.records.get(campaign!.id), undefined);
      assert.deepEqual((await apply(subject, plan)).record.states(), ['confirmed: it already was so']);
      assert.equal(subject.box.writes.length, 1);
    });
  }

  it('tags 25 accounts of Smartlead in one request, and reads them back', async () => {
    const subject = await start('smartlead', {
      prepare: ({ smartlead }) => {
        for (const one of smartlead.accounts) {
          one.tags = [];
        }
      },
    });
    const tag = { id: String(subject.box.smartlead.tags[0]!['id']), label: 'Tag' };
    const plan = planOf('smartlead', tagItems('assign-tag', 'account', subject.accounts(), tag));
    const { record } = await apply(subject, plan);
    assert.deepEqual(new Set(record.states()), new Set(['confirmed']));
    assert.deepEqual(
      subject.box.writes.map(({ body }) => (body as { email_account_ids: number[] }).email_account_ids.length),
      [25, 5],
    );
  });

  for (const service of ['instantly', 'smartlead'] as const) {
    it(`leaves senders of ${service} where they are that the other campaign did not get, and moves them back whole`, async () => {
      const subject = await start(service);
      const { map } = subject;
      const [from, to] = subject.campaigns();
      const [live, there] = [await subject.reads.sendersOf(from!.id), await subject.reads.sendersOf(to!.id)];
      const movers = subject
        .accounts()
        .filter(({ key }) => live.has(key) && !there.has(key))
        .slice(0, 2);
      const plan = planOf(service, moveItems(map.graph, from!, to!, movers));
      const half = plan.items.length / 2;
      subject.box.fault({ kind: 'errorInBody', times: 1 });
      const { record } = await apply(subject, plan);
      assert.equal(subject.box.writes.length, 1);
      assert.ok(
        record
          .states()
          .slice(0, half)
          .every((state) => state.startsWith('failed')),
        record.states().join(),
      );
      assert.deepEqual(
        record.states().slice(half),
        movers.map(() => 'planned: left alone: what has to be done first was not'),
      );
      assert.deepEqual(await subject.reads.sendersOf(from!.id), live);
      const moved = await apply(subject, planOf(service, moveItems(map.graph, from!, to!, movers)));
      assert.deepEqual(new Set(moved.record.states()), new Set(['confirmed']));
      const back = undoItems(moved.record.read(), changesOf(subject)).items;
      assert.deepEqual(
        back.map(({ kind, needs }) => [kind, needs === undefined ? undefined : back[needs]?.kind]),
        [...movers.map(() => ['add-sender', undefined]), ...movers.map(() => ['remove-sender', 'add-sender'])],
      );
    });

    it(`moves senders of ${service} from one campaign to another, which the map shows`, async () => {
      const subject = await start(service);
      const { map } = subject;
      const [from, to] = subject.campaigns();
      const live = await subject.reads.sendersOf(from!.id, new AbortController().signal);
      const there = await subject.reads.sendersOf(to!.id, new AbortController().signal);
      const movers = subject
        .accounts()
        .filter(({ key }) => live.has(key) && !there.has(key))
        .slice(0, 2);
      assert.ok(movers.length > 0);
      const named = (is: boolean) => () => ({ named: is, tags: [] });
      const added = senderItems('add-sender', to!, movers, named(false)).items;
      const removed = senderItems('remove-sender', from!, movers, named(true)).items;
      const { record } = await apply(subject, planOf(service, { items: [...added, ...removed] }));
      assert.deepEqual(new Set(record.states()), new Set(['confirmed']));
      assert.equal(subject.box.writes.length, 2);
      for (const { key } of movers) {
        const ids = map.graph.campaignsOf(key).map(({ campaign }) => campaign.id);
        assert.deepEqual([ids.includes(to!.id), ids.includes(from!.id)], [true, false]);
      }
    });
  }
});

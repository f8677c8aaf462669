import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, open, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { mock } from 'node:test';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal, type RunningRecord } from '../../../src/plans/journal.ts';
import type { PlanItem } from '../../../src/plans/plan.ts';
import { planOf } from '../../support/plans.ts';
import { root } from '../../support/paths.ts';

const item = (id: string): PlanItem => ({
  ...{ kind: 'resume-account', about: 'account', id, label: id },
  ...{ before: 2, after: 1 },
});

describe('journal', () => {
  let folder: string;
  let journal: Journal;
  let child: ChildProcess | undefined;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), 'sendmap-journal-')), 'changes');
    journal = new Journal(folder);
  });

  afterEach(async () => {
    mock.restoreAll();
    if (child?.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'exit');
    }
    await rm(join(folder, '..'), { recursive: true, force: true });
  });

  const newPlan = (...ids: string[]) => planOf('instantly', { items: ids.map(item) });
  const pathOf = ({ id }: { readonly id: string }) => join(folder, `${id}.jsonl`);

  /** Another window, in a process of its own, that goes on with a plan. */
  async function otherWindow(id: string): Promise<ChildProcess> {
    const script = `
      const { Journal } = await import(${JSON.stringify(new URL('../../../src/plans/journal.ts', import.meta.url).href)});
      const record = await new Journal(${JSON.stringify(folder)}).resume(${JSON.stringify(id)});
      console.log(record === undefined ? 'refused' : 'resumed');
      setInterval(() => {}, 1000);`;
    child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [said] = (await once(child.stdout!, 'data')) as [Buffer];
    assert.equal(said.toString().trim(), 'resumed');
    return child;
  }

  async function resume(id: string): Promise<RunningRecord> {
    return (await journal.resume(id)) ?? assert.fail('it should go on');
  }

  it('has a plan on the disk before anything is sent, and each line as soon as it is written', async () => {
    const plan = newPlan('a', 'b');
    const record = await journal.begin(plan);
    assert.deepEqual(await journal.read(plan.id), { plan, items: [{ state: 'planned' }, { state: 'planned' }] });
    await record.write({ at: 5, items: [1], state: 'sent' });
    assert.deepEqual((await journal.read(plan.id))?.items[1], { state: 'sent', at: 5, why: undefined });
    await record.write({ at: 6, end: 'finished' });
    await record.close();
    assert.deepEqual((await journal.read(plan.id))?.end, { at: 6, how: 'finished', why: undefined });
    assert.deepEqual(await readdir(folder), [`${plan.id}.jsonl`]);
  });

  it('lists plans, the newest first, without what it cannot read', async () => {
    const plans = [newPlan('a'), newPlan('b')];
    for (const plan of plans) {
      await (await journal.begin(plan)).close();
    }
    await writeFile(join(folder, 'plan-0.jsonl'), '{"sendmap":1,"pl');
    await writeFile(join(folder, 'notes.txt'), 'x');
    const ids = plans
      .map(({ id }) => id)
      .sort()
      .reverse();
    assert.deepEqual(
      (await journal.list()).map(({ plan }) => plan.id),
      ids,
    );
    assert.deepEqual(await new Journal(join(folder, 'none')).list(), []);
  });

  it('never begins a plan twice, nor goes on with one that is not there', async () => {
    const plan = newPlan('a');
    await (await journal.begin(plan)).close();
    await assert.rejects(journal.begin(plan), { code: 'EEXIST' });
    await assert.rejects(journal.resume('plan-none'), { code: 'ENOENT' });
    assert.deepEqual(await readdir(folder), [`${plan.id}.jsonl`]);
  });

  it('keeps the next line whole after one that a crash cut short', async () => {
    const plan = newPlan('a', 'b');
    const record = await journal.begin(plan);
    await record.write({ at: 1, items: [0], state: 'sent' });
    await record.close();
    await appendFile(pathOf(plan), '{"at":2,"items":[0],"sta');
    assert.equal((await journal.read(plan.id))?.items[0]?.state, 'sent');
    const next = await resume(plan.id);
    await next.write({ at: 3, items: [1], state: 'sent' });
    await next.close();
    assert.deepEqual(
      (await journal.read(plan.id))?.items.map(({ state }) => state),
      ['sent', 'sent'],
    );
  });

  it('keeps the next line whole after one that a full disk cut short', async () => {
    const plan = newPlan('a', 'b');
    const record = await journal.begin(plan);
    const probe = await open(pathOf(plan));
    const files = Object.getPrototypeOf(probe) as { appendFile(text: string): Promise<void> };
    await probe.close();
    mock.method(files, 'appendFile', async () => {
      await appendFile(pathOf(plan), '{"at":2,"items":[0],"sta');
      throw Object.assign(new Error('no space left'), { code: 'ENOSPC' });
    });
    await assert.rejects(record.write({ at: 2, items: [0], state: 'sent' }), { code: 'ENOSPC' });
    mock.restoreAll();
    await record.write({ at: 3, end: 'stopped', why: 'no space left' });
    await record.close();
    assert.equal((await journal.read(plan.id))?.end?.how, 'stopped');
  });

  it('begins nothing where the plan cannot be written down, and claims nothing then', async () => {
    await writeFile(join(folder, '..', 'file'), '');
    const refusing = new Journal(join(folder, '..', 'file'));
    const plan = newPlan('a');
    await assert.rejects(refusing.begin(plan), { code: 'EEXIST' });
    assert.equal(await refusing.isRunning(plan.id), false);
  });

  it('lets one of two windows work on a plan', async () => {
    const plan = newPlan('a');
    const record = await journal.begin(plan);
    assert.equal(await journal.isRunning(plan.id), true);
    assert.equal(await journal.resume(plan.id), undefined);
    assert.equal(await new Journal(folder).resume(plan.id), undefined);
    await record.close();
    assert.equal(await journal.isRunning(plan.id), false);
    const other = await otherWindow(plan.id);
    assert.equal(await journal.isRunning(plan.id), true);
    assert.equal(await journal.resume(plan.id), undefined);
    // It leaves nothing that would keep the other one out.
    assert.equal((await readdir(folder)).length, 2);
    other.kill('SIGKILL');
    await once(other, 'exit');
    assert.equal(await journal.isRunning(plan.id), false);
    await (await resume(plan.id)).close();
  });

  it('lets one of several that begin at once go on, or none', async () => {
    const plan = newPlan('a');
    await (await journal.begin(plan)).close();
    const others = Array.from({ length: 8 }, () => new Journal(folder));
    const records = await Promise.all(others.map((other) => other.resume(plan.id)));
    assert.equal(records.filter((record) => record !== undefined).length, 1);
    await records.find((record) => record !== undefined)?.close();
    await (await resume(plan.id)).close();
  });

  it('does not take a process for another that had its number before the machine was started', async () => {
    const plan = newPlan('a');
    await (await journal.begin(plan)).close();
    const claim = join(folder, `${plan.id}.${process.ppid}.running`);
    await writeFile(claim, '');
    assert.equal(await journal.resume(plan.id), undefined);
    await utimes(claim, 1, 1);
    await (await resume(plan.id)).close();
  });

  it('takes no other file for a claim', async () => {
    const plan = newPlan('a');
    await (await journal.begin(plan)).close();
    for (const name of ['0', '-1', 'x', '1.5', `2.${process.ppid}`, '']) {
      await writeFile(join(folder, `${plan.id}.${name}.running`), '');
    }
    await (await resume(plan.id)).close();
    assert.match(await readFile(pathOf(plan), 'utf8'), /^\{"sendmap":1/);
  });
});

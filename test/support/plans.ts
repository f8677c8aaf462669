import assert from 'node:assert/strict';
import { SendingMap } from '../../src/map/sendingMap.ts';
import type { LiveReads } from '../../src/plans/live.ts';
import type { Items } from '../../src/plans/make.ts';
import type { Plan, PlanItem } from '../../src/plans/plan.ts';
import { firstLine, lineOf, readRecord, type Entry, type PlanRecord } from '../../src/plans/record.ts';
import { run, type RunOptions, type RunResult } from '../../src/plans/runner.ts';
import type { Account, Campaign } from '../../src/providers/model.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { startSandbox, type Sandbox, type Service } from '../../src/sandbox/server.ts';
import { connect, MemoryLog, type ConnectOptions } from './connect.ts';

/** A service over real HTTP, with what plans need of it. */
export interface PlanWorld {
  readonly service: Service;
  readonly box: Sandbox;
  readonly provider: Provider;
  readonly map: SendingMap;
  readonly reads: LiveReads;
  accounts(): readonly Account[];
  campaigns(): readonly Campaign[];
  close(): Promise<void>;
}

export interface WorldOptions {
  readonly sandbox?: Parameters<typeof startSandbox>[0];
  readonly connect?: Partial<ConnectOptions>;
  /** Changes the sandbox before it is read. */
  readonly prepare?: (box: Sandbox) => void;
}

/** A sandbox that is read, where changes are allowed. */
export async function startWorld(service: Service, options: WorldOptions = {}): Promise<PlanWorld> {
  const box = await startSandbox({ oddities: false, ...options.sandbox });
  options.prepare?.(box);
  const provider = connectTo(box, service, options.connect);
  const map = new SendingMap(provider, () => 0, new MemoryLog());
  await map.sync();
  return {
    ...{ service, box, provider, map, reads: map.readBack },
    accounts: () => [...map.accounts.records.rows],
    campaigns: () => [...map.campaigns.records.rows],
    close: async () => {
      map.dispose();
      provider.client.dispose();
      await box.close();
    },
  };
}

/** Another connection to the same service, which may change it too. */
export function connectTo(box: Sandbox, service: Service, options: Partial<ConnectOptions> = {}): Provider {
  const { settings, ...rest } = options;
  return connect(service, {
    baseUrl: box.baseUrls[service],
    ...rest,
    settings: { mayChange: () => true, ...settings },
  });
}

let lastPlan = 0;

export function planOf(
  service: Service,
  { items, leftOut }: Items | { items: readonly PlanItem[]; leftOut?: [] },
): Plan {
  lastPlan += 1;
  return {
    ...{ id: `plan-${lastPlan}`, at: 1, connectionId: 'c', connection: 'Northwind', service, title: 'A plan' },
    ...{ items, leftOut: leftOut ?? [] },
  };
}

/** A record that is kept in memory, as it would stand on the disk. */
export class MemoryRecord {
  readonly plan: Plan;
  readonly entries: Entry[] = [];
  /** Called before each line; what it throws, the disk says. */
  onWrite: (entry: Entry) => void = () => undefined;

  constructor(plan: Plan, entries: readonly Entry[] = []) {
    this.plan = plan;
    this.entries.push(...entries);
  }

  write(entry: Entry): Promise<void> {
    return new Promise((resolve) => {
      this.onWrite(entry);
      this.entries.push(entry);
      resolve();
    });
  }

  read(): PlanRecord {
    return (
      readRecord(firstLine(this.plan) + this.entries.map(lineOf).join('')) ?? assert.fail('the record cannot be read')
    );
  }

  /** The state of each item, and why, where it is said. */
  states(): string[] {
    return this.read().items.map(({ state, why }) => (why === undefined ? state : `${state}: ${why}`));
  }
}

export interface Run extends RunResult {
  readonly record: MemoryRecord;
  /** How many items were over, as it went on. */
  readonly progress: readonly number[];
}

/** Runs a plan, or the items in these places of it. */
export async function apply(
  { provider, reads }: Pick<PlanWorld, 'provider' | 'reads'>,
  plan: Plan,
  options: Partial<RunOptions> & { readonly places?: readonly number[]; readonly record?: MemoryRecord } = {},
): Promise<Run> {
  const { places = [...plan.items.keys()], record = new MemoryRecord(plan), ...rest } = options;
  const progress: number[] = [];
  const result = await run(plan, places, {
    ...{ reads, writes: provider.changes, changes: provider.info.changes, record },
    signal: new AbortController().signal,
    onProgress: (done) => progress.push(done),
    ...rest,
  });
  return { ...result, record, progress };
}

/** The writes that arrived, as lines such as `POST /api/v2/accounts/pause {"emails":["a@b.c"]}`. */
export function writesOf({ writes }: Sandbox): string[] {
  return writes.map(
    ({ method, path, body }) => `${method} ${path}${body === undefined ? '' : ` ${JSON.stringify(body)}`}`,
  );
}

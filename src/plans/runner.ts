import { t } from '@vscode/l10n';
import { sameRecord } from '../map/equal.ts';
import type { ChangesOfService, ServiceChanges } from '../providers/changes.ts';
import { isAbort, isServiceError, nextStep, type ServiceError } from '../transport/errors.ts';
import { isRefusal, TRIES } from '../transport/writer.ts';
import { liveValues, type LiveReads } from './live.ts';
import type { RunningRecord } from './journal.ts';
import { outcomeOf, type Outcome } from './outcome.ts';
import { requestsOf, type Plan, type PlanItem, type Value } from './plan.ts';
import { placesIn, type Ending, type PlanRecord } from './record.ts';
import { requestOf } from './request.ts';
import { valueWords } from './words.ts';

/** What a run works with. */
export interface RunOptions {
  readonly reads: LiveReads;
  readonly writes: ServiceChanges;
  readonly changes: ChangesOfService;
  readonly record: Pick<RunningRecord, 'write'>;
  /** Takes no more items; what was sent is still waited for and read back. */
  readonly signal: AbortSignal;
  /** What earlier runs of the plan have done. */
  readonly earlier?: PlanRecord | undefined;
  /** How many items are over. */
  readonly onProgress: (done: number) => void;
}

/** How a run ended. */
export interface RunResult {
  readonly how: Ending;
  /** Why it stopped before its last item. */
  readonly why?: string | undefined;
}

/** So many failures one after the other mean that going on would not help. */
const MOST_FAILURES = 5;

/** Failures after which every other request would fail as well. */
const HOPELESS: ReadonlySet<ServiceError['kind']> = new Set([
  'badKey',
  'missingScope',
  'planInactive',
  'blocked',
  'changesOff',
  'setting',
  'keychain',
  'ended',
]);

/**
 * Sends the items of a plan, one request after the other: each is compared with what the service says now, written down
 * as sent before it leaves, and read back afterwards. None is sent twice. What the service says that differs from the
 * plan is left as it is.
 *
 * @param places of the items to send, in their order.
 * @throws what the disk says where something cannot be written down; then nothing more is sent.
 */
export async function run(plan: Plan, places: readonly number[], options: RunOptions): Promise<RunResult> {
  const { changes, signal, onProgress } = options;
  const placed = [...new Set(places)].flatMap((place): Placed[] => {
    const item = plan.items[place];
    return item === undefined ? [] : [{ place, item }];
  });
  const items = placed.map(({ item }) => item);
  const confirmed = new Set(options.earlier === undefined ? [] : placesIn(options.earlier, 'confirmed'));
  let [done, failures] = [0, 0];
  for (const request of requestsOf(items, (kind) => changes[kind]?.most ?? 1)) {
    if (signal.aborted) {
      return { how: 'cancelled' };
    }
    const batch = request.flatMap((index) => placed[index] ?? []);
    const result = await new RequestRun(batch, confirmed, options).run();
    if (result.unsent) {
      return { how: 'cancelled' };
    }
    done += batch.length;
    failures = result.failed ? failures + 1 : 0;
    onProgress(done);
    if (result.hopeless !== undefined) {
      return { how: 'stopped', why: result.hopeless };
    }
    if (failures >= MOST_FAILURES) {
      return { how: 'stopped', why: t('{0} requests in a row failed', MOST_FAILURES) };
    }
  }
  return { how: 'finished' };
}

interface Placed {
  readonly place: number;
  readonly item: PlanItem;
}

interface RequestResult {
  readonly failed: boolean;
  /** Why every other request would fail as well. */
  readonly hopeless?: string | undefined;
  /** True where a person cancelled it before it left. */
  readonly unsent?: boolean;
}

/** The items that one request changes. */
class RequestRun {
  readonly #batch: readonly Placed[];
  /** Places of the items of the plan that are done. */
  readonly #confirmed: Set<number>;
  readonly #options: RunOptions;
  #tries = 0;

  constructor(batch: readonly Placed[], confirmed: Set<number>, options: RunOptions) {
    this.#batch = batch;
    this.#confirmed = confirmed;
    this.#options = options;
  }

  async run(): Promise<RequestResult> {
    const { signal, writes } = this.#options;
    let before: readonly Value[];
    try {
      before = await this.#live(this.#batch, signal);
    } catch (error) {
      if (signal.aborted || isAbort(error)) {
        return { failed: false, unsent: true };
      }
      return this.#unchecked(expectService(error));
    }
    const open: Placed[] = [];
    const outcomes = new Map<Placed, Outcome>();
    for (const [index, one] of this.#batch.entries()) {
      const now = before[index];
      if (one.item.needs !== undefined && !this.#confirmed.has(one.item.needs)) {
        outcomes.set(one, { state: 'planned', why: t('left alone: what has to be done first was not') });
      } else if (sameRecord(now, one.item.after)) {
        outcomes.set(one, { state: 'confirmed', why: t('it already was so') });
      } else if (sameRecord(now, one.item.before)) {
        open.push(one);
      } else {
        outcomes.set(one, { state: 'failed', why: t('left alone: it is {0} now', valueWords(one.item, now)) });
      }
    }
    const [first] = open;
    if (first === undefined) {
      await this.#write(outcomes);
      return { failed: false };
    }
    await this.#options.record.write({ at: Date.now(), items: open.map(({ place }) => place), state: 'sent' });
    this.#tries += 1;
    let problem: ServiceError | undefined;
    const refused = new Set<string>();
    try {
      for (const id of await writes.send(requestOf(open.map(({ item }) => item)), signal)) {
        refused.add(this.#options.reads.sameKey(id));
      }
    } catch (error) {
      problem = isAbort(error) ? undefined : expectService(error);
      if (problem === undefined) {
        // It was waiting for its turn.
        for (const one of open) {
          outcomes.set(one, { state: 'planned' });
        }
        await this.#write(outcomes);
        return { failed: false, unsent: true };
      }
      if (problem.kind === 'rateLimited' && this.#tries < TRIES && this.#replaces(first.item)) {
        // Nothing was done, and what it replaces may be another when the service takes it.
        await this.#write(new Map(open.map((one) => [one, { state: 'planned' }])));
        return this.run();
      }
      if (isRefusal(problem)) {
        for (const one of open) {
          outcomes.set(one, { state: 'failed', why: this.#wordsOf(problem, one.item) });
        }
      }
    }
    await this.#readBack(
      open.filter((one) => !outcomes.has(one)),
      problem,
      refused,
      outcomes,
    );
    await this.#write(outcomes);
    const failed = open.every((one) => outcomes.get(one)?.state !== 'confirmed');
    return { failed, hopeless: problem && HOPELESS.has(problem.kind) ? this.#wordsOf(problem, first.item) : undefined };
  }

  /** What the service shows afterwards is what counts, whatever it answered. */
  async #readBack(
    sent: readonly Placed[],
    problem: ServiceError | undefined,
    refused: ReadonlySet<string>,
    outcomes: Map<Placed, Outcome>,
  ): Promise<void> {
    if (sent.length === 0) {
      return;
    }
    let after: readonly Value[];
    try {
      // Not by the signal of the run: what was sent is looked at, also where somebody cancels meanwhile.
      after = await this.#live(sent);
    } catch (error) {
      const words = isAbort(error) ? t('The connection ended.') : expectService(error).message;
      const why = problem?.message ?? t('it could not be read back: {0}', words);
      for (const one of sent) {
        outcomes.set(one, { state: 'unknown', why });
      }
      return;
    }
    for (const [index, one] of sent.entries()) {
      const wasRefused = refused.has(this.#options.reads.sameKey(one.item.id));
      outcomes.set(one, outcomeOf(one.item, after[index], problem, wasRefused));
    }
  }

  async #live(batch: readonly Placed[], signal?: AbortSignal): Promise<readonly Value[]> {
    return liveValues(
      this.#options.reads,
      batch.map(({ item }) => item),
      signal,
    );
  }

  /** Nothing was sent: the items wait until the run is resumed, with another key perhaps. */
  async #unchecked(error: ServiceError): Promise<RequestResult> {
    if (HOPELESS.has(error.kind)) {
      return { failed: true, hopeless: `${error.message} ${nextStep(error).words}` };
    }
    const why = t('it could not be checked first: {0}', error.message);
    await this.#write(new Map(this.#batch.map((one) => [one, { state: 'planned', why }])));
    return { failed: true };
  }

  /** One line for all that ended in the same way. */
  async #write(outcomes: ReadonlyMap<Placed, Outcome>): Promise<void> {
    const lines = new Map<string, { outcome: Outcome; items: number[] }>();
    for (const [{ place, item }, outcome] of outcomes) {
      const key = JSON.stringify(outcome);
      const line = lines.get(key) ?? { outcome, items: [] };
      line.items.push(place);
      lines.set(key, line);
      if (outcome.state === 'confirmed') {
        this.#confirmed.add(place);
        if (item.kind === 'delete-campaign') {
          this.#options.reads.dropCampaign(item.id);
        }
      }
    }
    for (const { outcome, items } of lines.values()) {
      await this.#options.record.write({ at: Date.now(), items, ...outcome });
    }
  }

  #replaces({ kind }: PlanItem): boolean {
    return this.#options.changes[kind]?.replaces === true;
  }

  /** What a refusal says; of a missing scope also which one. */
  #wordsOf(error: ServiceError, { kind }: PlanItem): string {
    if (error.kind === 'malformed' && (error.status ?? 0) >= 400 && error.serviceMessage !== undefined) {
      // Not a wrong answer: what was sent is wrong, and the service says what about it.
      return t('{0} refused it: {1}', error.service, error.serviceMessage);
    }
    const scope = this.#options.changes[kind]?.scope;
    return error.kind === 'missingScope' && scope !== undefined
      ? t('{0} It needs the scope {1}.', error.message, scope)
      : `${error.message} ${nextStep(error).words}`;
  }
}

/** Everything that is not a failure of the service is a mistake of ours, and stops the run. */
function expectService(error: unknown): ServiceError {
  if (!isServiceError(error)) {
    throw error;
  }
  return error;
}

import { isObject } from '../providers/fields.ts';
import type { Plan, Value } from './plan.ts';

/**
 * How an item of a plan is: not sent yet; about to be sent, or sent without an answer so far; done, as the service
 * itself shows; refused or not done; and nobody knows.
 */
export const itemStates = ['planned', 'sent', 'confirmed', 'failed', 'unknown'] as const;

export type ItemState = (typeof itemStates)[number];

/** One line of a record after its plan. */
export type Entry =
  | {
      /** Milliseconds since the epoch. */
      readonly at: number;
      /** Places of items in the plan. */
      readonly items: readonly number[];
      /** `planned` again: it was waiting for its turn, and never left. */
      readonly state: ItemState;
      /** Why it failed or is not known, in words. */
      readonly why?: string | undefined;
      /** What the service showed after the change, where that is not exactly what was sent. */
      readonly shown?: Value;
    }
  /** What the service said of an item when it was looked at again after a while. */
  | { readonly at: number; readonly settled: number; readonly value: Value }
  | { readonly at: number; readonly end: Ending; readonly why?: string | undefined };

/** How a run ended: with its last item, by a person, or because going on would not help. */
export type Ending = 'finished' | 'cancelled' | 'stopped';

/** What became of one item. */
export interface ItemRecord {
  readonly state: ItemState;
  readonly at?: number;
  readonly why?: string | undefined;
  /** What the service showed after the change, where that is not exactly what was sent. */
  readonly shown?: Value;
  /** What the service said some minutes later, where it was asked. */
  readonly later?: Value;
}

/** A plan that was begun, with all that became of it. */
export interface PlanRecord {
  readonly plan: Plan;
  /** In the order of the plan's items. */
  readonly items: readonly ItemRecord[];
  /** How its last run ended; undefined: it is under way, or the window that ran it is gone. */
  readonly end?: { readonly at: number; readonly how: Ending; readonly why?: string | undefined };
}

const VERSION = 1;

export function firstLine(plan: Plan): string {
  return `${JSON.stringify({ sendmap: VERSION, plan })}\n`;
}

export function lineOf(entry: Entry): string {
  return `${JSON.stringify(entry)}\n`;
}

/**
 * Reads what was written down. A line that a crash cut short says nothing: what it would have said was not done yet,
 * because each line is on the disk before anything is done about it.
 *
 * @returns undefined where not even the plan can be read, or a later version wrote it.
 */
export function readRecord(text: string): PlanRecord | undefined {
  const [first = '', ...rest] = text.split('\n');
  const head = parse(first);
  const plan = head?.['sendmap'] === VERSION && isObject(head['plan']) ? head['plan'] : undefined;
  if (plan === undefined || !Array.isArray(plan['items'])) {
    return undefined;
  }
  const items: ItemRecord[] = (plan['items'] as readonly unknown[]).map(() => ({ state: 'planned' }));
  let end: PlanRecord['end'];
  for (const line of rest) {
    const entry = parse(line) as Partial<Record<string, unknown>> | undefined;
    const at = typeof entry?.['at'] === 'number' ? entry['at'] : 0;
    const why = typeof entry?.['why'] === 'string' ? entry['why'] : undefined;
    const state = itemStates.find((known) => known === entry?.['state']);
    const settled = entry?.['settled'];
    const how = endings.find((known) => known === entry?.['end']);
    if (state !== undefined && Array.isArray(entry?.['items'])) {
      for (const place of entry['items'] as readonly unknown[]) {
        if (typeof place === 'number' && place in items) {
          items[place] = { state, at, why, ...(entry['shown'] === undefined ? {} : { shown: entry['shown'] }) };
        }
      }
      end = undefined;
    } else if (typeof settled === 'number' && items[settled] !== undefined) {
      items[settled] = { ...items[settled], later: entry?.['value'] };
    } else if (how !== undefined) {
      end = { at, how, why };
    }
  }
  return { plan: plan as unknown as Plan, items, ...(end === undefined ? {} : { end }) };
}

const endings: readonly Ending[] = ['finished', 'cancelled', 'stopped'];

function parse(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The places of the items that are in one of these states. */
export function placesIn({ items }: PlanRecord, ...wanted: readonly ItemState[]): readonly number[] {
  return [...items.keys()].filter((place) => wanted.includes(items[place]?.state ?? 'planned'));
}

/** How many items are in each state. */
export function countStates({ items }: PlanRecord): Readonly<Record<ItemState, number>> {
  const counts = { planned: 0, sent: 0, confirmed: 0, failed: 0, unknown: 0 };
  for (const { state } of items) {
    counts[state] += 1;
  }
  return counts;
}

/** True where somebody has to look: nobody knows what became of an item, or some were never sent. */
export function isOpen(record: PlanRecord): boolean {
  const { sent, unknown, planned } = countStates(record);
  return sent + unknown > 0 || (record.end === undefined && planned > 0);
}

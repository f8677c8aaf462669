/** A finding, or what nearly is one, that a world has on purpose. */
export interface Planted {
  /** The stable name of the rule. */
  readonly rule: string;
  /** The key of an account, or the id of a campaign. */
  readonly about: string;
  /** False: it is on the other side of the threshold, so that the rule does not fire. */
  readonly fires: boolean;
  /** What has to be asked before anyone can know; undefined: the lists say it. */
  readonly asks?: 'account' | 'analytics' | undefined;
}

/** What the days to come may change without changing what else is planted. */
export interface Movable {
  /** Keys of accounts; each changes once. */
  readonly accounts: Set<string>;
  /** Ids of campaigns. */
  readonly campaigns: Set<string>;
}

/** What plants of both services say of themselves. */
export interface Plant {
  /** Rules that fire. */
  readonly fires?: readonly string[];
  /** The rule that nearly fires. */
  readonly near?: string;
  readonly asks?: Planted['asks'];
}

/** Accounts in order, at least so many: enough that those with plants are a small part of the campaign of all. */
const LEAST_IN_ORDER = 180;

/** How many accounts in order a world with plants has, where so many are asked for. */
export function accountsInOrder(wanted: number): number {
  return Math.max(wanted, LEAST_IN_ORDER);
}

/** Adds what a plant says of the account or the campaign that it became. */
export function addPlanted(planted: Planted[], { fires = [], near, asks }: Plant, about: string): void {
  for (const rule of fires) {
    planted.push({ rule, about, fires: true, asks });
  }
  if (near !== undefined) {
    planted.push({ rule: near, about, fires: false, asks });
  }
  if (fires.includes('bounce-protection')) {
    // It stops campaigns of which too many emails bounce: their analytics say so.
    planted.push({ rule: 'bounce-rate', about, fires: true, asks: 'analytics' });
  }
}

/** A day by the clock of this machine, as rules go by it: `YYYY-MM-DD`, so many days from today. */
export function dayFromToday(days: number): string {
  const date = new Date();
  date.setDate(date.getDate() + days);
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Hands out the members of a list, each once. */
export class Supply<T> {
  readonly #rest: T[];

  constructor(all: readonly T[]) {
    this.#rest = [...all];
  }

  /** @throws {RangeError} where there are not so many left. */
  take(count: number): T[] {
    if (count > this.#rest.length) {
      throw new RangeError('There are not enough accounts for the plants.');
    }
    return this.#rest.splice(0, count);
  }

  get rest(): readonly T[] {
    return this.#rest;
  }
}

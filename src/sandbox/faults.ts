import type { Service } from './options.ts';

/** What goes wrong with a write. */
type Trouble =
  /** The connection is cut: before anything is done, or after all of it is. */
  | { readonly kind: 'cutBefore' | 'cutAfter' }
  /** 429, and nothing is done. @property retryAfter seconds, which a header says; undefined: no header. */
  | { readonly kind: 'rateLimited'; readonly retryAfter?: number }
  /** 200 with an error in the body, and nothing is done. */
  | { readonly kind: 'errorInBody' }
  /** 400 or 422, which name a property; nothing is done. */
  | { readonly kind: 'refused'; readonly status: 400 | 422; readonly property: string; readonly problem: string }
  /** Answered as usual, and done so many milliseconds later, by the clock of the sandbox. */
  | { readonly kind: 'late'; readonly milliseconds: number }
  /** Done without these properties, and silent about it; where many accounts are paused, these emails fail. */
  | { readonly kind: 'ignored'; readonly names: readonly string[] };

/** Something that goes wrong with some writes. */
export type WriteFault = Trouble & {
  /** Undefined: any. */
  readonly service?: Service;
  readonly method?: string;
  /** What the path has in it, below the base URL. */
  readonly path?: string;
  /** So many of these writes go well before. */
  readonly after?: number;
  /** How many go wrong; undefined: until faults are cleared. */
  readonly times?: number;
};

const KINDS: Readonly<Record<Trouble['kind'], (fault: Readonly<Record<string, unknown>>) => boolean>> = {
  cutBefore: () => true,
  cutAfter: () => true,
  rateLimited: ({ retryAfter }) => retryAfter === undefined || typeof retryAfter === 'number',
  errorInBody: () => true,
  refused: ({ status, property, problem }) =>
    (status === 400 || status === 422) && typeof property === 'string' && typeof problem === 'string',
  late: ({ milliseconds }) => typeof milliseconds === 'number',
  ignored: ({ names }) => Array.isArray(names) && names.every((name) => typeof name === 'string'),
};

/** Whether JSON is a fault, as far as its kind goes. */
export function isFault(value: unknown): value is WriteFault {
  if (typeof value !== 'object' || value === null) {
    return false;
  }
  const fault = value as Readonly<Record<string, unknown>>;
  return Object.entries(KINDS).some(([kind, fits]) => fault['kind'] === kind && fits(fault));
}

/** The faults that are in force, the newest first. Each counts the writes that it may hit. */
export class WriteFaults {
  readonly #faults: { readonly fault: WriteFault; seen: number }[] = [];

  add(fault: WriteFault): void {
    this.#faults.unshift({ fault, seen: 0 });
  }

  clear(): void {
    this.#faults.length = 0;
  }

  /** What goes wrong with a write that has just arrived; undefined: nothing. */
  next(service: Service, method: string, path: string): WriteFault | undefined {
    let hit: WriteFault | undefined;
    for (const one of this.#faults) {
      const { fault } = one;
      const concerns =
        (fault.service ?? service) === service &&
        (fault.method ?? method) === method &&
        path.includes(fault.path ?? '');
      if (concerns && hit === undefined) {
        one.seen += 1;
        const after = fault.after ?? 0;
        if (one.seen > after && one.seen <= after + (fault.times ?? Infinity)) {
          hit = fault;
        }
      }
    }
    return hit;
  }
}

import type { InvalidRecord } from '../providers/model.ts';
import type { ServiceError } from '../transport/errors.ts';
import type { Table } from './table.ts';

/** How far the reading of a list has come. */
export type ReadingStatus =
  /** Nobody has asked yet. */
  | 'idle'
  /** Pages are coming. */
  | 'reading'
  /** As many pages as were asked for are read; another reading goes on. */
  | 'capped'
  /** It was stopped; another reading goes on. */
  | 'stopped'
  | 'complete'
  /** Ended by an error; what came before it is kept. */
  | 'failed';

/** What is known of a list, for those who do not read it. */
export interface ListView<T> {
  /** The records that it has, in the order in which they came first. */
  readonly records: Pick<Table<T>, 'rows' | 'size' | 'get' | 'has'>;
  readonly status: ReadingStatus;
  /** True where all of the list is known, whatever a newer reading is doing. */
  readonly known: boolean;
  /** Pages read by the current or last reading. */
  readonly pages: number;
  /** Pages of the last reading that came to its end; 0: none did. */
  readonly pagesBefore: number;
  /** When the last reading came to its end, in milliseconds since the epoch. */
  readonly completedAt: number | undefined;
  readonly error: ServiceError | undefined;
  readonly invalid: readonly InvalidRecord[];
  /** What the list did while it was read that may have hidden records, in words. */
  readonly warnings: readonly string[];
}

/** A list that can be looked at and not changed. */
export function viewOf<T>(list: ListView<T>): ListView<T> {
  const records: ListView<T>['records'] = {
    get rows() {
      return list.records.rows;
    },
    get size() {
      return list.records.size;
    },
    get: (key) => list.records.get(key),
    has: (key) => list.records.has(key),
  };
  return {
    records,
    get status() {
      return list.status;
    },
    get known() {
      return list.known;
    },
    get pages() {
      return list.pages;
    },
    get pagesBefore() {
      return list.pagesBefore;
    },
    get completedAt() {
      return list.completedAt;
    },
    get error() {
      return list.error;
    },
    get invalid() {
      return list.invalid;
    },
    get warnings() {
      return list.warnings;
    },
  };
}

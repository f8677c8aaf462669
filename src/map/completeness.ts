import { t } from '@vscode/l10n';
import type { ListView, ReadingStatus } from './listView.ts';
import type { ScanCounts } from './sync/senderScan.ts';

/** What completeness is judged by. */
export interface CompletenessFacts {
  readonly accounts: ListFacts;
  readonly campaigns: ListFacts;
  /** Undefined where campaigns need not be asked for their senders. */
  readonly scan: ScanCounts | undefined;
  /** What else could not be read, each in a sentence. */
  readonly others: readonly string[];
}

type ListFacts = Omit<ListView<unknown>, 'records'> & { readonly records: { readonly size: number } };

/** Sentences about single records that are listed; the others are counted. */
const MOST_RECORDS = 100;

/** What a map lacks, each in a sentence; empty where it is complete. */
export function missingOf({ accounts, campaigns, scan, others }: CompletenessFacts): string[] {
  const missing: string[] = [];
  for (const [list, what] of [
    [accounts, t('accounts')],
    [campaigns, t('campaigns')],
  ] as const) {
    if (list.status !== 'complete') {
      const why = list.error?.message ?? stillWords(list.status);
      missing.push(
        list.known
          ? t('{0} that changed since the last sync, from page {1} on: {2}', what, list.pages + 1, why)
          : t('{0} after the first {1}, from page {2} on: {3}', what, list.records.size, list.pages + 1, why),
      );
    }
    for (const { label, problem } of list.invalid.slice(0, MOST_RECORDS)) {
      missing.push(t('{0}: the record "{1}" {2}', what, label, problem));
    }
    if (list.invalid.length > MOST_RECORDS) {
      missing.push(t('{0}: {1} more records that cannot be read', what, list.invalid.length - MOST_RECORDS));
    }
    for (const warning of list.warnings) {
      missing.push(t('maybe some {0}: {1}', what, warning));
    }
  }
  if (scan !== undefined && scan.scanned < scan.total) {
    missing.push(t('senders of {0} of {1} campaigns', scan.total - scan.scanned, scan.total));
  }
  return [...missing, ...others];
}

function stillWords(status: ReadingStatus): string {
  switch (status) {
    case 'reading':
      return t('still being read');
    case 'capped':
      return t('not read automatically');
    case 'stopped':
      return t('the sync was stopped');
    default:
      return t('not read yet');
  }
}

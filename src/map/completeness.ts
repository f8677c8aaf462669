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

/** What a list lacks, in sentences of its own: nouns change with the sentence in other languages. */
interface ListWords {
  readonly changed: (page: number, why: string) => string;
  readonly rest: (count: number, page: number, why: string) => string;
  readonly unread: (label: string, problem: string) => string;
  readonly moreUnread: (count: number) => string;
  readonly maybe: (why: string) => string;
}

const accountWords: ListWords = {
  changed: (page, why) => t('accounts that changed since the last sync, from page {0} on: {1}', page, why),
  rest: (count, page, why) => t('accounts after the first {0}, from page {1} on: {2}', count, page, why),
  unread: (label, problem) => t('accounts: the record "{0}" {1}', label, problem),
  moreUnread: (count) => t('accounts: {0} more records that cannot be read', count),
  maybe: (why) => t('possibly some accounts: {0}', why),
};

const campaignWords: ListWords = {
  changed: (page, why) => t('campaigns that changed since the last sync, from page {0} on: {1}', page, why),
  rest: (count, page, why) => t('campaigns after the first {0}, from page {1} on: {2}', count, page, why),
  unread: (label, problem) => t('campaigns: the record "{0}" {1}', label, problem),
  moreUnread: (count) => t('campaigns: {0} more records that cannot be read', count),
  maybe: (why) => t('possibly some campaigns: {0}', why),
};

/** What a map lacks, each in a sentence; empty where it is complete. */
export function missingOf({ accounts, campaigns, scan, others }: CompletenessFacts): string[] {
  const missing: string[] = [];
  for (const [list, words] of [
    [accounts, accountWords],
    [campaigns, campaignWords],
  ] as const) {
    if (list.status !== 'complete') {
      const why = list.error?.message ?? stillWords(list.status);
      missing.push(
        list.known ? words.changed(list.pages + 1, why) : words.rest(list.records.size, list.pages + 1, why),
      );
    }
    for (const { label, problem } of list.invalid.slice(0, MOST_RECORDS)) {
      missing.push(words.unread(label, problem));
    }
    if (list.invalid.length > MOST_RECORDS) {
      missing.push(words.moreUnread(list.invalid.length - MOST_RECORDS));
    }
    for (const warning of list.warnings) {
      missing.push(words.maybe(warning));
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

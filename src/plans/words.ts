import { t } from '@vscode/l10n';
import { formatNumber } from '../health/words.ts';
import type { ChangeKind } from '../providers/changes.ts';
import { EXISTS, GONE } from './live.ts';
import type { PlanItem, Value } from './plan.ts';

/** The longest value that is shown in a sentence, in characters. */
const LONGEST = 60;

/** A value of an item in words, bounded. */
export function valueWords({ kind, before, after, words }: PlanItem, value: Value): string {
  if (words !== undefined && (value === before || value === after)) {
    return bounded(value === after ? words.after : words.before);
  }
  if (value === undefined || (value === GONE && kind !== 'edit-campaign')) {
    return t('gone');
  }
  if (value === null) {
    return t('not set');
  }
  switch (kind) {
    case 'delete-campaign':
      return value === EXISTS ? t('there') : bounded(JSON.stringify(value));
    case 'daily-limit':
      return limitWords(value);
    case 'add-sender':
    case 'remove-sender':
      return value === true ? t('a sender') : t('not a sender');
    case 'assign-tag':
    case 'remove-tag':
      return value === true ? t('tagged') : t('not tagged');
    default:
      return propertyWords(value);
  }
}

/** A daily limit of an account in words. */
export function limitWords(value: Value): string {
  return value === null || value === undefined ? t('not set') : t('{0} a day', bounded(JSON.stringify(value)));
}

/** The value of a property in words, bounded; null: it is not set. */
export function propertyWords(value: Value): string {
  return value === null ? t('not set') : bounded(typeof value === 'string' ? value : JSON.stringify(value));
}

function bounded(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1).toWellFormed()}…`;
}

/** How many of what a plan changes, e.g. "Pause 460 accounts". */
export function titleOf(kind: ChangeKind, count: number, name: string, detail = ''): string {
  const number = formatNumber(count);
  switch (kind) {
    case 'activate-campaign':
      return count === 1 ? t('Activate campaign "{0}"', name) : t('Activate {0} campaigns', number);
    case 'pause-campaign':
      return count === 1 ? t('Pause campaign "{0}"', name) : t('Pause {0} campaigns', number);
    case 'stop-campaign':
      return count === 1 ? t('Stop campaign "{0}" for good', name) : t('Stop {0} campaigns for good', number);
    case 'delete-campaign':
      return t('Delete campaign "{0}"', name);
    case 'edit-campaign':
      return t('Edit campaign "{0}"', name);
    case 'pause-account':
      return count === 1 ? t('Pause {0}', name) : t('Pause {0} accounts', number);
    case 'resume-account':
      return count === 1 ? t('Resume {0}', name) : t('Resume {0} accounts', number);
    case 'mark-fixed':
      return count === 1 ? t('Mark {0} as fixed', name) : t('Mark {0} accounts as fixed', number);
    case 'daily-limit':
      return count === 1
        ? t('Set the daily limit of {0} to {1}', name, detail)
        : t('Set the daily limit of {0} accounts to {1}', number, detail);
    case 'add-sender':
      return count === 1 ? t('Add {0} to "{1}"', name, detail) : t('Add {0} senders to "{1}"', number, detail);
    case 'remove-sender':
      return count === 1
        ? t('Remove {0} from "{1}"', name, detail)
        : t('Remove {0} senders from "{1}"', number, detail);
    case 'assign-tag':
      return count === 1 ? t('Tag {0} with "{1}"', name, detail) : t('Tag {0} with "{1}"', number, detail);
    case 'remove-tag':
      return count === 1
        ? t('Remove the tag "{1}" from {0}', name, detail)
        : t('Remove the tag "{1}" from {0}', number, detail);
  }
}

/** E.g. "Remove 1,373 accounts from 38 active campaigns". */
export function removalTitle(items: readonly PlanItem[]): string {
  const accounts = new Set(items.map(({ id }) => id)).size;
  const campaigns = new Set(items.map(({ campaign }) => campaign?.id)).size;
  const [first] = items;
  if (accounts === 1 || campaigns === 1) {
    return accounts === 1 && campaigns > 1
      ? t('Remove {0} from {1} active campaigns', first?.label ?? '', formatNumber(campaigns))
      : titleOf('remove-sender', accounts, first?.label ?? '', first?.campaign?.name ?? '');
  }
  return t('Remove {0} accounts from {1} active campaigns', formatNumber(accounts), formatNumber(campaigns));
}

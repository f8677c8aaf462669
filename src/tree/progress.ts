import * as vscode from 'vscode';
import type { Session } from '../connections/sessions.ts';
import { formatAge, formatClock, formatDuration, formatNumber } from '../format.ts';
import type { Words } from './rowSource.ts';

const { t } = vscode.l10n;

/** Ages in rows are counted on this often, in milliseconds. */
const AGE = 60_000;

/** The time that ages are counted to: the same in every row and view until the next one. Milliseconds since the epoch. */
function ageTime(): number {
  return Math.floor(Date.now() / AGE) * AGE;
}

/** Milliseconds until ages are counted on. */
export function untilNextAge(): number {
  return AGE - (Date.now() % AGE);
}

/** How long ago a moment was. One of this minute, after the time that ages are counted to, is not in the future. */
function ageOf(time: number): string {
  const counted = ageTime();
  return formatAge(time, time - counted < AGE ? Math.max(time, counted) : counted);
}

/** How complete and how old the map of a connection is, in few words for its row and as a screen reader says it. */
export function stateWords(session: Session): Words {
  const { map } = session;
  if (map.complete && !map.progress.running && map.syncedAt !== undefined) {
    const age = ageOf(map.syncedAt);
    return { short: age, full: t('complete, {0}', age) };
  }
  const words = progressOf(session);
  return { short: words, full: words };
}

function progressOf({ map, provider }: Session): string {
  const { running, pages, pagesBefore, scan } = map.progress;
  const waiting = provider.client.waitingUntil;
  if (running) {
    return waiting === undefined ? t('syncing…') : t('waiting until {0}', formatClock(waiting));
  }
  if (map.complete) {
    return t('complete');
  }
  if (map.empty) {
    return '';
  }
  const read =
    scan !== undefined && map.accounts.status === 'complete' && map.campaigns.status === 'complete'
      ? t('{0} of {1} campaigns asked', scan.scanned, scan.total)
      : pagesBefore === undefined || pagesBefore < pages
        ? pagesOf(pages)
        : t('{0} of about {1} pages', pages, pagesBefore);
  const why = waiting === undefined ? reasonWords(map) : t('rate limited until {0}', formatClock(waiting));
  // What is on screen may be from another day.
  const age = map.syncedAt === undefined ? '' : t('last complete {0}', ageOf(map.syncedAt));
  return t('partial: {0}', [read, why, age].filter(Boolean).join(', '));
}

function reasonWords({ accounts, campaigns }: Session['map']): string {
  const error = accounts.error ?? campaigns.error;
  if (error !== undefined) {
    switch (error.kind) {
      case 'rateLimited':
        return error.retryAt === undefined
          ? t('rate limited')
          : t('rate limited until {0}', formatClock(error.retryAt));
      case 'network':
      case 'timeout':
        return t('no connection');
      case 'badKey':
        return t('key refused');
      case 'missingScope':
        return t('scope missing');
      default:
        return t('error');
    }
  }
  if (accounts.status === 'capped') {
    return t('page limit');
  }
  return accounts.status === 'stopped' || campaigns.status === 'stopped' ? t('stopped') : '';
}

/** A running sync in words: pages, rows, requests and time left, as far as they can be known. */
export function progressWords(session: Session): string {
  const { map, provider, connection } = session;
  const { pages, pagesBefore, scan, requestsLeft, timeLeft } = map.progress;
  const waiting = provider.client.waitingUntil;
  const scanning = scan !== undefined && map.accounts.status === 'complete' && map.campaigns.status === 'complete';
  const facts = [
    scanning
      ? t('{0} of {1} campaigns asked', formatNumber(scan.scanned), formatNumber(scan.total))
      : pagesBefore === undefined || pagesBefore < pages
        ? pagesOf(pages)
        : t('{0} of about {1} pages', formatNumber(pages), formatNumber(pagesBefore)),
    countOf(map.accounts.records.size),
    requestsLeft === undefined || requestsLeft === 0
      ? undefined
      : requestsLeft === 1
        ? t('about 1 request to go')
        : t('about {0} requests to go', formatNumber(requestsLeft)),
    waiting !== undefined
      ? t('{0} asks to wait until {1}', provider.info.name, formatClock(waiting))
      : timeLeft === undefined || timeLeft < 1000
        ? undefined
        : t('{0} left', formatDuration(timeLeft)),
  ].filter((fact) => fact !== undefined);
  return t('Syncing {0}: {1}', connection.label, facts.join(' · '));
}

function pagesOf(pages: number): string {
  return pages === 1 ? t('1 page') : t('{0} pages', formatNumber(pages));
}

function countOf(accounts: number): string {
  return accounts === 1 ? t('1 account') : t('{0} accounts', formatNumber(accounts));
}

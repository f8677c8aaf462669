import { t } from '@vscode/l10n';
import type { Session } from '../../connections/sessions.ts';
import {
  bindingMailboxes,
  capacity as capacityOf,
  mailboxesNeeded,
  type Capacity,
  type CampaignCapacity,
  type CampaignNeed,
} from '../../health/capacity.ts';
import { UNLIMITED } from '../../health/sending.ts';
import { formatNumber } from '../../health/words.ts';
import type { Graph } from '../../map/graph.ts';
import { propertiesOf, type Properties, type Rows } from '../../providers/properties.ts';
import { bounded } from '../../queries/bounded.ts';
import { inTurns } from '../../transport/turns.ts';
import type { Report } from '../reports.ts';

/** Campaigns that lack most, of which the report says what they need and which mailboxes bind them. */
const WORST = 10;
/** The first mailboxes that bind a campaign are named, the others counted. */
const NAMED = 20;

/** What a campaign can expect, in documents. */
const SHARE: Rows = {
  wanted: { words: () => t('Its daily limit'), unit: () => t('emails a day') },
  possible: {
    words: () => t('What it could send if its senders sent for nothing else'),
    unit: () => t('emails a day'),
  },
  expected: {
    words: () => t('What it can expect where shared senders are shared fairly'),
    unit: () => t('emails a day'),
  },
  shortfall: { words: () => t('How far it falls short of its daily limit'), unit: () => t('emails a day') },
  senders: { words: () => t('Accounts that send for the campaign') },
  senders_that_can_send: { words: () => t('Those that can send') },
  senders_used_up: { words: () => t('Those with nothing left to give, which limit the campaign') },
};

/** What a campaign needs to reach its limit, in documents. */
const NEED: Rows = {
  shortfall: { words: () => t('How far it falls short of its daily limit'), unit: () => t('emails a day') },
  emails_needed: {
    words: () => t('What mailboxes that send for nothing else have to add'),
    unit: () => t('emails a day'),
    trap: () => t('This is more than the shortfall where fair sharing takes from it what new mailboxes bring.'),
  },
  mailboxes_needed: { words: () => t('How many more healthy mailboxes it needs, of one type or another') },
  'mailboxes_needed.*.kind': { words: () => t('Mailbox type') },
  'mailboxes_needed.*.daily_limit': {
    words: () => t('What each of them sends, like most of that type here'),
    unit: () => t('emails a day'),
  },
  'mailboxes_needed.*.mailboxes': { words: () => t('How many of them'), unit: () => t('accounts') },
  used_up: { words: () => t('The first of its senders with nothing left to give') },
  'used_up.*.key': { words: () => t('The account'), names: 'account' },
  'used_up.*.email': { words: () => t('Its email') },
  more_used_up: { words: () => t('Further such senders, not listed here'), unit: () => t('accounts') },
};

/** What one campaign can expect and what it needs, in documents that have it under `name`. */
export function shareProperties(name: string): Properties {
  return propertiesOf('Sendmap', { ...SHARE, ...NEED }, `${name}.`);
}

/** What a connection can send a day, and what each active campaign can expect of it. */
export const capacity: Report = {
  properties: propertiesOf('Sendmap', {
    emails_a_day: { words: () => t('Emails a day of all active campaigns together') },
    'emails_a_day.possible': { words: () => t('The most that healthy accounts can send for active campaigns') },
    'emails_a_day.wanted': { words: () => t('The daily limits of all active campaigns that have one') },
    'campaigns.*.id': { words: () => t('The campaign'), names: 'campaign' },
    worst_shortfalls: { words: () => t('The campaigns with the largest shortfall, and what they need') },
    'worst_shortfalls.*.id': { words: () => t('The campaign'), names: 'campaign' },
    'worst_shortfalls.*.name': { words: () => t('Name of the campaign') },
    ...propertiesOf('Sendmap', SHARE, 'campaigns.*.'),
    ...propertiesOf('Sendmap', NEED, 'worst_shortfalls.*.'),
  }),
  build: async (session) => {
    const { map } = session;
    await map.readWhole();
    const result = await inTurns(capacityOf(map.graph));
    const rows = worstFirst(result.campaigns);
    return {
      answer: answerOf(result),
      emails_a_day: totalsOf(result),
      campaigns:
        result.campaigns.length === 0 ? t('No campaign is active.') : rows.map((row) => campaignPart(map.graph, row)),
      worst_shortfalls: await worstPart(map.graph, rows),
      assumptions: assumptionsOf(session, result),
    };
  },
};

function answerOf({ possible, campaigns }: Capacity): string {
  const short = campaigns.filter(({ shortfall = 0 }) => shortfall > 0).length;
  if (campaigns.length === 0) {
    return t('No campaign is active, so nothing is sent.');
  }
  return short === 0
    ? t(
        'Accounts can send up to {0} emails a day. Every active campaign with a daily limit can reach it.',
        formatNumber(possible),
      )
    : t(
        'Accounts can send up to {0} emails a day. Active campaigns that cannot reach their daily limit: {1} of {2}.',
        formatNumber(possible),
        formatNumber(short),
        formatNumber(campaigns.length),
      );
}

/** The sums of all campaigns; `wanted` is absent where no campaign has a limit. */
export function totalsOf({ possible, campaigns }: Capacity): object {
  const limits = campaigns.map(({ wanted }) => wanted).filter((wanted) => wanted !== undefined);
  return {
    possible,
    wanted: limits.length === 0 ? undefined : limits.reduce((sum, wanted) => sum + wanted, 0),
  };
}

/** A campaign as a report names it, with its figures rounded to a tenth of an email. */
function campaignPart(graph: Graph, row: CampaignCapacity): object {
  return { id: row.id, name: bounded(graph.campaign(row.id)?.name ?? ''), ...figuresOf(row) };
}

function figuresOf(row: CampaignCapacity): object {
  return {
    wanted: row.wanted ?? t('No limit for all of its emails: only its senders limit it'),
    possible: row.possible,
    expected: rounded(row.expected),
    shortfall: row.shortfall === undefined ? undefined : rounded(row.shortfall),
    senders: row.senders,
    senders_that_can_send: row.sending,
    senders_used_up: row.binding,
    senders_known: row.sendersKnown ? undefined : t('Not all senders are known yet'),
  };
}

/** What the campaigns that lack most need; undefined where none lacks anything that is seen in the figures. */
async function worstPart(graph: Graph, rows: readonly CampaignCapacity[]): Promise<object[] | undefined> {
  const worst = rows.filter(({ shortfall = 0 }) => rounded(shortfall) > 0).slice(0, WORST);
  if (worst.length === 0) {
    return undefined;
  }
  const ids = worst.map(({ id }) => id);
  const needs = await inTurns(mailboxesNeeded(graph, ids));
  const parts: object[] = [];
  for (const row of worst) {
    parts.push({
      id: row.id,
      name: bounded(graph.campaign(row.id)?.name ?? ''),
      shortfall: rounded(row.shortfall ?? 0),
      ...needPart(needs.get(row.id)),
      ...(await usedUpPart(graph, row)),
    });
  }
  return parts;
}

/** What one campaign can expect, and what it needs to reach its limit; undefined where it is not active. */
export async function sharePart(graph: Graph, campaignId: string): Promise<object | undefined> {
  const { campaigns } = await inTurns(capacityOf(graph));
  const row = campaigns.find(({ id }) => id === campaignId);
  if (row === undefined) {
    return undefined;
  }
  const { shortfall = 0 } = row;
  if (rounded(shortfall) === 0) {
    return figuresOf(row);
  }
  const needs = await inTurns(mailboxesNeeded(graph, [campaignId]));
  return { ...figuresOf(row), ...needPart(needs.get(campaignId)), ...(await usedUpPart(graph, row)) };
}

/** The first senders of a campaign that have nothing left to give. */
async function usedUpPart(graph: Graph, row: CampaignCapacity): Promise<object> {
  const keys = await inTurns(bindingMailboxes(graph, row));
  return {
    used_up: keys.slice(0, NAMED).map((key) => ({ key, email: graph.account(key)?.email })),
    more_used_up: keys.length > NAMED ? keys.length - NAMED : undefined,
  };
}

function needPart(need: CampaignNeed | undefined): object {
  return {
    emails_needed: need && rounded(need.emails),
    mailboxes_needed:
      need?.mailboxes.length === 0
        ? t('The limits of mailboxes are not known, so nobody can say')
        : need?.mailboxes.map(({ kind, dailyLimit, mailboxes }) => ({
            kind: kind === undefined ? undefined : bounded(kind),
            daily_limit: dailyLimit,
            mailboxes,
          })),
  };
}

/** Emails a day, to a tenth. */
export function rounded(emails: number): number {
  return Math.round(emails * 10) / 10;
}

function worstFirst(campaigns: readonly CampaignCapacity[]): CampaignCapacity[] {
  return [...campaigns].sort((a, b) => (b.shortfall ?? 0) - (a.shortfall ?? 0) || a.expected - b.expected);
}

/** What the figures rest on, in words. */
export function assumptionsOf({ map }: Session, { counts }: Capacity): string[] {
  const { sendingAccounts, unlimitedAccounts, unknownLimits, stoppedCampaigns, withoutLimit, sendersUnknown } = counts;
  return [
    t('This is a model: what can be sent on a day on which every active campaign sends.'),
    t(
      'Accounts of active campaigns that can send: {0}. Each sends up to its daily limit.',
      formatNumber(sendingAccounts),
    ),
    t('Accounts that are disconnected, bouncing, paused, suspended or not set up yet send nothing; others do.'),
    t('Shared senders are shared fairly: the campaign with the least gets as much as it can, then the next.'),
    t('Accounts that ramp up slowly count with their full limit.'),
    ...(unlimitedAccounts > 0
      ? [t('Accounts without a limit: {0}. Each counts as {1} a day.', formatNumber(unlimitedAccounts), UNLIMITED)]
      : []),
    ...(unknownLimits > 0
      ? [
          t(
            'Accounts whose limit is unknown: {0}. They are not counted, so more may be possible.',
            formatNumber(unknownLimits),
          ),
        ]
      : []),
    ...(withoutLimit > 0
      ? [
          t(
            'Campaigns without a limit for all of their emails: {0}. Only their senders limit them.',
            formatNumber(withoutLimit),
          ),
        ]
      : []),
    ...(stoppedCampaigns > 0
      ? [t('Campaigns stopped by a problem: {0}. They get nothing.', formatNumber(stoppedCampaigns))]
      : []),
    ...(sendersUnknown > 0
      ? [t('Campaigns whose senders are not all known: {0}. They may send more.', formatNumber(sendersUnknown))]
      : []),
    ...(map.complete ? [] : [t('The map is incomplete, so more may be possible.')]),
  ];
}

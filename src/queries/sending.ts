import { t } from '@vscode/l10n';
import type { Campaign } from '../providers/model.ts';
import type { SendingStatus, SentAndBounced } from '../providers/provider.ts';
import { openingOf } from './schedule.ts';
import type { SenderFigures } from './senders.ts';

/** Bounces of a hundred emails from which senders lose their reputation (Smartlead FACTS 7). */
export const MOST_BOUNCES = 3;

/** Bounces of a hundred emails; undefined where nothing was sent. */
export function bounceRate({ sent, bounced }: SentAndBounced): number | undefined {
  return sent > 0 ? Math.round((bounced / sent) * 10_000) / 100 : undefined;
}

/** All that is known of why a campaign sends, or does not. What could not be read is undefined. */
export interface Sending {
  readonly service: string;
  readonly campaign: Campaign;
  readonly figures: SenderFigures;
  readonly status: SendingStatus | undefined;
  readonly bounces: SentAndBounced | undefined;
}

interface Answer {
  /** Sentences. */
  readonly answer: string;
  /** What a person can do next; undefined where there is nothing to do. */
  readonly step: string | undefined;
}

/**
 * Why a campaign does not send, in plain words: what the service says goes first, then what the map says, the
 * certain before the possible.
 *
 * @param now in milliseconds since the epoch.
 */
export function explainSending(sending: Sending, now: number): Answer {
  const main = reasonOf(sending, now);
  const senders = main.aboutSenders === true ? undefined : sendersWords(sending.figures);
  const rate = sending.bounces && bounceRate(sending.bounces);
  const bounces =
    rate === undefined || rate <= MOST_BOUNCES
      ? undefined
      : t('{0} of {1} emails bounced, which is more than {2} %.', ...numbersOf(sending.bounces), MOST_BOUNCES);
  return {
    answer: [main.answer, senders, bounces].filter((words) => words !== undefined).join(' '),
    step:
      main.step ??
      (senders === undefined ? undefined : RECONNECT()) ??
      (bounces === undefined ? undefined : t('Verify the leads that are left before you send more.')),
  };
}

function numbersOf(bounces: SentAndBounced | undefined): [number, number] {
  return [bounces?.bounced ?? 0, bounces?.sent ?? 0];
}

const RECONNECT = () => t('Reconnect or replace the accounts that are not healthy.');

function reasonOf(sending: Sending, now: number): Answer & { readonly aboutSenders?: boolean } {
  const { service, campaign, figures, status } = sending;
  if (status?.sends === false && status.words !== undefined) {
    const said = status.message === undefined ? '' : ` (${status.message.replace(/\.$/, '')})`;
    return { answer: t('{0} says: {1}{2}.', service, status.words, said), step: status.step };
  }
  if (status?.sends !== true && campaign.state !== 'healthy' && campaign.state !== 'unknown') {
    return {
      answer: t('The status of the campaign is "{0}".', campaign.statusWords),
      step: campaign.state === 'done' ? undefined : t('Look at the campaign in the web app of {0}.', service),
    };
  }
  const found = foundIn(sending, now);
  if (found !== undefined) {
    return found;
  }
  if (status?.sends === true) {
    return { answer: t('{0} says: {1}.', service, status.words ?? ''), step: undefined };
  }
  return {
    answer: figures.known
      ? t('Nothing that can be seen from here keeps the campaign from sending.')
      : t('Nothing that is known so far keeps the campaign from sending, but not all of its senders are known.'),
    step: t('See whether the campaign has leads left in the web app of {0}.', service),
  };
}

/** What the map and the campaign itself show; where the service says that it sends, only what contradicts nothing. */
function foundIn(
  { campaign, figures, status }: Sending,
  now: number,
): (Answer & { readonly aboutSenders?: boolean }) | undefined {
  if (status?.sends === true) {
    return undefined;
  }
  if (figures.known && figures.senders === 0) {
    return {
      answer: t('The campaign has no senders.'),
      step: t('Add accounts to the campaign.'),
      aboutSenders: true,
    };
  }
  if (figures.known && figures.healthy === 0) {
    return {
      answer: t('None of the senders of the campaign is healthy ({0}).', brokenWords(figures)),
      step: RECONNECT(),
      aboutSenders: true,
    };
  }
  const { schedule } = campaign;
  switch (schedule && openingOf(schedule, now)) {
    case 'never':
      return {
        answer: t('The schedule of the campaign has no day on which it sends.'),
        step: t('Choose days in the schedule of the campaign.'),
      };
    case 'over':
      return {
        answer: t('The last day of the campaign was {0}.', schedule?.endsOn ?? ''),
        step: t('Move the end date, or end the campaign.'),
      };
    case 'notYet':
      return {
        answer: t('The first day of the campaign is {0}.', schedule?.startsOn ?? ''),
        step: t('Wait until then, or move the start date.'),
      };
    case 'closed':
      return {
        answer: t('The campaign is outside its schedule at the moment.'),
        step: t('Wait for the schedule, or widen it.'),
      };
    default:
  }
  if (figures.known && figures.atLimit === figures.healthy) {
    return {
      answer: t('All healthy senders of the campaign have met their daily limits.'),
      step: t('Wait until tomorrow, or add accounts to the campaign.'),
    };
  }
  return campaign.notSending === undefined
    ? undefined
    : { answer: t('Not sending: {0}.', campaign.notSending), step: undefined };
}

function sendersWords(figures: SenderFigures): string | undefined {
  const broken = figures.senders - figures.healthy;
  return broken === 0
    ? undefined
    : t('Senders that are not healthy: {0} of {1} ({2}).', broken, figures.senders, brokenWords(figures));
}

/** Conditions that an answer names. */
const NAMED = 3;

function brokenWords({ broken }: SenderFigures): string {
  const named = broken.slice(0, NAMED).map(({ words, count }) => `${words}: ${count}`);
  return [...named, ...(broken.length > NAMED ? ['…'] : [])].join(', ');
}

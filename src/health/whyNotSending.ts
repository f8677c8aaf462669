import { t } from '@vscode/l10n';
import type { Campaign } from '../providers/model.ts';
import type { SendingStatus, SentAndBounced } from '../providers/provider.ts';
import { openingOf } from '../queries/schedule.ts';
import type { CampaignFacts, CampaignRule } from './rule.ts';
import { bounceRate as bounceRule } from './rules/bounceRate.ts';
import { noHealthySenders } from './rules/noHealthySenders.ts';
import { sendersUnhealthy } from './rules/sendersUnhealthy.ts';
import type { SenderFigures } from './senders.ts';

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
  /** The rules that hold for the campaign, in order, and what they know of it. */
  readonly cases: readonly CampaignRule[];
  readonly facts: CampaignFacts;
}

interface Answer {
  /** Sentences. */
  readonly answer: string;
  /** What a person can do next; undefined where there is nothing to do. */
  readonly step: string | undefined;
}

/** The answer to the question itself, and the rule that it comes from, if it does. */
interface Reason extends Answer {
  readonly rule?: CampaignRule;
}

/**
 * Why a campaign does not send, in plain words: what the service says goes first, then the rules, then what only this
 * moment shows. What rules say against the service is said as that.
 *
 * @param now in milliseconds since the epoch.
 */
export function explainSending(sending: Sending, now: number): Answer {
  const { bounces, cases, facts, figures, status } = sending;
  const reason = reasonOf(sending, now);
  const senders = sendersWords(figures);
  const bouncesWords =
    bounces !== undefined && cases.includes(bounceRule)
      ? t('{0} of {1} emails bounced, more than {2}%.', bounces.bounced, bounces.sent, facts.thresholds.bounceRate)
      : undefined;
  const against = status?.sends === true ? cases.filter((rule) => isAgainstSending(rule, figures)) : [];
  // What the sentences about senders and bounces say is not said twice.
  const said: readonly (CampaignRule | undefined)[] = [
    reason.rule,
    ...against,
    bounceRule,
    ...(senders === undefined ? [] : [noHealthySenders, sendersUnhealthy]),
  ];
  const others = cases.filter((rule) => !said.includes(rule));
  const sentences = [
    reason.answer,
    senders,
    bouncesWords,
    against.length === 0 ? undefined : t('But Sendmap found: {0}.', titlesOf(against)),
    others.length === 0 ? undefined : t('Other findings: {0}.', titlesOf(others)),
  ];
  return {
    answer: sentences.filter((words) => words !== undefined).join(' '),
    step:
      reason.step ??
      (against.length === 0 ? undefined : t('Refresh the connection, then look again.')) ??
      (senders === undefined ? undefined : sendersUnhealthy.nextStep()) ??
      cases.find((rule) => rule !== reason.rule)?.nextStep(),
  };
}

function titlesOf(rules: readonly CampaignRule[]): string {
  return rules.map((rule) => rule.title()).join(', ');
}

/** Whether a rule cannot hold where the service says that the campaign sends; senders at risk go on sending. */
function isAgainstSending(rule: CampaignRule, { sending }: SenderFigures): boolean {
  return rule.stops === true && (rule !== noHealthySenders || sending === 0);
}

function reasonOf(sending: Sending, now: number): Reason {
  const { service, campaign, cases, facts, figures, status } = sending;
  if (status?.sends === false && status.words !== undefined) {
    const said = status.message === undefined ? '' : ` (${status.message.replace(/\.$/, '')})`;
    return { answer: t('{0} says: {1}{2}.', service, status.words, said), step: status.step };
  }
  if (status?.sends === true) {
    return { answer: t('{0} says: {1}.', service, status.words ?? ''), step: undefined };
  }
  const rule = cases.find((one) => isAgainstSending(one, figures));
  if (rule !== undefined) {
    // A rule that reads no more than the state has nothing to show besides.
    const evidence = rule.reads.some((name) => name !== 'state') ? rule.evidence(campaign, facts) : '';
    const meaning = rule.meaning();
    const answer = evidence === '' ? meaning : t('{0} ({1}).', meaning.replace(/\.$/, ''), evidence);
    return { answer, step: rule.nextStep(), rule };
  }
  if (campaign.state !== 'healthy' && campaign.state !== 'unknown') {
    return {
      answer: t('The status of the campaign is "{0}".', campaign.statusWords),
      step: campaign.state === 'done' ? undefined : t('Check the campaign in the web app of {0}.', service),
    };
  }
  return (
    momentaryReason(sending, now) ?? {
      answer: figures.known
        ? t('Nothing that Sendmap can see keeps the campaign from sending.')
        : t('Nothing known so far keeps the campaign from sending, but not all of its senders are known.'),
      step: t('Check in the web app of {0} whether the campaign has leads left.', service),
    }
  );
}

/** What keeps a campaign from sending now and passes with time, which no rule is about. */
function momentaryReason({ campaign, figures }: Sending, now: number): Reason | undefined {
  const { schedule } = campaign;
  switch (schedule && openingOf(schedule, now)) {
    case 'notYet':
      return {
        answer: t('The campaign starts on {0}.', schedule?.startsOn ?? ''),
        step: t('Wait until then, or move the start date.'),
      };
    case 'closed':
      return {
        answer: t('The campaign is outside its schedule right now.'),
        step: t('Wait for the schedule, or widen it.'),
      };
    default:
  }
  if (figures.known && figures.sending > 0 && figures.atLimit === figures.sending) {
    return {
      answer: t('All senders of the campaign that can send have reached their daily limits.'),
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
    : t('Unhealthy senders: {0} of {1} ({2}).', broken, figures.senders, brokenWords(figures));
}

/** Conditions that an answer names. */
const NAMED = 3;

function brokenWords({ broken }: SenderFigures): string {
  const named = broken.slice(0, NAMED).map(({ words, count }) => `${words}: ${count}`);
  return [...named, ...(broken.length > NAMED ? ['…'] : [])].join(', ');
}

import { t } from '@vscode/l10n';
import type { Session } from '../../connections/sessions.ts';
import { campaignFindings } from '../../health/explain.ts';
import { figuresOfSenders, type SenderFigures } from '../../health/senders.ts';
import { bounceRate, explainSending } from '../../health/whyNotSending.ts';
import type { Campaign, Schedule } from '../../providers/model.ts';
import { propertiesOf, type Properties } from '../../providers/properties.ts';
import type { DailyUse, SendingStatus, SentAndBounced } from '../../providers/provider.ts';
import { bounded, plainValues } from '../../queries/bounded.ts';
import { dayIn, openingOf } from '../../queries/schedule.ts';
import { isAbort, isServiceError, ServiceError } from '../../transport/errors.ts';
import { inTurns } from '../../transport/turns.ts';
import type { Report } from '../reports.ts';
import { attempt } from './attempt.ts';
import { FINDING } from './explanation.ts';

/** Where a fact comes from that no answer of the service was asked for. */
const MAP = 'map';

/** Why a campaign sends, or does not: what the service says, what the map knows, and what to do next. */
export const campaignSending: Report = {
  properties: properties(),
  build: async (session, id, { signal, health: healthOf }) => {
    const { map, provider, connection } = session;
    const options = { signal };
    const [watched, campaign, status, bounces] = await Promise.all([
      healthOf(connection.id),
      campaignOf(session, id, signal),
      attempt(() => provider.sendingStatus?.(id, options)),
      attempt(() => provider.bounces?.(id, options)),
    ]);
    if (watched === undefined) {
      throw new ServiceError('ended', { service: provider.info.name });
    }
    const { health } = watched;
    const figures = await inTurns(figuresOfSenders(map.graph, id));
    const now = Date.now();
    const known = health.factsOfCampaign(campaign, bounces.value && bounceRate(bounces.value));
    const facts = { ...known, today: dayIn(campaign.schedule?.timezone, now) ?? known.today };
    const cases = health.casesOf(campaign, facts);
    const { answer, step } = explainSending(
      { service: provider.info.name, campaign, figures, status: status.value, bounces: bounces.value, cases, facts },
      now,
    );
    return {
      answer: bounded(answer, LONGEST_ANSWER),
      campaign: campaignPart(campaign),
      service: status.failure === undefined ? status.value && statusPart(status.value) : { not_read: status.failure },
      findings: campaignFindings(
        health,
        campaign,
        facts,
        cases.filter((rule) => !health.isOff(rule.id)),
      ),
      senders: sendersPart(figures),
      schedule: campaign.schedule && schedulePart(campaign.schedule, now),
      bounces:
        bounces.failure === undefined
          ? bouncesPart(bounces.value, facts.thresholds.bounceRate)
          : { not_read: bounces.failure },
      next_step: step,
    };
  },
};

/** An answer is a few sentences, each with words from outside. */
const LONGEST_ANSWER = 2000;

/**
 * The campaign as the service has it now. Where only lists say why it is paused, the map knows more while the status is
 * the same; where the service does not answer, the map knows it from before.
 */
async function campaignOf({ map, provider }: Session, id: string, signal: AbortSignal): Promise<Campaign> {
  const known = map.graph.campaign(id);
  try {
    const fresh = await provider.campaign(id, { signal });
    const keeps = provider.info.pauseReasonsInLists === true && known?.status === fresh.status;
    return keeps ? (known ?? fresh) : fresh;
  } catch (error) {
    if (known === undefined || isAbort(error) || !isServiceError(error) || error.kind === 'notFound') {
      throw error;
    }
    return known;
  }
}

function campaignPart({ id, name, statusWords, reason, others, dailyLimit, newLeadsPerDay }: Campaign): object {
  return {
    id,
    name: bounded(name),
    status: bounded(statusWords),
    reason: reason && bounded(reason),
    others: others?.map((words) => bounded(words)),
    daily_limit: dailyLimit,
    new_leads_per_day: newLeadsPerDay,
  };
}

function statusPart({ source, words, accounts, message, log, ...status }: SendingStatus): object {
  return {
    source,
    status: typeof status.code === 'string' ? bounded(status.code) : status.code,
    meaning: words && bounded(words),
    message: message && bounded(message),
    since: status.since && bounded(status.since),
    last_healthy_send_at: status.lastHealthySend && bounded(status.lastHealthySend),
    accounts: accounts && {
      connected: accounts.connected,
      available: accounts.available,
      at_daily_limit: accounts.atDailyLimit,
      at_ramp_limit: accounts.atRampLimit,
      disconnected: accounts.disconnected,
      waiting_for_sending_gap: accounts.waitingForGap,
    },
    emails_today: usePart(status.emailsToday),
    new_leads_today: usePart(status.newLeadsToday),
    in_schedule: status.inSchedule,
    follow_ups_waiting: status.followUpsWaiting,
    next_follow_up_in: status.nextFollowUp,
    waits_for_provider_match: status.waitsForMatch,
    domains_at_limit: status.domainsAtLimit,
    no_leads_ready: status.noLeadsReady,
    activity_log: log?.map(plainValues),
  };
}

function usePart(use: DailyUse | undefined): object | undefined {
  return use && { limit: use.limit, used: use.used, met: use.met };
}

function sendersPart(figures: SenderFigures): object {
  return {
    source: MAP,
    all_known: figures.known,
    count: figures.senders,
    healthy: figures.healthy,
    not_healthy: figures.broken.map(({ words, count, examples }) => ({
      condition: bounded(words),
      count,
      first_accounts: examples,
    })),
    can_send: figures.sending,
    can_send_per_day: figures.emailsPerDay,
    limit_not_known: figures.unknownLimits,
    at_daily_limit: figures.atLimit,
  };
}

function schedulePart(schedule: Schedule, now: number): object {
  const opening = openingOf(schedule, now);
  return {
    days: schedule.days,
    from: bounded(schedule.from),
    to: bounded(schedule.to),
    timezone: schedule.timezone && bounded(schedule.timezone),
    starts_on: schedule.startsOn && bounded(schedule.startsOn),
    ends_on: schedule.endsOn && bounded(schedule.endsOn),
    open_now: opening === undefined ? undefined : opening === 'open',
  };
}

/** Nothing where nothing was sent. */
function bouncesPart(bounces: SentAndBounced | undefined, most: number): object | undefined {
  const rate = bounces && bounceRate(bounces);
  return rate === undefined ? undefined : { ...bounces, bounce_rate: rate, advised_most: most, too_many: rate > most };
}

function properties(): Properties {
  return {
    ...propertiesOf('Sendmap', FINDING, 'findings.*.'),
    ...propertiesOf('Sendmap', {
      findings: { words: () => t('Findings for the campaign, snoozed ones included') },
      answer: { words: () => t('Why the campaign sends, or does not, in words') },
      next_step: { words: () => t('What can be done next') },
      campaign: { words: () => t('The campaign as the service has it') },
      'campaign.id': { words: () => t('ID of the campaign'), names: 'campaign' },
      'campaign.name': { words: () => t('Name of the campaign') },
      'campaign.status': { words: () => t('Status of the campaign') },
      'campaign.reason': { words: () => t("Why it has this status, in the service's words") },
      'campaign.others': { words: () => t('What else is wrong with it') },
      'campaign.daily_limit': { words: () => t('Maximum emails a day'), unit: () => t('emails a day') },
      'campaign.new_leads_per_day': { words: () => t('Maximum new leads a day'), unit: () => t('leads a day') },
      service: { words: () => t('What the service itself says about the sending') },
      'service.source': { words: () => t('Where the service says so') },
      'service.not_read': { words: () => t('Why it could not be read') },
      'service.status': { words: () => t('Status of the sending, as the service writes it') },
      'service.meaning': { words: () => t('What the status means') },
      'service.message': { words: () => t('The service in its own words') },
      'service.since': { words: () => t('Since when the status is this one'), time: true },
      'service.last_healthy_send_at': { words: () => t('When it last sent without a problem'), time: true },
      'service.accounts': { words: () => t('Accounts of the campaign, and why some are not available now') },
      'service.accounts.connected': { words: () => t('Accounts that are connected to the campaign') },
      'service.accounts.available': { words: () => t('Accounts that can send now') },
      'service.accounts.at_daily_limit': { words: () => t('Accounts that have reached their daily limit') },
      'service.accounts.at_ramp_limit': { words: () => t('Accounts that have reached the limit of their slow ramp') },
      'service.accounts.disconnected': { words: () => t('Accounts that are disconnected') },
      'service.accounts.waiting_for_sending_gap': { words: () => t('Accounts that wait for their sending gap') },
      'service.emails_today': { words: () => t('Daily limit of the campaign, and how much of it is used') },
      'service.emails_today.limit': { words: () => t('Maximum emails today'), unit: () => t('emails a day') },
      'service.emails_today.used': { words: () => t('Emails sent today'), unit: () => t('emails') },
      'service.emails_today.met': { words: () => t('Whether the limit is reached') },
      'service.new_leads_today': { words: () => t('Limit of new leads, and how much of it is used') },
      'service.new_leads_today.limit': { words: () => t('Maximum new leads today'), unit: () => t('leads a day') },
      'service.new_leads_today.used': { words: () => t('New leads contacted today'), unit: () => t('leads') },
      'service.new_leads_today.met': { words: () => t('Whether the limit is reached') },
      'service.in_schedule': { words: () => t('Whether the schedule is open now') },
      'service.follow_ups_waiting': { words: () => t('Follow-ups that wait to be sent'), unit: () => t('emails') },
      'service.next_follow_up_in': { words: () => t('Time until the first of them'), unit: () => t('seconds') },
      'service.waits_for_provider_match': {
        words: () => t('Whether it waits for an account with the same email provider as the lead'),
      },
      'service.domains_at_limit': { words: () => t('Domains of leads that have reached their limit') },
      'service.no_leads_ready': { words: () => t('Whether no lead is ready for an email') },
      'service.activity_log': { words: () => t('What the service noted of the campaign, as it came') },
      senders: { words: () => t('Accounts that send for the campaign') },
      'senders.source': { words: () => t('The map of this connection, as it was last read') },
      'senders.all_known': { words: () => t('Whether these are all senders of the campaign') },
      'senders.count': { words: () => t('Number of senders'), unit: () => t('accounts') },
      'senders.healthy': { words: () => t('Senders that are healthy'), unit: () => t('accounts') },
      'senders.not_healthy': { words: () => t('Senders that are not, by what is wrong with them') },
      'senders.not_healthy.*.condition': { words: () => t('What is wrong with them') },
      'senders.not_healthy.*.count': { words: () => t('How many there are'), unit: () => t('accounts') },
      'senders.not_healthy.*.first_accounts': { words: () => t('The first of them'), names: 'account' },
      'senders.can_send': { words: () => t('Senders that can send, healthy or not'), unit: () => t('accounts') },
      'senders.can_send_per_day': {
        words: () => t('Daily limits of those that can send together'),
        unit: () => t('emails a day'),
        trap: () => t('Senders share these limits among all campaigns that they send for.'),
      },
      'senders.limit_not_known': {
        words: () => t('Senders that can send, but whose daily limit is not known'),
        unit: () => t('accounts'),
      },
      'senders.at_daily_limit': {
        words: () => t('Senders that have reached their daily limit, where the service says what they sent today'),
        unit: () => t('accounts'),
      },
      schedule: { words: () => t('When the campaign sends') },
      'schedule.days': { words: () => t('Days on which it sends'), weekdays: true },
      'schedule.from': { words: () => t('Time of day from which it sends') },
      'schedule.to': { words: () => t('Time of day until which it sends') },
      'schedule.timezone': { words: () => t('Time zone of the schedule') },
      'schedule.starts_on': { words: () => t('First day of sending') },
      'schedule.ends_on': { words: () => t('Last day of sending') },
      'schedule.open_now': { words: () => t('Whether the schedule was open when this was made') },
      bounces: { words: () => t('Emails that the campaign has sent since it began, and those that bounced') },
      'bounces.not_read': { words: () => t('Why it could not be read') },
      'bounces.sent': { words: () => t('Emails sent'), unit: () => t('emails') },
      'bounces.bounced': { words: () => t('Emails that bounced'), unit: () => t('emails') },
      'bounces.bounce_rate': { words: () => t('Share of the emails that bounced'), unit: () => t('percent') },
      'bounces.advised_most': { words: () => t('The highest share that is advised'), unit: () => t('percent') },
      'bounces.too_many': { words: () => t('Whether more emails bounced than is advised') },
    }),
  };
}

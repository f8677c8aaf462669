import { NOW, type Json } from './instantlyWorld.ts';
import type { SandboxOptions } from './options.ts';
import { campaignName, person } from './people.ts';
import type { Movable, Planted } from './plants.ts';
import { Random } from './random.ts';
import { ensureOne } from './trouble.ts';

export interface SmartleadWorld {
  /** In the order of the list, which may change. */
  readonly accounts: SmartleadAccount[];
  readonly byId: ReadonlyMap<number, SmartleadAccount>;
  /** Newest first, as the list gives them. */
  readonly campaigns: Json[];
  readonly sendersOf: Map<number, SmartleadAccount[]>;
  readonly tags: readonly Json[];
  /** The activity logs of campaigns that have some, by their ids. */
  readonly activityLogs: Map<number, readonly Json[]>;
  /** Emails of a campaign that bounced, in percent, where its log does not say enough; by its id. */
  readonly bounced: Map<number, number>;
  /** What is known to be wrong, or nearly so; only worlds with plants say it. */
  readonly planted: Planted[];
  /** What may change from day to day; undefined: everything. */
  readonly movable: Movable | undefined;
  /** The steps of a campaign, made when they are first asked for; none where there is no such campaign. */
  sequencesOf(campaignId: number): Json[];
}

export interface SmartleadAccount {
  readonly id: number;
  /** The fields that all three routes share. */
  readonly shared: Json;
  /** Null for OAuth mailboxes; plain text on two routes and base64 on the list (Smartlead FACTS 3.7). */
  readonly password: string | null;
  warmup: Json | null;
  blockedReason: string | null;
  /** Only the answer about the account says that its warmup is blocked. */
  blockedOnlyById?: true;
  /** Minutes between two emails, which the list says. */
  gap?: number | undefined;
  reputation: number | null;
  tags: readonly Json[];
  suspended: boolean;
  clientId: number | null;
  readonly campaignIds: number[];
}

const HOUR = 3_600_000;
const iso = (time: number) => new Date(time).toISOString();
/** What the mail server says to who is disconnected. */
export const REFUSED = 'Invalid login: 535 5.7.8 authentication failed';
export const BLOCKED = 'Too many bounces in the warmup pool';
/** The log of a campaign that bounce protection paused: nothing else is known of an entry (Smartlead FACTS 3.1). */
export const BOUNCED: readonly Json[] = [{ paused_reason: 'Paused by bounce protection' }];
const TAGS: readonly Json[] = [
  { id: 10, name: 'Winners', color: '#B1FCCF' },
  { id: 15, name: 'Webinar emails', color: '#F5B1FC' },
  { id: 22, name: 'Insurance', color: '#B1D4FC' },
];

/** An agency's account with mailboxes, campaigns and subsequences. */
export function createSmartleadWorld(options: SandboxOptions): SmartleadWorld {
  const { accounts: accountCount, campaigns: campaignCount, clients } = options.smartlead;
  const random = new Random(options.seed + 7919);
  const client = () => (clients === 0 || random.chance(0.4) ? null : 9000 + random.between(1, clients));
  const accounts = Array.from({ length: accountCount }, (_, index) => createAccount(random, index, client()));
  addTroubles(accounts);
  const campaigns: Json[] = [];
  const sendersOf = new Map<number, SmartleadAccount[]>();
  for (let index = 0; index < campaignCount; index += 1) {
    const campaign = createCampaign(random, options, index, campaignCount, client);
    const id = Number(campaign['id']);
    campaigns.push(campaign);
    const senders: SmartleadAccount[] = [];
    if (accounts.length > 0 && campaign['scheduler_cron_value'] !== null) {
      const usual = Math.min(Math.round(accounts.length * (0.1 + random.next() * 0.25)), 300);
      const size = Math.max(1, Math.min(accounts.length, options.smartlead.senders ?? usual));
      const start = random.between(0, accounts.length - 1);
      for (let step = 0; step < size; step += 1) {
        const account = accounts[(start + step) % accounts.length];
        if (account !== undefined) {
          senders.push(account);
          account.campaignIds.push(id);
        }
      }
    }
    sendersOf.set(id, senders);
  }
  return assembleWorld(options.seed, accounts, campaigns, sendersOf, pausedByBounceProtection(campaigns));
}

/** A world of these parts. */
export function assembleWorld(
  seed: number,
  accounts: SmartleadAccount[],
  campaigns: Json[],
  sendersOf: Map<number, SmartleadAccount[]>,
  activityLogs: Map<number, readonly Json[]>,
  plants: Pick<SmartleadWorld, 'bounced' | 'planted' | 'movable'> = {
    bounced: new Map(),
    planted: [],
    movable: undefined,
  },
): SmartleadWorld {
  const sequences = new Map<number, Json[]>();
  return {
    accounts,
    byId: new Map(accounts.map((account) => [account.id, account])),
    campaigns: campaigns.reverse(),
    sendersOf,
    tags: TAGS,
    activityLogs,
    sequencesOf(campaignId) {
      const campaign = campaigns.find((row) => row['id'] === campaignId);
      if (campaign === undefined) {
        return [];
      }
      const made = sequences.get(campaignId) ?? createSequences(seed, campaignId, campaign);
      sequences.set(campaignId, made);
      return made;
    },
    ...plants,
  };
}

/** Blocked, suspended, and both at once. */
function addTroubles(accounts: readonly SmartleadAccount[]): void {
  const well = ({ shared, warmup, blockedReason, suspended }: SmartleadAccount) =>
    shared['is_smtp_success'] === true &&
    shared['is_imap_success'] === true &&
    warmup !== null &&
    blockedReason === null &&
    !suspended;
  const block = (account: SmartleadAccount) => {
    account.blockedReason = BLOCKED;
    account.reputation = 100;
  };
  const suspend = (account: SmartleadAccount) => {
    account.suspended = true;
  };
  ensureOne(accounts, {
    has: ({ warmup, blockedReason, suspended }) => warmup !== null && blockedReason !== null && !suspended,
    may: well,
    give: block,
  });
  ensureOne(accounts, {
    has: ({ blockedReason, suspended }) => suspended && blockedReason === null,
    may: well,
    give: suspend,
  });
  ensureOne(accounts, {
    has: ({ warmup, blockedReason, suspended }) => warmup !== null && blockedReason !== null && suspended,
    may: well,
    give: (account) => {
      block(account);
      suspend(account);
    },
  });
}

/** The log of the one campaign that bounce protection paused. */
function pausedByBounceProtection(campaigns: readonly Json[]): Map<number, readonly Json[]> {
  ensureOne(campaigns, {
    has: ({ status }) => status === 'PAUSED',
    may: ({ status }) => status === 'ACTIVE',
    give: (campaign) => {
      campaign['status'] = 'PAUSED';
    },
  });
  const paused = campaigns.find(({ status }) => status === 'PAUSED');
  return new Map(paused === undefined ? [] : [[Number(paused['id']), BOUNCED]]);
}

const SUBJECTS: readonly [string, ...string[]] = [
  '{{first_name}}, quick question about {{company_name}}',
  '{Idea|Thought} for {{company_name}}',
  'Fewer emails, more answers?',
];
const LINES: readonly [string, ...string[]] = [
  'I saw that {{company_name}} is hiring in operations, so I thought this may be timely.',
  'We help teams like yours {send fewer and better emails|get more from the emails they send}.',
  'Would a <b>short call</b> next week be worth fifteen minutes? If not, a one-line no is fine too.',
  'Two of your neighbours showed us what they changed: <a href="https://fabrikam.test/case">the case study</a>.',
];

/** From a generator of their own, so that asking for them changes nothing else in the world. */
function createSequences(seed: number, campaignId: number, campaign: Json): Json[] {
  const random = new Random(seed + campaignId);
  const steps = campaign['status'] === 'DRAFTED' && random.chance(0.5) ? 0 : random.between(2, 4);
  const times = { created_at: campaign['created_at'], updated_at: campaign['updated_at'] };
  return Array.from({ length: steps }, (_, step) => {
    const id = campaignId * 10 + step;
    // With variants the step itself is empty, as in the recorded answer (Smartlead FACTS 3.12).
    const variants = step === 0 ? ['A', 'B'] : [];
    // An empty subject goes on in the same thread.
    const subject = step === 0 ? random.pick(SUBJECTS) : '';
    return {
      id,
      ...times,
      email_campaign_id: campaignId,
      seq_number: step + 1,
      subject: variants.length > 0 ? '' : subject,
      email_body: variants.length > 0 ? '' : sequenceBody(random, step),
      seq_delay_details: { delayInDays: step === 0 ? 0 : random.between(2, 5) },
      sequence_variants: variants.map((label, index) => ({
        id: id * 10 + index,
        ...times,
        is_deleted: false,
        subject: index === 0 ? subject : random.pick(SUBJECTS),
        email_body: sequenceBody(random, step),
        email_campaign_seq_id: id,
        variant_label: label,
      })),
    };
  });
}

function sequenceBody(random: Random, step: number): string {
  const lines = ['{Hi|Hello|Hey} {{first_name}},', ...LINES.slice(0, step === 0 ? 3 : 1), random.pick(LINES)];
  return `${[...new Set(lines)].map((line) => `<div>${line}</div>`).join('<div><br></div>')}<div><br></div><div>%signature%</div>`;
}

/** Campaign number `index` of so many, the newest last. */
export function createCampaign(
  random: Random,
  options: SandboxOptions,
  index: number,
  count: number,
  client: () => number | null,
): Json {
  const subsequence = index > 2 && random.chance(0.3);
  const status = random.pick(['ACTIVE', 'ACTIVE', 'ACTIVE', 'PAUSED', 'DRAFTED', 'STOPPED', 'COMPLETED']);
  const created = NOW - (count - index) * 40 * HOUR;
  return {
    id: 2_400_100 + index * 7,
    user_id: 500_002,
    created_at: iso(created),
    updated_at: iso(created + 20 * HOUR),
    status: options.oddities && index % 19 === 8 ? 'ARCHIVED_BY_SYSTEM' : status,
    name: campaignName(random, index),
    track_settings: ['DONT_EMAIL_OPEN', 'DONT_LINK_CLICK'],
    // A draft has no schedule yet.
    scheduler_cron_value:
      status === 'DRAFTED'
        ? null
        : { tz: 'America/New_York', days: [1, 2, 3, 4, 5], endHour: '18:20', startHour: '09:48' },
    min_time_btwn_emails: random.pick([7, 10, 20]),
    max_leads_per_day: random.pick([50, 100, 1000]),
    stop_lead_settings: 'REPLY_TO_AN_EMAIL',
    schedule_start_time: null,
    enable_ai_esp_matching: false,
    send_as_plain_text: random.chance(0.5),
    follow_up_percentage: random.pick([0, 40, 100]),
    unsubscribe_text: null,
    // Now and then the parent is not in the list at all, as in the real workspace (Smartlead FACTS 6).
    parent_campaign_id: subsequence ? (random.chance(0.8) ? 2_400_100 + random.between(0, 2) * 7 : 2_400_099) : null,
    client_id: client(),
  };
}

export function createAccount(random: Random, index: number, clientId: number | null): SmartleadAccount {
  const { first, last, email } = person(random, 'fabrikam', index);
  const id = 23_000_100 + index * 3;
  const type = random.pick(['GMAIL', 'GMAIL', 'OUTLOOK', 'SMTP', 'SMTP']);
  const created = NOW - (index + 10) * HOUR;
  const smtpFails = random.chance(0.07);
  const own = type === 'SMTP';
  const host = `mail.${email.split('@')[1] ?? 'fabrikam.test'}`;
  const blockedReason = random.chance(0.06) ? BLOCKED : null;
  const limit = random.chance(0.03) ? 0 : random.pick([15, 30, 30, 50]);
  return {
    id,
    shared: {
      id,
      created_at: iso(created),
      updated_at: iso(created + 5 * HOUR),
      user_id: 500_002,
      from_name: `${first} ${last}`,
      from_email: email,
      username: email,
      smtp_host: own ? host : null,
      smtp_port: own ? 587 : null,
      smtp_port_type: own ? 'TLS' : null,
      message_per_day: limit,
      different_reply_to_address: '',
      is_different_imap_account: false,
      imap_username: own ? email : null,
      imap_host: own ? host : null,
      imap_port: own ? 993 : null,
      imap_port_type: own ? 'SSL' : null,
      signature: `<p>${first} ${last}</p>`,
      custom_tracking_domain: random.chance(0.7) ? `track.${email.split('@')[1] ?? ''}` : '',
      bcc_email: null,
      is_smtp_success: !smtpFails,
      is_imap_success: !smtpFails || random.chance(0.9),
      smtp_failure_error: smtpFails ? REFUSED : null,
      imap_failure_error: null,
      type,
      // A limit of 0 is none (Smartlead FACTS 3.9).
      daily_sent_count: Math.min(random.between(0, 30), limit === 0 ? Infinity : limit),
    },
    password: own ? `mailbox-password-${id}` : null,
    warmup: random.chance(0.85)
      ? {
          status: random.chance(0.9) ? 'ACTIVE' : 'INACTIVE',
          total_sent_count: random.between(0, 900),
          total_spam_count: random.between(0, 20),
          warmup_key_id: 'amber-harbor',
          reply_rate: 30,
          warmup_min_count: 3,
          warmup_max_count: 40,
          max_email_per_day: 40,
        }
      : null,
    blockedReason,
    // Blocked mailboxes keep a reputation of 100 (Smartlead FACTS 6).
    reputation: blockedReason !== null || random.chance(0.8) ? 100 : random.chance(0.1) ? null : random.between(55, 99),
    tags: TAGS.filter(() => random.chance(0.15)),
    suspended: random.chance(0.02),
    campaignIds: [],
    clientId,
  };
}

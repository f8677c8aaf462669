import type { SandboxOptions } from './options.ts';
import { campaignName, emailBody, person } from './people.ts';
import type { Movable, Planted } from './plants.ts';
import { Random } from './random.ts';
import { ensureOne } from './trouble.ts';

export type Json = Record<string, unknown>;

export interface InstantlyWorld {
  readonly workspace: Json;
  /** Newest first, as the list gives them; every row with all it has. */
  readonly accounts: readonly InstantlyAccount[];
  readonly byEmail: ReadonlyMap<string, InstantlyAccount>;
  /** By id descending: effectively random (Instantly FACTS 1.1). */
  readonly campaigns: Json[];
  readonly tags: readonly Json[];
  /** Newest first. */
  tagMappings: Json[];
  /** Campaigns of an account, newest first, listed and through tags. */
  readonly campaignsOf: Map<string, Json[]>;
  /** Emails of a campaign that bounced, in percent, where its status does not say enough; by its id. */
  readonly bounced: Map<string, number>;
  /** What is known to be wrong, or nearly so; only worlds with plants say it. */
  readonly planted: Planted[];
  /** What may change from day to day; undefined: everything. */
  readonly movable: Movable | undefined;
}

export interface InstantlyAccount {
  readonly email: string;
  readonly row: Json;
  /** What only the single read adds (Instantly FACTS 2.1). */
  warmup: Json;
  tagIds: readonly string[];
}

export type InstantlyTag = Json & { readonly id: string; readonly label: string };

/** When the sandbox is; milliseconds since the epoch. */
export const NOW = Date.UTC(2026, 10, 20, 9, 0, 0);
const HOUR = 3_600_000;
const TAG_LABELS = ['EU pool', 'US pool', 'Insurance', 'Batch A', 'Pre-warmed', 'Owner: Dana', 'Hold'];
interface SmtpError {
  readonly code: string;
  readonly command: string;
  readonly response: string;
  readonly responseCode: number;
}
const BUSY: SmtpError = {
  code: 'EMESSAGE',
  command: 'DATA',
  response: '421 4.7.0 Try again later, closing connection.',
  responseCode: 421,
};
/** What the mail server says to who is disconnected. */
export const REFUSED: SmtpError = {
  code: 'EAUTH',
  command: 'AUTH PLAIN',
  response: '535-5.7.8 Username and Password not accepted.',
  responseCode: 535,
};
const SMTP_ERRORS: readonly [SmtpError, ...SmtpError[]] = [
  REFUSED,
  { code: 'EENVELOPE', command: 'DATA', response: '550-5.4.5 Daily user sending limit exceeded.', responseCode: 550 },
  BUSY,
];

/** Campaigns that the service stopped because of their senders, and those that a person paused (Instantly FACTS 2.3). */
const UNHEALTHY = -1;
const PAUSED = 2;

/** Banned, and suspended permanently (Instantly FACTS 2.1). */
const UNWELL_WARMUPS = [-1, -3];

const iso = (time: number) => new Date(time).toISOString();

/** A workspace with accounts, campaigns and tags, where unset fields are left out as the service does. */
export function createInstantlyWorld(options: SandboxOptions): InstantlyWorld {
  const { accounts: accountCount, campaigns: campaignCount, tags: tagCount, workspace } = options.instantly;
  const random = new Random(options.seed);
  const organization = random.uuid();
  const tags = createTags(
    random,
    organization,
    Array.from({ length: tagCount }, (_, index) => TAG_LABELS[index] ?? `Tag ${index + 1}`),
  );

  const accounts: InstantlyAccount[] = [];
  for (let index = 0; index < accountCount; index += 1) {
    accounts.push(createAccount(random, options, index, organization, tags));
  }
  for (const warmup of UNWELL_WARMUPS) {
    ensureOne(accounts, {
      has: ({ row }) => row['warmup_status'] === warmup,
      may: ({ row }) => row['status'] === 1 && row['warmup_status'] === 1,
      give: ({ row }) => {
        row['warmup_status'] = warmup;
      },
    });
  }
  const campaigns = Array.from({ length: campaignCount }, (_, index) =>
    createCampaign(random, options, index, organization, accounts, tags),
  );
  for (const campaign of campaigns) {
    if (campaign['status'] === UNHEALTHY) {
      giveUnhealthySenders(campaign, accounts);
    }
  }
  return assembleWorld(random, workspace, organization, accounts, campaigns, tags);
}

/** A world of these parts: who sends for what follows from the lists and tags of the campaigns. */
export function assembleWorld(
  random: Random,
  workspace: string,
  organization: string,
  accounts: readonly InstantlyAccount[],
  campaigns: Json[],
  tags: readonly InstantlyTag[],
  plants: Pick<InstantlyWorld, 'bounced' | 'planted' | 'movable'> = {
    bounced: new Map(),
    planted: [],
    movable: undefined,
  },
): InstantlyWorld {
  const byTag = new Map<string, InstantlyAccount[]>(tags.map((tag) => [tag.id, []]));
  for (const account of accounts) {
    for (const id of account.tagIds) {
      byTag.get(id)?.push(account);
    }
  }
  const campaignsOf = new Map<string, Json[]>();
  for (const campaign of campaigns) {
    const senders = new Set(campaign['email_list'] as string[] | undefined);
    for (const id of (campaign['email_tag_list'] as string[] | undefined) ?? []) {
      for (const account of byTag.get(id) ?? []) {
        senders.add(account.email);
      }
    }
    for (const email of senders) {
      const known = campaignsOf.get(email);
      if (known === undefined) {
        campaignsOf.set(email, [campaign]);
      } else {
        known.push(campaign);
      }
    }
  }
  for (const list of campaignsOf.values()) {
    list.sort(newestFirst);
  }
  return {
    workspace: {
      id: organization,
      name: workspace,
      owner: random.uuid(),
      timestamp_created: iso(NOW - 500 * 24 * HOUR),
      timestamp_updated: iso(NOW - 2 * HOUR),
      plan_id: 'pid_hg_v1',
      org_client_domain: null,
      default_opportunity_value: 1000,
    },
    accounts,
    byEmail: new Map(accounts.map((account) => [account.email, account])),
    campaigns: campaigns.sort((a, b) => (String(a['id']) < String(b['id']) ? 1 : -1)),
    tags,
    tagMappings: createTagMappings(random, organization, accounts, campaigns, tags),
    campaignsOf,
    ...plants,
  };
}

/** For sorting campaigns. */
export function newestFirst(a: Json, b: Json): number {
  return String(a['timestamp_created']) < String(b['timestamp_created']) ? 1 : -1;
}

/** As many senders as before, if so many are unhealthy: most of them are, or the service would not have stopped it. */
function giveUnhealthySenders(campaign: Json, accounts: readonly InstantlyAccount[]): void {
  const listed = new Set(campaign['email_list'] as string[] | undefined);
  const isUnhealthy = ({ row }: InstantlyAccount) => row['status'] === -1 || row['status'] === -2;
  const emailsOf = (some: readonly InstantlyAccount[]) => some.map(({ email }) => email);
  const [own, others] = [true, false].map((of) =>
    emailsOf(accounts.filter((account) => isUnhealthy(account) && listed.has(account.email) === of)),
  ) as [string[], string[]];
  const unhealthy = [...own, ...others].slice(0, listed.size);
  if (unhealthy.length === 0) {
    campaign['status'] = PAUSED;
    return;
  }
  const healthy = emailsOf(accounts.filter((account) => listed.has(account.email) && !isUnhealthy(account)));
  const room = Math.min(listed.size - unhealthy.length, Math.floor(unhealthy.length / 2));
  campaign['email_list'] = [...unhealthy, ...healthy.slice(0, room)];
  delete campaign['email_tag_list'];
}

/** Tags with these labels, sorted by their ids. */
export function createTags(random: Random, organization: string, labels: readonly string[]): InstantlyTag[] {
  return labels
    .map((label, index) => ({
      id: random.uuid(),
      timestamp_created: iso(NOW - (400 - index) * 24 * HOUR),
      timestamp_updated: iso(NOW - (400 - index) * 24 * HOUR),
      organization_id: organization,
      label,
    }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function createAccount(
  random: Random,
  options: SandboxOptions,
  index: number,
  organization: string,
  tags: readonly { id: string }[],
): InstantlyAccount {
  const { first, last, email } = person(random, 'northwind', index);
  const created = NOW - 24 * HOUR - index * 7 * 60_000;
  const status = random.chance(0.86) ? 1 : random.pick([2, 2, 3, -1, -1, -2, -3]);
  const provider = random.pick([2, 2, 2, 3, 3, 1, 4, 8, 11]);
  const row: Json = {
    email,
    timestamp_created: iso(created),
    timestamp_updated: iso(created + 12 * HOUR),
    first_name: first,
    last_name: last,
    organization,
    status,
    warmup_status: random.chance(0.9) ? 1 : random.pick([0, 0, -1, -2, -3]),
    provider_code: provider,
    setup_pending: false,
    is_managed_account: provider === 8 || provider === 11,
  };
  if (status < 0) {
    const picked = random.pick(SMTP_ERRORS);
    // Who is disconnected is refused when it signs in, all others later.
    const error = status === -1 ? REFUSED : picked === REFUSED ? BUSY : picked;
    row['status_message'] = { ...error, e_message: error.response.toLowerCase() };
  }
  const warmup: Json = {};
  // About one account in ten comes as bare as the recorded IMAP one: no limits, no warmup, no signature.
  if (!random.chance(0.1)) {
    row['daily_limit'] = random.pick([20, 30, 30, 40, 50]);
    row['sending_gap'] = random.pick([8, 10, 10, 15]);
    row['enable_slow_ramp'] = random.chance(0.3);
    row['warmup'] = { limit: random.pick([10, 20, 40]) };
    row['timestamp_warmup_start'] = iso(created + HOUR);
    row['stat_warmup_score'] = random.chance(0.8) ? random.between(92, 100) : random.between(30, 91);
    row['tracking_domain_name'] = `inst.${email.split('@')[1] ?? ''}`;
    row['tracking_domain_status'] = random.chance(0.9) ? 'CTD_ACTIVE' : 'CTD_PENDING';
    row['signature'] = `<div>${first} ${last}</div>`;
    Object.assign(warmup, {
      ...(row['warmup'] as Json),
      increment: random.pick(['disabled', '1', '2']),
      reply_rate: 30,
      advanced: {
        warm_ctd: false,
        open_rate: 80,
        important_rate: 50,
        read_emulation: true,
        spam_save_rate: 70,
        weekday_only: false,
      },
    });
  } else {
    row['stat_warmup_score'] = 0;
  }
  if (options.oddities) {
    if (index % 17 === 11) {
      row['reputation_tier'] = 'b2';
    }
    if (index % 41 === 29) {
      row['status'] = 7;
      row['provider_code'] = 12;
    }
  }
  // About one tag an account, however many tags the workspace has.
  const tagIds = tags.filter(() => random.chance(Math.min(0.18, 0.9 / tags.length))).map((tag) => tag.id);
  return { email, row, warmup, tagIds };
}

export function createCampaign(
  random: Random,
  options: SandboxOptions,
  index: number,
  organization: string,
  accounts: readonly InstantlyAccount[],
  tags: readonly { id: string }[],
): Json {
  const created = NOW - (index + 2) * 5 * 24 * HOUR - random.between(0, 20) * HOUR;
  const status = random.pick([1, 1, 1, 1, 2, 3, 0, 4, -1, -2]);
  const campaign: Json = {
    id: random.uuid(),
    name: campaignName(random, index),
    status,
    campaign_schedule: {
      schedules: [
        {
          name: 'Weekdays',
          timing: { from: '09:00', to: '17:30' },
          days: { '0': false, '1': true, '2': true, '3': true, '4': true, '5': true, '6': false },
          timezone: random.pick(['America/Chicago', 'Europe/Belgrade', 'America/Detroit']),
        },
      ],
    },
    timestamp_created: iso(created),
    timestamp_updated: iso(created + 30 * HOUR),
    organization,
  };
  // A draft is often as bare as the recorded one: eight keys, no senders, no sequences.
  if (status === 0 && random.chance(0.5)) {
    return campaign;
  }
  const steps = random.between(2, 4);
  campaign['sequences'] = [
    {
      steps: Array.from({ length: steps }, (_, step) => ({
        type: 'email',
        delay: step === steps - 1 ? 0 : random.between(2, 5),
        delay_unit: 'days',
        pre_delay_unit: 'days',
        variants: Array.from({ length: step === 0 ? 2 : 1 }, () => ({
          subject: step === 0 ? '{{firstName}}, quick question about {{companyName}}' : '',
          body: emailBody(random, step),
        })),
      })),
    },
  ];
  campaign['daily_limit'] = random.pick([90, 200, 300, 900]);
  campaign['email_gap'] = 10;
  campaign['stop_on_reply'] = true;
  campaign['open_tracking'] = false;
  campaign['link_tracking'] = false;
  if (accounts.length > 0) {
    const share = Math.min(Math.round(accounts.length * (0.08 + random.next() * 0.3)), 400);
    const size = Math.max(1, Math.min(accounts.length, options.instantly.senders ?? share));
    const start = random.between(0, accounts.length - 1);
    campaign['email_list'] = Array.from(
      { length: size },
      (_, step) => accounts[(start + step) % accounts.length]?.email,
    );
  }
  const [firstTag] = tags;
  if (firstTag !== undefined && random.chance(0.35)) {
    campaign['email_tag_list'] = [random.pick([firstTag, ...tags.slice(1)]).id];
  }
  if (options.oddities && index % 23 === 9) {
    campaign['created_by'] = random.uuid();
    campaign['status'] = 12;
  }
  return campaign;
}

function createTagMappings(
  random: Random,
  organization: string,
  accounts: readonly InstantlyAccount[],
  campaigns: readonly Json[],
  tags: readonly { id: string }[],
): Json[] {
  const mappings: Json[] = [];
  const add = (tagId: string, resourceId: string, type: 1 | 2) => {
    mappings.push({
      id: random.uuid(),
      tag_id: tagId,
      resource_id: resourceId,
      // 1 is an account and 2 a campaign; the vendor's page has it the wrong way round (Instantly FACTS 2.4).
      resource_type: type,
      timestamp_created: iso(NOW - 90 * 24 * HOUR + mappings.length * 1000),
      organization_id: organization,
    });
  };
  for (const account of accounts) {
    for (const id of account.tagIds) {
      add(id, account.email, 1);
    }
  }
  const [firstTag, ...otherTags] = tags;
  if (firstTag !== undefined) {
    for (const campaign of campaigns) {
      if (random.chance(0.4)) {
        add(random.pick([firstTag, ...otherTags]).id, String(campaign['id']), 2);
      }
    }
  }
  return mappings.reverse();
}

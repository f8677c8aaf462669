import {
  assembleWorld,
  createAccount,
  createCampaign,
  createTags,
  REFUSED,
  type InstantlyAccount,
  type InstantlyWorld,
  type Json,
} from './instantlyWorld.ts';
import type { SandboxOptions } from './options.ts';
import {
  accountsInOrder,
  accountsOf,
  dayFromToday,
  plantCampaigns,
  plantZone,
  Supply,
  type AccountPlant,
  type CampaignPlant,
} from './plants.ts';
import { Random } from './random.ts';

interface InstantlyAccountPlant extends AccountPlant {
  readonly row: Json;
  /** Fields that the service leaves out. */
  readonly without?: readonly string[];
}

interface InstantlyCampaignPlant extends CampaignPlant {
  readonly row?: Json;
  /** Emails a day that it wants besides what the accounts in order may send. */
  readonly wantsMore?: number;
  /** The tag through which it selects senders: one that two accounts carry, or one that none does. */
  readonly tag?: 'carried' | 'empty';
}

const REJECTED: Json = {
  code: 'EENVELOPE',
  command: 'DATA',
  response: '550-5.4.5 Daily user sending limit exceeded.',
  responseCode: 550,
};
const IN_ORDER: Json = {
  status: 1,
  warmup_status: 1,
  provider_code: 2,
  setup_pending: false,
  is_managed_account: false,
  sending_gap: 10,
  warmup: { limit: 20 },
  tracking_domain_status: 'CTD_ACTIVE',
};
const NEVER_WARMED = { stat_warmup_score: 0 };

/** What may be wrong with an account, and what nearly is (Instantly FACTS 2.1). */
const accountPlants: readonly InstantlyAccountPlant[] = [
  { fires: ['disconnected'], row: { status: -1, status_message: REFUSED } },
  { fires: ['disconnected'], row: { status: -1, status_message: REFUSED } },
  // What else follows from it is not said again, and it is no waste that it does not send.
  {
    fires: ['disconnected'],
    row: { status: -1, status_message: REFUSED, warmup_status: 0, stat_warmup_score: 40, autofix_failed: true },
  },
  { fires: ['disconnected'], row: { status: -1, status_message: REFUSED, daily_limit: 90 }, apart: true },
  { fires: ['disconnected'], row: { status: -1, status_message: REFUSED }, recovers: true },
  { fires: ['disconnected'], row: { status: -1, status_message: REFUSED }, recovers: true },
  { near: 'disconnected', row: { status: 1, status_message: REFUSED } },
  { near: 'disconnected', row: { status: 7 } },
  { fires: ['soft-bounce'], row: { status: -2, status_message: REJECTED } },
  { fires: ['sending-error'], row: { status: -3, status_message: REJECTED } },
  { near: 'idle', row: { status: 2 }, apart: true },
  { near: 'idle', row: { status: 3 }, apart: true },
  { fires: ['idle'], row: {}, apart: true },
  { fires: ['warmup-banned'], row: { warmup_status: -1, stat_warmup_score: 30 } },
  { fires: ['warmup-suspended'], row: { warmup_status: -3 } },
  { fires: ['warmup-spam-unknown'], row: { warmup_status: -2 } },
  { near: 'warmup-banned', row: { warmup_status: -9 } },
  { fires: ['reconnect-failed'], row: { autofix_failed: true } },
  { near: 'reconnect-failed', row: { autofix_failed: false } },
  { near: 'reconnect-failed', row: { autofix_failed: null } },
  { fires: ['tracking-domain'], row: { tracking_domain_status: 'CTD_FAILED' } },
  { fires: ['tracking-domain'], row: { tracking_domain_status: 'CTD_EXPIRED' } },
  { near: 'tracking-domain', row: { tracking_domain_status: 'CTD_PENDING' } },
  { near: 'tracking-domain', row: { tracking_domain_status: 'CTD_MOVED' } },
  { fires: ['setup-pending'], row: { setup_pending: true, ...NEVER_WARMED }, without: ['timestamp_warmup_start'] },
  { fires: ['warmup-off'], row: { warmup_status: 0 } },
  { fires: ['warmup-off'], row: { warmup_status: 0, ...NEVER_WARMED }, without: ['timestamp_warmup_start'] },
  { near: 'warmup-off', row: {}, without: ['warmup_status'] },
  // Nobody sends with it, so that it has nothing to be warmed up for.
  { fires: ['idle'], near: 'warmup-off', row: { warmup_status: 0 }, apart: true },
  { fires: ['warmup-score-low'], row: { stat_warmup_score: 79 } },
  { near: 'warmup-score-low', row: { stat_warmup_score: 80 } },
  { near: 'warmup-score-low', row: {}, without: ['stat_warmup_score', 'timestamp_warmup_start'] },
  { fires: ['limit-high'], row: { daily_limit: 51 } },
  { fires: ['limit-high'], row: { daily_limit: 51, provider_code: 3 } },
  { near: 'limit-high', row: { daily_limit: 50 } },
  { near: 'limit-high', row: { daily_limit: 80, provider_code: 1 } },
  { fires: ['overused'], row: {}, others: 5 },
  { near: 'overused', row: {}, others: 4 },
  { fires: ['sending-gap-short'], row: { sending_gap: 9 }, others: 1 },
  { near: 'sending-gap-short', row: { sending_gap: 10 }, others: 1 },
  { near: 'sending-gap-short', row: { sending_gap: 9 } },
  { near: 'sending-gap-short', row: {}, without: ['sending_gap'], others: 1 },
];

const daysOn = (...on: readonly number[]) =>
  Object.fromEntries([0, 1, 2, 3, 4, 5, 6].map((day) => [day, on.includes(day)]));
const schedule = (days: Json, times: Json = { from: '09:00', to: '17:30' }) => ({
  name: 'Weekdays',
  timing: times,
  days,
  timezone: plantZone,
});
const WEEKDAYS = schedule(daysOn(1, 2, 3, 4, 5));

/** What may be wrong with a campaign, and what nearly is (Instantly FACTS 2.3). */
const campaignPlants = (): readonly InstantlyCampaignPlant[] => [
  { fires: ['account-suspended'], row: { status: -99 }, senders: 3 },
  { fires: ['accounts-unhealthy'], row: { status: -1 }, disconnected: 3 },
  // Why it was stopped is the finding, and not that it sends nothing.
  { fires: ['accounts-unhealthy'], row: { status: -1, not_sending_status: 99 }, disconnected: 3 },
  { fires: ['bounce-protection'], row: { status: -2 }, senders: 3 },
  { fires: ['bounce-rate'], asks: 'analytics', bounced: 3.1, senders: 3 },
  { near: 'bounce-rate', asks: 'analytics', bounced: 3, senders: 3 },
  { fires: ['not-sending'], row: { not_sending_status: 99 }, senders: 3 },
  { near: 'not-sending', row: { not_sending_status: 3 }, senders: 3 },
  { near: 'not-sending', row: { not_sending_status: 42 }, senders: 3 },
  { fires: ['no-senders'] },
  { fires: ['no-senders'], tag: 'empty' },
  { near: 'no-senders', tag: 'carried' },
  { near: 'no-senders', row: { status: 0 } },
  { fires: ['no-healthy-senders'], disconnected: 2, wantsMore: 50 },
  { near: 'no-healthy-senders', row: { status: 2 }, disconnected: 2 },
  { fires: ['senders-unhealthy'], senders: 3, disconnected: 1 },
  { near: 'senders-unhealthy', senders: 4, disconnected: 1 },
  { near: 'senders-unhealthy', row: { status: 2 }, senders: 1, disconnected: 3 },
  { fires: ['limit-beyond-senders'], senders: 4, wantsMore: 1 },
  { near: 'limit-beyond-senders', senders: 4, wantsMore: 0 },
  { near: 'limit-beyond-senders', row: { status: 2 }, senders: 4, wantsMore: 500 },
  {
    fires: ['ended'],
    row: { campaign_schedule: { end_date: dayFromToday(-1), schedules: [WEEKDAYS] } },
    senders: 3,
  },
  { near: 'ended', row: { campaign_schedule: { end_date: dayFromToday(1), schedules: [WEEKDAYS] } }, senders: 3 },
  {
    near: 'ended',
    row: { status: 3, campaign_schedule: { end_date: dayFromToday(-1), schedules: [WEEKDAYS] } },
    senders: 3,
  },
  { fires: ['never-opens'], row: { campaign_schedule: { schedules: [schedule(daysOn())] } }, senders: 3 },
  {
    near: 'never-opens',
    row: { campaign_schedule: { schedules: [schedule(daysOn(1), { from: '09:00', to: '09:00' })] } },
    senders: 3,
  },
  { near: 'never-opens', row: { campaign_schedule: { schedules: [schedule(daysOn()), WEEKDAYS] } }, senders: 3 },
  { fires: ['tag-empty'], tag: 'empty', senders: 3 },
  { near: 'tag-empty', tag: 'carried', senders: 3 },
  { near: 'tag-empty', row: { status: 2 }, tag: 'empty', senders: 3 },
  { near: 'idle', row: { status: 2 }, withIdle: true },
];

/** A workspace where everything is in order but for the plants. */
export function plantInstantlyWorld(options: SandboxOptions): InstantlyWorld {
  const random = new Random(options.seed);
  const organization = random.uuid();
  const tags = createTags(random, organization, ['EU pool', 'US pool']);
  const [carried, empty] = tags.map(({ id }) => id) as [string, string];
  const plain = { ...options, oddities: false };
  let index = 0;
  const account = (row: Json, without: readonly string[] = [], tagIds: readonly string[] = []): InstantlyAccount => {
    const made = createAccount(random, plain, index, organization, []);
    const scores = { stat_warmup_score: random.between(85, 100), daily_limit: random.pick([30, 40, 50]) };
    const started = { timestamp_warmup_start: made.row['timestamp_created'] };
    index += 1;
    delete made.row['status_message'];
    Object.assign(made.row, IN_ORDER, scores, started, row);
    for (const name of without) {
      Reflect.deleteProperty(made.row, name);
    }
    return { ...made, tagIds };
  };
  const emailsOf = (accounts: readonly InstantlyAccount[]) => accounts.map(({ email }) => email);

  const inOrder = Array.from({ length: accountsInOrder(options.instantly.accounts) }, (_, place) =>
    account({}, [], place < 2 ? [carried] : []),
  );
  const plants = accountPlants.map((plant) => ({ plant, account: account(plant.row, plant.without) }));
  const idle = account({});
  // Those that carry the tag are what campaigns find by it.
  const supply = new Supply(inOrder.slice(2));

  const campaigns: Json[] = [];
  const campaign = (name: string, row: Json): Json => {
    const made = createCampaign(random, plain, campaigns.length, organization, [], []);
    const { id, timestamp_created, timestamp_updated, sequences } = made;
    const fresh = {
      ...{ id, name, status: 1, campaign_schedule: { schedules: [WEEKDAYS] }, timestamp_created, timestamp_updated },
      ...{ organization, sequences: sequences ?? [], email_gap: 10, stop_on_reply: true, daily_limit: 60, ...row },
    };
    campaigns.push(fresh);
    return fresh;
  };

  const usual = accountsOf(plants, ({ apart }) => apart === undefined);
  campaign('Everyone', {
    email_list: emailsOf([...inOrder, ...usual]),
    daily_limit: inOrder.length * 20,
  });
  const says = plantCampaigns({
    plants: campaignPlants(),
    accounts: plants,
    supply,
    idle,
    keyOf: ({ email }: InstantlyAccount) => email,
    campaign: (name, healthy, others, { tag, wantsMore, row }: InstantlyCampaignPlant = {}) => {
      const possible = healthy.reduce((sum, sender) => sum + Number(sender.row['daily_limit']), 0);
      const made = campaign(name, {
        email_list: emailsOf([...healthy, ...others]),
        ...(tag === undefined ? {} : { email_tag_list: [tag === 'carried' ? carried : empty] }),
        ...(wantsMore === undefined ? {} : { daily_limit: possible + wantsMore }),
        ...row,
      });
      return String(made['id']);
    },
  });
  const accounts = [...inOrder, ...plants.map((one) => one.account), idle];
  return assembleWorld(random, options.instantly.workspace, organization, accounts, campaigns, tags, says);
}

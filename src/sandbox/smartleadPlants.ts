import type { Json } from './instantlyWorld.ts';
import type { SandboxOptions } from './options.ts';
import {
  accountsInOrder,
  accountsOf,
  plantCampaigns,
  Supply,
  USUAL_CAMPAIGNS,
  type AccountPlant,
  type CampaignPlant,
} from './plants.ts';
import { Random } from './random.ts';
import {
  assembleWorld,
  BLOCKED,
  BOUNCED,
  createAccount,
  createCampaign,
  REFUSED,
  type SmartleadAccount,
  type SmartleadWorld,
} from './smartleadWorld.ts';

interface SmartleadAccountPlant extends AccountPlant {
  /** Fields that all routes share. */
  readonly shared?: Json;
  /** Of the warmup; null: none was set up. */
  readonly warmup?: Json | null;
  readonly rest?: Partial<
    Pick<SmartleadAccount, 'blockedReason' | 'blockedOnlyById' | 'gap' | 'reputation' | 'suspended'>
  >;
}

interface SmartleadCampaignPlant extends CampaignPlant {
  readonly row?: Json;
  readonly log?: readonly Json[];
}

const NO_SMTP: Json = { is_smtp_success: false, smtp_failure_error: REFUSED };
const NO_IMAP: Json = { is_imap_success: false, imap_failure_error: 'Command failed: LOGIN' };

/** What may be wrong with an account, and what nearly is (Smartlead FACTS 3.8, 3.9, 7). */
const accountPlants: readonly SmartleadAccountPlant[] = [
  { fires: ['disconnected'], shared: NO_SMTP },
  { fires: ['disconnected'], shared: NO_IMAP },
  { fires: ['disconnected'], shared: { ...NO_SMTP, ...NO_IMAP } },
  // What else follows from it is not said again, and it is no waste that it does not send.
  {
    fires: ['disconnected'],
    shared: { ...NO_SMTP, message_per_day: 0 },
    warmup: { status: 'INACTIVE' },
    rest: { reputation: 40 },
  },
  { fires: ['disconnected'], shared: NO_SMTP, apart: true },
  { fires: ['disconnected'], shared: NO_SMTP, recovers: true },
  { fires: ['disconnected'], shared: NO_SMTP, recovers: true },
  { near: 'disconnected', shared: { is_imap_success: null } },
  { near: 'disconnected', shared: { smtp_failure_error: REFUSED } },
  { fires: ['warmup-blocked'], rest: { blockedReason: BLOCKED, reputation: 100 } },
  { fires: ['warmup-blocked'], warmup: { status: 'INACTIVE' }, rest: { blockedReason: BLOCKED, reputation: 60 } },
  {
    fires: ['warmup-blocked'],
    asks: 'account',
    rest: { blockedReason: BLOCKED, blockedOnlyById: true, reputation: 100 },
  },
  { near: 'warmup-blocked', warmup: { status: 'RAMPING' } },
  { fires: ['suspended'], asks: 'account', rest: { suspended: true } },
  {
    fires: ['suspended', 'warmup-blocked'],
    asks: 'account',
    rest: { suspended: true, blockedReason: BLOCKED, blockedOnlyById: true },
  },
  { near: 'suspended', asks: 'account' },
  { fires: ['warmup-off'], warmup: { status: 'INACTIVE' } },
  { fires: ['warmup-off'], warmup: { status: 'PAUSED' }, rest: { reputation: 70 } },
  { fires: ['warmup-off'], warmup: null },
  // Nobody sends with it, so that it has nothing to be warmed up for.
  { fires: ['idle'], near: 'warmup-off', warmup: null, apart: true },
  { fires: ['idle'], apart: true },
  { fires: ['warmup-score-low'], rest: { reputation: 79 } },
  { near: 'warmup-score-low', rest: { reputation: 80 } },
  { near: 'warmup-score-low', rest: { reputation: null } },
  { fires: ['at-daily-limit'], shared: { message_per_day: 30, daily_sent_count: 30 } },
  { fires: ['at-daily-limit'], shared: { message_per_day: 30, daily_sent_count: 31 } },
  { near: 'at-daily-limit', shared: { message_per_day: 30, daily_sent_count: 29 } },
  { near: 'at-daily-limit', shared: { message_per_day: null, daily_sent_count: 29 } },
  { fires: ['limit-unlimited'], shared: { message_per_day: 0, daily_sent_count: 60, type: 'SMTP' } },
  { near: 'limit-unlimited', shared: { message_per_day: 1, daily_sent_count: 0 } },
  { fires: ['limit-high'], shared: { message_per_day: 51, type: 'GMAIL' } },
  { fires: ['limit-high'], shared: { message_per_day: 51, type: 'OUTLOOK' } },
  { near: 'limit-high', shared: { message_per_day: 50, type: 'GMAIL' } },
  { near: 'limit-high', shared: { message_per_day: 80, type: 'SMTP' } },
  { fires: ['overused'], others: 5 },
  { near: 'overused', others: 4 },
  { fires: ['sending-gap-short'], rest: { gap: 9 }, others: 1 },
  { near: 'sending-gap-short', rest: { gap: 10 }, others: 1 },
  { near: 'sending-gap-short', rest: { gap: 9 } },
];

const hours = (days: readonly number[], startHour = '09:48', endHour = '18:20') => ({
  tz: 'America/New_York',
  days,
  startHour,
  endHour,
});

/** What may be wrong with a campaign, and what nearly is (Smartlead FACTS 3.1). */
const campaignPlants: readonly SmartleadCampaignPlant[] = [
  {
    fires: ['bounce-protection'],
    row: { status: 'PAUSED' },
    log: BOUNCED,
    senders: 3,
  },
  {
    fires: ['paused-by-service'],
    row: { status: 'PAUSED' },
    log: [{ paused_reason: 'Paused because the sending credits ran out' }],
    bounced: 1,
    senders: 3,
  },
  { near: 'paused-by-service', row: { status: 'PAUSED' }, senders: 3 },
  {
    near: 'paused-by-service',
    log: [{ paused_reason: 'Paused because the sending credits ran out' }],
    bounced: 1,
    senders: 3,
  },
  { fires: ['bounce-rate'], asks: 'analytics', bounced: 3.1, senders: 3 },
  { near: 'bounce-rate', asks: 'analytics', bounced: 3, senders: 3 },
  { fires: ['no-senders'] },
  { near: 'no-senders', row: { status: 'DRAFTED', scheduler_cron_value: null } },
  { near: 'no-senders', row: { status: 'COMPLETED' } },
  { fires: ['no-healthy-senders'], disconnected: 3 },
  { near: 'no-healthy-senders', row: { status: 'STOPPED' }, disconnected: 3 },
  { fires: ['senders-unhealthy'], senders: 3, disconnected: 1 },
  { near: 'senders-unhealthy', senders: 4, disconnected: 1 },
  { fires: ['never-opens'], row: { scheduler_cron_value: hours([]) }, senders: 3 },
  { near: 'never-opens', row: { scheduler_cron_value: hours([1], '09:00', '09:00') }, senders: 3 },
  { near: 'never-opens', row: { status: 'PAUSED', scheduler_cron_value: hours([]) }, senders: 3 },
  { near: 'never-opens', row: { scheduler_cron_value: null }, senders: 3 },
  { near: 'idle', row: { status: 'PAUSED' }, withIdle: true },
];

/** An agency's account where everything is in order but for the plants. */
export function plantSmartleadWorld(options: SandboxOptions): SmartleadWorld {
  const random = new Random(options.seed + 7919);
  const plain = { ...options, oddities: false };
  const { clients } = options.smartlead;
  const client = () => (clients === 0 ? null : 9000 + random.between(1, clients));
  const accounts: SmartleadAccount[] = [];
  const account = ({ shared, warmup, rest }: SmartleadAccountPlant = {}): SmartleadAccount => {
    const made = createAccount(random, accounts.length, client());
    const connected = {
      ...{ is_smtp_success: true, is_imap_success: true, smtp_failure_error: null, imap_failure_error: null },
      ...{ message_per_day: random.pick([30, 40, 50]), daily_sent_count: random.between(0, 20) },
    };
    const warmed = { total_sent_count: 200, total_spam_count: 2, reply_rate: 30, max_email_per_day: 40 };
    const fresh: SmartleadAccount = {
      ...made,
      shared: { ...made.shared, ...connected, ...shared },
      warmup: warmup === null ? null : { status: 'ACTIVE', warmup_key_id: 'amber-harbor', ...warmed, ...warmup },
      blockedReason: null,
      reputation: warmup === null ? null : random.between(85, 100),
      suspended: false,
      ...rest,
    };
    accounts.push(fresh);
    return fresh;
  };

  const inOrder = Array.from({ length: accountsInOrder(options.smartlead.accounts) }, () => account());
  const plants = accountPlants.map((plant) => ({ plant, account: account(plant) }));
  const idle = account();

  const campaigns: Json[] = [];
  const sendersOf = new Map<number, SmartleadAccount[]>();
  const count = 1 + USUAL_CAMPAIGNS + campaignPlants.length;
  const campaign = (name: string, senders: readonly SmartleadAccount[], row: Json = {}): number => {
    const made = createCampaign(random, plain, campaigns.length, count, client);
    const id = Number(made['id']);
    const usualRow = { name, status: 'ACTIVE', scheduler_cron_value: hours([1, 2, 3, 4, 5]), parent_campaign_id: null };
    campaigns.push({ ...made, ...usualRow, ...row });
    sendersOf.set(id, [...senders]);
    for (const sender of senders) {
      sender.campaignIds.push(id);
    }
    return id;
  };

  const usual = accountsOf(plants, ({ apart }) => apart === undefined);
  campaign('Everyone', [...inOrder, ...usual]);
  const activityLogs = new Map<number, readonly Json[]>();
  const says = plantCampaigns({
    plants: campaignPlants,
    accounts: plants,
    supply: new Supply(inOrder),
    idle,
    keyOf: ({ id }: SmartleadAccount) => String(id),
    campaign: (name, healthy, others, { row, log }: SmartleadCampaignPlant = {}) => {
      const id = campaign(name, [...healthy, ...others], row);
      if (log !== undefined) {
        activityLogs.set(id, log);
      }
      return id;
    },
  });
  return assembleWorld(options.seed, accounts, campaigns, sendersOf, activityLogs, says);
}

import type { Changeable, ChangeableAccount, Edge } from './day.ts';
import { newestFirst, REFUSED, type InstantlyAccount, type InstantlyWorld, type Json } from './instantlyWorld.ts';

const ACTIVE = 1;
const DISCONNECTED = -1;
const STOPPED = -1;
const BOUNCE_PROTECT = -2;

/** What a day can change in a workspace. @param now when it changes, ISO 8601. */
export function changeableInstantly(world: InstantlyWorld, now: string): Changeable {
  const campaigns = new Map(world.campaigns.map((campaign) => [String(campaign['id']), campaign]));
  const campaignOf = (id: string): Json => campaigns.get(id) ?? {};
  return {
    accounts: world.accounts.map((account) => changeableAccount(world, account, now)),
    active: [...campaigns].filter(([, { status }]) => status === ACTIVE).map(([id]) => id),
    join: ({ account, campaign: id }: Edge) => {
      const campaign = campaignOf(id);
      campaign['email_list'] = [...listOf(campaign), account];
      campaign['timestamp_updated'] = now;
      world.campaignsOf.set(account, [...(world.campaignsOf.get(account) ?? []), campaign].sort(newestFirst));
    },
    leave: ({ account, campaign: id }: Edge) => {
      const campaign = campaignOf(id);
      campaign['email_list'] = listOf(campaign).filter((email) => email !== account);
      campaign['timestamp_updated'] = now;
      world.campaignsOf.set(
        account,
        (world.campaignsOf.get(account) ?? []).filter((one) => one !== campaign),
      );
    },
    pause: (id: string) => {
      Object.assign(campaignOf(id), { status: BOUNCE_PROTECT, timestamp_updated: now });
    },
  };
}

function changeableAccount(
  { campaignsOf }: InstantlyWorld,
  { email, row, tagIds }: InstantlyAccount,
  now: string,
): ChangeableAccount {
  const all = campaignsOf.get(email) ?? [];
  const active = all.filter(({ status }) => status === ACTIVE);
  const byTag = (campaign: Json) => ((campaign['email_tag_list'] ?? []) as string[]).some((id) => tagIds.includes(id));
  const idsOf = (rows: readonly Json[]) => rows.map(({ id }) => String(id));
  const warms = row['warmup_status'] === 0 || row['warmup_status'] === 1;
  // A campaign that was stopped for its accounts needs them as they are.
  const isNeeded = all.some(({ status }) => status === STOPPED);
  return {
    key: email,
    condition:
      !warms || isNeeded
        ? 'other'
        : row['status'] === ACTIVE
          ? 'well'
          : row['status'] === DISCONNECTED
            ? 'disconnected'
            : 'other',
    score: row['stat_warmup_score'] as number | undefined,
    feeds: idsOf(active),
    removableFrom: idsOf(active.filter((campaign) => listOf(campaign).length > 1 && !byTag(campaign))),
    disconnect: () => {
      Object.assign(row, { status: DISCONNECTED, status_message: REFUSED, timestamp_updated: now });
    },
    connect: () => {
      delete row['status_message'];
      Object.assign(row, { status: ACTIVE, timestamp_updated: now });
    },
    setScore: (score) => {
      Object.assign(row, { stat_warmup_score: score, timestamp_updated: now });
    },
  };
}

function listOf(campaign: Json): readonly string[] {
  return (campaign['email_list'] ?? []) as string[];
}

import type { Changeable, ChangeableAccount, Edge } from './day.ts';
import { BOUNCED, REFUSED, type SmartleadAccount, type SmartleadWorld } from './smartleadWorld.ts';

/** What a day can change in an agency's account. @param now when it changes, ISO 8601. */
export function changeableSmartlead(world: SmartleadWorld, now: string): Changeable {
  const campaigns = new Map(world.campaigns.map((campaign) => [String(campaign['id']), campaign]));
  const active = new Set([...campaigns].filter(([, { status }]) => status === 'ACTIVE').map(([id]) => id));
  const sendersOf = (id: string) => world.sendersOf.get(Number(id)) ?? [];
  const touch = (id: string, fields: object = {}) => {
    Object.assign(campaigns.get(id) ?? {}, { updated_at: now, ...fields });
  };
  return {
    accounts: world.accounts.map((account) => changeableAccount(account, active, sendersOf, now)),
    active: [...active],
    join: ({ account: key, campaign: id }: Edge) => {
      const account = world.byId.get(Number(key));
      if (account !== undefined) {
        account.campaignIds.push(Number(id));
        world.sendersOf.set(Number(id), [...sendersOf(id), account]);
        touch(id);
      }
    },
    leave: ({ account: key, campaign: id }: Edge) => {
      const account = world.byId.get(Number(key));
      account?.campaignIds.splice(account.campaignIds.indexOf(Number(id)), 1);
      world.sendersOf.set(
        Number(id),
        sendersOf(id).filter((sender) => sender !== account),
      );
      touch(id);
    },
    pause: (id: string) => {
      touch(id, { status: 'PAUSED' });
      world.activityLogs.set(Number(id), BOUNCED);
    },
  };
}

function changeableAccount(
  account: SmartleadAccount,
  active: ReadonlySet<string>,
  sendersOf: (id: string) => readonly SmartleadAccount[],
  now: string,
): ChangeableAccount {
  const { id, shared, blockedReason, suspended, reputation } = account;
  const connected = shared['is_smtp_success'] === true && shared['is_imap_success'] === true;
  const feeds = account.campaignIds.map(String).filter((campaign) => active.has(campaign));
  return {
    key: String(id),
    condition: blockedReason !== null || suspended ? 'other' : connected ? 'well' : 'disconnected',
    score: account.warmup === null ? undefined : (reputation ?? undefined),
    feeds,
    removableFrom: feeds.filter((campaign) => sendersOf(campaign).length > 1),
    disconnect: () => {
      Object.assign(shared, { is_smtp_success: false, smtp_failure_error: REFUSED, updated_at: now });
    },
    connect: () => {
      const connection = { is_smtp_success: true, is_imap_success: true };
      Object.assign(shared, connection, { smtp_failure_error: null, imap_failure_error: null, updated_at: now });
    },
    setScore: (score) => {
      account.reputation = score;
      shared['updated_at'] = now;
    },
  };
}

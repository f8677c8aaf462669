import type { Json } from './instantlyWorld.ts';
import { json, type Reply } from './reply.ts';
import type { SmartleadAccount, SmartleadWorld } from './smartleadWorld.ts';
import type { SmartleadWriteContext } from './smartleadWrites.ts';
import type { Write } from './writes.ts';

/** What is written for what is read (Smartlead FACTS 3.3). */
const STATUS: Readonly<Record<string, string>> = { START: 'ACTIVE', PAUSED: 'PAUSED', STOPPED: 'STOPPED' };

const noCampaign = () => json({ error: 'Campaign not found - Invalid campaign_id.' }, 404);

/** Starts, pauses or stops a campaign; what was stopped stays so (Smartlead FACTS 3.3). */
export function setStatus({ world, clock }: SmartleadWriteContext, sent: Json, id: number): Write | Reply {
  const campaign = campaignOf(world, id);
  const status = STATUS[String(sent['status'])];
  if (campaign === undefined) {
    return noCampaign();
  }
  if (campaign['status'] === 'STOPPED' && status !== 'STOPPED') {
    // The words are not known.
    return json({ error: 'Campaign is stopped and cannot be changed.' }, 400);
  }
  return {
    apply: () => {
      Object.assign(campaign, { status, updated_at: clock.iso() });
      // It says why the service paused it, which is over.
      world.activityLogs.delete(id);
    },
    answer: () => json({ ok: true }),
  };
}

/** Deletes a campaign for good; one that is active is refused, which is documented only (Smartlead FACTS 3.6). */
export function deleteCampaign({ world }: SmartleadWriteContext, _sent: Json, id: number): Write | Reply {
  const campaign = campaignOf(world, id);
  if (campaign === undefined) {
    return noCampaign();
  }
  if (campaign['status'] === 'ACTIVE') {
    const error = { code: 'CAMPAIGN_ACTIVE', message: 'Cannot delete active campaign. Please stop it first.' };
    return json({ success: false, error }, 400);
  }
  return {
    apply: () => {
      world.campaigns.splice(world.campaigns.indexOf(campaign), 1);
      for (const account of world.sendersOf.get(id) ?? []) {
        leave(account, id);
      }
      world.sendersOf.delete(id);
      world.activityLogs.delete(id);
    },
    answer: () => json({ ok: true }),
  };
}

/** Adds senders to a campaign (Smartlead FACTS 3.7). */
export function attach({ world, clock }: SmartleadWriteContext, sent: Json, id: number): Write | Reply {
  const found = sendersIn(world, sent, id);
  if ('status' in found) {
    return found;
  }
  const { accounts, campaign } = found;
  return {
    apply: () => {
      const senders = world.sendersOf.get(id) ?? [];
      const added = accounts.filter((account) => !senders.includes(account));
      for (const account of added) {
        account.campaignIds.push(id);
      }
      world.sendersOf.set(id, [...senders, ...added]);
      campaign['updated_at'] = clock.iso();
    },
    answer: () => {
      const result = accounts.map((account) => ({
        id: id * 100_000 + (account.id % 100_000),
        email_campaign_id: id,
        email_account_id: account.id,
        updated_at: clock.iso(),
      }));
      return json({ ok: true, result });
    },
  };
}

/** Takes senders out of a campaign; an active one keeps at least one, which is documented only (Smartlead FACTS 3.7). */
export function detach({ world, clock }: SmartleadWriteContext, sent: Json, id: number): Write | Reply {
  const found = sendersIn(world, sent, id);
  if ('status' in found) {
    return found;
  }
  const { accounts, campaign } = found;
  const senders = world.sendersOf.get(id) ?? [];
  const removed = senders.filter((account) => accounts.includes(account));
  if (campaign['status'] === 'ACTIVE' && removed.length > 0 && removed.length === senders.length) {
    return json({ error: 'Cannot remove all email accounts from an active campaign.' }, 400);
  }
  return {
    apply: () => {
      for (const account of removed) {
        leave(account, id);
      }
      world.sendersOf.set(
        id,
        (world.sendersOf.get(id) ?? []).filter((account) => !removed.includes(account)),
      );
      campaign['updated_at'] = clock.iso();
    },
    answer: () => json({ ok: true, result: removed.length }),
  };
}

/** The campaign and the accounts that are named; or what the service says where one of them is not there. */
function sendersIn(
  world: SmartleadWorld,
  sent: Json,
  id: number,
): { readonly campaign: Json; readonly accounts: readonly SmartleadAccount[] } | Reply {
  const campaign = campaignOf(world, id);
  if (campaign === undefined) {
    return noCampaign();
  }
  const ids = [...new Set(sent['email_account_ids'] as number[])];
  const stranger = ids.find((one) => !world.byId.has(one));
  return stranger === undefined
    ? { campaign, accounts: ids.flatMap((one) => world.byId.get(one) ?? []) }
    : json({ error: `Email account id - ${stranger} not allowed. Permission Error.` }, 400);
}

function campaignOf({ campaigns }: SmartleadWorld, id: number): Json | undefined {
  return campaigns.find((row) => row['id'] === id);
}

function leave({ campaignIds }: SmartleadAccount, id: number): void {
  const place = campaignIds.indexOf(id);
  if (place >= 0) {
    campaignIds.splice(place, 1);
  }
}

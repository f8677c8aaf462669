import { assign } from './instantlyCampaignWrites.ts';
import { accountRow, notFound } from './instantlyReplies.ts';
import type { InstantlyAccount, InstantlyWorld, Json } from './instantlyWorld.ts';
import type { InstantlyWriteContext } from './instantlyWrites.ts';
import { json, type Reply } from './reply.ts';
import type { Write } from './writes.ts';

export type AccountAction = 'pause' | 'resume' | 'mark-fixed' | 'patch';

const ACTIVE = 1;
const PAUSED = 2;

/** A write to one account; `timestamp_updated` does not move with its status (Instantly FACTS 2.1). */
export function writeAccount(
  { world, clock }: InstantlyWriteContext,
  email: string,
  action: AccountAction,
  sent: Json,
): Write | Reply {
  const account = world.byEmail.get(email);
  if (account === undefined) {
    return notFound();
  }
  const { row } = account;
  return {
    apply: (ignored) => {
      if (action === 'patch') {
        patch(account, sent, ignored);
        row['timestamp_updated'] = clock.iso();
        return;
      }
      row['status'] = action === 'pause' ? PAUSED : ACTIVE;
      if (action === 'mark-fixed') {
        delete row['status_message'];
      }
    },
    answer: () => json(accountRow(account)),
  };
}

function patch(account: InstantlyAccount, sent: Json, ignored: readonly string[]): void {
  const { row } = account;
  const { warmup, remove_tracking_domain: removes, ...fields } = sent;
  // It says what to do, and is nothing that an account has.
  assign(row, fields, [...ignored, 'skip_cname_check']);
  if (warmup !== undefined && !ignored.includes('warmup')) {
    // Replaced whole, so that who changes one of its values sends all of them (Instantly FACTS 2.1).
    account.warmup = warmup as Json;
    row['warmup'] = { limit: account.warmup['limit'] };
  }
  if (removes === true && !ignored.includes('remove_tracking_domain')) {
    delete row['tracking_domain_name'];
    delete row['tracking_domain_status'];
  }
}

/** Pauses up to 100 accounts; those that are not there or are paused already failed (Instantly FACTS 2.1). */
export function writeAccounts({ byEmail }: InstantlyWorld, emails: readonly string[]): Write {
  const wanted = [...new Set(emails)];
  let paused = wanted.filter((email) => {
    const account = byEmail.get(email);
    return account !== undefined && account.row['status'] !== PAUSED;
  });
  return {
    apply: (ignored) => {
      paused = paused.filter((email) => !ignored.includes(email));
      for (const email of paused) {
        Object.assign(byEmail.get(email)?.row ?? {}, { status: PAUSED });
      }
    },
    answer: () => json({ paused_emails: paused, failed_emails: wanted.filter((email) => !paused.includes(email)) }),
  };
}

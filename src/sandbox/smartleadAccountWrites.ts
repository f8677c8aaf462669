import type { Json } from './instantlyWorld.ts';
import { json, type Reply } from './reply.ts';
import type { SmartleadAccount } from './smartleadWorld.ts';
import type { SmartleadWriteContext } from './smartleadWrites.ts';
import type { Write } from './writes.ts';

const noAccount = () => json({ error: 'Email account not found' }, 404);

/** Where what is written is read, which has other names (Smartlead FACTS 3.9). */
const setters: Readonly<Record<string, (account: SmartleadAccount, value: unknown) => void>> = {
  max_email_per_day: shared('message_per_day'),
  from_name: shared('from_name'),
  custom_tracking_url: shared('custom_tracking_domain'),
  bcc: shared('bcc_email'),
  signature: shared('signature'),
  client_id: (account, value) => {
    account.clientId = value as number | null;
  },
  time_to_wait_in_mins: (account, value) => {
    account.gap = (value ?? undefined) as number | undefined;
  },
  is_suspended: (account, value) => {
    account.suspended = value as boolean;
  },
};

function shared(name: string) {
  return (account: SmartleadAccount, value: unknown) => {
    account.shared[name] = value;
  };
}

/** Changes the settings of an account; what is not sent stays as it is (Smartlead FACTS 3.9). */
export function writeAccount({ world, clock }: SmartleadWriteContext, sent: Json, id: number): Write | Reply {
  const account = world.byId.get(id);
  if (account === undefined) {
    return noAccount();
  }
  return {
    apply: (ignored) => {
      for (const [name, value] of Object.entries(sent)) {
        if (!ignored.includes(name)) {
          setters[name]?.(account, value);
        }
      }
      account.shared['updated_at'] = clock.iso();
    },
    answer: () => json({ ok: true, message: 'Email account updated successfully' }),
  };
}

/** Assigns tags to up to 25 accounts, or removes them (Smartlead FACTS 3.11). */
export function writeTags({ world }: SmartleadWriteContext, sent: Json, way: 'assign' | 'remove'): Write | Reply {
  const ids = sent['email_account_ids'] as number[];
  const tagIds = sent['tag_ids'] as unknown[];
  const accounts = ids.flatMap((id) => world.byId.get(id) ?? []);
  if (accounts.length < ids.length) {
    return noAccount();
  }
  const tags = world.tags.filter((tag) => tagIds.includes(tag['id']));
  if (!tagIds.every((id) => tags.some((tag) => tag['id'] === id))) {
    return json({ error: 'Resource not found' }, 404);
  }
  return {
    apply: () => {
      for (const account of accounts) {
        const others = account.tags.filter((tag) => !tagIds.includes(tag['id']));
        account.tags = way === 'assign' ? [...others, ...tags] : others;
      }
    },
    answer: () => json({ ok: true }),
  };
}

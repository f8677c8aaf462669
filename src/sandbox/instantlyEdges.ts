import { newestFirst, type InstantlyWorld, type Json } from './instantlyWorld.ts';

/** Emails of the accounts that send for a campaign, listed and through tags, in small letters. */
export function sendersOf({ accounts }: InstantlyWorld, campaign: Json): Set<string> {
  const listed = (campaign['email_list'] ?? []) as string[];
  const tags = new Set((campaign['email_tag_list'] ?? []) as string[]);
  const tagged = tags.size === 0 ? [] : accounts.filter(({ tagIds }) => tagIds.some((id) => tags.has(id)));
  return new Set([...listed.map((email) => email.toLowerCase()), ...tagged.map(({ email }) => email)]);
}

/** Changes what decides who sends for these campaigns; the mappings of the accounts follow. */
export function relink(world: InstantlyWorld, campaigns: readonly Json[], change: () => void): void {
  const before = campaigns.map((campaign) => sendersOf(world, campaign));
  change();
  for (const [place, campaign] of campaigns.entries()) {
    const old = before[place] ?? new Set<string>();
    const now = world.campaigns.includes(campaign) ? sendersOf(world, campaign) : new Set<string>();
    for (const email of [...old].filter((one) => !now.has(one))) {
      const rest = (world.campaignsOf.get(email) ?? []).filter((one) => one !== campaign);
      world.campaignsOf.set(email, rest);
    }
    for (const email of [...now].filter((one) => !old.has(one))) {
      world.campaignsOf.set(email, [...(world.campaignsOf.get(email) ?? []), campaign].sort(newestFirst));
    }
  }
}

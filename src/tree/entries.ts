import type { SessionHealth } from '../connections/healthKeeper.ts';
import type { ChangeKind } from '../health/changeLists.ts';
import type { Rule } from '../health/rule.ts';
import type { Graph } from '../map/graph.ts';
import type { Account } from '../providers/model.ts';
import { divide, type Division, type Share } from '../queries/divide.ts';
import { inTurns, sortInSteps } from '../transport/turns.ts';
import { LONGEST_LIST } from './layout.ts';

/** What a row under a group of the Health view stands for. */
export type Entry =
  | ShareEntry
  | { readonly kind: 'changes'; readonly of: ChangeKind; readonly count: number }
  /** `change`: what became of it, where it stands under what changed. */
  | { readonly kind: 'account'; readonly id: string; readonly change?: string | undefined }
  | { readonly kind: 'campaign'; readonly id: string; readonly change?: string | undefined };

/** Accounts that share something, and what they were divided by. */
export interface ShareEntry {
  readonly kind: 'share';
  readonly division: Division;
  readonly share: Share;
  /** What became of each account by its key, where it stands under what changed. */
  readonly changes?: ReadonlyMap<string, string | undefined>;
}

/** A finding with more accounts than this is divided. */
const DIVIDED = 50;

/** What stands under a rule that fires: what costs most first, and many accounts divided. */
export async function entriesOfRule(watched: SessionHealth, rule: Rule, division: Division): Promise<readonly Entry[]> {
  return rule.about === 'campaign' ? campaignEntries(watched, rule) : accountEntries(watched, rule, division);
}

/** What stands under accounts that share something. */
export function entriesOfShare({ share, changes }: ShareEntry): readonly Entry[] {
  return share.accounts.map(({ key }) => ({ kind: 'account', id: key, change: changes?.get(key) }));
}

/** Accounts that changed, divided where they are more than one list shows and have something to be divided by. */
export async function dividedChanges(
  entries: readonly Entry[],
  graph: Graph,
  division: Division,
): Promise<readonly Entry[]> {
  if (entries.length <= LONGEST_LIST) {
    return entries;
  }
  const changes = new Map<string, string | undefined>();
  const accounts: Account[] = [];
  const others: Entry[] = [];
  for (const entry of entries) {
    const account = entry.kind === 'account' ? graph.account(entry.id) : undefined;
    if (entry.kind === 'account' && account !== undefined) {
      accounts.push(account);
      changes.set(account.key, entry.change);
    } else {
      others.push(entry);
    }
  }
  const shares = await inTurns(divide(accounts, graph, division));
  return shares.length < 2
    ? entries
    : [...shares.map((share): Entry => ({ kind: 'share', division, share, changes })), ...others];
}

async function accountEntries(
  { health, session }: SessionHealth,
  rule: Rule,
  division: Division,
): Promise<readonly Entry[]> {
  const accounts = await costliestFirst(await inTurns(health.accountsWith(rule.id)), (key) =>
    health.emailsOfAccount(key),
  );
  const { graph } = session.map;
  // Domains that fail as a whole come first, whatever the rest is divided by.
  const burnt = (await inTurns(divide(accounts, graph, 'domain'))).filter(({ value }) =>
    health.isBurnt(value, rule.id),
  );
  const grouped = new Set(burnt.flatMap((share) => share.accounts));
  const rest = accounts.filter((account) => !grouped.has(account));
  const entriesOf = (shares: readonly Share[], by: Division): Entry[] =>
    shares.map((share) => ({ kind: 'share', division: by, share }));
  const others =
    accounts.length <= DIVIDED
      ? rest.map(accountEntry)
      : entriesOf(await inTurns(divide(rest, graph, division)), division);
  return [...entriesOf(burnt, 'domain'), ...others];
}

function accountEntry({ key }: Account): Entry {
  return { kind: 'account', id: key };
}

async function costliestFirst(
  found: readonly Account[],
  emailsOf: (key: string) => number,
): Promise<readonly Account[]> {
  const emails = found.map(({ key }) => emailsOf(key));
  const order = await inTurns(
    sortInSteps(
      found.length,
      (a, b) => (emails[b] ?? 0) - (emails[a] ?? 0) || ((found[a]?.email ?? '') < (found[b]?.email ?? '') ? -1 : 1),
    ),
  );
  return Array.from(order, (place) => found[place]).filter((account) => account !== undefined);
}

function campaignEntries({ health }: SessionHealth, { id: rule }: Rule): readonly Entry[] {
  return health
    .campaignsWith(rule)
    .sort(
      (a, b) => health.emailsOfCampaign(b.id, rule) - health.emailsOfCampaign(a.id, rule) || (a.name < b.name ? -1 : 1),
    )
    .map(({ id }) => ({ kind: 'campaign', id }));
}

import { t } from '@vscode/l10n';
import { isActive } from '../health/active.ts';
import type { Graph } from '../map/graph.ts';
import type { ChangeKind, ChangesOfService } from '../providers/changes.ts';
import type { Account, Campaign, SenderReason } from '../providers/model.ts';
import { eachInSteps, type Steps } from '../transport/turns.ts';
import { EXISTS, GONE, limitOf, statusOf } from './live.ts';
import type { LeftOut, PlanItem, Value } from './plan.ts';
import { limitWords } from './words.ts';

/** Items, and what they leave out. */
export interface Items {
  readonly items: readonly PlanItem[];
  readonly leftOut: readonly LeftOut[];
}

/** What becomes of one thing that was asked for: an item, or why it is left out. */
type Decision = Pick<PlanItem, 'before' | 'after' | 'words'> | { readonly why: string };

/** Changes of the status of accounts. */
export function accountItems(
  kind: 'pause-account' | 'resume-account' | 'mark-fixed',
  accounts: readonly Account[],
  changes: ChangesOfService,
): Items {
  const after = changes[kind]?.becomes;
  return decide(accounts, accountBase(kind), (account) => {
    const before = statusOf(account);
    if (before === after) {
      return { why: kind === 'pause-account' ? t('it already is paused') : t('it already is active') };
    }
    if (kind === 'resume-account' && account.state !== 'paused') {
      return { why: t('it is not paused: {0}', account.statusWords) };
    }
    if (kind === 'mark-fixed' && account.state !== 'error' && account.state !== 'warning') {
      return { why: t('it has no error: {0}', account.statusWords) };
    }
    return {
      before,
      after,
      words: { before: currentWords(account, changes, 'pause-account', 'resume-account'), after: becomesWords(kind) },
    };
  });
}

/** What a status is called: what is the matter with it besides, such as its warmup, is not what changes. */
function currentWords(
  { status, statusWords }: Account | Campaign,
  changes: ChangesOfService,
  pause: ChangeKind,
  resume: ChangeKind,
): string {
  const kind = [pause, resume].find((known) => changes[known]?.becomes === status);
  return status === undefined || kind === undefined ? statusWords : becomesWords(kind);
}

/** What a status is called after a change. */
function becomesWords(kind: ChangeKind): string {
  return kind === 'pause-account' || kind === 'pause-campaign'
    ? t('Paused')
    : kind === 'stop-campaign'
      ? t('Stopped')
      : t('Active');
}

/** Daily limits of accounts, in emails a day; 0 is no limit where `zeroIsUnlimited`. */
export function limitItems(accounts: readonly Account[], limit: number, zeroIsUnlimited = false): Items {
  const wordsOf = (value: Value) => (value === 0 ? t('without a limit') : limitWords(value));
  return decide(accounts, accountBase('daily-limit'), (account) => {
    const before = limitOf(account);
    if (before === limit) {
      return { why: t('it already is {0} a day', limit) };
    }
    const words = zeroIsUnlimited && (before === 0 || limit === 0);
    return { before, after: limit, ...(words && { words: { before: wordsOf(before), after: wordsOf(limit) } }) };
  });
}

/** Changes of the status of campaigns. */
export function campaignItems(
  kind: 'activate-campaign' | 'pause-campaign' | 'stop-campaign' | 'delete-campaign',
  campaigns: readonly Campaign[],
  changes: ChangesOfService,
): Items {
  const after = changes[kind]?.becomes;
  return decide(campaigns, campaignBase(kind), (campaign) => {
    if (kind === 'delete-campaign') {
      return { before: EXISTS, after: GONE };
    }
    const before = statusOf(campaign);
    const { state, statusWords } = campaign;
    if (before === after) {
      return { why: t('it already is so: {0}', statusWords) };
    }
    if (state === 'done') {
      return { why: t('it is over: {0}', statusWords) };
    }
    if (kind === 'pause-campaign' && (state === 'draft' || state === 'paused')) {
      return { why: t('it does not run: {0}', statusWords) };
    }
    return {
      before,
      after,
      words: {
        before: currentWords(campaign, changes, 'pause-campaign', 'activate-campaign'),
        after: becomesWords(kind),
      },
    };
  });
}

/**
 * Accounts that become senders of a campaign, or are none any more.
 *
 * @param reasons why an account is a sender now, as far as the map knows.
 */
export function senderItems(
  kind: 'add-sender' | 'remove-sender',
  campaign: Campaign,
  accounts: readonly Account[],
  reasons: (account: Account) => { readonly named: boolean; readonly tags: readonly string[] },
): Items {
  const place = { id: campaign.id, name: campaign.name };
  return decide(accounts, { ...accountBase(kind), campaign: place }, (account) => {
    const { named, tags } = reasons(account);
    if (kind === 'add-sender') {
      return named ? { why: t('it already is a sender') } : { before: false, after: true };
    }
    if (named) {
      return { before: true, after: false };
    }
    return { why: tags.length > 0 ? t('only its tag "{0}" selects it', tags[0] ?? '') : t('it is not a sender') };
  });
}

/** The same, with what a map knows of why accounts are senders. */
export function changeOfSenders(
  graph: Graph,
  kind: 'add-sender' | 'remove-sender',
  campaign: Campaign,
  accounts: readonly Account[],
): Items {
  return senderItems(kind, campaign, accounts, ({ key }) =>
    named(graph.campaignsOf(key).find((edge) => edge.campaign.id === campaign.id)?.reasons ?? []),
  );
}

/** Whether an account is a sender by its name, and the tags by which it is one. */
function named(reasons: readonly SenderReason[]): { readonly named: boolean; readonly tags: readonly string[] } {
  return {
    named: reasons.some(({ kind }) => kind !== 'tag'),
    tags: reasons.flatMap((reason) => (reason.kind === 'tag' ? [reason.tag.label] : [])),
  };
}

/**
 * Moves senders from one campaign to another: first they are added, then removed. One that does not become a sender of the
 * other campaign stays in its own, and one that is not named by its own is not added to the other.
 */
export function moveItems(graph: Graph, from: Campaign, to: Campaign, accounts: readonly Account[]): Items {
  const removed = changeOfSenders(graph, 'remove-sender', from, accounts);
  const moved = new Set(removed.items.map(({ id }) => id));
  const joining = accounts.filter(({ key }) => moved.has(key));
  const added = changeOfSenders(graph, 'add-sender', to, joining);
  const placeOf = new Map(added.items.map(({ id }, place) => [id, place]));
  return {
    items: [...added.items, ...removed.items.map((item) => ({ ...item, needs: placeOf.get(item.id) }))],
    leftOut: [...added.leftOut, ...removed.leftOut],
  };
}

/** What removes accounts from all active campaigns that name them; a sender that only a tag selects is left out. */
export function* removalsFromActive(graph: Graph, accounts: readonly Account[]): Steps<Items> {
  const campaigns = new Map<
    string,
    { readonly campaign: Campaign; readonly senders: Map<Account, readonly SenderReason[]> }
  >();
  yield* eachInSteps(accounts, (account) => {
    for (const { campaign, reasons } of graph.campaignsOf(account.key)) {
      if (isActive(campaign)) {
        const known = campaigns.get(campaign.id) ?? { campaign, senders: new Map<Account, readonly SenderReason[]>() };
        campaigns.set(campaign.id, known);
        known.senders.set(account, reasons);
      }
    }
  });
  const parts: Items[] = [];
  yield* eachInSteps(campaigns.values(), ({ campaign, senders }) => {
    const reasons = (account: Account) => named(senders.get(account) ?? []);
    parts.push(senderItems('remove-sender', campaign, [...senders.keys()], reasons));
  });
  return { items: parts.flatMap(({ items }) => items), leftOut: parts.flatMap(({ leftOut }) => leftOut) };
}

/** Tags of accounts, or of campaigns. */
export function tagItems(
  kind: 'assign-tag' | 'remove-tag',
  about: 'account' | 'campaign',
  records: readonly (Account | Campaign)[],
  tag: { readonly id: string; readonly label: string },
): Items {
  const base = about === 'account' ? accountBase(kind) : campaignBase(kind);
  return decide(records, { ...base, tag }, (record) => {
    const before = record.tags.some(({ id }) => id === tag.id);
    const after = kind === 'assign-tag';
    return before === after
      ? { why: after ? t('it already has the tag') : t('it does not have the tag') }
      : { before, after };
  });
}

/** Properties of one campaign, each with what it is and what it becomes. */
export function propertyItems(
  campaign: Pick<Campaign, 'id' | 'name'>,
  changes: readonly { readonly property: string; readonly before: Value; readonly after: Value }[],
): Items {
  const items = changes.map((change) => ({ ...campaignBase('edit-campaign'), ...idOf(campaign), ...change }));
  return { items, leftOut: [] };
}

type Base = Pick<PlanItem, 'kind' | 'about' | 'campaign' | 'tag'>;

const accountBase = (kind: ChangeKind): Base => ({ kind, about: 'account' });
const campaignBase = (kind: ChangeKind): Base => ({ kind, about: 'campaign' });

function decide<T extends Account | Campaign>(
  records: readonly T[],
  base: Base,
  decision: (record: T) => Decision,
): Items {
  const items: PlanItem[] = [];
  const leftOut: LeftOut[] = [];
  // What stands in several places may be selected in each of them.
  const once = new Map(records.map((record) => [idOf(record).id, record]));
  for (const record of once.values()) {
    const decided = decision(record);
    const named = idOf(record);
    if ('why' in decided) {
      leftOut.push({ ...named, why: decided.why });
    } else {
      items.push({ ...base, ...named, ...decided });
    }
  }
  return { items, leftOut };
}

function idOf(record: Account | Pick<Campaign, 'id' | 'name'>): Pick<PlanItem, 'id' | 'label'> {
  return 'key' in record ? { id: record.key, label: record.email } : { id: record.id, label: record.name };
}

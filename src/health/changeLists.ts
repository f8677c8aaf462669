import { t } from '@vscode/l10n';
import type { AccountChange, CampaignChange, Changes, EdgeChange } from './changes.ts';
import { formatNumber } from './words.ts';

/** What changes, in the order in which a person asks for it. */
export const changeKinds = [
  'newlyBroken',
  'recovered',
  'scoreDrops',
  'campaignsPausedByService',
  'statusChanges',
  'campaignChanges',
  'joined',
  'left',
  'accountsAdded',
  'campaignsAdded',
] as const;

export type ChangeKind = (typeof changeKinds)[number];

/** Those that are about campaigns; the others are about accounts. */
export const campaignChangeKinds: ReadonlySet<ChangeKind> = new Set([
  'campaignsPausedByService',
  'campaignChanges',
  'campaignsAdded',
]);

/** An account or a campaign that changed. */
export interface Changed {
  readonly kind: 'account' | 'campaign';
  /** The account's key or the campaign's id. */
  readonly id: string;
  /** E.g. "Active → Connection error"; undefined where what it is now says it all. */
  readonly change: string | undefined;
}

/** Changes as lists of what changed, each account or campaign once in a list; lists with nothing in them are left out. */
export function changeLists(changes: Changes): ReadonlyMap<ChangeKind, readonly Changed[]> {
  const lists: Readonly<Record<ChangeKind, readonly Changed[]>> = {
    newlyBroken: changes.newlyBroken.map(accountStatus),
    recovered: changes.recovered.map(accountStatus),
    scoreDrops: changes.scoreDrops.map(scoreDrop),
    campaignsPausedByService: changes.campaignsPausedByService.map(campaignStatus),
    statusChanges: changes.statusChanges.map(accountStatus),
    campaignChanges: changes.campaignChanges.map(campaignStatus),
    joined: byAccount(changes.joined),
    left: byAccount(changes.left),
    accountsAdded: changes.accountsAdded.map(({ key }) => ({ kind: 'account', id: key, change: undefined })),
    campaignsAdded: changes.campaignsAdded.map(({ id }) => ({ kind: 'campaign', id, change: undefined })),
  };
  return new Map(changeKinds.filter((kind) => lists[kind].length > 0).map((kind) => [kind, lists[kind]]));
}

function accountStatus({ account, was, is }: AccountChange): Changed {
  return { kind: 'account', id: account.key, change: became(was, is) };
}

function campaignStatus({ campaign, was, is }: CampaignChange): Changed {
  return { kind: 'campaign', id: campaign.id, change: became(was, is) };
}

function scoreDrop({ account, scoreWas, scoreIs }: AccountChange): Changed {
  const known = scoreWas !== undefined && scoreIs !== undefined;
  const change = known ? became(formatNumber(scoreWas), formatNumber(scoreIs)) : undefined;
  return { kind: 'account', id: account.key, change };
}

/** What it was and what it is; undefined where both are called the same. */
function became(was: string, is: string): string | undefined {
  return was === is || was === '' ? undefined : t('{0} → {1}', was, is);
}

/** An account may have joined or left several campaigns. */
function byAccount(edges: readonly EdgeChange[]): readonly Changed[] {
  const names = new Map<string, string[]>();
  for (const { account, campaign } of edges) {
    const name = campaign.name === '' ? t('Campaign {0}', campaign.id) : campaign.name;
    const known = names.get(account.key);
    if (known === undefined) {
      names.set(account.key, [name]);
    } else {
      known.push(name);
    }
  }
  return Array.from(names, ([id, [first = '', ...others]]) => ({
    kind: 'account',
    id,
    change: others.length === 0 ? first : t('{0} +{1}', first, formatNumber(others.length)),
  }));
}

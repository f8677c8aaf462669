/** A finding, or what nearly is one, that a world has on purpose. */
export interface Planted {
  /** The stable name of the rule. */
  readonly rule: string;
  /** The key of an account, or the id of a campaign. */
  readonly about: string;
  /** False: it is on the other side of the threshold, so that the rule does not fire. */
  readonly fires: boolean;
  /** What has to be asked before anyone can know; undefined: the lists say it. */
  readonly asks?: 'account' | 'analytics' | undefined;
}

/** What the days to come may change without changing what else is planted. */
export interface Movable {
  /** Keys of accounts; each changes once. */
  readonly accounts: Set<string>;
  /** Ids of campaigns. */
  readonly campaigns: Set<string>;
}

/** What every plant says of itself. */
interface Plant {
  /** Rules that fire. */
  readonly fires?: readonly string[];
  /** The rule that nearly fires. */
  readonly near?: string;
  readonly asks?: Planted['asks'];
}

/** What may be wrong with an account of either service. */
export interface AccountPlant extends Plant {
  /** It is in none of the usual campaigns. */
  readonly apart?: true;
  /** A day may bring it in order again: no campaign needs it as it is. */
  readonly recovers?: true;
  /** In so many active campaigns besides the one of all accounts. */
  readonly others?: number;
}

/** What may be wrong with a campaign of either service. */
export interface CampaignPlant extends Plant {
  /** Accounts in order that send for it, and how many that are disconnected. */
  readonly senders?: number;
  readonly disconnected?: number;
  /** An account that is in no other campaign sends for it. */
  readonly withIdle?: true;
  /** In percent. */
  readonly bounced?: number;
}

/** An account with what was planted in it. */
interface PlantedAccount<Account> {
  readonly plant: AccountPlant;
  readonly account: Account;
}

/** Accounts in order, at least so many: enough that those with plants are a small part of the campaign of all. */
const LEAST_IN_ORDER = 180;

/** How many accounts in order a world with plants has, where so many are asked for. */
export function accountsInOrder(wanted: number): number {
  return Math.max(wanted, LEAST_IN_ORDER);
}

/** The accounts of those plants that fit. */
export function accountsOf<Account>(
  plants: readonly PlantedAccount<Account>[],
  which: (plant: AccountPlant) => boolean,
): Account[] {
  return plants.filter(({ plant }) => which(plant)).map(({ account }) => account);
}

/** Active campaigns in order, for accounts that are in several. */
const SHARED = 5;
/** Active campaigns in order that days to come may change, and the senders of each. */
const MOVABLE = 4;
const MOVABLE_SENDERS = 12;

/** How many campaigns there are besides those with plants and the one of all accounts. */
export const USUAL_CAMPAIGNS = SHARED + MOVABLE;

/** What campaigns are made of. */
interface CampaignParts<Account, Kind extends CampaignPlant, Id> {
  readonly plants: readonly Kind[];
  readonly accounts: readonly PlantedAccount<Account>[];
  /** Accounts in order that only the campaign of all accounts has yet. */
  readonly supply: Supply<Account>;
  /** An account in order that no other campaign has. */
  readonly idle: Account;
  readonly keyOf: (account: Account) => string;
  /** Makes a campaign that sends from accounts in order and from others. */
  readonly campaign: (name: string, inOrder: readonly Account[], others: readonly Account[], plant?: Kind) => Id;
}

/** Makes all campaigns but the one of all accounts. @returns what the world then says of itself. */
export function plantCampaigns<Account, Kind extends CampaignPlant, Id extends string | number>({
  plants,
  accounts,
  supply,
  idle,
  keyOf,
  campaign,
}: CampaignParts<Account, Kind, Id>): {
  readonly bounced: Map<Id, number>;
  readonly planted: Planted[];
  readonly movable: Movable;
} {
  const planted: Planted[] = [];
  for (const { plant, account } of accounts) {
    addPlanted(planted, plant, keyOf(account));
  }
  addPlanted(planted, { fires: ['idle'] }, keyOf(idle));
  for (let place = 0; place < SHARED; place += 1) {
    const guests = accountsOf(accounts, ({ others = 0 }) => others > place);
    campaign(`Shared ${place + 1}`, supply.take(3), guests);
  }
  const movable = Array.from({ length: MOVABLE }, (_, place) =>
    campaign(`Webinar ${place + 1}`, supply.take(MOVABLE_SENDERS), []),
  );
  const disconnected = accountsOf(accounts, ({ fires, recovers }) => fires?.[0] === 'disconnected' && !recovers);
  const bounced = new Map<Id, number>();
  for (const plant of plants) {
    const others = [...disconnected.slice(0, plant.disconnected ?? 0), ...(plant.withIdle === undefined ? [] : [idle])];
    const name = `${plant.fires === undefined ? 'Nearly' : 'Planted'}: ${plant.fires?.[0] ?? plant.near ?? ''}`;
    const id = campaign(name, supply.take(plant.senders ?? 0), others, plant);
    addPlanted(planted, plant, String(id));
    if (plant.bounced !== undefined) {
      bounced.set(id, plant.bounced);
    }
  }
  const recovering = accountsOf(accounts, ({ recovers }) => recovers === true);
  return {
    bounced,
    planted,
    movable: {
      accounts: new Set([...supply.rest, ...recovering].map(keyOf)),
      campaigns: new Set(movable.map(String)),
    },
  };
}

/** Adds what a plant says of the account or the campaign that it became. */
export function addPlanted(planted: Planted[], { fires = [], near, asks }: Plant, about: string): void {
  for (const rule of fires) {
    planted.push({ rule, about, fires: true, asks });
  }
  if (near !== undefined) {
    planted.push({ rule: near, about, fires: false, asks });
  }
  if (fires.includes('bounce-protection')) {
    // It stops campaigns of which too many emails bounce: their analytics say so.
    planted.push({ rule: 'bounce-rate', about, fires: true, asks: 'analytics' });
  }
}

/** Where the schedules of plants are. */
export const plantZone = 'America/Chicago';

/** A day as the schedules of plants have it: `YYYY-MM-DD`, so many days from today. */
export function dayFromToday(days: number): string {
  const date = new Date();
  date.setDate(date.getDate() + days);
  return new Intl.DateTimeFormat('sv-SE', { timeZone: plantZone }).format(date);
}

/** Hands out the members of a list, each once. */
export class Supply<T> {
  readonly #rest: T[];

  constructor(all: readonly T[]) {
    this.#rest = [...all];
  }

  /** @throws {RangeError} where there are not so many left. */
  take(count: number): T[] {
    if (count > this.#rest.length) {
      throw new RangeError('There are not enough accounts for the plants.');
    }
    return this.#rest.splice(0, count);
  }

  get rest(): readonly T[] {
    return this.#rest;
  }
}

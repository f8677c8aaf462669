import { addPlanted, type Movable, type Planted } from './plants.ts';
import type { Random } from './random.ts';

/** An account that sends for a campaign, by its key and the id of the campaign. */
export interface Edge {
  readonly account: string;
  readonly campaign: string;
}

/** What became different in a day. */
export interface DayChanges {
  /** Keys of accounts that were disconnected, and of those that were connected again. */
  readonly broke: readonly string[];
  readonly recovered: readonly string[];
  /** Warmup scores that fell: by 10 and more, and one by less. */
  readonly scores: readonly { readonly account: string; readonly from: number; readonly to: number }[];
  readonly joined: readonly Edge[];
  readonly left: readonly Edge[];
  /** The campaign that bounce protection paused; undefined where none was active. */
  readonly paused: string | undefined;
}

/** A workspace, as far as a day can change it. */
export interface Changeable {
  readonly accounts: readonly ChangeableAccount[];
  /** Ids of active campaigns. */
  readonly active: readonly string[];
  join(edge: Edge): void;
  leave(edge: Edge): void;
  /** Bounce protection stops it. */
  pause(campaign: string): void;
}

/** An account, as far as a day can change it. */
export interface ChangeableAccount {
  readonly key: string;
  /** `other`: something is the matter with it that a day does not change. */
  readonly condition: 'well' | 'disconnected' | 'other';
  readonly score: number | undefined;
  /** Ids of the active campaigns that it sends for, and those of them that list it. */
  readonly feeds: readonly string[];
  readonly removableFrom: readonly string[];
  disconnect(): void;
  connect(): void;
  setScore(score: number): void;
}

/** Scores from here on stay in order when they fall. */
const HIGH_SCORE = 95;

/**
 * Moves a workspace on by a day: some accounts break and some recover, scores fall, accounts join and leave campaigns,
 * and the service pauses a campaign. Each account changes in one way.
 *
 * @param planted what is planted, which is kept true.
 * @param movable what may change; undefined: everything.
 */
export function moveOn(
  { accounts, active, ...world }: Changeable,
  random: Random,
  planted: Planted[],
  movable: Movable | undefined,
): DayChanges {
  const few = Math.max(2, Math.round(accounts.length / 100));
  const touched = new Set<string>();
  const campaigns = active.filter((id) => movable?.campaigns.has(id) ?? true);
  const draw = (count: number, may: (account: ChangeableAccount) => boolean): ChangeableAccount[] => {
    const drawn = some(
      random,
      count,
      accounts.filter((account) => !touched.has(account.key) && may(account)),
    );
    for (const { key } of drawn) {
      touched.add(key);
      movable?.accounts.delete(key);
    }
    return drawn;
  };
  const mayChange = ({ key }: ChangeableAccount) => movable?.accounts.has(key) ?? true;

  const [paused] = some(random, 1, campaigns);
  const open = campaigns.filter((id) => id !== paused);
  const stillFeeds = ({ feeds }: ChangeableAccount) => feeds.filter((id) => id !== paused);
  const broken = draw(few, (account) => mayChange(account) && account.condition === 'well');
  const mended = draw(few, (account) => mayChange(account) && account.condition === 'disconnected');
  const fallen = draw(
    few + 1,
    (account) => mayChange(account) && account.condition === 'well' && (account.score ?? 0) >= HIGH_SCORE,
  );
  const newcomers = draw(
    few,
    (account) =>
      mayChange(account) && account.condition === 'well' && open.some((campaign) => !account.feeds.includes(campaign)),
  );
  // Nobody is left without a campaign.
  const leavers = draw(
    few,
    (account) => stillFeeds(account).length > 1 && account.removableFrom.some((campaign) => open.includes(campaign)),
  );
  const joined = newcomers.map((account) => ({
    account: account.key,
    campaign: oneOf(
      random,
      open.filter((campaign) => !account.feeds.includes(campaign)),
    ),
  }));
  const left = leavers.map((account) => ({
    account: account.key,
    campaign: oneOf(
      random,
      account.removableFrom.filter((campaign) => open.includes(campaign)),
    ),
  }));
  const scores = fallen.map(({ key, score = HIGH_SCORE }, place) => ({
    account: key,
    from: score,
    to: score - (place === 0 ? 9 : random.between(10, 14)),
  }));

  for (const account of broken) {
    account.disconnect();
  }
  for (const account of mended) {
    account.connect();
  }
  for (const [place, account] of fallen.entries()) {
    account.setScore(scores[place]?.to ?? 0);
  }
  for (const edge of joined) {
    world.join(edge);
  }
  for (const edge of left) {
    world.leave(edge);
  }
  if (paused !== undefined) {
    world.pause(paused);
  }
  const changes = {
    broke: broken.map(({ key }) => key),
    recovered: mended.map(({ key }) => key),
    ...{ scores, joined, left, paused },
  };
  if (movable !== undefined) {
    replant(planted, changes);
  }
  return changes;
}

/** Of what a day changes, what is planted after it. */
function replant(planted: Planted[], { broke, recovered, scores, paused }: DayChanges): void {
  const changed = new Set([...broke, ...recovered]);
  const kept = planted.filter(({ about }) => !changed.has(about));
  planted.length = 0;
  for (const plant of kept) {
    planted.push(plant);
  }
  for (const key of broke) {
    addPlanted(planted, { fires: ['disconnected'] }, key);
  }
  for (const { account, from, to } of scores) {
    addPlanted(planted, from - to >= 10 ? { fires: ['warmup-score-drop'] } : { near: 'warmup-score-drop' }, account);
  }
  if (paused !== undefined) {
    addPlanted(planted, { fires: ['bounce-protection'] }, paused);
  }
}

/** So many of them at most, in any order. */
function some<T>(random: Random, count: number, all: readonly T[]): T[] {
  const rest = [...all];
  const chosen: T[] = [];
  while (chosen.length < count && rest.length > 0) {
    for (const one of rest.splice(random.between(0, rest.length - 1), 1)) {
      chosen.push(one);
    }
  }
  return chosen;
}

function oneOf(random: Random, ids: readonly string[]): string {
  return some(random, 1, ids)[0] ?? '';
}

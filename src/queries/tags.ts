import type { Graph } from '../map/graph.ts';
import { eachInSteps, inTurns, type Steps } from '../transport/turns.ts';

/** Where a tag is used. */
export interface TagUse {
  /** Undefined where it is not known. */
  readonly label: string | undefined;
  /** Keys of the accounts that carry it. */
  readonly accounts: readonly string[];
  /** Ids of the campaigns that select senders through it. */
  readonly campaigns: readonly string[];
}

/** A map whose tags can be looked up. */
interface Tagged {
  readonly graph: Graph;
  /** Goes up with each change. */
  readonly version: number;
}

/** By the id of the tag. */
type TagIndex = ReadonlyMap<string, TagUse>;

const UNUSED: TagUse = { label: undefined, accounts: [], campaigns: [] };

const known = new WeakMap<Tagged, { readonly version: number; readonly index: Promise<TagIndex> }>();

/** Where a tag is used in a map as it is now. All rows are walked once for each version of the map, in turns. */
export async function tagUseOf(map: Tagged, tagId: string): Promise<TagUse> {
  const use = (await indexOf(map)).get(tagId) ?? UNUSED;
  return { ...use, label: use.label ?? map.graph.tagLabel(tagId) };
}

/** The tags that accounts carry, those of most accounts first. As {@link tagUseOf}. */
export async function tagsInUse(map: Tagged): Promise<readonly TagUse[]> {
  return [...(await indexOf(map)).values()]
    .filter(({ accounts }) => accounts.length > 0)
    .sort((a, b) => b.accounts.length - a.accounts.length);
}

/** All tags that accounts or campaigns have, those of most accounts first, with how many accounts carry each. */
export async function tagsKnown(
  map: Tagged,
): Promise<readonly { readonly id: string; readonly label: string; readonly accounts: number }[]> {
  const known = new Map<string, { id: string; label: string; accounts: number }>();
  for (const [id, { label = id, accounts }] of await indexOf(map)) {
    known.set(id, { id, label, accounts: accounts.length });
  }
  for (const { tags } of map.graph.campaigns) {
    for (const { id, label } of tags) {
      known.set(id, known.get(id) ?? { id, label, accounts: 0 });
    }
  }
  return [...known.values()].sort((a, b) => b.accounts - a.accounts);
}

function indexOf(map: Tagged): Promise<TagIndex> {
  const { version } = map;
  const last = known.get(map);
  if (last?.version === version) {
    return last.index;
  }
  const index = inTurns(indexIn(map.graph));
  known.set(map, { version, index });
  return index;
}

function* indexIn(graph: Graph): Steps<TagIndex> {
  const index = new Map<string, { label: string | undefined; accounts: string[]; campaigns: string[] }>();
  const useOf = (id: string, label?: string) => {
    let use = index.get(id);
    if (use === undefined) {
      use = { label, accounts: [], campaigns: [] };
      index.set(id, use);
    }
    use.label ??= label;
    return use;
  };
  yield* eachInSteps(graph.accounts, ({ key, tags }) => {
    for (const { id, label } of tags) {
      useOf(id, label).accounts.push(key);
    }
  });
  yield* eachInSteps(graph.campaigns, ({ id: campaign, senderTagIds = [] }) => {
    for (const id of senderTagIds) {
      useOf(id).campaigns.push(campaign);
    }
  });
  return index;
}

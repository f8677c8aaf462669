import { randomUUID } from 'node:crypto';
import { relink } from './instantlyEdges.ts';
import { badRequest, notFound } from './instantlyReplies.ts';
import type { InstantlyWorld, Json } from './instantlyWorld.ts';
import type { InstantlyWriteContext } from './instantlyWrites.ts';
import { json, type Reply } from './reply.ts';
import type { Write } from './writes.ts';

const ACCOUNT = 1;

/** Assigns tags to accounts or campaigns, or takes them away; `assign` says which (Instantly FACTS 2.4). */
export function toggleTags({ world, clock }: InstantlyWriteContext, sent: Json): Write | Reply {
  const type = sent['resource_type'] as 1 | 2;
  const tagIds = sent['tag_ids'] as string[];
  const resources = resourcesOf(world, sent, type);
  if (resources === undefined) {
    return badRequest("body must have required property 'resource_ids'");
  }
  const known = new Set(keysOf(world, type));
  const missing = resources.filter((id) => !known.has(id)).length;
  if (missing > 0) {
    return notFound(`${missing} ${type === ACCOUNT ? 'account' : 'campaign'}(s) not found`);
  }
  if (tagIds.some((id) => !world.tags.some((tag) => tag['id'] === id))) {
    return notFound();
  }
  const assigns = sent['assign'] === true;
  return {
    apply: () => {
      map(world, type, tagIds, resources, assigns ? clock.now() : undefined);
      if (type === ACCOUNT) {
        tagAccounts(world, tagIds, resources, assigns);
      }
    },
    answer: () => json({ success: true }),
  };
}

/** Adds the mappings that are not there, or takes them away. @param time when they are added; undefined: taken away. */
function map(
  world: InstantlyWorld,
  type: 1 | 2,
  tagIds: readonly string[],
  resources: readonly string[],
  time: number | undefined,
): void {
  const pair = (tag: unknown, resource: unknown) => `${String(tag)} ${String(resource)}`;
  const pairs = resources.flatMap((resource) => tagIds.map((tag) => ({ tag, resource })));
  const wanted = new Set(pairs.map(({ tag, resource }) => pair(tag, resource)));
  const isMeant = (row: Json) => row['resource_type'] === type && wanted.has(pair(row['tag_id'], row['resource_id']));
  if (time === undefined) {
    world.tagMappings = world.tagMappings.filter((row) => !isMeant(row));
    return;
  }
  const known = new Set(world.tagMappings.filter(isMeant).map((row) => pair(row['tag_id'], row['resource_id'])));
  const [newest] = world.tagMappings;
  // Pages go on after a time, so that no two mappings may have the same one.
  let created = newest === undefined ? time : Math.max(time, Date.parse(String(newest['timestamp_created'])) + 1);
  for (const { tag, resource } of pairs.filter((one) => !known.has(pair(one.tag, one.resource)))) {
    world.tagMappings.unshift({
      id: randomUUID(),
      tag_id: tag,
      resource_id: resource,
      resource_type: type,
      timestamp_created: new Date(created).toISOString(),
      organization_id: world.workspace['id'],
    });
    created += 1;
  }
}

/** Tags on accounts decide who sends for campaigns that select senders by them. */
function tagAccounts(world: InstantlyWorld, tagIds: readonly string[], emails: readonly string[], assigns: boolean) {
  const selecting = world.campaigns.filter((campaign) =>
    ((campaign['email_tag_list'] ?? []) as string[]).some((id) => tagIds.includes(id)),
  );
  relink(world, selecting, () => {
    for (const account of emails.flatMap((email) => world.byEmail.get(email) ?? [])) {
      const others = account.tagIds.filter((id) => !tagIds.includes(id));
      account.tagIds = assigns ? [...new Set([...account.tagIds, ...tagIds])] : others;
    }
  });
}

/** What is meant; undefined where nothing says it. */
function resourcesOf(world: InstantlyWorld, sent: Json, type: 1 | 2): readonly string[] | undefined {
  if (sent['selected_all'] !== true) {
    return sent['resource_ids'] as string[] | undefined;
  }
  const excluded = (sent['excluded_resource_ids'] ?? []) as string[];
  return keysOf(world, type).filter((id) => !excluded.includes(id));
}

function keysOf(world: InstantlyWorld, type: 1 | 2): string[] {
  return type === ACCOUNT ? world.accounts.map(({ email }) => email) : world.campaigns.map(({ id }) => String(id));
}

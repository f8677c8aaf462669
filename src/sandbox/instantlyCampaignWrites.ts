import { relink, sendersOf } from './instantlyEdges.ts';
import { campaignRow } from './instantlyReplies.ts';
import type { Json } from './instantlyWorld.ts';
import type { InstantlyWriteContext } from './instantlyWrites.ts';
import { json, type Reply } from './reply.ts';
import type { Write } from './writes.ts';

const ACTIVE = 1;
const PAUSED = 2;
const UNHEALTHY = -1;

/** How long after its activation a campaign without senders is found unhealthy (Instantly FACTS 2.3). */
const UNTIL_UNHEALTHY = 4 * 60_000;

/** Replaces what is sent, each property whole; null clears one, and what is not set is left out (Instantly FACTS 1, 2.3). */
export function patchCampaign(context: InstantlyWriteContext, campaign: Json, sent: Json): Write {
  return {
    apply: (ignored) => {
      relink(context.world, [campaign], () => {
        assign(campaign, sent, ignored);
        campaign['timestamp_updated'] = context.clock.iso();
      });
    },
    answer: () => answerOf(context, campaign),
  };
}

/** Takes the campaign away, with its place in mappings; answers what it was (Instantly FACTS 2.3). */
export function deleteCampaign(context: InstantlyWriteContext, campaign: Json): Write {
  const { world } = context;
  return {
    apply: () => {
      relink(world, [campaign], () => {
        world.campaigns.splice(world.campaigns.indexOf(campaign), 1);
      });
      world.tagMappings = world.tagMappings.filter((mapping) => mapping['resource_id'] !== campaign['id']);
    },
    answer: () => answerOf(context, campaign),
  };
}

export function pauseCampaign(context: InstantlyWriteContext, campaign: Json): Write {
  return statusWrite(context, campaign, PAUSED);
}

/** Active at once, whatever it lacks; without senders it is unhealthy four minutes later (Instantly FACTS 2.3). */
export function activateCampaign(context: InstantlyWriteContext, campaign: Json): Write {
  const { world, clock } = context;
  return statusWrite(context, campaign, ACTIVE, () => {
    clock.after(UNTIL_UNHEALTHY, () => {
      if (campaign['status'] === ACTIVE && sendersOf(world, campaign).size === 0) {
        Object.assign(campaign, { status: UNHEALTHY, timestamp_updated: clock.iso() });
      }
    });
  });
}

function statusWrite(context: InstantlyWriteContext, campaign: Json, status: number, then?: () => void): Write {
  return {
    apply: () => {
      Object.assign(campaign, { status, timestamp_updated: context.clock.iso() });
      then?.();
    },
    answer: () => answerOf(context, campaign),
  };
}

/** A copy: what was answered stays what it was. */
function answerOf({ quirks }: InstantlyWriteContext, campaign: Json): Reply {
  return json({ ...campaignRow(campaign, quirks) });
}

/** Sets what is not ignored; null is what clears a property. */
export function assign(row: Json, sent: Json, ignored: readonly string[]): void {
  for (const [name, value] of Object.entries(sent)) {
    if (ignored.includes(name)) {
      continue;
    }
    if (value === null) {
      Reflect.deleteProperty(row, name);
    } else {
      row[name] = value;
    }
  }
}

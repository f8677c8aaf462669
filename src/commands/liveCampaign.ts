import type { Session } from '../connections/sessions.ts';
import { settableOf } from '../plans/merge.ts';
import type { Json } from '../providers/fields.ts';
import type { Campaign } from '../providers/model.ts';
import type { CampaignSchema } from '../providers/provider.ts';
import { internalError, ServiceError } from '../transport/errors.ts';

/** A campaign as its service has it now. */
export interface LiveCampaign {
  readonly campaign: Campaign;
  readonly schema: CampaignSchema;
  /** The properties that can be set. */
  readonly values: Json;
}

/** Reads a campaign to edit it, or to compare a draft with it. @throws {ServiceError} where it cannot be read, or is not there. */
export async function liveCampaign({ map, provider }: Session, id: string): Promise<LiveCampaign> {
  const schema = await provider.info.campaignSchema?.();
  if (schema === undefined) {
    throw internalError();
  }
  const properties = await map.readBack.properties(id);
  const campaign = map.graph.campaign(id);
  if (properties === undefined || campaign === undefined) {
    throw new ServiceError('notFound', { service: provider.info.name, serviceMessage: id });
  }
  return { campaign, schema, values: shortFirst(settableOf(properties, Object.keys(schema.properties))) };
}

/** Plain values first, then lists and objects by their length: sequences of emails would hide the settings below them. */
function shortFirst(values: Json): Json {
  const lengthOf = (value: unknown) => (typeof value === 'object' && value !== null ? JSON.stringify(value).length : 0);
  return Object.fromEntries(Object.entries(values).sort(([, a], [, b]) => lengthOf(a) - lengthOf(b)));
}

import type { SendmapApi } from './api.ts';
import type { Sessions } from './connections/sessions.ts';

/** The extension's API over the sessions: the same maps that the views show. */
export function createApi(sessions: Sessions): SendmapApi {
  const mapOf = async (connectionId: string) => (await sessions.get(connectionId)).map;
  return {
    apiVersion: 1,
    connections: () => sessions.store.list().map(({ id, provider, label }) => ({ id, provider, label })),
    accounts: async (connectionId) => [...(await (await mapOf(connectionId)).accounts.all()).values()],
    campaigns: async (connectionId) => [...(await (await mapOf(connectionId)).campaigns.all()).values()],
    campaignsOf: async (connectionId, accountKey) => (await mapOf(connectionId)).allCampaignsOf(accountKey),
    sendersOf: async (connectionId, campaignId) => (await mapOf(connectionId)).sendersOf(campaignId),
  };
}

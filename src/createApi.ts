import * as vscode from 'vscode';
import type { SendmapApi, SendmapMap } from './api.ts';
import type { Session, Sessions } from './connections/sessions.ts';
import { isAbort, ServiceError } from './transport/errors.ts';

/** The extension's API over the sessions: the same maps that the views show. */
export function createApi(sessions: Sessions): SendmapApi {
  /** Asks a session; whatever ends it meanwhile becomes an error of the closed set too. */
  async function ask<T>(connectionId: string, question: (session: Session) => Promise<T>): Promise<T> {
    const session = await sessions.get(connectionId);
    try {
      return await question(session);
    } catch (error) {
      throw isAbort(error)
        ? new ServiceError('notFound', {
            service: session.provider.info.name,
            serviceMessage: vscode.l10n.t('the connection ended while it was read'),
          })
        : error;
    }
  }
  return {
    apiVersion: 1,
    connections: () => sessions.store.list().map(({ id, provider, label }) => ({ id, provider, label })),
    accounts: (id) => ask(id, async ({ map }) => [...(await map.accounts.all()).rows]),
    campaigns: (id) => ask(id, async ({ map }) => [...(await map.campaigns.all()).rows]),
    campaignsOf: (id, accountKey) =>
      ask(id, async ({ map }) => (await map.allCampaignsOf(accountKey)).map(({ campaign }) => campaign)),
    sendersOf: (id, campaignId) => ask(id, ({ map }) => map.sendersOf(campaignId)),
    map: (id) => ask(id, ({ map }) => wholeMap(map)),
    onDidChangeMap: (listener) => {
      const follow = ({ connection, map }: Session) => {
        map.onDidChange(() => {
          listener(connection.id);
        });
      };
      sessions.ready().forEach(follow);
      return sessions.onDidStart(follow);
    },
  };
}

/** The whole map; a sync is run, or joined, where it is not complete. What it could not get is named. */
async function wholeMap(map: Session['map']): Promise<SendmapMap> {
  if (!map.complete || map.progress.running) {
    await map.sync();
    if (map.accounts.status === 'capped') {
      // The cap of the settings is for what is read without asking; here somebody asks for all.
      await map.accounts.all().catch(() => undefined);
      await map.sync();
    }
  }
  const { graph } = map;
  const missing = map.missing();
  return {
    complete: missing.length === 0,
    missing,
    accounts: [...map.accounts.records.rows],
    campaigns: [...map.campaigns.records.rows],
    senders: [...graph.accounts].flatMap(({ key }) =>
      graph.campaignsOf(key).map(({ campaign, reasons }) => ({ accountKey: key, campaignId: campaign.id, reasons })),
    ),
    syncedAt: map.syncedAt,
  };
}

import * as vscode from 'vscode';
import type { SendmapApi, SendmapMap } from './api.ts';
import type { Session, Sessions } from './connections/sessions.ts';
import type { Log } from './transport/client.ts';
import { isAbort, ServiceError } from './transport/errors.ts';

/** The extension's API over the sessions: the same maps that the views show. */
export function createApi(sessions: Sessions, log: Log): SendmapApi {
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
      const subscriptions = new Map<string, { dispose(): void }>();
      const follow = ({ connection, map }: Session) => {
        subscriptions.set(
          connection.id,
          map.onDidChange(() => {
            try {
              listener(connection.id);
            } catch (error) {
              // Another extension's mistake ends nothing here.
              log.error(`onDidChangeMap: ${error instanceof Error ? error.message : String(error)}`);
            }
          }),
        );
      };
      sessions.ready().forEach(follow);
      const started = sessions.onDidStart(follow);
      return {
        dispose: () => {
          started.dispose();
          subscriptions.forEach((subscription) => {
            subscription.dispose();
          });
        },
      };
    },
  };
}

/** The whole map; a sync is run, or joined, where it is not complete. What it could not get is named. */
async function wholeMap(map: Session['map']): Promise<SendmapMap> {
  await map.whole();
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

import * as vscode from 'vscode';
import type { SendmapApi } from './api.ts';
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
    accounts: (id) => ask(id, async ({ map }) => [...(await map.accounts.all()).values()]),
    campaigns: (id) => ask(id, async ({ map }) => [...(await map.campaigns.all()).values()]),
    campaignsOf: (id, accountKey) => ask(id, ({ map }) => map.allCampaignsOf(accountKey)),
    sendersOf: (id, campaignId) => ask(id, ({ map }) => map.sendersOf(campaignId)),
  };
}

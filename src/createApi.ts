import type { SendmapApi } from './api.ts';
import type { HealthKeeper } from './connections/healthKeeper.ts';
import type { Session, Sessions } from './connections/sessions.ts';
import { stackOf } from './transport/errors.ts';
import { Lazy } from './transport/lazy.ts';
import type { Log } from './transport/log.ts';

/** The extension's API over the sessions. What answers its questions is loaded with the first one. */
export function createApi(sessions: Sessions, health: Lazy<HealthKeeper>, log: Log): SendmapApi {
  const methods = new Lazy(async () => (await import('./apiMethods.ts')).createMethods(sessions, health, log));
  return {
    apiVersion: 1,
    connections: () => sessions.store.list().map(({ id, provider, label }) => ({ id, provider, label })),
    accounts: async (...args) => (await methods.get()).accounts(...args),
    campaigns: async (...args) => (await methods.get()).campaigns(...args),
    campaignsOf: async (...args) => (await methods.get()).campaignsOf(...args),
    sendersOf: async (...args) => (await methods.get()).sendersOf(...args),
    map: async (...args) => (await methods.get()).map(...args),
    findings: async (...args) => (await methods.get()).findings(...args),
    capacity: async (...args) => (await methods.get()).capacity(...args),
    changes: async (...args) => (await methods.get()).changes(...args),
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
              log.error(`onDidChangeMap: ${stackOf(error)}`);
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

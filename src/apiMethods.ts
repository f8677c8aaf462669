import * as vscode from 'vscode';
import type { SendmapApi, SendmapEdge, SendmapError, SendmapMap } from './api.ts';
import type { Session, Sessions } from './connections/sessions.ts';
import type { HealthKeeper } from './connections/healthKeeper.ts';
import { isIdentifier } from './providers/fields.ts';
import type { Lazy } from './transport/lazy.ts';
import { eachInSteps, inTurns } from './transport/turns.ts';
import type { Log } from './transport/log.ts';
import { internalError, isAbort, isServiceError, ServiceError, stackOf } from './transport/errors.ts';

const { t } = vscode.l10n;

type ApiMethods = Omit<SendmapApi, 'apiVersion' | 'connections' | 'onDidChangeMap'>;

/** The methods of the API that ask a session: the same maps that the views show. */
export function createMethods(sessions: Sessions, health: Lazy<HealthKeeper>, log: Log): ApiMethods {
  /** Asks a session; whatever goes wrong becomes an error of the closed set. */
  async function ask<T>(connectionId: unknown, question: (session: Session) => Promise<T>): Promise<T> {
    try {
      const id = nameOf(connectionId, t('a connection is named by its id, a string'));
      return await question(await sessions.get(id));
    } catch (error) {
      throw publicError(error, log);
    }
  }
  return {
    accounts: (id) => ask(id, async ({ map }) => frozenCopy(await map.allAccounts())),
    campaigns: (id) => ask(id, async ({ map }) => frozenCopy(await map.allCampaigns())),
    campaignsOf: (id, accountKey) =>
      ask(id, async ({ map }) => {
        const edges = await map.allCampaignsOf(nameOf(accountKey, t('an account is named by its key, a string')));
        return frozenCopy(edges.map(({ campaign }) => campaign));
      }),
    sendersOf: (id, campaignId) =>
      ask(id, async ({ map }) =>
        frozenCopy(await map.lookups.sendersOf(nameOf(campaignId, t('a campaign is named by its id, a string')))),
      ),
    map: (id) => ask(id, ({ map }) => wholeMap(map)),
    findings: (id) =>
      ask(id, async ({ connection, map }) => {
        await map.readWhole();
        const watched = await (await health.get()).evaluated(connection.id);
        const { findingsOf } = await import('./health/findings.ts');
        return watched === undefined ? [] : inTurns(findingsOf(map.graph, watched.health));
      }),
    capacity: (id, options) =>
      ask(id, async ({ map }) => {
        const without = keysOf(options?.without);
        await map.readWhole();
        // Before the figures, which may lack what comes in meanwhile.
        const missing = map.missing();
        const { capacity } = await import('./health/capacity.ts');
        const { possible, campaigns, counts } = await inTurns(capacity(map.graph, { without }));
        return {
          possible,
          campaigns: campaigns.map((row) => ({
            id: row.id,
            wanted: row.wanted,
            possible: row.possible,
            expected: row.expected,
            sendersKnown: row.sendersKnown,
          })),
          unknownLimits: counts.unknownLimits,
          missing,
        };
      }),
    changes: (id, since) =>
      ask(id, async ({ connection, map }) => {
        const time = timeOf(since);
        // Of a map that is not read, all would seem to be gone.
        await map.readWhole();
        const watched = await (await health.get()).evaluated(connection.id);
        const times = (await watched?.recordTimes()) ?? [];
        const record = times.find((at) => at <= time) ?? times.at(-1);
        const found = record === undefined ? undefined : await watched?.changesSince(record);
        return found && (await import('./health/publicChanges.ts')).publicChanges(found);
      }),
  };
}

/** What another extension gave as a name. The types ask for a string; JavaScript does not. @throws {ServiceError} */
function nameOf(name: unknown, expected: string): string {
  if (!isIdentifier(name)) {
    throw new ServiceError('notFound', { service: 'Sendmap', serviceMessage: expected });
  }
  return name;
}

/** Keys that another extension gave. @throws {ServiceError} where they are no list of them. */
function keysOf(keys: unknown): readonly string[] {
  if (keys === undefined) {
    return [];
  }
  const expected = t('accounts to leave out are named by their keys, a list of strings');
  if (!Array.isArray(keys)) {
    throw new ServiceError('notFound', { service: 'Sendmap', serviceMessage: expected });
  }
  return keys.map((key) => nameOf(key, expected));
}

/** A moment that another extension gave, in milliseconds since the epoch. @throws {ServiceError} where it is none. */
function timeOf(date: unknown): number {
  const time = date instanceof Date ? date.getTime() : Number.NaN;
  if (Number.isNaN(time)) {
    throw new ServiceError('notFound', { service: 'Sendmap', serviceMessage: t('a moment is given as a Date') });
  }
  return time;
}

/** An error with what the API promises and nothing else: no cause, which may hold a request. */
function publicError(error: unknown, log: Log): SendmapError {
  const { message, kind, service, status, serviceMessage, retryAt } = closedError(error, log);
  return Object.assign(new Error(message), {
    name: 'SendmapError',
    kind,
    service,
    status,
    serviceMessage,
    retryAt,
  } as const);
}

function closedError(error: unknown, log: Log): ServiceError {
  if (isServiceError(error)) {
    return error;
  }
  if (isAbort(error)) {
    return new ServiceError('ended', { service: 'Sendmap' });
  }
  log.error(`API: ${stackOf(error)}`);
  return internalError();
}

/** The whole map; a sync is run, or joined, where it is not complete. What it could not get is named. */
async function wholeMap(map: Session['map']): Promise<SendmapMap> {
  await map.syncAll();
  for (;;) {
    const { version } = map;
    const copy = await copyOf(map);
    // Everything of one moment: the map may have changed while this gave way.
    if (map.version === version) {
      return copy;
    }
  }
}

async function copyOf(map: Session['map']): Promise<SendmapMap> {
  const { graph, syncedAt } = map;
  const missing = map.missing();
  const accounts = [...map.accounts.records.rows];
  const campaigns = [...map.campaigns.records.rows];
  // As long as it will be: a list that grows takes three times the memory.
  const senders = new Array<SendmapEdge>(await inTurns(graph.countEdges()));
  let edges = 0;
  const each = eachInSteps(graph.accounts, ({ key }) => {
    for (const { campaign, reasons } of graph.campaignsOf(key)) {
      senders[edges] = { accountKey: key, campaignId: campaign.id, reasons: freeze(reasons) };
      edges += 1;
    }
  });
  await inTurns(each);
  senders.length = edges;
  await inTurns(eachInSteps(accounts, freeze));
  await inTurns(eachInSteps(campaigns, freeze));
  return { complete: missing.length === 0, missing, accounts, campaigns, senders, syncedAt };
}

/** A new list of the map's own records: they are frozen, because copies of all would double the memory. */
async function frozenCopy<T>(records: readonly T[]): Promise<T[]> {
  const copy = [...records];
  await inTurns(eachInSteps(copy, freeze));
  return copy;
}

/** Freezes plain data, down to its leaves. What is frozen already was frozen here, and so are its leaves. */
function freeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    // Without a list of its values, of hundreds of thousands of records.
    for (const name in value) {
      freeze(value[name]);
    }
  }
  return value;
}

import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as vscode from 'vscode';
import { AnswerFiles } from '../../src/connections/answers.ts';
import { RecordFiles } from '../../src/health/recordFiles.ts';
import type { Connection } from '../../src/connections/connection.ts';
import { MapKeeper } from '../../src/connections/mapKeeper.ts';
import type { Session } from '../../src/connections/sessions.ts';
import { commands } from '../../src/contributions.ts';
import type { SendingMap } from '../../src/map/sendingMap.ts';
import type { SnapshotFiles } from '../../src/map/snapshotFiles.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { stateWords } from '../../src/tree/progress.ts';
import { api, endWorld, keys, startWorld } from './world.ts';

const HOUR = 60 * 60_000;
const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

export function describeWaits(): void {
  describe('a service that asked to be left alone for years', () => {
    let sandbox: Sandbox;

    before(async () => {
      sandbox = await startWorld();
    });
    after(() => endWorld(sandbox));

    const idOf = async (label: RegExp) => (await api()).connections().find((one) => label.test(one.label))!.id;

    const refresh = (connectionId: string) =>
      vscode.commands.executeCommand(commands.refresh, { kind: 'connection', connectionId, id: 'x' });

    /** Has the service refuse a refresh of this connection; others go on, because later suites read with them. */
    async function pause(key: string, connectionId: string): Promise<void> {
      sandbox.override({
        key,
        path: /./,
        reply: { status: 429, body: {}, headers: { 'retry-after': '1e30' } },
      });
      await refresh(connectionId);
      assert.ok(sandbox.requests.some(({ status }) => status === 429));
      sandbox.clearOverrides();
      sandbox.requests.length = 0;
    }

    it('is asked by Refresh', async () => {
      const id = await idOf(/Fabrikam/);
      await pause(keys.smartlead, id);
      await refresh(id);
      assert.ok(sandbox.requests.length > 1);
      assert.deepEqual((await (await api()).map(id)).missing, []);
    });

    it('is asked by Refresh Document', async () => {
      const id = await idOf(/Northwind/);
      const account = sandbox.instantly.accounts[0]!;
      const uri = await vscode.commands.executeCommand<vscode.Uri>(commands.openAccount, {
        connectionId: id,
        account: account.email,
      });
      await vscode.window.showTextDocument(uri);
      await pause(keys.instantly, id);
      await vscode.commands.executeCommand(commands.refreshDocument);
      assert.ok(sandbox.requests.some(({ path }) => path.endsWith(`/accounts/${encodeURIComponent(account.email)}`)));
    });

    it('is asked by Check Key', async () => {
      const id = await idOf(/^Instantly$/);
      await pause(keys.narrow, id);
      await vscode.commands.executeCommand(commands.checkKey, { connectionId: id });
      await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
      // Five of the reads that are checked ask for one row, and so does the probe, because of the scopes of this key.
      assert.equal(sandbox.requests.filter(({ query }) => query['limit'] === '1').length, 6);
    });
  });

  describe('a clock that is set back', () => {
    afterEach(() => {
      mock.restoreAll();
      mock.timers.reset();
    });

    const setClock = (by: number) => {
      mock.timers.enable({ apis: ['Date'], now: Date.now() + by });
    };

    function keeperOf(completedAt: number, running: boolean) {
      const listeners: (() => void)[] = [];
      const listen = (listener: () => void) => {
        listeners.push(listener);
        return { dispose: () => undefined };
      };
      let restored = 0;
      const state = (at: number) => ({ accountsPosition: { completedAt: at }, campaignsPosition: {} });
      const map = {
        progress: { running },
        accounts: { status: 'complete', completedAt },
        campaigns: { status: 'complete' },
        onDidChange: listen,
        onDidProgress: listen,
        restore: () => Promise.resolve((restored += 1)),
      };
      const files = {
        load: () => Promise.resolve(state(Date.now())),
        savedAt: () => Promise.resolve(Date.now()),
        allows: () => true,
        saver: () => () => Promise.resolve(),
        idle: () => Promise.resolve(),
      };
      const keeper = new MapKeeper(
        files as unknown as SnapshotFiles,
        new AnswerFiles('', log, () => true),
        new RecordFiles('', log, () => true),
        'en',
      );
      const connection: Connection = { id: 'c', provider: 'instantly', label: 'C', sample: false };
      return {
        keeper,
        keep: () => keeper.keep(connection, 'tag', map as unknown as SendingMap),
        progress: () => {
          listeners.forEach((listener) => {
            listener();
          });
        },
        restored: () => restored,
      };
    }

    it('does not keep a running sync from being saved', async () => {
      const { keeper, keep, progress } = keeperOf(Date.now(), true);
      await keep();
      setClock(-HOUR);
      const delays: unknown[] = [];
      mock.method(globalThis, 'setTimeout', (_: unknown, delay: unknown) => {
        delays.push(delay);
      });
      progress();
      mock.restoreAll();
      keeper.dispose();
      assert.ok(delays.length > 0 && delays.every((delay) => Number(delay) <= 30_000), delays.join());
    });

    it('does not keep a window from following another', async () => {
      setClock(HOUR);
      const { keeper, keep, restored } = keeperOf(Date.now(), false);
      await keep();
      mock.timers.reset();
      const before = restored();
      assert.equal(await keeper.follow('c'), true);
      assert.equal(restored(), before + 1);
      keeper.dispose();
    });

    it('leaves a map without an age to show', () => {
      const words = (syncedAt: number | undefined) =>
        stateWords({
          map: { complete: true, syncedAt, progress: { running: false } },
          provider: { client: {} },
        } as unknown as Session);
      assert.deepEqual(words(undefined), { short: 'complete', full: 'complete' });
      // Ages are counted by the minute, also for what was synced at its end.
      const minute = 60_000;
      const endOfMinute = Math.ceil(Date.now() / minute) * minute - 1;
      mock.timers.enable({ apis: ['Date'], now: endOfMinute });
      for (const [syncedAt, age] of [
        [endOfMinute, 'just now'],
        [endOfMinute - minute, 'just now'],
        [endOfMinute - 2 * minute, '1 min ago'],
      ] as const) {
        assert.deepEqual(words(syncedAt), { short: age, full: `complete, ${age}` });
      }
    });

    it('does not make an old document pass for the one that is being opened', async () => {
      const sandbox = await startWorld();
      const { id } = (await api()).connections().find(({ provider }) => provider === 'smartlead')!;
      const uri = vscode.Uri.parse(`sendmap:/${id}/accounts/${sandbox.smartlead.accounts[7]!.id}.json`);
      await vscode.workspace.fs.stat(uri);
      await vscode.workspace.fs.stat(uri);
      const reads = () => sandbox.requests.filter(({ path }) => path.includes('/email-accounts/')).length;
      const first = reads();
      setClock(-HOUR);
      await vscode.workspace.fs.stat(uri);
      mock.timers.reset();
      assert.ok(reads() > first);
      await endWorld(sandbox);
    });
  });
}

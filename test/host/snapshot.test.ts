import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { commands, mapsFolder, settings } from '../../src/contributions.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { linesOf } from '../support/savedMaps.ts';
import { until } from '../support/until.ts';
import { add, api, configure, endWorld, extension, keys, startWorld } from './world.ts';

export function describeSnapshots(): void {
  describe('saved maps', () => {
    let sandbox: Sandbox;
    let connection: string;
    let folder: string;

    before(async () => {
      sandbox = await startWorld();
      await extension().activate();
      folder = join(process.env['SENDMAP_USER_DATA'] ?? '', 'User/globalStorage/sendmap.sendmap', mapsFolder);
      connection = await add('smartlead', keys.smartlead, 'Saved').then(
        (id) => id,
        async () => (await api()).connections().find(({ provider }) => provider === 'smartlead')!.id,
      );
    });
    after(() => endWorld(sandbox));

    const saved = () => (existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.map')) : []);

    it('are written after a sync, without a key or a password', async () => {
      const subject = await api();
      await subject.map(connection);
      await until(() => saved().some((name) => name.startsWith(connection)));
      const text = linesOf(readFileSync(join(folder, `${connection}.map`))).join('\n');
      const account = sandbox.smartlead.accounts.find(({ password }) => password !== null)!;
      assert.ok(text.includes(String(account.shared['from_email'])));
      for (const secret of [
        ...Object.values(keys),
        account.password!,
        Buffer.from(account.password!).toString('base64'),
      ]) {
        assert.ok(!text.includes(secret));
      }
      // The map of another connection may be on its way into the folder; none stays half written.
      await until(() => !readdirSync(folder).some((name) => name.endsWith('.tmp')));
    });

    it('go with Clear Cache, and with the setting', async () => {
      await vscode.commands.executeCommand(commands.clearCache);
      assert.deepEqual(saved(), []);
      const refresh = () =>
        vscode.commands.executeCommand(commands.refresh, { kind: 'connection', connectionId: connection, id: 'x' });
      await refresh();
      await until(() => saved().length > 0);
      await configure(settings.cacheEnabled, false);
      await until(() => saved().length === 0);
      await configure(settings.cacheEnabled, undefined);
    });
  });
}

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../src/contributions.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { baseUrlSettings } from '../support/settings.ts';
import { until } from '../support/until.ts';
import { add, api, configure, endWorld, keys, startWorld } from './world.ts';

export function describeConnections(): void {
  describe('connections', () => {
    let sandbox: Sandbox;
    before(async () => {
      sandbox = await startWorld();
    });
    after(() => endWorld(sandbox));

    it('refuses a key that the service refuses, and stores nothing', async () => {
      await assert.rejects(
        async () => add('instantly', 'planted-wrong-key-0000'),
        (error: Error) => {
          assert.match(error.message, /Instantly refused the key \(401: Invalid API key\)/);
          assert.ok(!error.message.includes('planted'));
          return true;
        },
      );
      assert.deepEqual((await api()).connections(), []);
    });

    it('refuses nonsense by saying what is wrong', async () => {
      await assert.rejects(async () => add('instantly', 'planted key with spaces'), /contain no spaces/);
      await assert.rejects(
        async () => add('mailchimp' as never, 'planted-x'),
        /Unknown provider "mailchimp"\. Use instantly, smartlead/,
      );
    });

    it('adds a connection of each service; the label is the workspace’s name unless given', async () => {
      const first = await add('instantly', keys.instantly);
      const second = await add('smartlead', keys.smartlead, 'Client: Fabrikam');
      const connections = (await api()).connections();
      assert.deepEqual(connections, [
        { id: first, provider: 'instantly', label: 'Northwind outbound' },
        { id: second, provider: 'smartlead', label: 'Client: Fabrikam' },
      ]);
      assert.match(first, /^northwind-outbound-[0-9a-f]{6}$/);
    });

    it('refuses the same key twice, with the name of the connection that has it, and asks nobody', async () => {
      const before = sandbox.requests.length;
      await assert.rejects(
        async () => add('instantly', keys.instantly, 'again'),
        /already connected as "Northwind outbound"/,
      );
      assert.equal(sandbox.requests.length, before);
    });

    it('takes a key without the workspace scope', async () => {
      const id = await add('instantly', keys.narrow);
      const narrow = (await api()).connections().find((connection) => connection.id === id);
      assert.equal(narrow?.label, 'Instantly');
      await assert.rejects((await api()).campaigns(id), { name: 'SendmapError', kind: 'missingScope' });
    });

    it('reports a base URL that cannot be used, when it is used', async () => {
      await configure(baseUrlSettings.instantly, 'http://api.example.com');
      await assert.rejects(
        async () => add('instantly', 'planted-other-key'),
        /sendmap\.instantly\.baseUrl is not valid.*not an https URL/,
      );
      await configure(baseUrlSettings.instantly, sandbox.baseUrls.instantly);
    });

    it('tells a service that is not there from a key that is not good', async () => {
      await configure(baseUrlSettings.smartlead, 'http://127.0.0.1:9/api/v1');
      await assert.rejects(
        async () => add('smartlead', 'planted-other-key'),
        /Smartlead could not be reached \(the connection was refused\)/,
      );
      await configure(baseUrlSettings.smartlead, sandbox.baseUrls.smartlead);
    });

    it('opens the log', async () => {
      await vscode.commands.executeCommand(commands.showLog);
      await until(() =>
        vscode.window.visibleTextEditors.some(
          ({ document: { uri } }) => uri.scheme === 'output' && /sendmap/i.test(uri.path),
        ),
      );
      await vscode.commands.executeCommand('workbench.action.closePanel');
    });
  });
}

import assert from 'node:assert/strict';
import { dirname, join } from 'node:path';
import * as vscode from 'vscode';
import { commands, scheme } from '../../src/contributions.ts';
import { extension } from './world.ts';

export function describeActivation(): void {
  describe('activation', () => {
    it('loads one file: rows, sessions and requests come when they are first wanted', async () => {
      const subject = extension();
      await subject.activate();
      assert.ok(subject.isActive);
      const bundles = join(subject.extensionPath, 'dist');
      const loaded = Object.keys(require.cache).filter((path) => dirname(path) === bundles);
      assert.deepEqual(loaded, [join(bundles, 'extension.cjs')]);
    });

    it('registers every command of the manifest', async () => {
      const registered = new Set(await vscode.commands.getCommands(true));
      for (const command of Object.values(commands)) {
        assert.ok(registered.has(command), command);
      }
    });

    it('makes its documents read-only', () => {
      assert.equal(vscode.workspace.fs.isWritableFileSystem(scheme), false);
    });
  });
}

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands, scheme } from '../../src/contributions.ts';
import { extension } from './world.ts';

export function describeActivation(): void {
  describe('activation', () => {
    it('loads no HTTP code and needs no time to speak of', async () => {
      const subject = extension();
      await subject.activate();
      assert.ok(subject.isActive);
      const loaded = Object.keys(require.cache).filter((path) => path.startsWith(subject.extensionPath));
      assert.ok(!loaded.some((path) => /http\.cjs|sandbox\.cjs/.test(path)), loaded.join());
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

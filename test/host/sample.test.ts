import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../src/contributions.ts';
import { api } from './world.ts';

export function describeSample(): void {
  describe('the sample workspace', () => {
    it('adds two connections that work without a key, once, and goes in one step', async () => {
      const subject = await api();
      const others = subject.connections();
      await vscode.commands.executeCommand(commands.openSampleWorkspace);
      await vscode.commands.executeCommand(commands.openSampleWorkspace);
      const samples = subject.connections().slice(others.length);
      assert.deepEqual(
        samples.map(({ provider }) => provider),
        ['instantly', 'smartlead'],
      );
      for (const { id, label } of samples) {
        assert.match(label, /sample/);
        assert.ok((await subject.accounts(id)).length > 10);
      }
      await vscode.commands.executeCommand(commands.removeSampleWorkspace);
      assert.deepEqual(subject.connections(), others);
    });
  });
}

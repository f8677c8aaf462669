import assert from 'node:assert/strict';
import { mock } from 'node:test';
import type * as vscode from 'vscode';
import { Snoozes, type Snooze } from '../../src/connections/snoozes.ts';
import { snoozesState } from '../../src/contributions.ts';

const HOUR = 3_600_000;

export function describeSnoozes(): void {
  describe('snoozes', () => {
    function keptIn(state: Map<string, unknown>): Snoozes {
      const memento: vscode.Memento = {
        keys: () => [...state.keys()],
        get: <T>(name: string, otherwise?: T) => (state.has(name) ? (state.get(name) as T) : otherwise),
        update: (name, value) => Promise.resolve(void state.set(name, structuredClone(value))),
      };
      return new Snoozes(memento);
    }

    const snooze = (rest: Partial<Snooze> = {}): Snooze => ({
      connectionId: 'c',
      kind: 'account',
      id: 'a@x.com',
      rule: 'disconnected',
      until: Date.now() + HOUR,
      ...rest,
    });

    it('are of one rule, of all rules, or of all that a rule fires for in a connection', async () => {
      const snoozes = keptIn(new Map());
      await snoozes.add([snooze(), snooze({ id: 'b@x.com', rule: undefined })]);
      assert.deepEqual(snoozes.of('c', 'account', 'a@x.com'), new Set(['disconnected']));
      assert.equal(snoozes.of('c', 'account', 'b@x.com'), 'all');
      assert.equal(snoozes.of('c', 'campaign', 'a@x.com'), undefined);
      assert.equal(snoozes.of('other', 'account', 'a@x.com'), undefined);
      await snoozes.add([snooze({ kind: 'finding', id: 'idle', rule: undefined })]);
      assert.deepEqual(snoozes.of('c', 'account', 'a@x.com'), new Set(['idle', 'disconnected']));
      assert.deepEqual(snoozes.of('c', 'account', 'anyone'), new Set(['idle']));
      assert.equal(snoozes.of('other', 'account', 'anyone'), undefined);
      snoozes.dispose();
    });

    it('are kept, replaced by a later one for the same, and ended for good', async () => {
      const state = new Map<string, unknown>();
      const snoozes = keptIn(state);
      const until = Date.now() + 2 * HOUR;
      await snoozes.add([snooze()]);
      await snoozes.add([snooze({ until }), snooze({ rule: 'idle' })]);
      assert.equal(snoozes.list().length, 2);
      const later = keptIn(state);
      assert.deepEqual(later.list(), snoozes.list());
      assert.equal(later.list().find(({ rule }) => rule === 'disconnected')?.until, until);
      await later.end([snooze()]);
      assert.deepEqual([later.list(), state.get(snoozesState)], [[], []]);
      snoozes.dispose();
      later.dispose();
    });

    it('end by themselves', async () => {
      mock.timers.enable({ apis: ['setTimeout', 'Date'], now: 1_000_000 });
      const snoozes = keptIn(new Map());
      try {
        let changes = 0;
        snoozes.onDidChange(() => (changes += 1));
        await snoozes.add([snooze()]);
        mock.timers.tick(HOUR + 1);
        assert.deepEqual([snoozes.list(), changes], [[], 2]);
      } finally {
        snoozes.dispose();
        mock.timers.reset();
      }
    });

    it('take no notice of what is stored in a way that they do not know', () => {
      const stored = [null, 7, {}, snooze(), { ...snooze(), rule: 'no-such-rule' }, { ...snooze(), kind: 'tag' }];
      const snoozes = keptIn(new Map([[snoozesState, stored]]));
      assert.deepEqual(
        snoozes.list().map(({ id }) => id),
        ['a@x.com'],
      );
      snoozes.dispose();
      const none = keptIn(new Map([[snoozesState, 'nothing']]));
      assert.deepEqual(none.list(), []);
      none.dispose();
    });
  });
}

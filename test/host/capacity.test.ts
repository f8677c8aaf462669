import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../src/contributions.ts';
import { documentUri } from '../../src/documents/uri.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { api, endWorld, startWorld } from './world.ts';

interface Row {
  readonly id: string;
  readonly wanted: number | string;
  readonly expected: number;
  readonly shortfall?: number;
}

interface Need extends Row {
  readonly name: string;
  readonly mailboxes_needed: readonly object[];
  readonly used_up: readonly object[];
}

interface CapacityReport {
  readonly answer: string;
  readonly emails_a_day: { readonly possible: number; readonly wanted?: number };
  readonly campaigns: readonly Row[];
  readonly worst_shortfalls: readonly Need[];
  readonly assumptions: readonly string[];
}

interface WhatIfReport {
  readonly answer: string;
  readonly accounts: { readonly count: number; readonly first_accounts: readonly { key: string; email: string }[] };
  readonly emails_a_day: { readonly before: { possible: number }; readonly after: { possible: number } };
  readonly campaigns_that_send_nothing: unknown;
  readonly assumptions: readonly string[];
}

/** Picks what has each label in turn. @returns the description of the last one. */
async function pickingEach(labels: readonly string[], run: () => Promise<void>): Promise<string | undefined> {
  const before = vscode.window.createQuickPick;
  const left = [...labels];
  let description: string | undefined;
  vscode.window.createQuickPick = (() => {
    const accepted = new vscode.EventEmitter<void>();
    const never = new vscode.EventEmitter<never>().event;
    const box = {
      items: [] as vscode.QuickPickItem[],
      selectedItems: [] as vscode.QuickPickItem[],
      onDidAccept: accepted.event,
      onDidHide: never,
      onDidTriggerButton: never,
      dispose: () => undefined,
      show: () => {
        const wanted = left.shift();
        box.selectedItems = box.items.filter(({ label }) => label === wanted);
        description = box.selectedItems[0]?.description;
        accepted.fire();
      },
    };
    return box;
  }) as unknown as typeof before;
  try {
    await run();
  } finally {
    vscode.window.createQuickPick = before;
  }
  return description;
}

export function describeCapacity(): void {
  describe('capacity', () => {
    let sandbox: Sandbox;
    const ids: Record<string, string> = {};

    before(async () => {
      sandbox = await startWorld();
      const subject = await api();
      for (const { id, provider } of subject.connections()) {
        ids[provider] ??= id;
        await subject.map(id);
      }
    });
    after(async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await endWorld(sandbox);
    });

    async function opened<T>(command: string, ...args: unknown[]): Promise<T> {
      const uri = await vscode.commands.executeCommand<vscode.Uri>(command, ...args);
      return JSON.parse((await vscode.workspace.openTextDocument(uri)).getText()) as T;
    }

    it('is a document of a connection, with what each campaign can expect, the worst first', async () => {
      const report = await opened<CapacityReport>(commands.capacity, { connectionId: ids['instantly'] });
      assert.match(report.answer, /^Accounts can send up to [\d,]+ emails a day\./);
      const sum = report.campaigns.reduce((total, { expected }) => total + expected, 0);
      assert.ok(report.campaigns.length > 0);
      assert.ok(Math.abs(sum - report.emails_a_day.possible) <= report.campaigns.length * 0.05 + 1e-6, `${sum}`);
      const shortfalls = report.campaigns.map(({ shortfall = 0 }) => shortfall);
      assert.deepEqual(
        shortfalls,
        [...shortfalls].sort((a, b) => b - a),
      );
      assert.match(report.assumptions[0]!, /model/);
    });

    it('says the same of one campaign in its explanation, with what it needs to reach its limit', async () => {
      const connectionId = ids['instantly']!;
      const { campaigns, worst_shortfalls: worst } = await opened<CapacityReport>(commands.capacity, { connectionId });
      const { id, name, ...need } = worst.at(-1)!;
      assert.ok(need.mailboxes_needed.length > 0 && need.used_up.length > 0, name);
      const { capacity } = await opened<{ capacity: object }>(commands.explainCampaign, { connectionId, campaign: id });
      const row = campaigns.find((one) => one.id === id)!;
      assert.deepEqual({ id, name, ...capacity }, { ...row, ...need });
    });

    it('says in words where a service has no limit for all emails of a campaign', async () => {
      const report = await opened<CapacityReport>(commands.capacity, { connectionId: ids['smartlead'] });
      assert.equal(report.emails_a_day.wanted, undefined);
      assert.ok(report.campaigns.every(({ wanted }) => String(wanted).includes('only its senders limit it')));
    });

    it('says what happens if accounts stop: one, those of a domain, or the selected rows', async () => {
      const connectionId = ids['instantly']!;
      const accounts = await (await api()).accounts(connectionId);
      const [first, second] = accounts;
      const one = await opened<WhatIfReport>(commands.whatIf, { connectionId, account: first!.key });
      assert.deepEqual(one.accounts, { count: 1, first_accounts: [{ key: first!.key, email: first!.email }] });
      const two = await opened<WhatIfReport>(commands.whatIf, { connectionId, accounts: [first!.key, second!.key] });
      assert.equal(two.accounts.count, 2);
      const domain = first!.email.split('@')[1]!;
      const same = accounts.filter(({ email }) => email.endsWith(`@${domain}`));
      const ofDomain = await opened<WhatIfReport>(commands.whatIf, { connectionId, domain });
      assert.equal(ofDomain.accounts.count, same.length);
      assert.ok(ofDomain.emails_a_day.after.possible <= ofDomain.emails_a_day.before.possible);
      const rows = [first!, second!].map(({ key }) => ({
        kind: 'account',
        id: `${connectionId}/${key}`,
        connectionId,
        accountKey: key,
      }));
      const selected = await opened<WhatIfReport>(commands.whatIf, rows[0], rows);
      assert.deepEqual(
        selected.accounts.first_accounts.map(({ key }) => key),
        [first!.key, second!.key],
      );
      assert.match(selected.answer, /^Active campaigns lose [\d,.]+ of [\d,]+ emails a day\./);
    });

    it('takes the accounts of groups and saved filters, whatever else is selected beside them', async () => {
      const connectionId = ids['instantly']!;
      const accounts = await (await api()).accounts(connectionId);
      const low = accounts.filter(({ warmupScore }) => warmupScore !== undefined && warmupScore < 90);
      const other = accounts.find((account) => !low.includes(account))!;
      assert.ok(low.length > 0);
      const filter = {
        kind: 'filter',
        id: `${connectionId}/f:built-in low-warmup`,
        connectionId,
        filterId: 'built-in low-warmup',
      };
      const row = { kind: 'account', id: `${connectionId}/${other.key}`, connectionId, accountKey: other.key };
      const ofFilter = await opened<WhatIfReport>(commands.whatIf, filter, [filter]);
      assert.equal(ofFilter.accounts.count, low.length);
      const both = await opened<WhatIfReport>(commands.whatIf, filter, [filter, row]);
      assert.equal(both.accounts.count, low.length + 1);
    });

    it('offers the domains, the tags and the findings of the accounts', async () => {
      const connectionId = ids['instantly']!;
      const accounts = await (await api()).accounts(connectionId);
      const domain = accounts[0]!.email.split('@')[1]!;
      const tag = accounts.flatMap(({ tags }) => tags)[0]!;
      const found = (await (await api()).findings(connectionId)).filter(({ rule }) => rule === 'disconnected');
      const disconnected = new Set(found.flatMap(({ accountKeys }) => accountKeys));
      assert.ok(disconnected.size > 0);
      for (const [kind, label, count] of [
        ['All accounts of a domain', domain, accounts.filter(({ email }) => email.endsWith(`@${domain}`)).length],
        [
          'All accounts with a tag',
          tag.label,
          accounts.filter(({ tags }) => tags.some(({ id }) => id === tag.id)).length,
        ],
        ['All accounts of a finding', 'Disconnected', disconnected.size],
      ] as const) {
        const offered = await pickingEach([kind, label], async () => {
          const report = await opened<WhatIfReport>(commands.whatIf, { connectionId });
          assert.equal(report.accounts.count, count);
        });
        assert.equal(offered, count === 1 ? '1 account' : `${count} accounts`);
      }
    });

    it('says so where nothing is chosen, and where what was chosen is not known any more', async () => {
      const connectionId = ids['instantly']!;
      await assert.rejects(
        async () => vscode.commands.executeCommand(commands.whatIf, { connectionId, domain: 'nobody.example' }),
        /None of these is an account/,
      );
      const gone = await vscode.workspace.fs.readFile(documentUri({ kind: 'what-if', connectionId, id: 'gone' }));
      const report = JSON.parse(new TextDecoder().decode(gone)) as { answer: string; next_step: string };
      assert.match(report.answer, /^These accounts were remembered only until/);
      assert.match(report.next_step, /^Choose the accounts again/);
    });
  });
}

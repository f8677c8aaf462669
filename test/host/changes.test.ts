import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as vscode from 'vscode';
import type { ChangeResult } from '../../src/commands/proposal.ts';
import { changesScheme, commands, settings } from '../../src/contributions.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { until } from '../support/until.ts';
import { writeLines } from '../support/writes.ts';
import { typing } from './typing.ts';
import { add, api, configure, endWorld, startWorld } from './world.ts';

/** Keys of their own: other suites have connections with theirs. */
const keys = {
  instantly: 'planted-changes-key-2b6e',
  smartlead: 'planted-changes-key-90ff',
  narrow: 'planted-changes-key-c41d',
} as const;

/** What dialogs say, and what a person answers to each. */
interface Dialogs {
  readonly said: string[];
  answer: (message: string, actions: readonly string[]) => string | undefined;
}

export function describeChanges(): void {
  describe('changes', () => {
    let sandbox: Sandbox;
    let instantly: string;
    let smartlead: string;
    const dialogs: Dialogs = { said: [], answer: () => undefined };

    before(async () => {
      sandbox = await startWorld(keys);
      instantly = await add('instantly', keys.instantly, 'Changes');
      smartlead = await add('smartlead', keys.smartlead, 'Changes too');
      await (await api()).map(instantly);
      await (await api()).map(smartlead);
      for (const name of ['showWarningMessage', 'showInformationMessage'] as const) {
        mock.method(vscode.window, name, (message: string, ...rest: unknown[]) => {
          const [options] = rest;
          const detail =
            typeof options === 'object' && options !== null ? (options as vscode.MessageOptions).detail : '';
          const actions = rest.filter((action) => typeof action === 'string');
          dialogs.said.push([message, detail].filter(Boolean).join('\n'));
          return Promise.resolve(dialogs.answer(message, actions));
        });
      }
    });
    after(async () => {
      mock.restoreAll();
      await configure(settings.allowChanges, undefined);
      for (const connectionId of [instantly, smartlead]) {
        mock.method(vscode.window, 'showWarningMessage', (...args: unknown[]) => Promise.resolve(args.at(-1)));
        await vscode.commands.executeCommand(commands.removeConnection, { connectionId });
        mock.restoreAll();
      }
      await endWorld(sandbox);
    });
    beforeEach(() => {
      dialogs.said.length = 0;
      dialogs.answer = () => undefined;
    });

    const run = async (command: string, request: object) =>
      vscode.commands.executeCommand<ChangeResult | undefined>(command, request);
    /** The first action of the dialog is what it asks about. */
    const confirmAll = () => {
      dialogs.answer = (message, actions) => (message.endsWith('?') ? actions[0] : undefined);
    };
    const activeEmails = (count: number) =>
      sandbox.instantly.accounts
        .filter(({ row }) => row['status'] === 1)
        .slice(0, count)
        .map(({ email }) => email);
    const statusOf = (email: string) =>
      sandbox.instantly.accounts.find((account) => account.email === email)?.row['status'];

    it('sends nothing and asks nothing until they are allowed', async () => {
      const [email] = activeEmails(1);
      const [campaign] = sandbox.instantly.campaigns;
      for (const [command, request] of [
        [commands.pauseAccounts, { accounts: [email] }],
        [commands.resumeAccounts, { accounts: [email] }],
        [commands.markFixed, { accounts: [email] }],
        [commands.setDailyLimit, { accounts: [email], limit: 10 }],
        [commands.pauseCampaign, { campaign: campaign?.['id'] }],
        [commands.activateCampaign, { campaign: campaign?.['id'] }],
        [commands.deleteCampaign, { campaign: campaign?.['id'] }],
        [commands.addSenders, { campaign: campaign?.['id'], accounts: [email] }],
        [commands.assignTags, { accounts: [email] }],
      ] as const) {
        await assert.rejects(run(command, { connectionId: instantly, ...request }), /Changes are turned off/, command);
      }
      assert.deepEqual(dialogs.said, []);
      assert.deepEqual(await writeLines(sandbox), []);
    });

    it('asks whose they are, where a request does not say, and sends nothing where nobody answers', async () => {
      await configure(settings.allowChanges, true);
      for (const [command, request] of [
        [commands.pauseAccounts, { accounts: activeEmails(1) }],
        [commands.pauseCampaign, { campaign: 'any' }],
      ] as const) {
        let result: unknown = 'not over';
        void run(command, request).then((value) => {
          result = value;
        });
        await until(async () => {
          await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
          return result === undefined;
        });
      }
      assert.deepEqual([dialogs.said, await writeLines(sandbox)], [[], []]);
    });

    it('sends nothing without a click', async () => {
      await configure(settings.allowChanges, true);
      const accounts = activeEmails(2);
      assert.equal(await run(commands.pauseAccounts, { connectionId: instantly, accounts }), undefined);
      assert.match(dialogs.said[0] ?? '', /^Pause 2 accounts, in "Changes"\?/);
      assert.deepEqual(await writeLines(sandbox), []);
    });

    it('pauses accounts, shows them paused, and takes it back', async () => {
      const accounts = activeEmails(3);
      confirmAll();
      const result = await run(commands.pauseAccounts, { connectionId: instantly, accounts });
      assert.deepEqual({ ...result, id: '' }, { id: '', confirmed: 3, failed: 0, unknown: 0, notSent: 0 });
      assert.deepEqual(await writeLines(sandbox), ['POST /api/v2/accounts/pause']);
      assert.deepEqual(accounts.map(statusOf), [2, 2, 2]);
      const shown = await (await api()).accounts(instantly);
      assert.deepEqual(
        shown.filter(({ key }) => accounts.includes(key)).map(({ state }) => state),
        ['paused', 'paused', 'paused'],
      );
      const again = await run(commands.pauseAccounts, { connectionId: instantly, accounts });
      assert.equal(again, undefined);
      const undone = await run(commands.undoChange, { connectionId: instantly, id: result?.id });
      assert.equal(undone?.confirmed, 3);
      assert.deepEqual(accounts.map(statusOf), [1, 1, 1]);
    });

    it('leaves alone what somebody changed since, where it is taken back', async () => {
      const [email = ''] = activeEmails(1);
      confirmAll();
      const result = await run(commands.pauseAccounts, { connectionId: instantly, accounts: [email] });
      const row = sandbox.instantly.accounts.find((account) => account.email === email)!.row;
      row['status'] = -1;
      const undone = await run(commands.undoChange, { connectionId: instantly, id: result?.id });
      assert.deepEqual([undone?.confirmed, undone?.failed, row['status']], [0, 1, -1]);
      row['status'] = 1;
    });

    it('pauses a campaign of the other service, by the words that it takes', async () => {
      const campaign = sandbox.smartlead.campaigns.find((row) => row['status'] === 'ACTIVE')!;
      confirmAll();
      const id = String(campaign['id']);
      // It may starve nobody, but where it does, a number is typed; a campaign that is paused is not starved.
      const result = await run(commands.pauseCampaign, { connectionId: smartlead, campaign: id });
      assert.equal(result?.confirmed, 1);
      assert.equal(campaign['status'], 'PAUSED');
      const back = await run(commands.activateCampaign, { connectionId: smartlead, campaign: id });
      assert.equal(back?.confirmed, 1);
      assert.equal(campaign['status'], 'ACTIVE');
      await assert.rejects(
        run(commands.pauseAccounts, { connectionId: smartlead, accounts: ['1'] }),
        /no way to do this through its API/,
      );
    });

    it("takes a limit of 0 for Smartlead's accounts where it is said twice, with the number where they are many", async () => {
      const all = (await (await api()).accounts(smartlead))
        .filter(({ unlimited }) => unlimited !== true)
        .map(({ key }) => key);
      const limited = (count: number, answers: readonly string[]) => {
        const accounts = all.slice(0, count);
        let result: ChangeResult | undefined;
        return typing(answers, async () => {
          result = await run(commands.setDailyLimit, { connectionId: smartlead, accounts, limit: 0 });
        }).then((asked) => ({ asked, result }));
      };
      confirmAll();
      const before = sandbox.writes.length;
      const refused = await limited(2, ['0', 'without']);
      assert.deepEqual(refused, { asked: ['Type "unlimited" to send without a limit'], result: undefined });
      assert.match(dialogs.said[0] ?? '', /these accounts would send as much as they can/);
      const many = await limited(120, ['unlimited', '120']);
      assert.equal(many.result, undefined);
      assert.match(many.asked.join(), /^Type "unlimited 1\d\d" to send without a limit$/);
      assert.equal(sandbox.writes.length, before);
      const taken = await limited(2, ['0', 'unlimited']);
      assert.equal(taken.result?.confirmed, 2);
      const shown = (await (await api()).accounts(smartlead)).filter(({ key }) => all.slice(0, 2).includes(key));
      assert.deepEqual(
        shown.map(({ unlimited }) => unlimited),
        [true, true],
      );
    });

    it('names the scope that a key lacks, and stops there', async () => {
      const narrow = await add('instantly', keys.narrow, 'Narrow');
      confirmAll();
      const accounts = activeEmails(2);
      const before = sandbox.writes.length;
      const result = await run(commands.resumeAccounts, { connectionId: narrow, accounts });
      assert.equal(result, undefined);
      const paused = await run(commands.setDailyLimit, { connectionId: narrow, accounts, limit: 11 });
      assert.deepEqual([paused?.failed, paused?.notSent], [1, 1]);
      assert.equal(sandbox.writes.length - before, 1);
      assert.match(dialogs.said.at(-1) ?? '', /needs the scope accounts:update/);
      await vscode.commands.executeCommand(commands.removeConnection, { connectionId: narrow });
    });

    it('keeps a log of all that was sent, without keys', async () => {
      const uri = await vscode.commands.executeCommand<vscode.Uri>(commands.openChangeLog, {});
      assert.equal(uri.scheme, changesScheme);
      const document = await vscode.workspace.openTextDocument(uri);
      const text = document.getText();
      const log = JSON.parse(text) as { changes: { title: string; undone_by?: string; items: { state: string }[] }[] };
      assert.ok(log.changes.length >= 5, text);
      assert.ok(log.changes.some(({ title, undone_by }) => title === 'Pause 3 accounts' && undone_by !== undefined));
      for (const key of Object.values(keys)) {
        assert.ok(!text.includes(key));
      }
    });
  });
}

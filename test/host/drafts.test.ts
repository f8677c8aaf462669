import assert from 'node:assert/strict';
import { mock } from 'node:test';
import * as vscode from 'vscode';
import { commands, draftScheme, reviewScheme, settings } from '../../src/contributions.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { until } from '../support/until.ts';
import { api, configure, endWorld, startWorld } from './world.ts';

/** What a person was asked: the message, and what stands below it. */
interface Asked {
  readonly message: string;
  readonly detail: string;
}

/** Connections stay from the suite before; the sandbox is another, and the settings lead there. */
export function describeDrafts(): void {
  describe('drafts of campaigns', () => {
    let sandbox: Sandbox;
    let instantly: string;
    let smartlead: string;
    let row: Record<string, unknown>;
    let uri: vscode.Uri;
    let asked: Asked[];
    /** What the person chooses, one dialog or message after the other; where it is not offered, they leave. */
    let choices: string[];
    /** Looks at what stands behind the next question. */
    let whenAsked: (() => void) | undefined;
    const allTabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs.map(({ input }) => input));

    before(async () => {
      sandbox = await startWorld();
      const connections = (await api()).connections();
      instantly = connections.find(({ provider }) => provider === 'instantly')!.id;
      smartlead = connections.find(({ provider }) => provider === 'smartlead')!.id;
      await configure(settings.allowChanges, true);
      const say = (message: string, ...rest: unknown[]) => {
        const [options, ...others] = rest;
        const dialog = typeof options === 'object' ? (options as { detail?: string }) : undefined;
        const offered = dialog === undefined ? rest : others;
        asked.push({ message, detail: dialog?.detail ?? '' });
        whenAsked?.();
        whenAsked = undefined;
        if (!offered.includes(choices[0])) {
          return Promise.resolve(undefined);
        }
        return Promise.resolve(choices.shift());
      };
      for (const name of ['showWarningMessage', 'showInformationMessage', 'showErrorMessage'] as const) {
        mock.method(vscode.window, name, say as never);
      }
    });
    after(async () => {
      mock.restoreAll();
      await configure(settings.allowChanges, undefined);
      await endWorld(sandbox);
    });

    let campaigns = 0;
    beforeEach(async () => {
      [asked, choices] = [[], []];
      sandbox.clearFaults();
      row = sandbox.instantly.campaigns[campaigns]!;
      campaigns += 1;
      Object.assign(row, { daily_limit: 40, open_tracking: true, status: 2 });
      uri = await edit();
      writes = sandbox.writes.length;
    });

    afterEach(async () => {
      await vscode.workspace.saveAll();
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    });

    let writes = 0;
    const sent = () => sandbox.writes.slice(writes).map(({ method, path, body }) => ({ method, path, body }));
    const patch = (body: object) => [{ method: 'PATCH', path: `/api/v2/campaigns/${id()}`, body }];
    const id = () => String(row['id']);
    const edit = () =>
      vscode.commands.executeCommand<vscode.Uri>(commands.editCampaign, { connectionId: instantly, campaign: id() });
    const apply = () =>
      vscode.commands.executeCommand<{ id: string; confirmed: number; failed: number } | undefined>(
        commands.applyDraft,
        uri,
      );
    const draft = async () => vscode.workspace.openTextDocument(uri);
    const valuesOf = (document: vscode.TextDocument) => JSON.parse(document.getText()) as Record<string, unknown>;
    const title = () => `Edit campaign "${String(row['name'])}"`;

    async function write(text: string): Promise<vscode.TextDocument> {
      const document = await draft();
      const whole = new vscode.WorkspaceEdit();
      whole.replace(uri, new vscode.Range(0, 0, document.lineCount, 0), text);
      assert.ok(await vscode.workspace.applyEdit(whole));
      return document;
    }

    async function set(changes: object): Promise<vscode.TextDocument> {
      const document = await write(JSON.stringify({ ...valuesOf(await draft()), ...changes }, undefined, 2));
      assert.ok(await document.save());
      return document;
    }

    /** What is wrong in the draft, each with the text that it stands at. */
    const problems = async (source = 'Sendmap') => {
      const document = await draft();
      return vscode.languages
        .getDiagnostics(uri)
        .filter((one) => one.source === source)
        .map(({ message, range }) => `${document.getText(range)} → ${message}`);
    };
    const exists = async () => {
      try {
        await vscode.workspace.fs.stat(uri);
        return true;
      } catch {
        return false;
      }
    };

    it('have what can be set and nothing else, and open again as they were saved', async () => {
      assert.equal(uri.scheme, draftScheme);
      assert.equal(vscode.workspace.fs.isWritableFileSystem(draftScheme), true);
      const document = await draft();
      assert.equal(document.languageId, 'json');
      const values = valuesOf(document);
      assert.equal(values['daily_limit'], 40);
      for (const name of ['id', 'status', 'timestamp_created', 'organization']) {
        assert.ok(!(name in values), name);
      }
      await set({ daily_limit: 41 });
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      row['daily_limit'] = 99;
      assert.equal((await edit()).toString(), uri.toString());
      assert.equal(valuesOf(await draft())['daily_limit'], 41);
    });

    it('offer to be applied or discarded', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
      assert.deepEqual(
        found.map(({ command }) => [command?.title, command?.command]),
        [
          ['Review and Apply', commands.applyDraft],
          ['Discard Draft', commands.discardDraft],
        ],
      );
    });

    it('send nothing when they are saved, nor when the person declines', async () => {
      await set({ daily_limit: 55 });
      assert.deepEqual(sent(), []);
      assert.equal(await apply(), undefined);
      assert.equal(asked.length, 1);
      assert.deepEqual(sent(), []);
      assert.equal(row['daily_limit'], 40);
      assert.equal(valuesOf(await draft())['daily_limit'], 55);
    });

    it('send what changed and nothing else, after a look at it, and are over then', async () => {
      const before = row['email_list'] as string[];
      const [gone, ...stay] = before;
      row['status'] = 1;
      await write(JSON.stringify({ ...valuesOf(await draft()), daily_limit: 60, email_list: stay }));
      // The review stands behind the dialog, and goes with the draft.
      let review: Promise<Record<string, unknown>[]> | undefined;
      whenAsked = () => {
        const shown = allTabs().find((input) => input instanceof vscode.TabInputTextDiff);
        assert.equal(shown?.modified.scheme, reviewScheme);
        review = Promise.all(
          [shown.original, shown.modified].map(async (side) => valuesOf(await vscode.workspace.openTextDocument(side))),
        );
      };
      choices = [title()];
      const result = await apply();
      assert.deepEqual(sent(), patch({ daily_limit: 60, email_list: stay }));
      assert.equal(result?.confirmed, 2);
      const { message, detail } = asked[0]!;
      assert.match(message, new RegExp(`^${title()}, in ".+"\\?$`));
      assert.match(detail, /sending right now/);
      assert.match(detail, /daily_limit: 40 → 60/);
      assert.match(detail, new RegExp(`email_list: ${before.length} → ${stay.length}, replaced whole; goes: ${gone!}`));
      assert.ok(!(await exists()));
      const open = allTabs();
      assert.ok(!open.some((input) => input instanceof vscode.TabInputText && String(input.uri) === String(uri)));
      assert.ok(!open.some((input) => input instanceof vscode.TabInputTextDiff));
      const [left, right] = (await review) ?? [];
      assert.deepEqual([left!['daily_limit'], right!['daily_limit']], [40, 60]);
      assert.ok(!('status' in left!));
    });

    it('say each property that changes, however much there is to say besides, and so does what takes it back', async () => {
      const [gone, ...stay] = row['email_list'] as string[];
      row['status'] = 1;
      for (const name of [
        'stop_on_reply',
        'stop_on_auto_reply',
        'text_only',
        'first_email_text_only',
        'link_tracking',
      ]) {
        row[name] = false;
      }
      await write(JSON.stringify({ daily_limit: 12, email_list: stay }));
      choices = [title()];
      const result = await apply();
      assert.equal(result?.confirmed, 2);
      const [first] = asked;
      assert.match(first!.detail, /Not in the draft any more/);
      choices = [`Undo: ${title()}`];
      asked.length = 0;
      const undone = await vscode.commands.executeCommand<{ confirmed: number }>(commands.undoChange, {
        id: result.id,
      });
      assert.equal(undone.confirmed, 2);
      for (const [{ detail }, limit, senders] of [
        [first!, '40 → 12', `goes: ${gone!}`],
        [asked[0]!, '12 → 40', `comes: ${gone!}`],
      ] as const) {
        assert.ok(detail.length <= 1000);
        assert.match(detail, /sending right now/);
        assert.ok(detail.includes(`daily_limit: ${limit}`), detail);
        assert.ok(detail.includes(senders), detail);
      }
    });

    it('leave what was changed in the campaign, and say so', async () => {
      await set({ daily_limit: 70 });
      row['open_tracking'] = false;
      choices = [title()];
      assert.equal((await apply())?.confirmed, 1);
      assert.deepEqual(sent(), patch({ daily_limit: 70 }));
      assert.match(asked[0]!.detail, /since the draft was made, and left so: open_tracking/);
      assert.equal(row['open_tracking'], false);
    });

    it('ask about what was changed on both sides, and send what the person decides', async () => {
      await set({ daily_limit: 70, open_tracking: false, name: 'Mine' });
      Object.assign(row, { daily_limit: 80, name: 'Theirs' });
      choices = ['Compare', 'Overwrite', 'Take Theirs', title()];
      const conflicts = () => asked.filter(({ message }) => message.includes('since then in the campaign too'));
      assert.equal((await apply())?.confirmed, 2);
      assert.equal(conflicts().length, 3);
      assert.match(conflicts()[0]!.message, /^"name"/);
      assert.deepEqual(sent(), patch({ name: 'Mine', open_tracking: false }));
      assert.equal(row['daily_limit'], 80);
      assert.match(asked.at(-2)!.detail, /left as it is in the campaign: daily_limit/);
    });

    it('send nothing where the person decides nothing about a conflict', async () => {
      await set({ daily_limit: 70 });
      row['daily_limit'] = 80;
      assert.equal(await apply(), undefined);
      assert.deepEqual(sent(), []);
      assert.ok(await exists());
    });

    it('have a refusal at the property that it names, and stay', async () => {
      sandbox.fault({ kind: 'refused', status: 422, property: 'daily_limit', problem: 'must be >= 10', times: 1 });
      await set({ daily_limit: 5, open_tracking: false });
      choices = [title()];
      assert.equal((await apply())?.failed, 2);
      const [problem, ...others] = await problems();
      assert.match(problem ?? '', /^"daily_limit": 5 → Instantly refused it: body\/daily_limit must be >= 10$/);
      assert.deepEqual(others, []);
      assert.ok(await exists());
      await set({ daily_limit: 50 });
      assert.deepEqual(await problems(), []);
      choices = [title()];
      assert.equal((await apply())?.confirmed, 2);
      assert.ok(!(await exists()));
    });

    it('say at its property what the service ignored', async () => {
      sandbox.fault({ kind: 'ignored', names: ['open_tracking'], times: 1 });
      await set({ daily_limit: 50, open_tracking: false });
      choices = [title()];
      const result = await apply();
      assert.deepEqual([result?.confirmed, result?.failed], [1, 1]);
      const [problem, ...others] = await problems();
      assert.match(problem ?? '', /^"open_tracking": false → .*answered that it was done, but it is true/);
      assert.deepEqual(others, []);
    });

    it('confirm steps although the service fills in units', async () => {
      const step = { type: 'email', delay: 3, variants: [{ subject: 'Hi', body: 'Hello' }] };
      await set({ sequences: [{ steps: [step] }] });
      choices = [title()];
      assert.equal((await apply())?.confirmed, 1);
      assert.deepEqual((row['sequences'] as { steps: object[] }[])[0]!.steps[0], {
        ...step,
        delay_unit: 'days',
        pre_delay_unit: 'days',
      });
    });

    it('are not sent where they are wrong, and say where', async () => {
      await set({ daily_limit: 'many', status: 1 });
      assert.equal(await apply(), undefined);
      assert.match(asked[0]!.message, /cannot be applied/);
      assert.deepEqual((await problems()).map((problem) => problem.split(' →')[0]).sort(), [
        '"daily_limit": "many"',
        '"status": 1',
      ]);
      await write('{ "name": ');
      assert.equal(await apply(), undefined);
      assert.match(asked.at(-1)!.message, /This is not JSON/);
      assert.deepEqual(sent(), []);
    });

    it('are checked and completed by their schema while one writes', async () => {
      const document = await set({ status: 1, campaign_schedule: { schedules: [] } });
      await until(() => vscode.languages.getDiagnostics(uri).length >= 2);
      const at = vscode.languages.getDiagnostics(uri).map(({ range }) => document.getText(range));
      assert.ok(at.includes('"status"') && at.includes('[]'), at.join());
      await write('{\n  \n}');
      const offered = await vscode.commands.executeCommand<vscode.CompletionList>(
        'vscode.executeCompletionItemProvider',
        uri,
        new vscode.Position(1, 2),
      );
      const labels = offered.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      assert.ok(labels.includes('daily_limit') && labels.includes('sequences'), labels.join());
      assert.ok(!labels.includes('status'));
    });

    it('are discarded only where the person says so', async () => {
      await set({ daily_limit: 90 });
      await vscode.commands.executeCommand(commands.discardDraft, uri);
      assert.ok(await exists());
      choices = ['Discard Draft'];
      await vscode.commands.executeCommand(commands.discardDraft, uri);
      assert.ok(!(await exists()));
      assert.equal(valuesOf(await vscode.workspace.openTextDocument(await edit()))['daily_limit'], 40);
      assert.deepEqual(sent(), []);
    });

    it('do not come back by saving, and cannot be made elsewhere', async () => {
      choices = ['Discard Draft'];
      await vscode.commands.executeCommand(commands.discardDraft, uri);
      await assert.rejects(async () => vscode.workspace.fs.writeFile(uri, Buffer.from('{}')));
      await assert.rejects(async () => vscode.workspace.fs.writeFile(uri.with({ path: '/x.json' }), Buffer.from('{}')));
      assert.ok(!(await exists()));
    });

    it('are made and sent only where changes are allowed, and where the service has such a change', async () => {
      await set({ daily_limit: 90 });
      const request = (connectionId: string, campaign: string) => async () =>
        vscode.commands.executeCommand(commands.editCampaign, { connectionId, campaign });
      const ofSmartlead = String(sandbox.smartlead.campaigns[0]!['id']);
      await assert.rejects(request(smartlead, ofSmartlead), /has no way to do this/);
      await configure(settings.allowChanges, undefined);
      try {
        await assert.rejects(request(instantly, id()), { kind: 'changesOff' });
        choices = [title()];
        assert.equal(await apply(), undefined);
        assert.match(asked.at(-1)!.message, /Changes are turned off/);
        assert.deepEqual(sent(), []);
      } finally {
        await configure(settings.allowChanges, true);
      }
    });

    it('are there for the sample workspace whatever the setting says, and go with it', async () => {
      const ours = uri;
      await configure(settings.allowChanges, undefined);
      try {
        await vscode.commands.executeCommand(commands.openSampleWorkspace);
        const subject = await api();
        const sample = subject
          .connections()
          .find(({ provider, label }) => provider === 'instantly' && label.includes('sample'))!;
        const [campaign] = await subject.campaigns(sample.id);
        const request = { connectionId: sample.id, campaign: campaign!.id };
        uri = await vscode.commands.executeCommand<vscode.Uri>(commands.editCampaign, request);
        await set({ daily_limit: 12_345 });
        choices = [`Edit campaign "${campaign!.name}"`];
        assert.equal((await apply())?.confirmed, 1);
        uri = await vscode.commands.executeCommand<vscode.Uri>(commands.editCampaign, request);
        assert.equal(valuesOf(await draft())['daily_limit'], 12_345);
        await vscode.commands.executeCommand(commands.removeSampleWorkspace);
        await until(async () => !(await exists()));
        uri = ours;
        assert.ok(await exists());
      } finally {
        await configure(settings.allowChanges, true);
      }
    });

    it('are refused for a campaign that is gone', async () => {
      await set({ daily_limit: 90 });
      sandbox.instantly.campaigns.splice(sandbox.instantly.campaigns.indexOf(row), 1);
      campaigns -= 1;
      assert.equal(await apply(), undefined);
      assert.match(asked.at(-1)!.message, /could not find this/);
      assert.deepEqual(sent(), []);
    });
  });
}

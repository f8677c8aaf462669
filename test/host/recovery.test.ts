import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import * as vscode from 'vscode';
import { commands, secretOf } from '../../src/contributions.ts';
import { OlderAnswerDecorations } from '../../src/documents/currency.ts';
import { PropertyHoverProvider } from '../../src/documents/hover.ts';
import { LensProvider } from '../../src/documents/lenses.ts';
import { documentUri, type AnswerTarget } from '../../src/documents/uri.ts';
import { providers } from '../../src/providers/index.ts';
import type { DocumentKind } from '../../src/providers/provider.ts';
import { startSandbox, type Sandbox, type Service } from '../../src/sandbox/server.ts';
import { isServiceError } from '../../src/transport/errors.ts';
import { baseUrlSettings } from '../support/settings.ts';
import { until } from '../support/until.ts';
import { typing } from './typing.ts';
import { Window } from './window.ts';
import { add, configure } from './world.ts';

/** Keys of this suite, planted like those of the others. */
const keys = {
  instantly: 'planted-recovery-instantly-1c07',
  next: 'planted-recovery-instantly-2d18',
  smartlead: 'planted-recovery-smartlead-3e29',
} as const;

/** A number that stands nowhere else: whatever reads a document as a whole meets it once. */
const MARKER = 987654321.125;

/** The person who types a key into the box that opens. */
async function replaceKey(connectionId: string, key: string): Promise<void> {
  await typing([key], () => vscode.commands.executeCommand(commands.replaceKey, { connectionId }));
}

export function describeRecovery(): void {
  describe('documents of a service that says nothing new', () => {
    let sandbox: Sandbox;
    let folder: string;
    let secrets: Map<string, string>;
    let state: Map<string, unknown>;
    let first: Window;
    const windows: Window[] = [];

    before(async () => {
      sandbox = await startSandbox({
        instantly: { accounts: 12, campaigns: 3 },
        smartlead: { accounts: 12, campaigns: 4 },
        keys: [
          { key: keys.instantly, service: 'instantly' },
          { key: keys.next, service: 'instantly' },
          { key: keys.smartlead, service: 'smartlead' },
        ],
      });
      await configure(baseUrlSettings.instantly, sandbox.baseUrls.instantly);
      await configure(baseUrlSettings.smartlead, sandbox.baseUrls.smartlead);
    });
    after(async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await configure(baseUrlSettings.instantly, undefined);
      await configure(baseUrlSettings.smartlead, undefined);
      await sandbox.close();
    });
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'sendmap-recovery-'));
      secrets = new Map();
      state = new Map();
      first = open();
      sandbox.requests.length = 0;
    });
    afterEach(async () => {
      sandbox.clearOverrides();
      for (const window of windows.splice(0)) {
        await window.close();
      }
      await rm(folder, { recursive: true });
    });

    /** Another window of the same person, which shows nothing yet. */
    function open(): Window {
      const window = new Window(providers, folder, secrets, state);
      windows.push(window);
      return window;
    }

    const connect = async (service: Service = 'instantly') =>
      (await first.store.add(service, keys[service], `Recovery ${service}`)).connection.id;

    const emailOf = (index: number) => sandbox.instantly.accounts[index]!.email;

    function refuse(status: number): void {
      sandbox.override({ path: /accounts\//, reply: { status, body: { message: 'Planted refusal' } } });
    }

    const textIn = async (window: Window, uri: vscode.Uri) =>
      new TextDecoder().decode(await window.documents.readFile(uri));

    const { token } = new vscode.CancellationTokenSource();

    async function lensesOf(window: Window, uri: vscode.Uri): Promise<string[]> {
      const lenses = new LensProvider(window.sessions, window.documents);
      const found = await lenses.provideCodeLenses({ uri } as vscode.TextDocument, token);
      return found.map(({ command }) => command!.title);
    }

    /** An account that was shown in an earlier window, and is saved. */
    async function saved(): Promise<{ target: AnswerTarget; uri: vscode.Uri; text: string; at: number }> {
      const target: AnswerTarget = { kind: 'account', connectionId: await connect(), id: emailOf(1) };
      const uri = documentUri(target);
      const text = await textIn(first, uri);
      const { mtime: at } = await first.documents.stat(uri);
      await first.keeper.flush();
      return { target, uri, text, at };
    }

    for (const [what, trouble, kind] of [
      [
        'refuses the key',
        () => {
          refuse(401);
        },
        'badKey',
      ],
      [
        'is not available',
        () => {
          refuse(503);
        },
        'unavailable',
      ],
      [
        'limits requests',
        () => {
          refuse(402);
        },
        'planInactive',
      ],
      [
        'cannot be reached',
        () => {
          sandbox.override({ path: /accounts\//, reply: 'cut' });
        },
        'network',
      ],
    ] as const) {
      it(`show the last answer with its age and the reason where it ${what}`, async () => {
        const { uri, text, at, target } = await saved();
        const second = open();
        const failures: unknown[] = [];
        second.documents.onDidFail(({ error }) => failures.push(error));
        const decorations = new OlderAnswerDecorations(second.documents);
        let marked = 0;
        decorations.onDidChangeFileDecorations(() => (marked += 1));
        trouble();
        assert.equal(await textIn(second, uri), text);
        const currency = second.documents.currencyOf(uri)!;
        assert.deepEqual([currency.failure?.kind, Math.round(currency.fetchedAt)], [kind, Math.round(at)]);
        assert.ok((await second.documents.stat(uri)).mtime - at < 1);
        const [lens, ...others] = await lensesOf(second, uri);
        assert.match(lens!, /^\$\(warning\) Saved answer, just now \(.+\): .*Instantly .+/);
        assert.ok(!others.some((title) => title.includes('Fetched')), others.join());
        assert.ok(marked > 0);
        const decoration = decorations.provideFileDecoration(uri)!;
        assert.equal(decoration.tooltip, lens!.replace('$(warning) ', ''));
        // Opened by a command it is shown too, and the reason is said once.
        assert.equal((await second.documents.prepare(target, target.id)).toString(), uri.toString());
        assert.deepEqual(
          failures.map((error) => isServiceError(error) && error.kind),
          [kind],
        );
        // A comparison is with what the service says, or not at all.
        await assert.rejects(second.documents.answer(target), { kind });
        decorations.dispose();
      });
    }

    it('are tried again by Refresh Document, and then show what the service says now', async () => {
      const { uri } = await saved();
      const second = open();
      refuse(401);
      await textIn(second, uri);
      await assert.rejects(second.documents.refresh(uri), { kind: 'badKey' });
      assert.equal(second.documents.currencyOf(uri)?.failure?.kind, 'badKey');
      sandbox.clearOverrides();
      await second.documents.refresh(uri);
      assert.equal(second.documents.currencyOf(uri)?.failure, undefined);
      assert.match((await lensesOf(second, uri))[0]!, /^Fetched at/);
    });

    it('say so where they could not be refreshed', async () => {
      const { uri, text } = await saved();
      refuse(401);
      await assert.rejects(first.documents.refresh(uri), { kind: 'badKey' });
      assert.match((await lensesOf(first, uri))[0]!, /^\$\(warning\) Saved answer, just now .*Planted refusal/);
      assert.equal(await textIn(first, uri), text);
    });

    it('show the last answer also where the keychain has lost the key', async () => {
      const { uri, text, target } = await saved();
      const second = open();
      secrets.delete(secretOf(target.connectionId));
      assert.equal(await textIn(second, uri), text);
      assert.equal(second.documents.currencyOf(uri)?.failure?.kind, 'badKey');
    });

    for (const [what, key] of [
      ['the same key', keys.instantly],
      ['another key', keys.next],
    ] as const) {
      it(`leave the saved map on the screen where the keychain has lost the key, until there is ${what}`, async () => {
        const id = await connect();
        const { map } = await first.sessions.get(id);
        await map.sync();
        await first.keeper.flush();
        secrets.delete(secretOf(id));
        const second = open();
        const session = await second.sessions.get(id);
        assert.equal(session.map.accounts.records.size, 12);
        assert.equal(session.map.syncedAt, map.syncedAt);
        const before = sandbox.requests.length;
        await session.map.sync(true);
        assert.equal(session.map.accounts.error?.kind, 'badKey');
        assert.deepEqual([session.map.accounts.records.size, sandbox.requests.length], [12, before]);
        await second.store.replaceKey(id, key);
        await until(() => second.sessions.peek(id) !== session);
        const again = await second.sessions.get(id);
        // A saved map belongs to its key.
        assert.equal(again.map.accounts.records.size, key === keys.instantly ? 12 : 0);
        await again.map.sync(true);
        assert.deepEqual([again.map.accounts.records.size, again.map.missing()], [12, []]);
      });
    }

    it('fail where the service does not know them any more, or nothing is saved', async () => {
      const { uri, target } = await saved();
      const second = open();
      refuse(404);
      await assert.rejects(async () => second.documents.readFile(uri), /could not find this/);
      await assert.rejects(second.documents.prepare(target, target.id), { kind: 'notFound' });
      sandbox.clearOverrides();
      refuse(401);
      const other = { ...target, id: emailOf(2) };
      await assert.rejects(async () => second.documents.readFile(documentUri(other)), /Planted refusal/);
      await assert.rejects(second.documents.prepare(other, other.id), { kind: 'badKey' });
      assert.equal(second.documents.currencyOf(documentUri(other)), undefined);
    });

    it('fail as ended where the key is replaced while they are read, except for the editor, which gets the new answer', async () => {
      const target: AnswerTarget = { kind: 'account', connectionId: await connect(), id: emailOf(3) };
      sandbox.override({ path: /accounts\//, reply: 'hang' });
      const readings = [
        first.documents.source(target),
        first.documents.file(target),
        first.documents.prepare(target, target.id),
      ];
      const ends = readings.map((reading) => assert.rejects(reading, { name: 'SendmapError', kind: 'ended' }));
      const shown = textIn(first, documentUri(target));
      await until(() => sandbox.requests.filter(({ path }) => path.includes('/accounts/')).length >= readings.length);
      sandbox.clearOverrides();
      await first.store.replaceKey(target.connectionId, keys.next);
      await Promise.all(ends);
      assert.match(await shown, /"email"/);
    });

    it('are parsed once from the network to the screen, also where they are compared with what is saved', async () => {
      const target: AnswerTarget = { kind: 'account', connectionId: await connect('smartlead'), id: '5' };
      const { token: never } = new vscode.CancellationTokenSource();
      assert.ok(!never.isCancellationRequested);
      const opened = async (marker: number) => {
        sandbox.override({
          path: /email-accounts\//,
          times: 1,
          reply: { status: 200, body: { id: 5, from_email: 'a@b.c', deep: { deeper: { marker } } } },
        });
        const window = open();
        const parse = mock.method(JSON, 'parse');
        const uri = await window.documents.prepare(target, target.id);
        assert.match(uri.path, /\/5\/a@b\.c\.json$/);
        assert.match(await textIn(window, uri), /\n {6}"marker"/);
        await window.keeper.flush();
        const count = parse.mock.calls.filter(({ arguments: [source] }) => source.includes(String(marker))).length;
        parse.mock.restore();
        return count;
      };
      assert.equal(await opened(MARKER), 1);
      assert.equal(await opened(MARKER + 1), 1);
    });

    it('say above a campaign, and on its status, what only the list knows of it', async () => {
      const row = sandbox.smartlead.campaigns[0]!;
      const id = String(row['id']);
      const reason = 'Paused by bounce protection: 6 % bounced';
      const paused = { ...row, status: 'PAUSED' };
      sandbox.override({
        path: /^\/api\/v1\/campaigns\/(?:\?|$)/,
        reply: { status: 200, body: [{ ...paused, campaign_activity_logs: [{ paused_reason: reason }] }] },
      });
      sandbox.override({ path: new RegExp(`/campaigns/${id}\\b`), reply: { status: 200, body: paused } });
      const connectionId = await connect('smartlead');
      const session = await first.sessions.get(connectionId);
      await session.map.sync();
      const target = { kind: 'campaign' as DocumentKind, connectionId, id };
      const uri = await first.documents.prepare(target, id);
      const text = await textIn(first, uri);
      assert.ok(!text.includes('bounce'));
      assert.equal((await lensesOf(first, uri))[1], `In the map: Paused: bounce protection; ${reason}`);
      const shown = await vscode.workspace.openTextDocument({ language: 'json', content: text });
      const place = shown.positionAt(text.indexOf('"PAUSED"') + 2);
      const hover = await new PropertyHoverProvider(first.sessions).provideHover({ ...shown, uri }, place, token);
      const words = (hover!.contents[0] as vscode.MarkdownString).value;
      assert.match(words, /In the map\\: Paused\\: bounce protection\\; Paused by bounce protection/);
    });
  });

  describe('documents after Replace Key', () => {
    let sandbox: Sandbox;
    let connectionId: string;

    before(async () => {
      sandbox = await startSandbox({
        keys: [
          { key: keys.instantly, service: 'instantly' },
          { key: keys.next, service: 'instantly' },
        ],
      });
      await configure(baseUrlSettings.instantly, sandbox.baseUrls.instantly);
      connectionId = await add('instantly', keys.instantly, 'Recovery');
    });
    after(async () => {
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      const ask = vscode.window.showWarningMessage;
      // The person who means it.
      vscode.window.showWarningMessage = (...args: unknown[]) => Promise.resolve(args.at(-1));
      await vscode.commands.executeCommand(commands.removeConnection, { connectionId });
      vscode.window.showWarningMessage = ask;
      await configure(baseUrlSettings.instantly, undefined);
      await sandbox.close();
    });
    afterEach(() => {
      sandbox.clearOverrides();
    });

    const openDocument = (uri: vscode.Uri) =>
      vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri.toString());

    it('are read again where they are open, with the new key and without a click', async () => {
      const { email } = sandbox.instantly.accounts[1]!;
      const uri = await vscode.commands.executeCommand<vscode.Uri>(commands.openAccount, {
        connectionId,
        account: email,
      });
      const { document } = await vscode.window.showTextDocument(uri);
      sandbox.override({ path: /accounts\//, reply: { status: 200, body: { email, note: 'for the new key' } } });
      await replaceKey(connectionId, keys.next);
      await until(() => document.getText().includes('for the new key'));
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
      assert.match(lenses[0]!.command!.title, /^Fetched at/);
    });

    it('are opened in their tabs where they had failed to open', async () => {
      const uri = documentUri({ kind: 'account', connectionId, id: sandbox.instantly.accounts[2]!.email });
      sandbox.override({ path: /accounts\//, reply: { status: 401, body: { message: 'Planted refusal' } } });
      await vscode.commands.executeCommand('vscode.open', uri);
      await until(() => sandbox.requests.some(({ status }) => status === 401));
      const { input } = vscode.window.tabGroups.activeTabGroup.activeTab!;
      assert.ok(input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
      assert.equal(openDocument(uri), undefined);
      sandbox.clearOverrides();
      await replaceKey(connectionId, keys.instantly);
      await until(() => openDocument(uri)?.getText().includes('"email"') === true);
      assert.equal(
        vscode.window.tabGroups.activeTabGroup.tabs.filter(
          ({ input: tab }) => tab instanceof vscode.TabInputText && tab.uri.toString() === uri.toString(),
        ).length,
        1,
      );
    });
  });
}

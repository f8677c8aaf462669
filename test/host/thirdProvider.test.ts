import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { curlOf } from '../../src/commands/curl.ts';
import { findAccount, findCampaign } from '../../src/commands/pick.ts';
import type { CommandContext } from '../../src/commands/register.ts';
import type { Connection } from '../../src/connections/connection.ts';
import type { Session } from '../../src/connections/sessions.ts';
import { connectionsState } from '../../src/contributions.ts';
import { comparable, factsOf } from '../../src/documents/comparable.ts';
import { HintsProvider } from '../../src/documents/hints.ts';
import { PropertyHoverProvider } from '../../src/documents/hover.ts';
import { renderPreview } from '../../src/documents/preview.ts';
import { documentUri } from '../../src/documents/uri.ts';
import { isProviderId, providers, type ProviderId } from '../../src/providers/index.ts';
import { accountExporter, exportText } from '../../src/queries/export.ts';
import { prepareSearch, Search, searchIndexesOf } from '../../src/queries/search.ts';
import { atOnce } from '../../src/transport/turns.ts';
import { parseObject } from '../../src/transport/json.ts';
import { createAccountsView } from '../../src/tree/accountsView.ts';
import { createCampaignsView } from '../../src/tree/campaignsView.ts';
import { createHealthView } from '../../src/tree/healthView.ts';
import { accountItem, campaignItem, connectionItem } from '../../src/tree/items.ts';
import { NodeRegistry, type Node } from '../../src/tree/nodes.ts';
import { acmeKey, startAcme, withAcme } from '../support/acme.ts';
import { linesOf } from '../support/savedMaps.ts';
import { Window } from './window.ts';

/** The person who types into the next box and presses Enter at once, for the first row that it will offer. */
function typing(typed: string): { restore(): void } {
  const before = vscode.window.createQuickPick;
  const changed = new vscode.EventEmitter<string>();
  const accepted = new vscode.EventEmitter<void>();
  const hidden = new vscode.EventEmitter<void>();
  const never = new vscode.EventEmitter<never>().event;
  let shown: readonly vscode.QuickPickItem[] = [];
  const box = {
    value: '',
    get items() {
      return shown;
    },
    set items(items) {
      shown = items;
      if (items.length === 0) {
        hidden.fire();
      }
    },
    activeItems: [],
    selectedItems: [],
    onDidChangeValue: changed.event,
    onDidAccept: accepted.event,
    onDidHide: hidden.event,
    onDidTriggerItemButton: never,
    dispose: () => undefined,
    show: () => {
      box.value = typed;
      changed.fire(typed);
      accepted.fire();
    },
  };
  vscode.window.createQuickPick = (() => box) as unknown as typeof before;
  return {
    restore: () => {
      vscode.window.createQuickPick = before;
    },
  };
}

/** All rows of a view as a person reads them, each level indented, with the menus that they have. */
async function walk(view: vscode.TreeDataProvider<Node>, node?: Node, indent = ''): Promise<string[]> {
  const lines: string[] = [];
  for (const child of (await view.getChildren(node)) ?? []) {
    const { label, description, contextValue } = await view.getTreeItem(child);
    const words = [label, description, contextValue?.trim()].map((part) =>
      typeof part === 'object' ? part.label : part,
    );
    lines.push(`${indent}${words.filter((part) => part !== undefined && part !== '').join(' | ')}`);
    lines.push(...(await walk(view, child, `${indent}  `)));
  }
  return lines;
}

export function describeThirdProvider(): void {
  describe('a third provider that only its own files know', () => {
    let acme: Awaited<ReturnType<typeof startAcme>>;
    let folder: string;
    let first: Window;
    let connection: Connection;
    let session: Session;
    const secrets = new Map<string, string>();
    const state = new Map<string, unknown>();
    const opened: { dispose(): void }[] = [];
    const open = () => new Window(withAcme(acme.baseUrl), folder, secrets, state);

    before(async () => {
      acme = await startAcme();
      folder = await mkdtemp(join(tmpdir(), 'sendmap-acme-'));
      first = open();
      ({ connection } = await first.store.add('acme' as ProviderId, acmeKey, 'Workshop'));
      session = await first.sessions.get(connection.id);
      await session.map.sync();
    });
    afterEach(() => {
      for (const view of opened.splice(0)) {
        view.dispose();
      }
    });
    after(async () => {
      await first.close();
      await acme.close();
      await rm(folder, { recursive: true });
    });

    const uriOf = (kind: 'account' | 'campaign', id: string) =>
      documentUri({ kind, connectionId: connection.id, id }, undefined);

    it('is in the registry that it is in, and in no other', () => {
      assert.ok(isProviderId('acme', first.store.providers));
      assert.ok(!isProviderId('acme', providers));
      assert.deepEqual(
        first.store.list().map(({ provider }) => provider),
        ['acme'],
      );
      assert.equal((state.get(connectionsState) as unknown[]).length, 1);
    });

    it('has its key checked before it is stored', async () => {
      for (const [key, name] of [
        [acmeKey, 'Acme workshop'],
        ['planted-acme-wrong', undefined],
      ] as const) {
        const provider = await first.sessions.probe('acme' as ProviderId, key);
        const checked = await provider.checkKey().catch(() => ({ name: undefined }));
        assert.equal(checked.name, name);
        provider.client.dispose();
      }
    });

    /** Views as a window shows them, until the test ends. */
    function openViews() {
      const tree: Partial<vscode.TreeView<Node>> = {
        visible: true,
        selection: [],
        onDidChangeVisibility: new vscode.EventEmitter<vscode.TreeViewVisibilityChangeEvent>().event,
      };
      const of = [first.sessions, first.health, first.memento, tree as vscode.TreeView<Node>] as const;
      const views = {
        accounts: createAccountsView(...of),
        campaigns: createCampaignsView(...of),
        health: createHealthView(...of),
      };
      opened.push(...Object.values(views));
      return views;
    }

    it('has its rows repainted in a view that is loaded after it was read', async () => {
      const { accounts } = openViews();
      const repainted = new Promise((resolve) => accounts.onDidChangeTreeData(resolve));
      await session.map.sync(true);
      assert.equal(((await repainted) as Node).connectionId, connection.id);
    });

    it('makes a whole map, with edges from its accounts', () => {
      const { graph } = session.map;
      assert.ok(session.map.complete, session.map.missing().join('\n'));
      const edges = [...graph.accounts].map(({ key }) => [key, graph.campaignsOf(key).map((edge) => edge.campaign.id)]);
      assert.deepEqual(edges, [
        ['box-a', ['drive-1']],
        ['box-b', ['drive-1', 'drive-2']],
        ['box-c', []],
      ]);
      assert.equal(graph.countOfSenders('drive-1')?.senders, 2);
    });

    it('has rows in every view, with the menus of what it has and nothing else', async () => {
      const { accounts, campaigns, health } = openViews();
      const [top, ...rows] = await walk(accounts);
      assert.match(top!, /^Workshop \| 3 · .* \| connection$/);
      assert.deepEqual(rows, [
        '  Broken in active campaigns | 1 | filter',
        '    bob@acme.example | Down · 1 active | account',
        '      Spring launch | Up | campaign',
        '      Autumn | Down | campaign',
        '  bob@acme.example | Down · 1 active | account',
        '    Spring launch | Up | campaign',
        '    Autumn | Down | campaign',
        '  cyd@acme.example | Unknown (x) · idle | account',
        '    Feeds no campaign | notice empty',
        '  ann@acme.example | 1 active | account',
        '    Spring launch | Up | campaign',
      ]);
      assert.deepEqual((await walk(campaigns)).slice(1), [
        '  Autumn | Down · none of 1 healthy | campaign',
        '    bob@acme.example | Down · reported by the service | account',
        '  Spring launch | 1 of 2 healthy | campaign',
        '    bob@acme.example | Down · reported by the service | account',
        '    ann@acme.example | reported by the service | account',
      ]);
      const findings = (await walk(health)).slice(1);
      assert.match(findings.pop()!, /^ {2}What changed \| since .* \| changes$/);
      assert.deepEqual(findings, [
        '  Unhealthy senders | 1 · Warning | group finding campaigns',
        '    Spring launch | 1 of 2 senders: Down | campaign finding',
      ]);
      const [root] = await accounts.getChildren();
      const [, bob] = await accounts.getChildren(root);
      const item = await accounts.resolveTreeItem(await accounts.getTreeItem(bob!), bob!);
      assert.match((item.tooltip as vscode.MarkdownString).value, /550 5\\\.7\\\.1 refused/);
      assert.match(
        (await accounts.getTreeItem(root!)).accessibilityInformation!.label,
        /^Workshop, Acme, 3 accounts, 1 broken, complete/,
      );
    });

    it('has menus for tags, sequences and the workspace where its documents are', () => {
      const parent = new NodeRegistry().connection(connection.id);
      const nodes = new NodeRegistry();
      const info = {
        ...session.provider.info,
        documents: new Set(['account-tags', 'campaign-tags', 'campaign-sequences', 'workspace'] as const),
      };
      const one = session.map.graph.account('box-a')!;
      const other = session.map.graph.campaign('drive-1')!;
      assert.equal(
        accountItem(nodes.account(parent, 'box-a'), one, info, { all: 1, active: 1 }).contextValue,
        'account tags',
      );
      assert.equal(
        campaignItem(nodes.campaign(parent, 'drive-1'), other, info, undefined).contextValue,
        'campaign tags sequences',
      );
      assert.match(connectionItem(parent, connection, info, undefined, undefined, true).contextValue!, /\bworkspace\b/);
    });

    it('has documents with a size, titled by a property of its own', async () => {
      const uri = uriOf('account', 'box-b');
      const content = await first.documents.readFile(uri);
      assert.equal((await first.documents.stat(uri)).size, content.byteLength);
      const document = JSON.parse(new TextDecoder().decode(content)) as Record<string, unknown>;
      assert.equal(document['address'], 'bob@acme.example');
      const titled = await first.documents.prepare(
        { kind: 'campaign', connectionId: connection.id, id: 'drive-1' },
        'drive-1',
      );
      assert.match(titled.path, /\/drive-1\/Spring launch\.json$/);
      await assert.rejects(async () => first.documents.readFile(uriOf('account', 'box-z')), /no such thing/);
      await assert.rejects(
        first.documents.source({ kind: 'account-tags', connectionId: connection.id, id: 'box-a' }),
        /no such document/,
      );
    });

    it('has hints and hovers in its documents, with the reason of a state', async () => {
      // The document of this window; the scheme of the extension leads to its own.
      const text = new TextDecoder().decode(await first.documents.readFile(uriOf('account', 'box-b')));
      const shown = await vscode.workspace.openTextDocument({ language: 'json', content: text });
      const document: vscode.TextDocument = { ...shown, uri: uriOf('account', 'box-b') };
      const { token } = new vscode.CancellationTokenSource();
      const whole = new vscode.Range(0, 0, shown.lineCount, 0);
      const hints = await new HintsProvider(first.sessions).provideInlayHints(document, whole, token);
      assert.deepEqual(
        hints.map(({ label }) => label),
        ['Down'],
      );
      const place = shown.positionAt(text.indexOf('"state"') + 3);
      const hover = await new PropertyHoverProvider(first.sessions).provideHover(document, place, token);
      assert.match((hover!.contents[0] as vscode.MarkdownString).value, /550 5\\\.7\\\.1 refused[\s\S]*Permanent/);
    });

    it('is compared without what its provider calls volatile', async () => {
      const source = await first.documents.source({ kind: 'account', connectionId: connection.id, id: 'box-a' });
      const { info } = session.provider;
      const properties = await info.properties('account');
      const isVolatile = (path: readonly (string | number)[]) => info.isVolatile(properties, path);
      const later = source.replace('2026-01-02', '2026-01-03');
      assert.notEqual(later, source);
      assert.equal(await factsOf(source, isVolatile), await factsOf(later, isVolatile));
      assert.ok(!comparable(source, isVolatile).includes('seen'));
      assert.notEqual(await factsOf(source, isVolatile), await factsOf(source.replace('"u"', '"d"'), isVolatile));
    });

    it('has emails to preview', async () => {
      const { kind, stepsOf } = session.provider.info.emails;
      const source = await first.documents.source({ kind, connectionId: connection.id, id: 'drive-1' });
      const html = await renderPreview(await stepsOf(parseObject(source)), 'Spring launch');
      assert.match(html, /Step 1[\s\S]*Hello [\s\S]*Step 2[\s\S]*Again/);
    });

    it('is found by words, and by a key or an id of its own pattern that no map has', async () => {
      await prepareSearch(session.map);
      const hits = (query: string) =>
        atOnce(new Search(searchIndexesOf(session.map)).find(query, 5)).map(({ kind, id }) => [kind, id]);
      assert.deepEqual(hits('ann@acme'), [['account', 'box-a']]);
      assert.deepEqual(hits('autumn'), [['campaign', 'drive-2']]);
      const context = { sessions: first.sessions } as CommandContext;
      const nothing = { node: undefined, nodes: [], document: undefined, request: undefined };
      for (const [find, kind, typed, id] of [
        [findAccount, 'account', 'box-new', 'box-new'],
        [findAccount, 'account', '5', undefined],
        [findAccount, 'account', 'new@acme.example', undefined],
        [findCampaign, 'campaign', 'drive-9', 'drive-9'],
        [findCampaign, 'campaign', '9', undefined],
      ] as const) {
        const person = typing(typed);
        try {
          const found = await find(context, nothing, 'Open', kind);
          assert.equal(found?.id, id, typed);
        } finally {
          person.restore();
        }
      }
    });

    it('is exported under its name', async () => {
      const { graph } = session.map;
      const source = { connection: 'Workshop', service: session.provider.info.name, graph, rows: [...graph.accounts] };
      const pieces: string[] = [];
      for await (const piece of exportText(accountExporter, [source], 'pairs', 'csv', () => undefined)) {
        pieces.push(piece);
      }
      const [, ...lines] = pieces.join('').trim().split(/\r?\n/);
      assert.deepEqual(
        lines.map((line) => line.split(',').slice(0, 4)),
        ['ann@acme.example,box-a', 'bob@acme.example,box-b', 'bob@acme.example,box-b'].map((account) => [
          'Workshop',
          'Acme',
          ...account.split(','),
        ]),
      );
    });

    it('gives a command line without the key', () => {
      const line = curlOf(session.provider.info, acme.baseUrl, 'account', 'box-a');
      assert.match(line, /\/boxes\/box-a/);
      assert.match(line, /x-acme-key: \$ACME_KEY/);
      assert.ok(!line.includes(acmeKey));
    });

    it('has its map saved and read again in another window, without its key', async () => {
      await first.close();
      const saved = linesOf(await readFile(join(folder, 'maps', `${connection.id}.map`)));
      assert.ok(!saved.join('\n').includes(acmeKey));
      const second = open();
      try {
        const restored = await second.sessions.get(connection.id);
        assert.deepEqual(
          second.log.lines.filter((line) => /saved map|cannot/.test(line)),
          [],
        );
        assert.deepEqual(
          [...restored.map.graph.accounts].map(({ key }) => key),
          ['box-a', 'box-b', 'box-c'],
        );
        assert.equal(restored.map.graph.countOfSenders('drive-1')?.senders, 2);
        assert.ok(restored.map.complete);
      } finally {
        await second.close();
      }
    });
  });
}

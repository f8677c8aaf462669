import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { mock } from 'node:test';
import * as vscode from 'vscode';
import { registerHealthCommands } from '../../src/commands/health.ts';
import { registerSnoozeCommands } from '../../src/commands/snoozes.ts';
import type { CommandContext } from '../../src/commands/register.ts';
import type { Session } from '../../src/connections/sessions.ts';
import { commands, healthSettings, settings } from '../../src/contributions.ts';
import { documentUri } from '../../src/documents/uri.ts';
import { severities } from '../../src/health/rule.ts';
import type { RuleId } from '../../src/health/rules/index.ts';
import { providers } from '../../src/providers/index.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { createAccountsView } from '../../src/tree/accountsView.ts';
import { HealthSignals } from '../../src/tree/healthSignals.ts';
import { createHealthView, type HealthView } from '../../src/tree/healthView.ts';
import type { LazyView } from '../../src/tree/lazy.ts';
import type { Node } from '../../src/tree/nodes.ts';
import { Redactor } from '../../src/transport/redaction.ts';
import { atOnce } from '../../src/transport/turns.ts';
import { MemoryLog } from '../support/connect.ts';
import { baseUrlSettings } from '../support/settings.ts';
import { until } from '../support/until.ts';
import { Window } from './window.ts';
import { api, configure, endWorld, startWorld } from './world.ts';

const INSTANTLY = 'planted-health-key-4d1a';
const SMARTLEAD = 'planted-health-key-77c0';
/** More than a finding lists without dividing them. */
const BROKEN = 80;
const DAY = 24 * 3_600_000;

export function describeHealth(): void {
  describe('the Health view', () => {
    let sandbox: Sandbox;
    let folder: string;
    let window: Window;
    let view: HealthView;
    let signals: HealthSignals;
    let instantly: Session;
    let smartlead: Session;
    let registered: vscode.Disposable;
    let context: CommandContext;
    const tree: Partial<vscode.TreeView<Node>> = {};
    const lazyView: Partial<LazyView<HealthView>> = {};
    const item = {
      text: '',
      shown: false,
      show: () => (item.shown = true),
      hide: () => (item.shown = false),
      dispose: () => undefined,
    };

    before(async () => {
      sandbox = await startSandbox({
        oddities: false,
        instantly: { accounts: 600, campaigns: 20, tags: 4 },
        smartlead: { accounts: 60, campaigns: 8 },
        keys: [
          { key: INSTANTLY, service: 'instantly' },
          { key: SMARTLEAD, service: 'smartlead' },
        ],
        limit: { requests: 60_000, seconds: 60, headers: true },
      });
      // Whole domains fail, as they do where one is burnt.
      for (const { row } of sandbox.instantly.accounts.slice(0, BROKEN)) {
        row['status'] = -1;
      }
      await configure(baseUrlSettings.instantly, sandbox.baseUrls.instantly);
      await configure(baseUrlSettings.smartlead, sandbox.baseUrls.smartlead);
      folder = await mkdtemp(join(tmpdir(), 'sendmap-health-'));
      window = new Window(providers, folder, new Map(), new Map());
      const made = mock.method(vscode.window, 'createStatusBarItem', () => item as unknown as vscode.StatusBarItem);
      signals = new HealthSignals(window.sessions, window.health, lazyView as LazyView<HealthView>);
      made.mock.restore();
      view = createHealthView(window.sessions, window.health, window.memento, tree as vscode.TreeView<Node>);
      const parts: Partial<CommandContext> = {
        sessions: window.sessions,
        findings: view,
        health: window.health,
        snoozes: window.snoozes,
        log: Object.assign(new MemoryLog(), { show: () => undefined }),
        redactor: new Redactor(),
        handlers: new Map(),
      };
      context = parts as CommandContext;
      registered = vscode.Disposable.from(registerHealthCommands(context), registerSnoozeCommands(context));
      instantly = await session('instantly', INSTANTLY, 'Northwind');
    });
    after(async () => {
      registered.dispose();
      signals.dispose();
      view.dispose();
      await window.close();
      await rm(folder, { recursive: true });
      for (const name of [baseUrlSettings.instantly, baseUrlSettings.smartlead]) {
        await configure(name, undefined);
      }
      await sandbox.close();
    });

    async function session(provider: 'instantly' | 'smartlead', key: string, label: string): Promise<Session> {
      const { connection } = await window.store.add(provider, key, label);
      return window.sessions.get(connection.id);
    }

    const run = (id: (typeof commands)[keyof typeof commands], ...args: unknown[]) =>
      context.handlers.get(id)!(...args);

    /** Chooses what stands first in the quick input that a command opens. */
    async function choosingFirst(asked: Promise<unknown>): Promise<unknown> {
      let done = false;
      const ended = asked.finally(() => (done = true));
      await until(async () => {
        await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
        return done;
      });
      return ended;
    }

    const connection = async (place = 0) => (await view.getChildren())[place]!;
    const itemOf = (node: Node) => view.itemOf(node);
    const text = (value: unknown) => (typeof value === 'string' ? value : '');
    const labelOf = (node: Node) => text(itemOf(node).label);
    const words = (node: Node) => `${labelOf(node)} ${text(itemOf(node).description)}`.trim();
    const rowsOf = async (place = 0) => (await view.getChildren(await connection(place))).map(words);
    const find = async (label: string) =>
      (await view.getChildren(await connection())).find((node) => itemOf(node).label === label);

    /** How many a rule fires for; 0 where it does not stand there. */
    async function countOf(label: string): Promise<number> {
      const node = await find(label);
      return node === undefined ? 0 : parseInt(text(itemOf(node).description).replaceAll(',', ''), 10);
    }

    /** How many accounts a rule fires for, in all connections. */
    async function bothWith(rule: RuleId): Promise<number> {
      const evaluated = await Promise.all(
        [instantly, smartlead].map(({ connection: { id } }) => window.health.evaluated(id)),
      );
      return evaluated.flatMap((one) => (one === undefined ? [] : atOnce(one.health.accountsWith(rule)))).length;
    }

    const broken = () => sandbox.instantly.accounts.filter(({ row }) => row['status'] === -1);

    it('has nothing to compare with before the first sync, and says so', async () => {
      const said = mock.method(vscode.window, 'showInformationMessage', () => Promise.resolve(undefined));
      try {
        assert.equal(await run(commands.whatChanged, { connectionId: instantly.connection.id }), undefined);
        assert.match(String(said.mock.calls[0]?.arguments[0]), /Nothing to compare with yet/);
      } finally {
        said.mock.restore();
      }
    });

    it('lists rules that fire with how many they fire for and what it costs, the worst first', async () => {
      await instantly.map.sync(true);
      smartlead = await session('smartlead', SMARTLEAD, 'Fabrikam');
      await smartlead.map.sync();
      assert.deepEqual(
        (await view.getChildren()).map((node) => itemOf(node).label),
        ['Northwind', 'Fabrikam'],
      );
      const rows = await rowsOf();
      assert.equal(await countOf('Disconnected'), broken().length);
      const costs = rows.map((row) => /lost|at risk|unused/.exec(row)?.[0] ?? '').filter(Boolean);
      const order = ['lost', 'at risk', 'unused'];
      assert.deepEqual(
        costs,
        [...costs].sort((a, b) => order.indexOf(a) - order.indexOf(b)),
      );
      assert.match(words(await connection()), /^Northwind \d+ critical$/);
      assert.match(text(itemOf(await connection()).tooltip), /Northwind · Instantly[^]*one finding/);
      const { tooltip } = await view.resolveTreeItem(new vscode.TreeItem(''), (await find('Disconnected'))!);
      assert.match(text(tooltip), /^Disconnected: \d+ accounts\. [^]*Reconnect the mailbox/);
    });

    it('divides what is long by domain, burnt ones first, and shows accounts with what is wrong and whom it hurts', async () => {
      const rule = (await find('Disconnected'))!;
      const shares = await view.getChildren(rule);
      const said = shares.map(words);
      const burnt = said.filter((row) => row.endsWith('burnt')).length;
      assert.ok(
        said.every((row) => /^\S+\.test [\d,]+ of [\d,]+( · burnt)?$/.test(row)),
        said.join('\n'),
      );
      assert.ok(
        said.slice(0, burnt).every((row) => row.endsWith('burnt')),
        said.join('\n'),
      );
      const accounts = await view.getChildren(shares[0]);
      assert.equal(accounts.length, parseInt(/ ([\d,]+) of/.exec(said[0]!)![1]!, 10));
      for (const account of accounts) {
        const shown = itemOf(account);
        const email = `${labelOf(account)}@${labelOf(shares[0]!)}`;
        assert.ok(account.kind === 'account' && account.accountKey === email, 'the row above names the domain');
        assert.ok(shown.accessibilityInformation?.label.startsWith(`${email}, `));
        assert.notEqual(shown.description, '');
        assert.equal(shown.command?.command, 'vscode.open');
      }
      const feeding = accounts.find(
        (account) => itemOf(account).collapsibleState !== vscode.TreeItemCollapsibleState.None,
      );
      if (feeding !== undefined) {
        assert.ok((await view.getChildren(feeding)).every((node) => node.kind === 'campaign'));
      }
    });

    it('keeps its rows the same objects, whatever is asked again', async () => {
      const before = await view.getChildren(await connection());
      const shares = await view.getChildren(await find('Disconnected'));
      assert.deepEqual(new Set(await view.getChildren(await connection())), new Set(before));
      for (const [place, node] of (await view.getChildren(await find('Disconnected'))).entries()) {
        assert.equal(node, shares[place]);
      }
    });

    it('divides by client, tag or campaign where a person picks that, what burnt domains leave', async () => {
      const isBurnt = (node: Node) => words(node).endsWith('burnt');
      const shares = async () => view.getChildren(await find('Disconnected'));
      const burnt = (await shares()).filter(isBurnt);
      view.state.divideBy('campaign');
      const values = [...instantly.map.graph.campaigns].map(({ id }) => `share:${id}`);
      const byCampaign = await shares();
      assert.deepEqual(byCampaign.slice(0, burnt.length).map(words), burnt.map(words));
      const others = byCampaign.slice(burnt.length);
      assert.ok(burnt.length > 0 && others.length > 1);
      for (const share of others) {
        assert.ok(share.kind === 'group' && [...values, 'share:'].includes(share.value), words(share));
      }
      view.state.divideBy('client');
      let left = broken().length;
      for (const domain of burnt) {
        left -= (await view.accountsOf(domain)).length;
      }
      assert.deepEqual((await shares()).map(words), [...burnt.map(words), `No client ${left}`]);
      view.state.divideBy('domain');
    });

    it('is filtered by severity and connection, says so, and forgets neither', async () => {
      view.state.filterBy(['critical'], [smartlead.connection.id]);
      assert.equal((await view.getChildren()).length, 1);
      const icons = (await view.getChildren(await connection())).map(
        (node) => (itemOf(node).iconPath as vscode.ThemeIcon).id,
      );
      assert.ok(icons.length > 0 && icons.every((icon) => icon === 'error'), icons.join());
      assert.equal(tree.message, 'Filtered: Critical · 1 connection hidden');
      const again = createHealthView(window.sessions, window.health, window.memento, tree as vscode.TreeView<Node>);
      assert.deepEqual(again.state.severities, ['critical']);
      again.dispose();
      await run(commands.clearHealthFilter);
      assert.equal((await view.getChildren()).length, 2);
      assert.equal(tree.message, '');
    });

    it('shows connections that the filter leaves out where no other is left', async () => {
      view.state.filterBy(severities, [instantly.connection.id, smartlead.connection.id]);
      assert.equal((await view.getChildren()).length, 2);
      await run(commands.clearHealthFilter);
    });

    it('leaves out what is snoozed, and shows it again', async () => {
      const all = broken().length;
      const [share] = await view.getChildren(await find('Disconnected'));
      const [account] = await view.getChildren(share);
      const ofDomain = (await view.accountsOf(share!)).length;

      await choosingFirst(run(commands.snooze, account));
      assert.equal(window.snoozes.list()[0]?.rule, 'disconnected');
      assert.ok(Math.abs(window.snoozes.list()[0]!.until - Date.now() - DAY) < 60_000);
      assert.equal(await countOf('Disconnected'), all - 1);

      await choosingFirst(run(commands.showSnoozed));
      assert.equal(await countOf('Disconnected'), all);

      await choosingFirst(run(commands.snooze, share));
      assert.equal(await countOf('Disconnected'), all - ofDomain);
      await window.snoozes.end(window.snoozes.list());

      await choosingFirst(run(commands.snooze, await find('Disconnected')));
      assert.equal(await find('Disconnected'), undefined);
      await choosingFirst(run(commands.showSnoozed));
      assert.equal(await countOf('Disconnected'), all);

      const rules = await view.getChildren(await connection());
      const rule = rules.find((node) => view.isRule(node) && view.isAboutCampaigns(node))!;
      const label = labelOf(rule);
      const count = await countOf(label);
      const [campaign] = await view.getChildren(rule);
      await choosingFirst(run(commands.snooze, campaign));
      assert.equal(await countOf(label), count - 1);
      await window.snoozes.end(window.snoozes.list());
      assert.equal(await countOf(label), count);
    });

    it('fires for other accounts at once where a threshold or the rules that are on are others', async () => {
      const before = await countOf('Low warmup score');
      await configure(healthSettings.lowScore, 100);
      await until(async () => (await countOf('Low warmup score')) > before);
      await configure(healthSettings.lowScore, undefined);
      await until(async () => (await countOf('Low warmup score')) === before);
      await configure(settings.rulesOff, ['disconnected']);
      await until(async () => (await find('Disconnected')) === undefined);
      await configure(settings.rulesOff, undefined);
      await until(async () => (await countOf('Disconnected')) === broken().length);
    });

    it('decides what the other views show where they are filtered by a finding', async () => {
      const kept = { get: () => undefined, update: () => Promise.resolve(), keys: () => [] };
      const shown: Partial<vscode.TreeView<Node>> = {
        visible: true,
        onDidChangeVisibility: () => new vscode.Disposable(() => undefined),
      };
      const accounts = createAccountsView(window.sessions, window.health, kept, shown as vscode.TreeView<Node>);
      try {
        const count = async () => (await accounts.filtered())?.shown;
        accounts.state.filterBy('finding:disconnected');
        assert.equal(await count(), await bothWith('disconnected'));
        accounts.state.filterBy('finding:warmup-score-low');
        const before = await bothWith('warmup-score-low');
        assert.equal(await count(), before);
        await configure(healthSettings.lowScore, 100);
        await until(async () => (await count())! > before);
      } finally {
        await configure(healthSettings.lowScore, undefined);
        accounts.dispose();
      }
    });

    it('says in three words how things are on its icon and in the status bar, where that is wanted', async () => {
      const critical = window.health.all().reduce((sum, { health }) => sum + health.findingsOf('critical'), 0);
      await until(() => lazyView.badge?.value === critical);
      assert.equal(item.text.replaceAll(',', ''), `$(error) ${critical} critical findings`);
      assert.equal(item.shown, true);
      await configure(settings.statusBar, false);
      await until(() => !item.shown);
      assert.equal(lazyView.badge?.value, critical);
      await configure(settings.statusBar, undefined);
      await until(() => item.shown);
    });

    it('shows what a sync changes, and only that', async () => {
      const fired: (Node | Node[] | undefined)[] = [];
      const listening = view.onDidChangeTreeData((nodes) => fired.push(nodes));
      await view.getChildren(await connection());
      itemOf(await connection());
      const notified = mock.method(vscode.window, 'showInformationMessage', () => Promise.resolve(undefined));
      try {
        const victim = sandbox.instantly.accounts.find(({ row }) => row['status'] === 1)!;
        const before = broken().length;
        victim.row['status'] = -1;
        await instantly.map.sync(true);
        await until(async () => (await countOf('Disconnected')) === before + 1);
        await until(() => fired.length > 0);
        victim.row['status'] = 1;
        await instantly.map.sync(true);
        await until(async () => (await countOf('Disconnected')) === before);
        assert.equal(notified.mock.callCount(), 0);
      } finally {
        notified.mock.restore();
        listening.dispose();
      }
    });

    it('compares with a record once there are two, in a row of its own', async () => {
      const watched = window.health.of(instantly.connection.id)!;
      await until(async () => (await watched.recordTimes()).length > 1);
      const changes = (await find('What changed'))!;
      assert.equal((await view.getChildren(await connection())).at(-1), changes);
      assert.match(words(changes), /^What changed since /);
      const recovered = (await view.getChildren(changes)).find((node) => labelOf(node) === 'Recovered')!;
      assert.deepEqual(
        (await view.getChildren(recovered)).map((node) => itemOf(node).description),
        ['Connection Error → Active'],
      );
      const [newest, before] = await watched.recordTimes();
      const target = { kind: 'changes', connectionId: instantly.connection.id, id: String(before) } as const;
      const content = await window.documents.readFile(documentUri(target));
      const report = JSON.parse(new TextDecoder().decode(content)) as { counts: Record<string, number> };
      assert.deepEqual(Object.keys(report).slice(0, 3), ['since', 'until', 'counts']);
      assert.equal(report.counts['recovered'], 1);
      let held: ServerResponse | undefined;
      sandbox.override({
        path: /accounts/,
        times: 1,
        reply: (response) => {
          held = response;
        },
      });
      const syncing = instantly.map.sync(true);
      const other = documentUri({ ...target, id: String(newest) });
      const during = new TextDecoder().decode(await window.documents.readFile(other));
      assert.match(during, /"incomplete": "A sync is running: some of this is newer, and more may come\./);
      await until(() => held !== undefined);
      // It asks again after that.
      held!.writeHead(503).end();
      await syncing;
      await assert.rejects(
        run(commands.whatChanged, { connectionId: instantly.connection.id, since: '12' }),
        /"since".* must be the time of a record or later/,
      );
      await assert.rejects(
        run(commands.whatChanged, { connectionId: instantly.connection.id, since: 12 }),
        /"since" in the argument of this command must be a string/,
      );
    });

    it('is told of a new record even where a sync finds everything as it was', async () => {
      const told: string[] = [];
      const listening = window.health.onDidChange((connectionId) => told.push(connectionId));
      try {
        await window.health.evaluated(instantly.connection.id);
        told.length = 0;
        await instantly.map.sync(true);
        await until(() => told.includes(instantly.connection.id));
      } finally {
        listening.dispose();
      }
    });

    it('notifies of what is new and critical only where a person asked for it', async () => {
      const notified = mock.method(vscode.window, 'showInformationMessage', () => Promise.resolve(undefined));
      await configure(settings.notify, true);
      try {
        sandbox.instantly.accounts.find(({ row }) => row['status'] === 1)!.row['status'] = -1;
        await instantly.map.sync(true);
        await until(() => notified.mock.callCount() > 0);
        assert.match(String(notified.mock.calls[0]?.arguments[0]), /^Northwind: \d+ new critical finding/);
      } finally {
        await configure(settings.notify, undefined);
        notified.mock.restore();
      }
    });

    it('never throws for a row, whatever became of it', async () => {
      const rule = (await find('Disconnected'))!;
      const [share] = await view.getChildren(rule);
      const [account] = await view.getChildren(share);
      await window.store.remove(instantly.connection.id);
      for (const node of [rule, share!, account!]) {
        assert.ok(itemOf(node));
        assert.ok(Array.isArray(await view.getChildren(node)));
      }
    });
  });

  describe('explanations', () => {
    let sandbox: Sandbox;
    let instantly: string;

    before(async () => {
      sandbox = await startWorld();
      instantly = (await api()).connections().find(({ provider }) => provider === 'instantly')!.id;
      await (await api()).map(instantly);
    });
    after(() => endWorld(sandbox));

    const parsed = async (uri: vscode.Uri) =>
      JSON.parse((await vscode.workspace.openTextDocument(uri)).getText()) as Record<string, unknown>;

    it('open for an account, for a row as for the palette', async () => {
      const broken = sandbox.instantly.accounts.find(({ row }) => row['status'] === -1)!.email;
      const request = { connectionId: instantly, account: broken };
      const uri = await vscode.commands.executeCommand<vscode.Uri>(commands.explainAccount, request);
      const explanation = await parsed(uri);
      assert.equal(explanation['account'], broken);
      assert.equal((explanation['findings'] as { rule: string }[])[0]?.rule, 'disconnected');
      const row = { kind: 'account', id: 'x', connectionId: instantly, accountKey: broken };
      const again = await vscode.commands.executeCommand<vscode.Uri>(commands.explainAccount, row);
      assert.equal(again.toString(), uri.toString());
      const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', uri);
      assert.ok(links.some(({ target }) => target?.path.endsWith(`/accounts/${broken}.json`)));
    });

    it('open for a campaign', async () => {
      const campaign = String(sandbox.instantly.campaigns.find((row) => row['status'] === -1)?.['id']);
      const request = { connectionId: instantly, campaign };
      const uri = await vscode.commands.executeCommand<vscode.Uri>(commands.explainCampaign, request);
      const explanation = await parsed(uri);
      assert.equal(explanation['campaign_id'], campaign);
      assert.equal((explanation['findings'] as { rule: string }[])[0]?.rule, 'accounts-unhealthy');
    });
  });
}

import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { aboutCampaigns, accountRows } from '../../src/commands/rowsOfNodes.ts';
import { providers } from '../../src/providers/index.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import type { Session } from '../../src/connections/sessions.ts';
import { createAccountsView, type AccountsView } from '../../src/tree/accountsView.ts';
import { createCampaignsView } from '../../src/tree/campaignsView.ts';
import { createHealthView } from '../../src/tree/healthView.ts';
import { PART } from '../../src/tree/layout.ts';
import type { Node } from '../../src/tree/nodes.ts';
import { baseUrlSettings } from '../support/settings.ts';
import { until } from '../support/until.ts';
import { Window } from './window.ts';
import { configure } from './world.ts';

const KEY = 'planted-rows-key-90bc';
const OTHER_KEY = 'planted-rows-key-41fe';
/** More than one list shows at once. */
const ACCOUNTS = 1300;
const SENDERS = 1200;

export function describeRows(): void {
  describe('the rows that a row stands for', () => {
    let sandbox: Sandbox;
    let folder: string;
    let window: Window;
    let session: Session;
    let view: AccountsView;
    const views: { dispose(): void }[] = [];

    before(async () => {
      sandbox = await startSandbox({
        instantly: { accounts: ACCOUNTS, campaigns: 12, senders: SENDERS },
        keys: [
          { key: KEY, service: 'instantly' },
          { key: OTHER_KEY, service: 'smartlead' },
        ],
      });
      await configure(baseUrlSettings.instantly, sandbox.baseUrls.instantly);
      folder = await mkdtemp(join(tmpdir(), 'sendmap-rows-'));
      window = new Window(providers, folder, new Map(), new Map());
      const { connection } = await window.store.add('instantly', KEY, 'Rows');
      session = await window.sessions.get(connection.id);
      await session.map.sync();
      view = open();
    });
    after(async () => {
      view.state.filterBy('');
      for (const one of views) {
        one.dispose();
      }
      await window.close();
      await rm(folder, { recursive: true });
      await configure(baseUrlSettings.instantly, undefined);
      await sandbox.close();
    });

    /** The view as a window shows it. */
    function open(): AccountsView {
      const opened = createAccountsView(window.sessions, window.health, window.memento, fakeTree());
      views.push(opened);
      return opened;
    }

    function fakeTree(): vscode.TreeView<Node> {
      const tree: Partial<vscode.TreeView<Node>> = {
        visible: false,
        selection: [],
        onDidChangeVisibility: new vscode.EventEmitter<vscode.TreeViewVisibilityChangeEvent>().event,
      };
      return tree as vscode.TreeView<Node>;
    }

    const keysOf = async (node: Node) => (await view.rowsOfNode(node)).map(({ key }) => key);
    const connection = async () => (await view.getChildren())[0]!;

    it('are those of its part, and of all parts those of the connection', async () => {
      view.state.group('none');
      const root = await connection();
      const parts = (await view.getChildren(root)).filter(({ kind }) => kind === 'range');
      assert.equal(parts.length, 3);
      const keys: string[] = [];
      for (const part of parts) {
        const shown = (await view.getChildren(part)).map((node) => (node.kind === 'account' ? node.accountKey : ''));
        assert.deepEqual(await keysOf(part), shown);
        keys.push(...shown);
      }
      assert.deepEqual(await keysOf(root), keys);
      assert.equal(keys.length, ACCOUNTS);
    });

    it('are those of its group that the filter lets through', async () => {
      view.state.group('status');
      view.state.filterBy('-state:healthy');
      const groups = (await view.getChildren(await connection())).filter(({ kind }) => kind === 'group');
      assert.ok(groups.length > 1);
      const all: string[] = [];
      for (const group of groups) {
        const keys = await keysOf(group);
        const shown = (await view.getChildren(group)).map((node) => (node.kind === 'account' ? node.accountKey : ''));
        assert.deepEqual(keys, shown);
        all.push(...keys);
      }
      assert.deepEqual(all.sort(), [...(await view.shownRows(session))].map(({ key }) => key).sort());
      assert.ok(all.length < ACCOUNTS);
      assert.ok(all.every((key) => session.map.graph.account(key)?.state !== 'healthy'));
    });

    it('are the accounts of its part, for senders of a campaign that one list does not show', async () => {
      const campaigns = createCampaignsView(window.sessions, window.health, window.memento, fakeTree());
      const findings = createHealthView(window.sessions, window.health, window.memento, fakeTree());
      views.push(campaigns, findings);
      const [root] = await campaigns.getChildren();
      let parts: Node[] = [];
      for (const campaign of await campaigns.getChildren(root)) {
        const below = campaign.kind === 'campaign' ? await campaigns.getChildren(campaign) : [];
        parts = parts.length > 0 ? parts : below.filter(({ kind }) => kind === 'range');
      }
      assert.equal(parts.length, Math.ceil(SENDERS / PART));
      const context = { accounts: view, campaigns, findings, sessions: window.sessions };
      assert.equal(aboutCampaigns(context, parts), false);
      const emails = new Set<string>();
      for (const part of parts) {
        for (const { email } of await accountRows(context)(part)) {
          emails.add(email);
        }
      }
      assert.equal(emails.size, SENDERS);
    });

    it('count for Health also where nobody opens their connection', async () => {
      const { connection: closed } = await window.store.add('smartlead', OTHER_KEY, 'Closed');
      const findings = createHealthView(window.sessions, window.health, window.memento, fakeTree());
      views.push(findings);
      assert.equal((await findings.getChildren()).length, 2);
      await until(() => window.health.of(closed.id) !== undefined);
      await window.store.remove(closed.id);
    });

    it('are itself for an account, whatever the filter says, and nothing for what is no account', async () => {
      view.state.filterBy('nobody-is-called-this');
      const key = sandbox.instantly.accounts[0]!.email;
      const { id: connectionId } = session.connection;
      assert.deepEqual(await keysOf({ kind: 'account', id: 'x', connectionId, accountKey: key }), [key]);
      assert.deepEqual(await keysOf({ kind: 'campaign', id: 'x', connectionId, campaignId: 'c' }), []);
    });

    it('belong to the view that made the row', async () => {
      view.state.filterBy('');
      const campaigns = createCampaignsView(window.sessions, window.health, window.memento, fakeTree());
      views.push(campaigns);
      const [mine] = await view.getChildren();
      const [other] = await campaigns.getChildren();
      assert.ok(mine && other);
      assert.equal(mine.id, other.id);
      assert.deepEqual(
        [view.has(mine), view.has(other), campaigns.has(mine), campaigns.has(other)],
        [true, false, false, true],
      );
    });

    it('are filtered in the next window as in this one, but not by what was only tried', async () => {
      view.state.filterBy('state:broken');
      view.state.tryFilter('state:paused');
      const next = open();
      assert.equal(next.state.filter?.source, 'state:broken');
      assert.deepEqual(
        (await next.shownRows(session)).map(({ state }) => state).filter((state) => state !== 'error'),
        [],
      );
      view.state.filterBy('  ');
      assert.equal(open().state.filter, undefined);
    });

    it('are missed with a sentence that says what is near', async () => {
      view.state.filterBy('status:activ');
      assert.equal(await view.whyNothing(), undefined);
      view.state.filterBy('status:"activ"');
      assert.match((await view.whyNothing()) ?? '', /^No account matches status:"activ"\. Did you mean Active/);
    });
  });
}

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../src/contributions.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { baseUrlSettings } from '../support/settings.ts';
import { api, configure, endWorld, startWorld } from './world.ts';

/** Connections stay from the suite before; the sandbox is another, and the settings lead there. */
export function describeDocuments(): void {
  describe('documents', () => {
    let sandbox: Sandbox;
    let instantly: string;
    let smartlead: string;

    before(async () => {
      sandbox = await startWorld();
      const connections = (await api()).connections();
      instantly = connections.find(({ provider }) => provider === 'instantly')!.id;
      smartlead = connections.find(({ provider }) => provider === 'smartlead')!.id;
    });
    after(() => endWorld(sandbox));
    beforeEach(() => {
      sandbox.requests.length = 0;
      sandbox.clearOverrides();
    });

    async function open(command: string, request: object): Promise<vscode.TextDocument> {
      const uri = await vscode.commands.executeCommand<vscode.Uri>(command, request);
      return vscode.workspace.openTextDocument(uri);
    }

    /** The requests for documents: beside them, the campaigns of an account that is opened are checked. */
    const reads = () => sandbox.requests.filter(({ path }) => !path.includes('account-campaign-mappings'));

    const parsed = (document: vscode.TextDocument) => JSON.parse(document.getText()) as Record<string, unknown>;

    it('show an account as the service has it, from one fresh request', async () => {
      const account = sandbox.instantly.accounts[5]!;
      const document = await open(commands.openAccount, { connectionId: instantly, account: account.email });
      assert.equal(document.uri.toString(true), `sendmap:/${instantly}/accounts/${account.email}.json`);
      assert.equal(document.languageId, 'json');
      assert.equal(reads().length, 1);
      assert.deepEqual(parsed(document), JSON.parse(JSON.stringify(reads()[0]!.body)));
      assert.match(document.getText(), /^\{\n {2}"email"/);
    });

    it('have a real size and time', async () => {
      const uri = vscode.window.activeTextEditor!.document.uri;
      const { mtime, size } = await vscode.workspace.fs.stat(uri);
      assert.equal(size, (await vscode.workspace.fs.readFile(uri)).byteLength);
      assert.ok(Math.abs(Date.now() - mtime) < 60_000);
      assert.equal((await vscode.workspace.fs.stat(uri)).mtime, mtime);
    });

    it('give no command line where the base URL is refused, and say which setting it is', async () => {
      for (const refused of ['https:', 'https://u:p@api.example.com', 'http://api.example.com', 5]) {
        await configure(baseUrlSettings.instantly, refused);
        await assert.rejects(
          async () => vscode.commands.executeCommand(commands.copyCurl, { connectionId: instantly }),
          { name: 'SendmapError', kind: 'setting', setting: baseUrlSettings.instantly },
        );
      }
      await configure(baseUrlSettings.instantly, sandbox.baseUrls.instantly);
      await vscode.commands.executeCommand(commands.copyCurl, { connectionId: instantly });
    });

    it('refresh in place and keep the cursor', async () => {
      const editor = vscode.window.activeTextEditor!;
      const email = sandbox.instantly.accounts[5]!.email;
      editor.selection = new vscode.Selection(3, 5, 3, 5);
      sandbox.override({
        path: /accounts\//,
        reply: { status: 200, body: { email, note: 'changed', c: 1, d: 2, e: 3 } },
      });
      const changed = new Promise<void>((resolve) => {
        const subscription = vscode.workspace.onDidChangeTextDocument(({ document }) => {
          if (document === editor.document && document.getText().includes('changed')) {
            subscription.dispose();
            resolve();
          }
        });
      });
      await vscode.commands.executeCommand(commands.refreshDocument);
      await changed;
      assert.equal(editor.document.isDirty, false);
      assert.equal(editor.selection.active.line, 3);
    });

    it('are fetched again each time they are opened', async () => {
      const account = sandbox.instantly.accounts[6]!.email;
      const request = { connectionId: instantly, account };
      await open(commands.openAccount, request);
      await open(commands.openAccount, request);
      assert.equal(reads().length, 2);
    });

    it('use the person’s indentation', async () => {
      await configure('editor.tabSize', 7);
      const account = sandbox.instantly.accounts[7]!.email;
      assert.match(
        (await open(commands.openAccount, { connectionId: instantly, account })).getText(),
        /^\{\n {7}"email"/,
      );
      await configure('editor.tabSize', undefined);
    });

    it('cannot be written, moved or deleted', async () => {
      const uri = vscode.window.activeTextEditor!.document.uri;
      await assert.rejects(async () => vscode.workspace.fs.writeFile(uri, new Uint8Array()), vscode.FileSystemError);
      await assert.rejects(async () => vscode.workspace.fs.delete(uri), vscode.FileSystemError);
    });

    it('show campaigns, senders, tags and the workspace', async () => {
      const campaign = sandbox.instantly.campaigns.find((row) => Array.isArray(row['email_tag_list']))!;
      const request = { connectionId: instantly, campaign: String(campaign['id']) };
      assert.deepEqual(parsed(await open(commands.openCampaign, request)), campaign);
      const senders = parsed(await open(commands.openSendersOfCampaign, request))['senders'] as {
        because: unknown[];
      }[];
      assert.ok(senders.length > 0 && senders.every(({ because }) => because.length > 0));
      assert.ok(Array.isArray(parsed(await open(commands.openTagsOfCampaign, request))['items']));
      const account = sandbox.instantly.accounts[0]!.email;
      const campaigns = parsed(await open(commands.openCampaignsOfAccount, { connectionId: instantly, account }));
      assert.equal((campaigns['items'] as []).length, sandbox.instantly.campaignsOf.get(account)?.length ?? 0);
      assert.ok(
        Array.isArray(parsed(await open(commands.openTagsOfAccount, { connectionId: instantly, account }))['items']),
      );
      const workspace = parsed(await open(commands.openWorkspace, { connectionId: instantly }));
      assert.equal(workspace['name'], 'Northwind outbound');
    });

    it('show Smartlead’s accounts and senders without mailbox passwords', async () => {
      const account = sandbox.smartlead.accounts.find(({ password }) => password !== null)!;
      const [campaign] = [...sandbox.smartlead.sendersOf].find(([, senders]) => senders.includes(account))!;
      const documents = [
        await open(commands.openAccount, { connectionId: smartlead, account: String(account.id) }),
        await open(commands.openSendersOfCampaign, { connectionId: smartlead, campaign: String(campaign) }),
        await open(commands.openCampaignsOfAccount, { connectionId: smartlead, account: String(account.id) }),
        await open(commands.openCampaign, { connectionId: smartlead, campaign: String(campaign) }),
      ];
      for (const document of documents) {
        assert.ok(document.getText().includes(String(document === documents[3] ? campaign : account.id)));
        assert.ok(!/password|planted/.test(document.getText()), document.uri.toString());
      }
    });

    it('fail as errors and never as content', async () => {
      const missing = { connectionId: instantly, account: 'nobody@example.com' };
      await assert.rejects(async () => open(commands.openAccount, missing), { name: 'SendmapError', kind: 'notFound' });
      await assert.rejects(async () => open(commands.openCampaign, { connectionId: smartlead, campaign: '1' }), {
        kind: 'notFound',
      });
      await assert.rejects(async () => open(commands.openAccount, { connectionId: 'gone', account: 'x@y.z' }), {
        kind: 'notFound',
      });
      const uri = vscode.Uri.parse(`sendmap:/${instantly}/accounts/nobody@example.com.json`);
      await assert.rejects(
        async () => vscode.workspace.fs.readFile(uri),
        (error) => {
          assert.ok(error instanceof vscode.FileSystemError);
          assert.match(error.message, /Instantly could not find this \(404: Resource not found\)/);
          return true;
        },
      );
      for (const path of [
        '/',
        `/${instantly}/x.json`,
        `/${instantly}/accounts/.json`,
        `/${instantly}/accounts/a/b/c.json`,
      ]) {
        await assert.rejects(
          async () => vscode.workspace.fs.readFile(vscode.Uri.from({ scheme: 'sendmap', path })),
          path,
        );
      }
    });

    it('fail in plain text, because VS Code makes links of what a command or a file says', async () => {
      const request = { connectionId: instantly, account: 'nobody@example.com' };
      const message = '[Fix](command:sendmap.showLog)';
      sandbox.override({ path: /accounts\//, reply: { status: 404, body: { message } } });
      const plain = (error: unknown) => error instanceof Error && error.message.includes('[Fix]\u2060(command:');
      await assert.rejects(async () => open(commands.openAccount, request), plain);
      const uri = vscode.Uri.parse(`sendmap:/${instantly}/accounts/nobody@example.com.json`);
      await assert.rejects(async () => vscode.workspace.fs.readFile(uri), plain);
      sandbox.clearOverrides();
    });

    it('have a title that people know, one URI for one thing, and a kind that no name can change', async () => {
      const campaign = sandbox.instantly.campaigns[0]!;
      const id = String(campaign['id']);
      for (const name of ['Q4.senders', 'a/b\\c', `${'x'.repeat(79)}😀😀`, '50% off?']) {
        sandbox.override({ path: /campaigns\//, times: 1, reply: { status: 200, body: { ...campaign, name } } });
        const document = await open(commands.openCampaign, { connectionId: instantly, campaign: id });
        assert.equal(parsed(document)['name'], name);
        assert.ok(document.uri.path.includes(`/campaigns/${id}/`), document.uri.path);
        const again = await open(commands.openCampaign, { connectionId: instantly, campaign: id });
        assert.equal(again.uri.toString(), document.uri.toString());
        const closed = new Promise((resolve) => {
          const subscription = vscode.workspace.onDidCloseTextDocument(({ uri }) => {
            if (uri.toString() === document.uri.toString()) {
              subscription.dispose();
              resolve(undefined);
            }
          });
        });
        await vscode.commands.executeCommand('workbench.action.closeAllEditors');
        await closed;
      }
    });

    it('keep identifiers that are hard on paths', async () => {
      for (const email of ['a+b@example.com', 'a%2Fb@example.com', 'a/b#c?d@example.com']) {
        sandbox.override({ path: /accounts\//, times: 1, reply: { status: 200, body: { email } } });
        sandbox.requests.length = 0;
        const document = await open(commands.openAccount, { connectionId: instantly, account: email });
        assert.equal(reads()[0]!.path, `/api/v2/accounts/${encodeURIComponent(email)}`);
        assert.equal(parsed(document)['email'], email);
      }
    });
  });
}

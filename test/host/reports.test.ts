import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../src/contributions.ts';
import { documentUri, type DocumentTarget } from '../../src/documents/uri.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { until } from '../support/until.ts';
import { api, endWorld, startWorld } from './world.ts';

export function describeReports(): void {
  describe('reports', () => {
    let sandbox: Sandbox;
    let instantly: string;

    before(async () => {
      sandbox = await startWorld();
      const subject = await api();
      instantly = subject.connections().find(({ provider }) => provider === 'instantly')!.id;
      await subject.map(instantly);
    });
    after(() => endWorld(sandbox));
    beforeEach(() => {
      sandbox.clearOverrides();
    });

    const parsed = (document: vscode.TextDocument) => JSON.parse(document.getText()) as Record<string, unknown>;

    /** A campaign with a sender that is broken. */
    function campaignOf(): { id: string; broken: string } {
      for (const [email, campaigns] of sandbox.instantly.campaignsOf) {
        const status = sandbox.instantly.byEmail.get(email)?.row['status'];
        if (status === -1 && campaigns[0] !== undefined) {
          return { id: String(campaigns[0]['id']), broken: email };
        }
      }
      throw new Error('no campaign has a broken sender');
    }

    it('open like any other document, read-only, and lead to what they name', async () => {
      const { id, broken } = campaignOf();
      const target: DocumentTarget = { kind: 'campaign-sending', connectionId: instantly, id };
      const uri = documentUri(target);
      assert.equal(uri.path, `/${instantly}/reports/campaign-sending/${id}.sending.json`);
      const document = await vscode.workspace.openTextDocument(uri);
      await vscode.window.showTextDocument(document);
      assert.equal(document.languageId, 'json');
      assert.match(document.getText(), /\n {2}"campaign": \{\n {4}"id"/);
      assert.deepEqual((parsed(document)['campaign'] as { id: string }).id, id);
      await assert.rejects(async () => vscode.workspace.fs.writeFile(uri, new Uint8Array()), vscode.FileSystemError);
      const { size } = await vscode.workspace.fs.stat(uri);
      assert.equal(size, (await vscode.workspace.fs.readFile(uri)).byteLength);
      const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>('vscode.executeLinkProvider', uri);
      const leadTo = links.map((link) => link.target?.path);
      assert.ok(leadTo.includes(`/${instantly}/accounts/${broken}.json`), leadTo.join());
      assert.ok(leadTo.some((path) => path?.startsWith(`/${instantly}/campaigns/${id}`)));
    });

    it('say why a campaign does not send, for a row, a document or whatever is asked for', async () => {
      const { id } = campaignOf();
      const asked = await vscode.commands.executeCommand<vscode.Uri>(commands.whyNotSending, {
        connectionId: instantly,
        campaign: id,
      });
      const campaign = await vscode.commands.executeCommand<vscode.Uri>(commands.openCampaign, {
        connectionId: instantly,
        campaign: id,
      });
      const ofDocument = await vscode.commands.executeCommand<vscode.Uri>(commands.whyNotSending, campaign);
      assert.equal(ofDocument.toString(), asked.toString());
      assert.equal(vscode.window.activeTextEditor!.document.uri.toString(), asked.toString());
      const report = parsed(vscode.window.activeTextEditor!.document);
      assert.deepEqual(Object.keys(report).slice(0, 3), ['answer', 'campaign', 'service']);
      assert.match((report['service'] as { source: string }).source, /sending-status/);
    });

    it('have the steps that they can take, and none that only answers have', async () => {
      const { uri } = vscode.window.activeTextEditor!.document;
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
      const titles = lenses.map(({ command }) => command?.title ?? '');
      assert.match(titles[0]!, /^Made at /);
      assert.deepEqual(titles.slice(1), ['Campaign', 'Refresh']);
      const before = await vscode.env.clipboard.readText();
      const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs).length;
      const open = tabs();
      for (const command of [commands.copyCurl, commands.compareWithSaved, commands.selectForCompare]) {
        await vscode.commands.executeCommand(command, uri);
      }
      assert.equal(await vscode.env.clipboard.readText(), before);
      assert.equal(tabs(), open);
    });

    it('are built again by Refresh Document', async () => {
      const { document } = vscode.window.activeTextEditor!;
      const { id } = parsed(document)['campaign'] as { id: string };
      const row = sandbox.instantly.campaigns.find((campaign) => campaign['id'] === id)!;
      const name = row['name'];
      row['name'] = 'Another name';
      await vscode.commands.executeCommand(commands.refresh, { connectionId: instantly });
      await (await api()).map(instantly);
      await vscode.commands.executeCommand(commands.refreshDocument, document.uri);
      await until(() => document.getText().includes('Another name'));
      row['name'] = name;
      await vscode.commands.executeCommand(commands.refresh, { connectionId: instantly });
    });

    it('say what the DNS has about the domain of an account, which for samples is on this machine', async () => {
      const subject = await api();
      const others = subject.connections().map(({ id }) => id);
      await vscode.commands.executeCommand(commands.openSampleWorkspace);
      const samples = subject.connections().filter(({ id }) => !others.includes(id));
      assert.equal(samples.length, 2);
      for (const { id } of samples) {
        const { key, email } = (await subject.accounts(id))[0]!;
        const request = { connectionId: id, account: key };
        const uri = await vscode.commands.executeCommand<vscode.Uri>(commands.checkDomain, request);
        const domain = email.split('@')[1]!;
        assert.equal(uri.path, `/${id}/reports/domain/${domain}.domain.json`);
        const document = await vscode.workspace.openTextDocument(uri);
        assert.equal(parsed(document)['domain'], domain);
        assert.ok((parsed(document)['mx'] as { records: unknown[] }).records.length > 0, document.getText());
        const account = await vscode.commands.executeCommand<vscode.Uri>(commands.openAccount, request);
        const again = await vscode.commands.executeCommand<vscode.Uri>(commands.checkDomain, account);
        assert.equal(again.toString(), uri.toString());
        const named = { connectionId: id, domain: `someone@${domain}` };
        const typed = await vscode.commands.executeCommand<vscode.Uri>(commands.checkDomain, named);
        assert.equal(typed.toString(), uri.toString());
        await assert.rejects(
          async () => vscode.commands.executeCommand(commands.checkDomain, { connectionId: id, domain: 'x y' }),
          /not a domain/,
        );
      }
      await vscode.commands.executeCommand('workbench.action.closeAllEditors');
      await vscode.commands.executeCommand(commands.removeSampleWorkspace);
    });

    it('fail as errors and never as content', async () => {
      const unknown: DocumentTarget = { kind: 'campaign-sending', connectionId: instantly, id: 'no-such-campaign' };
      await assert.rejects(
        async () => vscode.workspace.fs.readFile(documentUri(unknown)),
        (error) => error instanceof vscode.FileSystemError && error.message.includes('Instantly'),
      );
      const elsewhere: DocumentTarget = { ...unknown, connectionId: 'gone' };
      await assert.rejects(async () => vscode.workspace.fs.readFile(documentUri(elsewhere)), vscode.FileSystemError);
    });
  });
}

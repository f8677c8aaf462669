import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../../src/contributions.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { accountTooltip, campaignTooltip } from '../../src/tree/tooltips.ts';
import { until } from '../support/until.ts';
import { api, endWorld, startWorld } from './world.ts';

export function describeExplanations(): void {
  describe('documents explain themselves', () => {
    let sandbox: Sandbox;
    let instantly: string;
    let smartlead: string;

    before(async () => {
      sandbox = await startWorld();
      const subject = await api();
      instantly = subject.connections().find(({ provider }) => provider === 'instantly')!.id;
      smartlead = subject.connections().find(({ provider }) => provider === 'smartlead')!.id;
      await subject.map(instantly);
      await subject.map(smartlead);
    });
    after(() => endWorld(sandbox));

    async function open(command: string, request: object): Promise<vscode.TextDocument> {
      return vscode.workspace.openTextDocument(await vscode.commands.executeCommand<vscode.Uri>(command, request));
    }

    const everything = (document: vscode.TextDocument) => new vscode.Range(0, 0, document.lineCount, 0);

    async function hintsOf(document: vscode.TextDocument): Promise<string[]> {
      const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        document.uri,
        everything(document),
      );
      return hints.map(
        ({ position, label }) =>
          `${document.lineAt(position.line).text.trim().replace(/,$/, '')} ${typeof label === 'string' ? label : label.map(({ value }) => value).join('')}`,
      );
    }

    const placeOf = (document: vscode.TextDocument, text: string) =>
      document.positionAt(document.getText().indexOf(text) + 2);

    it('with hints that know codes, units and days of both services, and invent none', async () => {
      const account = sandbox.instantly.accounts.find(({ row }) => row['sending_gap'] !== undefined)!;
      account.row['provider_code'] = 11;
      account.row['status'] = 4242;
      account.row['unheard_of'] = 7;
      const document = await open(commands.openAccount, { connectionId: instantly, account: account.email });
      const hints = await hintsOf(document);
      assert.ok(hints.includes('"provider_code": 11 Airmail Instant'), hints.join('\n'));
      assert.ok(hints.includes(`"sending_gap": ${String(account.row['sending_gap'])} minutes`), hints.join('\n'));
      assert.ok(!hints.some((hint) => /4242|unheard_of/.test(hint)));
      const campaign = sandbox.smartlead.campaigns.find((row) => row['scheduler_cron_value'] !== null)!;
      const other = await open(commands.openCampaign, { connectionId: smartlead, campaign: String(campaign['id']) });
      assert.ok((await hintsOf(other)).some((hint) => /^1 Monday$/.test(hint)));
    });

    /** Markdown as it is read, without what keeps it from being more than text. */
    const plain = ({ value }: vscode.MarkdownString) => value.replaceAll(/[\u2060\\]/g, '');

    /** What a hover says at a place, or where a text stands. */
    async function hoverOf(document: vscode.TextDocument, at: string | vscode.Position): Promise<string> {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        typeof at === 'string' ? placeOf(document, at) : at,
      );
      return hovers
        .flatMap(({ contents }) => contents.map((content) => plain(content as vscode.MarkdownString)))
        .join('\n');
    }

    it('with hovers of days, wherever they stand, and whether they are on', async () => {
      const campaign = sandbox.instantly.campaigns[0]!;
      const document = await open(commands.openCampaign, { connectionId: instantly, campaign: String(campaign['id']) });
      assert.match(
        await hoverOf(document, '"1": true'),
        /\*\*days\*\*: Days of sending\.\s+Monday: on\s+⚠ 0 is Sunday/,
      );
      assert.match(await hoverOf(document, '"6": false'), /\*\*days\*\*: Days of sending\.\s+Saturday: off/);
      const other = sandbox.smartlead.campaigns.find((row) => row['scheduler_cron_value'] !== null)!;
      const list = await open(commands.openCampaign, { connectionId: smartlead, campaign: String(other['id']) });
      const day = list.getText().indexOf('1', list.getText().indexOf('"days"'));
      assert.match(await hoverOf(list, list.positionAt(day)), /Days of sending, in any order\.\s+Monday: on/);
    });

    it('with all that is the matter with an account and a campaign, besides their states', async () => {
      const account = sandbox.instantly.accounts.find(({ row }) => row['status'] === 1)!;
      Object.assign(account.row, { warmup_status: -1, autofix_failed: true, setup_pending: true });
      const campaign = sandbox.instantly.campaigns.find((row) => row['status'] === 1)!;
      Object.assign(campaign, { not_sending_status: 3, email_list: [account.email] });
      const subject = await api();
      await vscode.commands.executeCommand(commands.refresh, { kind: 'connection', connectionId: instantly, id: 'x' });
      const { accounts, campaigns } = await subject.map(instantly);
      const id = String(campaign['id']);
      const document = await open(commands.openSendersOfCampaign, { connectionId: instantly, campaign: id });
      const words = ['Warmup: Banned', 'Reconnect failed', 'Setup pending'];
      const said = await hoverOf(document, `"${account.email}"`);
      for (const word of words) {
        assert.ok(said.includes(word), said);
      }
      assert.match(await hoverOf(document, `"${id}"`), /Active.*\s+Not sending: Campaign at its daily limit/);
      // The same in the rows of the views.
      const known = accounts.find(({ email }) => email === account.email)!;
      assert.match(plain(accountTooltip(known, { all: 1, active: 1 })), /Status &nbsp; \| Warmup: Banned \|/);
      assert.match(
        plain(accountTooltip(known, { all: 1, active: 1 })),
        /Also &nbsp; \| Reconnect failed; Setup pending \|/,
      );
      const sending = campaigns.find((one) => one.id === id)!;
      assert.match(
        plain(campaignTooltip(sending, undefined, undefined)),
        /Also &nbsp; \| Not sending: Campaign at its daily limit \|/,
      );
    });

    it('with a definition and all references of an account', async () => {
      const [email, campaigns] = [...sandbox.instantly.campaignsOf].find(([, rows]) => rows.length > 1)!;
      const campaign = campaigns.find((row) => (row['email_list'] as string[] | undefined)?.includes(email));
      const id = String((campaign ?? campaigns[0]!)['id']);
      const document = await open(commands.openSendersOfCampaign, { connectionId: instantly, campaign: id });
      const place = placeOf(document, `"${email}"`);
      const [definition] = await vscode.commands.executeCommand<vscode.Location[]>(
        'vscode.executeDefinitionProvider',
        document.uri,
        place,
      );
      assert.equal(definition!.uri.path, `/${instantly}/accounts/${email}.json`);
      const references = await vscode.commands.executeCommand<vscode.Location[]>(
        'vscode.executeReferenceProvider',
        document.uri,
        place,
      );
      const found = references.filter(({ uri }) => uri.path.includes('/campaigns/'));
      assert.deepEqual(
        found.map(({ uri }) => uri.path.split('/')[3]).sort(),
        campaigns.map((row) => String(row['id'])).sort(),
      );
      const links = await vscode.commands.executeCommand<vscode.DocumentLink[]>(
        'vscode.executeLinkProvider',
        document.uri,
      );
      assert.ok(links.some(({ target }) => target?.path === `/${instantly}/accounts/${email}.json`));
    });

    it('with names as text in hovers: no links, no commands, no HTML', async () => {
      const campaign = sandbox.instantly.campaigns[0]!;
      campaign['name'] = '[x](command:workbench.action.quit) <img src=x> **bold**';
      const subject = await api();
      await vscode.commands.executeCommand(commands.refresh, { kind: 'connection', connectionId: instantly, id: 'x' });
      await subject.map(instantly);
      const id = String(campaign['id']);
      const document = await open(commands.openSendersOfCampaign, { connectionId: instantly, campaign: id });
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        placeOf(document, `"${id}"`),
      );
      const contents = hovers.flatMap((hover) => hover.contents).map((content) => content as vscode.MarkdownString);
      const ours = contents.find(({ value }) => value.includes('command'))!;
      assert.ok(!ours.isTrusted && !ours.supportHtml);
      assert.match(ours.value.replaceAll('\u2060', ''), /\\\[x\\\]\\\(command/);
      assert.match(ours.value.replaceAll('\u2060', ''), /&lt;img/);
    });

    it('with an outline', async () => {
      const document = await open(commands.openAccount, {
        connectionId: instantly,
        account: sandbox.instantly.accounts[0]!.email,
      });
      let symbols: { name: string }[] = [];
      await until(async () => {
        symbols =
          (await vscode.commands.executeCommand<{ name: string }[] | undefined>(
            'vscode.executeDocumentSymbolProvider',
            document.uri,
          )) ?? [];
        return symbols.length > 0;
      });
      assert.ok(symbols.some(({ name }) => name === 'provider_code'));
    });

    it('at five megabytes too, and stop when nobody wants the answer any more', async () => {
      const campaign = sandbox.instantly.campaigns[1]!;
      const emails = Array.from({ length: 120_000 }, (_, index) => `sender${index}@a-domain-of-some-length.example`);
      sandbox.override({
        path: new RegExp(`campaigns/${String(campaign['id'])}`),
        reply: { status: 200, body: { ...campaign, email_list: emails } },
      });
      const document = await open(commands.openCampaign, { connectionId: instantly, campaign: String(campaign['id']) });
      assert.ok(document.getText().length > 5_000_000);
      const hints = await vscode.commands.executeCommand<vscode.InlayHint[]>(
        'vscode.executeInlayHintProvider',
        document.uri,
        new vscode.Range(0, 0, 60, 0),
      );
      assert.ok(hints.length > 0 && hints.length < 60);
      sandbox.clearOverrides();
    });
  });
}

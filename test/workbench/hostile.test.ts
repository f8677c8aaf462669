import assert from 'node:assert/strict';
import type { Json } from '../../src/sandbox/instantlyWorld.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { versions } from '../support/paths.ts';
import { baseUrlsOf } from '../support/settings.ts';
import { picturesOfFailures, Workbench } from '../support/workbench.ts';

const KEY = 'planted-hostile-key-3d';
/** A link to a command, an icon that Sendmap never uses, a link of Markdown without brackets, and what ends a Markdown link that VS Code escapes. */
const HOSTILE =
  '[Fix](command:sendmapCompanion.planted) $(flame) <command:sendmapCompanion.planted> \\\\](command:sendmapCompanion.planted)';
/** The same as it is seen: what takes it apart is invisible. */
const seen = (text: string) => text.replaceAll('\u2060', '');
const KEPT = /^(id|email|status|timestamp|organization|owner|warmup_status|provider_code|tracking_domain_status|body)/;

/** Plants the text behind every text of a record that is no identifier, code or time. */
function plant(record: Json): void {
  for (const [name, value] of Object.entries(record)) {
    if (typeof value === 'string' && !KEPT.test(name)) {
      record[name] = `${value} ${HOSTILE}`;
    } else if (typeof value === 'object' && value !== null && !name.startsWith('email_')) {
      plant(value as Json);
    }
  }
}

for (const version of Object.values(versions)) {
  /** Whatever a service puts into its texts, on the screen they are texts. */
  describe(`hostile texts on VS Code ${version}`, function () {
    this.bail(true);
    let sandbox: Sandbox;
    let workbench: Workbench;

    before(async function () {
      this.timeout(180_000);
      sandbox = await startSandbox({
        oddities: false,
        instantly: { accounts: 20, campaigns: 6, workspace: `Acme ${HOSTILE}` },
        keys: [{ key: KEY, service: 'instantly' }],
      });
      const { accounts, campaigns, tags } = sandbox.instantly;
      [...accounts.map(({ row }) => row), ...campaigns, ...tags].forEach(plant);
      workbench = await Workbench.open({
        version,
        height: 1100,
        settings: baseUrlsOf(sandbox),
      });
      await workbench.openView();
    });
    after(async () => {
      await workbench.close();
      await sandbox.close();
    });
    picturesOfFailures(() => workbench);

    /** Nothing that is on the screen now is a link or an icon that a service planted, and its command never ran. */
    async function isClean(): Promise<void> {
      const links = workbench.page.locator(
        ':is(a, [role="link"]):is([href*="sendmapCompanion"], [data-href*="sendmapCompanion"], :text-is("Fix"))',
      );
      assert.deepEqual(await links.allInnerTexts(), []);
      assert.equal(await workbench.page.locator('.codicon-flame').count(), 0);
      assert.ok(!workbench.ranPlanted());
    }

    /** The notifications as they are seen, each looked at and then cleared. */
    async function notified(about = 'Fix'): Promise<string[]> {
      await workbench.page.locator('.statusbar-item .codicon-bell-dot').waitFor();
      await workbench.palette('Notifications: Show Notifications');
      const center = workbench.page.locator('.notifications-center');
      await center.waitFor();
      const messages = center.locator('.notification-list-item-message', { hasText: about });
      await messages.first().waitFor();
      await isClean();
      const texts = await messages.allInnerTexts();
      // Where it is no link, a click on it does nothing.
      await messages.first().click({ position: { x: 12, y: 8 } });
      await isClean();
      await workbench.palette('Notifications: Clear All Notifications');
      await center.waitFor({ state: 'hidden' });
      return texts.map(seen);
    }

    it('are texts in the box that asks for a key', async () => {
      const { quickInput, page } = workbench;
      sandbox.override({ path: /workspaces/, times: 1, reply: { status: 401, body: { message: HOSTILE } } });
      await page.locator('.monaco-button', { hasText: 'Connect Instantly' }).click();
      await workbench.asks('1/2');
      await quickInput.box.fill(KEY);
      await workbench.quickInput.box.press('Enter');
      await quickInput.message.filter({ hasText: '401' }).waitFor();
      assert.ok(seen(await quickInput.message.innerText()).includes(HOSTILE));
      await isClean();
      await workbench.screenshot(`hostile-key-${version}`);
      await workbench.quickInput.box.press('Enter');
      await workbench.asks('2/2');
      await isClean();
      await workbench.quickInput.box.press('Enter');
      await workbench.row(/20 · .*just now/).waitFor();
    });

    it('are texts in rows and their hovers', async () => {
      await isClean();
      await workbench.hover(workbench.row(/Acme/), 'Instantly connection');
      await isClean();
      const broken =
        sandbox.instantly.accounts.find(({ row }) => row['status'] !== 1) ?? sandbox.instantly.accounts[0]!;
      await workbench.hover(workbench.row(broken.email), 'Status');
      await isClean();
      await workbench.screenshot(`hostile-rows-${version}`);
    });

    it('are texts in the list of Find', async () => {
      const { quickInput, page } = workbench;
      await workbench.palette('Sendmap: Find…');
      await workbench.asks('Find');
      await quickInput.rows.filter({ hasText: 'Fix' }).first().waitFor();
      await isClean();
      await workbench.screenshot(`hostile-find-${version}`);
      await page.keyboard.press('Escape');
      await quickInput.widget.waitFor({ state: 'hidden' });
    });

    it('are texts where a filter is completed', async () => {
      const { quickInput, page } = workbench;
      await workbench.palette('Sendmap: Filter Accounts…');
      await workbench.asks('Filter accounts');
      await quickInput.box.fill('tag:');
      await quickInput.rows.filter({ hasText: 'Fix' }).first().waitFor();
      await isClean();
      await page.keyboard.press('Escape');
      await quickInput.widget.waitFor({ state: 'hidden' });
    });

    it('are texts where a key is checked', async () => {
      const { quickInput, page } = workbench;
      sandbox.override({ path: /./, times: 3, reply: { status: 403, body: { message: HOSTILE } } });
      await workbench.palette('Sendmap: Check Key and Scopes');
      await quickInput.rows.filter({ hasText: 'Fix' }).nth(2).waitFor();
      await isClean();
      await workbench.screenshot(`hostile-check-${version}`);
      await page.keyboard.press('Escape');
      await quickInput.widget.waitFor({ state: 'hidden' });
      sandbox.clearOverrides();
    });

    it('are texts in the message of a document that cannot be read', async () => {
      sandbox.override({ path: /\/accounts\/./, reply: { status: 404, body: { message: HOSTILE } } });
      await workbench.click(workbench.row(sandbox.instantly.accounts[0]!.email).locator('.label-name'));
      const placeholder = workbench.page.locator('.monaco-editor-pane-placeholder');
      await placeholder.waitFor();
      await isClean();
      const [message] = await notified();
      assert.ok(message?.includes(HOSTILE), message);
      sandbox.clearOverrides();
    });

    it('are texts in a message that names a campaign', async () => {
      await workbench.palette('Sendmap: Reveal in Accounts…');
      await workbench.asks('Reveal');
      await workbench.quickInput.box.fill('nobody@nowhere.example');
      await workbench.quickInput.chosen('nobody@nowhere.example').waitFor();
      await isClean();
      await workbench.quickInput.box.press('Enter');
      const [message] = await notified();
      assert.ok(message?.includes(HOSTILE), message);
    });

    it('are texts in the hover of a link between documents', async () => {
      const { accounts, campaignsOf } = sandbox.instantly;
      const account = accounts.find(({ email }) => (campaignsOf.get(email)?.length ?? 0) > 0)!;
      await workbench.contextMenu(workbench.row(account.email), 'Open Campaigns of Account');
      const id = workbench.page.locator('.editor-instance .view-line .detected-link').first();
      await workbench.hover(id, /Open .*Fix/);
      await isClean();
      await workbench.screenshot(`hostile-link-${version}`);
    });

    it('are not said at all where two things cannot be compared', async () => {
      const [name = ''] = String(sandbox.instantly.campaigns[0]!['name']).split(' [');
      const campaign = workbench.row(name, 'Campaigns');
      await workbench.contextMenu(campaign, 'Select for Compare');
      await workbench.contextMenu(workbench.row(sandbox.instantly.accounts[0]!.email), 'Compare with Selected');
      assert.deepEqual(await notified('compare'), ["Can't compare a campaign with an account"]);
    });

    it('are texts in the dialog that removes a connection, and in what is above the rows', async () => {
      const { page } = workbench;
      sandbox.override({ path: /./, reply: 'hang' });
      await workbench.contextMenu(workbench.row(/Acme/), 'Refresh');
      await page.locator('.sidebar .message', { hasText: 'Syncing Acme' }).first().waitFor();
      await isClean();
      await workbench.contextMenu(workbench.row(/Acme/), 'Remove Connection');
      const dialog = page.locator('.monaco-dialog-box');
      await dialog.filter({ hasText: 'Fix' }).waitFor();
      await isClean();
      await workbench.screenshot(`hostile-dialog-${version}`);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'hidden' });
    });
  });
}

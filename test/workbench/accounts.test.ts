import assert from 'node:assert/strict';
import { settings } from '../../src/contributions.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { baseUrlsOf } from '../support/settings.ts';
import { eventually, picturesOfFailures, Workbench } from '../support/workbench.ts';

const KEY = 'planted-workbench-key-3f';

/** The way of a new user: each step builds on the one before. */
describe('a new user of the Accounts view', function () {
  // What comes after a failed step would only fail for want of it.
  this.bail(true);
  let sandbox: Sandbox;
  let workbench: Workbench;

  before(async function () {
    this.timeout(120_000);
    sandbox = await startSandbox({
      oddities: false,
      instantly: { accounts: 250, campaigns: 20 },
      keys: [
        { key: KEY, service: 'instantly' },
        { key: KEY, service: 'smartlead' },
      ],
    });
    workbench = await Workbench.open({
      height: 1600,
      settings: {
        ...baseUrlsOf(sandbox),
        [settings.automaticPages]: 2,
      },
    });
  });
  after(async () => {
    await workbench.close();
    await sandbox.close();
  });
  picturesOfFailures(() => workbench);

  const sorted = (count: number) =>
    sandbox.instantly.accounts
      .slice(0, count)
      .map((account) => account.email)
      .sort();
  /** As the view sorts them when all are there. */
  const email = (index: number) => sorted(250)[index]!;

  it('is welcomed with three actions', async () => {
    await workbench.openView();
    const buttons = workbench.page.locator('.sidebar .welcome-view-content .monaco-button');
    await buttons.first().waitFor();
    assert.deepEqual(await buttons.allInnerTexts(), [
      'Connect Instantly',
      'Connect Smartlead',
      'Open Sample Workspace',
    ]);
    assert.equal(sandbox.requests.length, 0);
  });

  it('learns that a key is refused, and keeps what was typed', async () => {
    await workbench.page.locator('.monaco-button', { hasText: 'Connect Instantly' }).click();
    const { box, title, message } = workbench.quickInput;
    await workbench.asks('Add connection');
    assert.match(await title.innerText(), /Add connection: Instantly \(1\/2\)/);
    assert.match(await message.innerText(), /accounts:read, campaigns:read, account_campaign_mappings:read/);
    assert.equal(await box.getAttribute('type'), 'password');
    await box.fill('planted-wrong-key');
    await workbench.quickInput.box.press('Enter');
    await message.filter({ hasText: 'refused the key' }).waitFor();
    assert.match(await message.innerText(), /Instantly refused the key \(401: Invalid API key\)/);
    assert.equal(await box.inputValue(), 'planted-wrong-key');
  });

  it('adds a connection whose label is the workspace’s name', async () => {
    const { box } = workbench.quickInput;
    await box.fill(KEY);
    await workbench.quickInput.box.press('Enter');
    await workbench.asks('2/2');
    assert.equal(await box.inputValue(), 'Northwind outbound');
    await workbench.quickInput.box.press('Enter');
    await workbench.row('Northwind outbound').waitFor();
  });

  it('sees how many accounts are broken, at risk and healthy, and all of them in one list', async () => {
    await workbench.row(/200 · partial: .*page limit/).waitFor();
    const healthy = workbench.row(/Healthy\d/);
    await healthy.waitFor();
    await workbench.expand(healthy);
    await workbench.row(/@/).waitFor();
    await workbench.row(/Broken\d/).waitFor();
    await workbench.palette('Sendmap: Group Accounts By…');
    await workbench.quickInput.rows.filter({ hasText: 'None' }).first().waitFor();
    await workbench.pick('None');
    await healthy.waitFor({ state: 'detached' });
  });

  it('sees accounts, with the email as the label and the rest behind it', async () => {
    const [first] = sorted(200);
    const row = workbench.row(first!);
    await row.waitFor();
    assert.match((await row.getAttribute('aria-label')) ?? '', new RegExp(`^${first!}, sending account, `));
    assert.equal((await row.locator('.label-name').innerText()).trim(), first);
  });

  it('learns that the list is capped, and loads more', async () => {
    await workbench.click(workbench.row(/@/));
    // What the document says is taken into the map, after which rows are painted again: a key finds them all the same.
    await workbench.editorText.filter({ hasText: 'timestamp_created' }).waitFor();
    await workbench.page.keyboard.press('End');
    await workbench.rows().and(workbench.page.locator('.focused')).filter({ hasText: 'Load more' }).waitFor();
    await workbench.page.keyboard.press('Enter');
    await workbench.row(/250 · \d+ broken · just now$/).waitFor();
    await workbench.page.keyboard.press('End');
    await workbench.row(email(249)).waitFor();
    assert.equal(await workbench.rows().filter({ hasText: 'Load more' }).count(), 0);
    await workbench.page.keyboard.press('Home');
  });

  it('expands an account to its campaigns', async () => {
    const row = workbench.row(email(0));
    await workbench.expand(row);
    const campaigns = sandbox.instantly.campaignsOf.get(email(0)) ?? [];
    for (const campaign of campaigns.slice(0, 5)) {
      await workbench.row(String(campaign['name'])).waitFor();
    }
    await eventually(
      async () => (await row.getAttribute('aria-label'))?.includes(`of ${campaigns.length} campaign`) === true,
      true,
    );
  });

  it('opens an account as a preview tab with a click, and pins it with two', async () => {
    await workbench.click(workbench.row(email(1)).locator('.label-name'));
    const tab = workbench.tab(`${email(1)}.json`);
    await tab.waitFor();
    await workbench.editorText.filter({ hasText: 'timestamp_created' }).waitFor();
    const style = () => tab.locator('.label-name').evaluate((node) => getComputedStyle(node as never).fontStyle);
    await eventually(style, 'italic');
    await workbench.click(workbench.row(email(1)).locator('.label-name'), { count: 2 });
    await eventually(style, 'normal');
  });

  it('learns why the document cannot be changed', async () => {
    const { page } = workbench;
    await workbench.editorText.click();
    await page.keyboard.type('x');
    const message = page.locator('.monaco-editor-overlaymessage');
    await message.waitFor();
    assert.match(await message.innerText(), /what the service answered/);
  });

  it('reads the facts of an account on hover', async () => {
    const hover = await workbench.hover(workbench.row(email(2)).locator('.label-name'), 'Status');
    const text = await hover.innerText();
    assert.match(text, /Mailbox/);
    assert.match(text, /Last change/);
    assert.ok(!/undefined|null/.test(text));
    await workbench.page.mouse.move(700, 700);
  });

  it('copies the emails of all selected rows', async () => {
    await workbench.click(workbench.row(email(3)).locator('.label-name'));
    await workbench.click(workbench.row(email(5)).locator('.label-name'), { holding: 'Shift' });
    await workbench.contextMenu(workbench.row(email(4)), 'Copy Email');
    await eventually(() => workbench.clipboard(), [email(3), email(4), email(5)].join('\n'));
  });

  it('opens an account from the palette by typing its email', async () => {
    await workbench.palette('Sendmap: Open Account…');
    await workbench.asks('Open account');
    await workbench.quickInput.box.fill(email(120));
    // An Enter counts as soon as the row is the chosen one, also while others are still there.
    await workbench.quickInput.chosen(email(120)).waitFor();
    await workbench.quickInput.box.press('Enter');
    await workbench.tab(`${email(120)}.json`).waitFor();
    await workbench.focusedEditor.waitFor();
  });

  it('opens a campaign’s senders from the row', async () => {
    const campaign = sandbox.instantly.campaignsOf.get(email(0))![0]!;
    await workbench.expand(workbench.row(email(0)));
    await workbench.row(String(campaign['name'])).waitFor();
    // Ends the selection of the step before: with several rows selected, a menu has only what works on several.
    await workbench.click(workbench.row(String(campaign['name'])).locator('.label-name'));
    await workbench.contextMenu(workbench.row(String(campaign['name'])), 'Open Senders of Campaign');
    await workbench.tab(`${String(campaign['name'])}.senders.json`).waitFor();
    await workbench.editorText.filter({ hasText: 'because' }).waitFor();
  });

  it('is offered in the palette what the service has, and nothing that only others have', async () => {
    const { box, rows } = workbench.quickInput;
    await workbench.page.keyboard.press('F1');
    await box.fill('>Sendmap: Open Workspace');
    await rows.filter({ hasText: 'Open Workspace' }).first().waitFor();
    await box.fill('>Sendmap: Open Sequences of Campaign');
    await rows.filter({ hasText: 'Open Workspace' }).first().waitFor({ state: 'detached' });
    assert.equal(await rows.filter({ hasText: 'Open Sequences' }).count(), 0);
    await workbench.page.keyboard.press('Escape');
  });

  it('sees what the key may read', async () => {
    await workbench.palette('Sendmap: Check Key and Scopes');
    const { rows } = workbench.quickInput;
    await rows.filter({ hasText: 'custom_tag_mappings:read' }).waitFor();
    assert.equal(await rows.filter({ hasText: 'allowed' }).count(), 6);
    await workbench.page.keyboard.press('Escape');
  });

  it('sees a failure where it happened, with what to do, and tries again', async () => {
    sandbox.override({
      path: /account-campaign-mappings/,
      times: 1,
      reply: { status: 403, body: { statusCode: 403, error: 'Forbidden', message: 'Missing scope' } },
    });
    await workbench.row(email(2)).scrollIntoViewIfNeeded();
    await workbench.expand(workbench.row(email(2)));
    const error = workbench.row('lacks permission');
    await error.waitFor();
    assert.match((await error.getAttribute('aria-label')) ?? '', /403: Missing scope/);
    assert.deepEqual(await workbench.notifications(), []);
    await workbench.contextMenu(workbench.row(email(2)), 'Refresh');
    await workbench.rows().filter({ hasText: 'lacks permission' }).waitFor({ state: 'detached' });
  });

  it('keeps selection and expansion over a refresh', async () => {
    await workbench.click(workbench.row(email(0)).locator('.label-name'));
    const campaign = String(sandbox.instantly.campaignsOf.get(email(0))![0]!['name']);
    await workbench.row(campaign).waitFor();
    // The refresh, which reads 200 accounts, has reached the screen when this is seen.
    const shown = await workbench.rows().locator('.label-name').allInnerTexts();
    const changed = shown.find(
      (other) => other !== email(0) && sandbox.instantly.byEmail.get(other)?.row['status'] === 1,
    )!;
    sandbox.instantly.byEmail.get(changed)!.row['status'] = -1;
    await workbench.contextMenu(workbench.row('Northwind outbound'), 'Refresh');
    await workbench.row(new RegExp(`${changed}.*Connection Error`)).waitFor();
    await eventually(() => workbench.row(email(0)).getAttribute('aria-selected'), 'true');
    await eventually(() => workbench.row(email(0)).getAttribute('aria-expanded'), 'true');
    await workbench.row(campaign).waitFor();
  });

  it('renames and removes a connection, which asks first', async () => {
    await workbench.contextMenu(workbench.row('Northwind outbound'), 'Rename Connection');
    await workbench.asks('Rename');
    await workbench.quickInput.box.fill('Renamed');
    await workbench.quickInput.box.press('Enter');
    await workbench.row('Renamed').waitFor();
    await workbench.contextMenu(workbench.row('Renamed'), 'Remove Connection');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /Its key will be deleted from the keychain/);
    await dialog.locator('.monaco-button', { hasText: 'Remove' }).click();
    await workbench.page.locator('.monaco-button', { hasText: 'Connect Instantly' }).waitFor();
  });

  it('looks around in the sample workspace without a key', async () => {
    const before = sandbox.requests.length;
    await workbench.page.locator('.monaco-button', { hasText: 'Open Sample Workspace' }).click();
    await workbench.row('Northwind outbound (sample)').waitFor();
    await workbench.row(/@try-northwind/).waitFor();
    assert.equal(sandbox.requests.length, before);
  });
  it('finds an open document again after a reload of the window', async () => {
    const { page } = workbench;
    // Rows are sorted when all of them are there; until then they may move.
    await workbench.row(/Northwind outbound.*just now/).waitFor();
    const row = workbench.row(/@try-northwind/);
    const email = await row.locator('.label-name').innerText();
    await workbench.click(row.locator('.label-name'), { count: 2 });
    await workbench.tab(`${email}.json`).waitFor();
    // A browser workbench writes down its open editors now and then; a desktop does at the end.
    await workbench.hasStored('editors', `${email}.json`);
    await page.reload();
    await workbench.tab(`${email}.json`).waitFor();
    await workbench.editorText.filter({ hasText: 'timestamp_created' }).waitFor();
  });
});

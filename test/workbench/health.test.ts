import assert from 'node:assert/strict';
import { eventually, picturesOfFailures, Workbench } from '../support/workbench.ts';

/** What a person does at nine in the morning. */
describe('the Health view on the screen', function () {
  let workbench: Workbench;

  before(async function () {
    this.timeout(120_000);
    workbench = await Workbench.open({ height: 1600, commands: ['sendmap.openSampleWorkspace'] });
    await workbench.openView();
    await workbench.row(/Northwind outbound \(sample\)\s*\d+ critical/, 'Health').waitFor();
    await workbench.row(/Fabrikam \(sample\)\s*\d+ critical/, 'Health').waitFor();
  });
  after(() => workbench.close());
  picturesOfFailures(() => workbench);

  const rule = (label: string | RegExp) => workbench.row(label, 'Health');
  const account = () => workbench.rows('Health').and(workbench.page.locator('[aria-level="3"]')).first();

  it('says what is wrong before anyone clicks, and the status bar says how much of it', async () => {
    await rule(/Disconnected\s*\d/).waitFor();
    assert.match(
      (await rule(/Disconnected\s*\d/).getAttribute('aria-label')) ?? '',
      /^Disconnected, Critical, \d+ accounts/,
    );
    const status = workbench.page.locator('.statusbar-item', { hasText: /\d+ critical findings/ });
    await status.waitFor();
    await workbench.page.locator('.activitybar [aria-label*="critical findings"]').first().waitFor();
  });

  it('leads to the explanation of an account in two clicks', async () => {
    await workbench.expand(rule(/Disconnected\s*\d/));
    const label = account().locator('.label-name');
    const email = (await label.innerText()).trim();
    await workbench.click(label);
    await workbench.tab(`${email}.explained.json`).waitFor();
    await workbench.editorText.filter({ hasText: '"disconnected"' }).waitFor();
  });

  it('offers a finding as CSV, its emails and a snooze in its menu', async () => {
    const labels = workbench.page.locator('.monaco-menu .action-label');
    await workbench.openMenu(rule(/Disconnected\s*\d/), /^Copy Emails/);
    const offered = await labels.allInnerTexts();
    for (const entry of [/^Export/, /^Copy Emails/, /^Snooze/]) {
      assert.ok(
        offered.some((label) => entry.test(label)),
        `${entry.source} in ${offered.join(', ')}`,
      );
    }
    await workbench.page.keyboard.press('Escape');
    await labels.first().waitFor({ state: 'detached' });
  });

  it('opens the rows of a finding with what shows it', async () => {
    await workbench.contextMenu(rule(/Disconnected\s*\d/), 'Open as Document');
    await workbench.editorText.filter({ hasText: /"finding":\s"Disconnected",\s*"evidence":\s"/ }).waitFor();
  });

  it('shows what a finding is about in the Accounts view', async () => {
    const message = workbench.page.locator('.sidebar .pane .message', { hasText: 'finding:disconnected' });
    await workbench.contextMenu(rule(/Disconnected\s*\d/), 'Show in Accounts');
    await message.waitFor();
    await eventually(async () => (await workbench.rows('Accounts').filter({ hasText: '@' }).count()) > 0, true);
    await workbench.palette('Sendmap: Clear Accounts Filter');
    await message.waitFor({ state: 'detached' });
  });

  it('takes what is snoozed off the screen, and brings it back', async () => {
    await workbench.contextMenu(rule(/Disconnected\s*\d/), 'Snooze');
    await workbench.asks('Snooze');
    await workbench.pick('3 days');
    const northwind = workbench.rows('Health').and(workbench.page.locator('[aria-level="2"]'));
    await eventually(async () => (await northwind.filter({ hasText: 'Disconnected' }).count()) === 1, true);
    await workbench.palette('Sendmap: Show Snoozed…');
    await workbench.asks('Snoozed');
    await workbench.pick('Disconnected');
    await eventually(async () => (await northwind.filter({ hasText: 'Disconnected' }).count()) === 2, true);
  });

  it('is focused by a click on the status bar', async () => {
    await workbench.page.keyboard.press('Control+Shift+e');
    await workbench.rows('Health').first().waitFor({ state: 'hidden' });
    await workbench.page.locator('.statusbar-item', { hasText: 'critical findings' }).locator('a').click();
    await rule(/Disconnected\s*\d/).waitFor();
    assert.ok(await rule(/Disconnected\s*\d/).isVisible());
  });
});

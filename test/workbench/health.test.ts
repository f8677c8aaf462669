import assert from 'node:assert/strict';
import { eventually, Workbench } from '../support/workbench.ts';

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
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await workbench.screenshot(`failed-${this.currentTest.title.replace(/\W+/g, '-').slice(0, 60)}`);
    }
  });

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
    await label.click();
    await workbench.tab(`${email}.explained.json`).waitFor();
    await workbench.editorText.filter({ hasText: '"disconnected"' }).waitFor();
  });

  it('offers a finding as CSV, its emails and a snooze in its menu', async () => {
    const labels = workbench.page.locator('.monaco-menu .action-label');
    await rule(/Disconnected\s*\d/).click({ button: 'right' });
    await labels.filter({ hasText: /^Copy Emails/ }).waitFor();
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

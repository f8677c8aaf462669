import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { defaultKeys } from '../../src/sandbox/options.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { moveRecordsBack } from '../support/dailyRecords.ts';
import { baseUrlsOf } from '../support/settings.ts';
import { eventually, picturesOfFailures, Workbench } from '../support/workbench.ts';

/** What a person asks in the morning, and how many clicks from the first screen the answer is. */
describe('the questions of a morning', function () {
  let sandbox: Sandbox;
  let workbench: Workbench;
  let clicks: number;

  before(async function () {
    this.timeout(120_000);
    sandbox = await startSandbox({ plants: true, oddities: false });
    workbench = await Workbench.open({ height: 2400, settings: baseUrlsOf(sandbox) });
    await workbench.openView();
    await workbench.connect('Instantly', defaultKeys.instantly);
    await workbench.row(/critical/, 'Health').waitFor();
    await workbench.row(/just now/).waitFor();
    moveRecordsBack();
    sandbox.moveOn();
    await workbench.palette('Sendmap: Refresh');
    await workbench.row(/What changed\s*since/, 'Health').waitFor();
    await workbench.row(/Northwind outbound\s*20 critical/, 'Health').waitFor();
    await workbench.row(/223 .*just now/).waitFor();
  });
  after(async () => {
    await workbench.close();
    await sandbox.close();
  });
  picturesOfFailures(() => workbench);
  beforeEach(() => {
    clicks = 0;
  });

  const finding = (label: string | RegExp) => workbench.row(label, 'Health');

  async function click(place: Locator, button: 'left' | 'right' = 'left'): Promise<void> {
    await workbench.click(place, { button });
    clicks += 1;
  }

  const open = (row: Locator) => click(row.locator('.monaco-tl-twistie'));

  /** Waits until as many rows as are wanted, and no others, stand right under a row of Health. */
  async function below(row: Locator, wanted: number, text: string | RegExp): Promise<void> {
    const level = Number(await row.getAttribute('aria-level')) + 1;
    const rows = workbench.rows('Health').and(workbench.page.locator(`[aria-level="${level}"]`));
    await eventually(async () => [await rows.filter({ hasText: text }).count(), await rows.count()], [wanted, wanted]);
  }

  afterEach(() => {
    assert.ok(clicks <= 3, `${clicks} clicks`);
  });

  it('which mailboxes are broken, and which campaigns do they hurt', async () => {
    await open(finding(/^Disconnected/));
    await below(finding(/^Disconnected/), 6, /535.* · Everyone|yuki3@/);
    await open(finding(/^Disconnected/));
  });

  it('which are idle', async () => {
    await open(finding(/^Idle/));
    await below(finding(/^Idle/), 3, 'in no active campaign since');
    await open(finding(/^Idle/));
  });

  it('which campaigns cannot reach their limit', async () => {
    await open(finding(/^Limit out of reach/));
    await below(finding(/^Limit out of reach/), 1, 'at most 130 of 131 a day');
    await open(finding(/^Limit out of reach/));
  });

  it('what changed since yesterday', async () => {
    await open(finding(/^What changed/));
    await below(finding(/^What changed/), 5, /^(Newly broken|Recovered|Warmup score fell|Campaigns stopped|Joined)/);
    await open(finding(/^What changed/));
  });

  it('how many have a warmup score under 90', async () => {
    await workbench.row(/Warmup under 90\s*\d+$/).waitFor();
  });

  it('may I have that list as CSV, under the name that is offered', async () => {
    const count = await workbench
      .row(/Warmup under 90/)
      .locator('.label-description')
      .innerText();
    await click(workbench.row(/Warmup under 90/), 'right');
    await workbench.menuEntry(/^Export/);
    clicks += 1;
    const { rows, box, widget } = workbench.quickInput;
    await widget.getByPlaceholder(`${count} rows, as the view shows them`).waitFor();
    await click(rows.filter({ hasText: 'one row per account, with its campaigns' }).first());
    await widget.getByText('Show Local').waitFor();
    await eventually(async () => /\/sendmap-accounts-[\d-]+\.csv$/.test(await box.inputValue()), true);
    await workbench.page.keyboard.press('Escape');
    await widget.waitFor({ state: 'detached' });
  });

  it('is a domain burnt', async () => {
    await workbench.connect('Smartlead', defaultKeys.smartlead);
    await workbench.row(/Smartlead.*critical/, 'Health').waitFor();
    await workbench.click(workbench.row(/Northwind/, 'Health').locator('.monaco-tl-twistie'));
    await finding(/^Accounts unhealthy/).waitFor({ state: 'detached' });
    await open(finding(/^Disconnected/));
    await finding(/go-fabrikam2\.test\s*5 of 10 · burnt/).waitFor();
  });
});

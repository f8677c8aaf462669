import assert from 'node:assert/strict';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { baseUrlsOf } from '../support/settings.ts';
import { eventually, picturesOfFailures, Workbench } from '../support/workbench.ts';

const KEY = 'planted-documents-key-71';

/** Documents that explain themselves: what a person reads and clicks in them. */
describe('documents on the screen', function () {
  this.bail(true);
  let sandbox: Sandbox;
  let workbench: Workbench;

  before(async function () {
    this.timeout(120_000);
    sandbox = await startSandbox({
      oddities: false,
      instantly: { accounts: 60, campaigns: 12 },
      keys: [{ key: KEY, service: 'instantly' }],
    });
    workbench = await Workbench.open({
      height: 1300,
      width: 1500,
      settings: {
        ...baseUrlsOf(sandbox),
        'editor.minimap.enabled': false,
        'editor.inlayHints.padding': false,
      },
    });
    const { page, quickInput } = workbench;
    await workbench.openView();
    await page.locator('.monaco-button', { hasText: 'Connect Instantly' }).click();
    await workbench.asks('1/2');
    await quickInput.box.fill(KEY);
    await workbench.quickInput.box.press('Enter');
    await workbench.asks('2/2');
    await workbench.quickInput.box.press('Enter');
    await workbench.row(/60 · .*just now/).waitFor();
  });
  after(async () => {
    await workbench.close();
    await sandbox.close();
  });
  picturesOfFailures(() => workbench);

  const broken = () => sandbox.instantly.accounts.find(({ row }) => row['status'] === -1)!;
  const campaign = () =>
    sandbox.instantly.campaigns.find((row) => row['email_list'] !== undefined && row['status'] === 1)!;
  const line = (text: string | RegExp) =>
    workbench.page.locator('.editor-instance .view-line', { hasText: text }).first();

  async function find(text: string): Promise<void> {
    await workbench.palette('Sendmap: Find…');
    await workbench.asks('Find');
    await workbench.pick(text);
    await workbench.tab(text).waitFor();
    await workbench.focusedEditor.waitFor();
  }

  it('say behind codes, numbers and times what they mean', async () => {
    await find(broken().email);
    await workbench.tab(`${broken().email}.json`).waitFor();
    const words = async (text: RegExp) => (await line(text).innerText()).replaceAll('\u00a0', ' ');
    await line(/"status":\s-1\s*Connection\sError/).waitFor();
    assert.match(
      await words(/"provider_code"/),
      /"provider_code": \d+\s*(Custom IMAP|Google|Microsoft|AWS|AirMail|Airmail)/,
    );
    assert.match(await words(/"timestamp_created"/), /Z"\s*[A-Z][a-z]+ \d+, 2026, .*(ago|yesterday)/);
    await workbench.screenshot('documents-hints');
  });

  it('explain a property on hover, with its values and its trap', async () => {
    const { page } = workbench;
    const name = line(/"status":\s-1/)
      .locator('span', { hasText: '"status"' })
      .last();
    const hover = await workbench.hover(name, 'Soft Bounce Error');
    const text = await hover.innerText();
    assert.match(text, /Connection Error/);
    assert.match(text, /read-only/);
    assert.match(text, /accounts\/\{email\}/);
    await workbench.screenshot('documents-hover');
    await page.mouse.move(700, 1200);
  });

  it('offer the next steps and say when they were fetched', async () => {
    const { page } = workbench;
    const lenses = page
      .locator('.editor-instance .contentWidgets .codelens-decoration, .editor-instance .codelens-decoration')
      .first();
    await lenses.filter({ hasText: /Fetched at \d/ }).waitFor();
    const text = await lenses.innerText();
    assert.match(text, /Campaigns \(\d+ active of \d+\)/);
    assert.match(text, /Compare with saved/);
    await lenses.locator('a', { hasText: /Campaigns/ }).click();
    await workbench.tab(`${broken().email}.campaigns.json`).waitFor();
  });

  it('lead from an id to its document, and name it on hover', async () => {
    const { page } = workbench;
    const [first] = sandbox.instantly.campaignsOf.get(broken().email)!;
    const id = String(first!['id']);
    const place = line(id).locator('span', { hasText: id }).last();
    await workbench.hover(place, String(first!['name']));
    await workbench.screenshot('documents-links');
    await page.keyboard.down('Control');
    await place.click();
    await page.keyboard.up('Control');
    await workbench.tab(new RegExp(String(first!['name']).slice(0, 12))).waitFor();
    await workbench.editorText.filter({ hasText: 'campaign_schedule' }).waitFor();
    await line(/"1":\strue\s*Monday/).waitFor();
  });

  it('compare with what the service said before', async () => {
    const { page } = workbench;
    await find(broken().email);
    await workbench.tab(`${broken().email}.json`).waitFor();
    await line(/"status":\s-1/).waitFor();
    broken().row['daily_limit'] = 77;
    await workbench.palette('Sendmap: Compare with Saved Answer');
    await workbench.tab(/↔ now/).waitFor();
    const diff = page.locator('.monaco-diff-editor');
    await diff
      .locator('.modified .view-line', { hasText: /"daily_limit":\s77/ })
      .first()
      .waitFor();
    assert.equal(await diff.locator('.modified .view-line', { hasText: 'timestamp_created' }).count(), 0);
    await workbench.screenshot('documents-compare');
  });

  it('compare two that are selected', async () => {
    const { page } = workbench;
    const rows = workbench.rows().filter({ hasText: '@' });
    await workbench.click(rows.nth(0).locator('.label-name'));
    await workbench.click(rows.nth(1).locator('.label-name'), { holding: 'Control' });
    await workbench.contextMenu(rows.nth(1), 'Compare Selected');
    await workbench.tab(/@.*↔.*@/).waitFor();
    await page.locator('.monaco-diff-editor .modified .view-line', { hasText: '"email"' }).first().waitFor();
  });

  it('give the request without the key, and the place of a value', async () => {
    const { page } = workbench;
    await find(String(campaign()['name']));
    await line(/"campaign_schedule"/).waitFor();
    await workbench.palette('Sendmap: Copy as cURL');
    await eventually(async () => (await workbench.clipboard()).startsWith('curl '), true);
    const curl = await workbench.clipboard();
    assert.ok(curl.includes(`/api/v2/campaigns/${String(campaign()['id'])}`));
    assert.ok(curl.includes('Authorization: Bearer $INSTANTLY_API_KEY'));
    assert.ok(!curl.includes(KEY));
    await line(/"timezone"/).click();
    await workbench.palette('Sendmap: Copy JSON Path');
    await eventually(() => workbench.clipboard(), '$.campaign_schedule.schedules[0].timezone');
    await page.keyboard.press('Escape');
  });
});

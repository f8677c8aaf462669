import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { baseUrlsOf } from '../support/settings.ts';
import { eventually, picturesOfFailures, Workbench } from '../support/workbench.ts';

const KEY = 'planted-map-key-c4';

/** The whole map on the screen: both views, grouped, filtered, searched, exported, cancelled and resumed. */
describe('the sending map on the screen', function () {
  this.bail(true);
  let sandbox: Sandbox;
  let workbench: Workbench;
  const folder = mkdtempSync(join(tmpdir(), 'sendmap-export-'));

  before(async function () {
    this.timeout(120_000);
    sandbox = await startSandbox({
      oddities: false,
      instantly: { accounts: 1250, campaigns: 30, tags: 6 },
      smartlead: { accounts: 90, campaigns: 24 },
      keys: [
        { key: KEY, service: 'instantly' },
        { key: KEY, service: 'smartlead' },
      ],
    });
    workbench = await Workbench.open({
      height: 1200,
      settings: {
        ...baseUrlsOf(sandbox),
        'files.simpleDialog.enable': true,
      },
    });
    await workbench.openView();
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await workbench.close();
    await sandbox.close();
  });
  picturesOfFailures(() => workbench);

  const accounts = () => sandbox.instantly.accounts;

  const add = (service: string) => workbench.connect(service, KEY);

  async function choose(command: string, choice: string): Promise<void> {
    await workbench.palette(command);
    await workbench.quickInput.rows.filter({ hasText: choice }).first().waitFor();
    await workbench.pick(choice);
  }

  it('shows a long list by health, domain and parts, from the fewest requests', async () => {
    await add('Instantly');
    await workbench.row(/1,250 · \d+ broken · just now/).waitFor();
    await workbench.row(/30 · .*just now/, 'Campaigns').waitFor();
    const lists = sandbox.requests.filter(({ path, query }) => query['limit'] === '100' && !path.includes('tag'));
    // Both lists with the empty page at their ends, and the few requests that show whether `skip` can be trusted.
    const least = 13 + 1 + 1 + 1;
    assert.ok(lists.length >= least && lists.length <= least + 2, String(lists.length));
    const sorted = accounts()
      .map(({ email }) => email)
      .sort();
    const healthy = workbench.row(/Healthy[\d,]+ · score \d+/);
    await workbench.expand(healthy);
    // The worst domain comes first.
    const domain = workbench.row(/\.test\d+ · score/);
    await workbench.expand(domain);
    await workbench.row(/@.*active · \d/).waitFor();
    await workbench.click(healthy.locator('.monaco-tl-twistie'));
    const saved = workbench.row(/Broken in active campaigns\d+/);
    await workbench.expand(saved);
    await workbench.row(/@.*Connection Error · \d+ active/).waitFor();
    await workbench.click(saved.locator('.monaco-tl-twistie'));
    await choose('Sendmap: Group Accounts By…', 'None');
    const part = workbench.row('501 to 1,000');
    await workbench.expand(part);
    await workbench.row(sorted[500]!).waitFor();
  });

  it('has the senders of a campaign with their reasons, and agrees both ways', async () => {
    const campaign = sandbox.instantly.campaigns.find(
      (row) => row['email_tag_list'] !== undefined && row['email_list'] !== undefined,
    )!;
    const name = String(campaign['name']);
    const senders = accounts().filter(({ email }) => sandbox.instantly.campaignsOf.get(email)?.includes(campaign));
    const row = workbench.row(
      new RegExp(`${name}.*(of ${senders.length} healthy|${senders.length} senders)`),
      'Campaigns',
    );
    await row.waitFor();
    await workbench.expand(row);
    await workbench.row(/@.*selected directly/, 'Campaigns').waitFor();
    const tag = sandbox.instantly.tags.find(({ id }) => id === (campaign['email_tag_list'] as string[])[0])!;
    // One that is broken comes first, whatever its reason is.
    const broken = senders
      .filter(({ row: facts }) => facts['status'] === -1)
      .map(({ email }) => email)
      .sort()[0]!;
    const because = [
      ...((campaign['email_list'] as string[]).includes(broken) ? ['selected directly'] : []),
      ...(sandbox.instantly.byEmail.get(broken)!.tagIds.includes(String(tag['id']))
        ? [`via tag ${String(tag['label'])}`]
        : []),
    ];
    await workbench.row(`${broken}Connection Error · ${because.join(' · ')}`, 'Campaigns').waitFor();
    await workbench.expand(row);
    await workbench.click(row.locator('.monaco-tl-twistie'));
  });

  it('groups by domain, and remembers it', async () => {
    await choose('Sendmap: Group Accounts By…', 'Domain');
    const [domain] = accounts()
      .map(({ email }) => email.split('@')[1]!)
      .sort();
    const count = accounts().filter(({ email }) => email.endsWith(`@${domain!}`)).length;
    await workbench.row(new RegExp(`${domain!}${count} ·`)).waitFor();
  });

  it('filters while one types, offers facets and values, and keeps the parents', async () => {
    const { page, quickInput } = workbench;
    await workbench.palette('Sendmap: Filter Accounts…');
    await workbench.asks('Filter accounts');
    await quickInput.rows.filter({ hasText: 'status:' }).first().waitFor();
    await quickInput.box.fill('status:Conn');
    await quickInput.rows.filter({ hasText: 'status:Connection Error' }).first().click();
    await eventually(() => quickInput.box.inputValue(), 'status:"Connection Error" ');
    const truth = accounts().filter(({ row }) => row['status'] === -1).length;
    await quickInput.rows
      .filter({ hasText: `Show ${truth} of 1,250` })
      .first()
      .waitFor();
    await quickInput.box.fill('status:"Connection Error" colour:red');
    await quickInput.rows.filter({ hasText: 'Unknown filter colour.' }).first().waitFor();
    await workbench.quickInput.box.press('Enter');
    await quickInput.box.waitFor();
    await quickInput.box.fill('status:"Connection Error"');
    await quickInput.chosen(`Show ${truth} of 1,250`).waitFor();
    await workbench.quickInput.box.press('Enter');
    await page
      .locator('.sidebar', { hasText: `Showing ${truth} of 1,250 accounts` })
      .first()
      .waitFor();
    await workbench.row('Northwind outbound').waitFor();
    const group = workbench.row(/\.test1( ·|$)/);
    await workbench.expand(group);
    await workbench.row(/@.*Connection Error/).waitFor();
  });

  it('brings the filter back that was there when one leaves without Enter', async () => {
    const { page, quickInput } = workbench;
    await workbench.palette('Sendmap: Filter Accounts…');
    await workbench.asks('Filter accounts');
    await quickInput.box.fill('nobody-has-this');
    await workbench.row('Nothing here matches the filter').waitFor();
    await page.keyboard.press('Escape');
    await workbench.row(/\.test1( ·|$)/).waitFor();
  });

  it('exports what the filter shows, and the file says the same', async () => {
    const { quickInput } = workbench;
    await choose('Sendmap: Export Accounts…', 'CSV');
    writeFileSync(join(folder, 'older.csv'), '');
    await eventually(async () => (await quickInput.box.inputValue()).includes('sendmap-accounts-'), true);
    const file = join(folder, 'accounts.csv');
    await quickInput.box.fill(file);
    // An Enter counts when the dialog has read the folder that was typed.
    await quickInput.rows.filter({ hasText: 'older.csv' }).waitFor();
    await workbench.quickInput.box.press('Enter');
    const truth = accounts()
      .filter(({ row }) => row['status'] === -1)
      .map(({ email }) => email)
      .sort();
    await eventually(
      () =>
        Promise.resolve(
          readRows(file)
            .map((row) => row['email'])
            .sort(),
        ),
      truth,
    );
    for (const row of readRows(file)) {
      const campaigns = sandbox.instantly.campaignsOf.get(row['email']!) ?? [];
      assert.deepEqual(
        row['campaign_ids']!.split('; ').filter(Boolean).sort(),
        campaigns.map(({ id }) => String(id)).sort(),
      );
    }
  });

  it('clears the filter with one click', async () => {
    await workbench.palette('Sendmap: Clear Accounts Filter');
    await workbench.page.locator('.sidebar', { hasText: 'Showing' }).first().waitFor({ state: 'detached' });
    await choose('Sendmap: Group Accounts By…', 'Health');
    await workbench.row(/Healthy[\d,]+ ·/).waitFor();
  });

  it('has a saved filter as a row, under another name, until it is removed', async () => {
    const { quickInput } = workbench;
    await workbench.palette('Sendmap: Filter Accounts…');
    await workbench.asks('Filter accounts');
    await quickInput.box.fill('state:broken warmup:<80');
    await quickInput.chosen(/Show \d+ of 1,250/).waitFor();
    await quickInput.box.press('Enter');
    await workbench.palette('Sendmap: Save Accounts Filter…');
    await workbench.asks('Save Filter');
    await quickInput.box.fill('Broken and cold');
    await quickInput.box.press('Enter');
    const row = workbench.row(/Broken and cold\d+/);
    await row.waitFor();
    await workbench.page.locator('.sidebar', { hasText: 'Showing' }).first().waitFor({ state: 'detached' });
    await workbench.expand(row);
    await workbench.row(/@.*active/).waitFor();
    await workbench.contextMenu(row, 'Rename Saved Filter');
    await workbench.asks('Rename "Broken and cold"');
    await quickInput.box.fill('Cold');
    await quickInput.box.press('Enter');
    const renamed = workbench.row(/^Cold\d+/);
    await renamed.waitFor();
    await workbench.contextMenu(renamed, 'Remove Saved Filter');
    const dialog = workbench.page.locator('.monaco-dialog-box');
    await dialog.locator('.monaco-button', { hasText: 'Remove' }).click();
    await renamed.waitFor({ state: 'detached' });
  });

  it('finds an account by parts of its name, and reveals it in its group', async () => {
    const { quickInput } = workbench;
    const account = accounts()[777]!;
    const name = `${String(account.row['last_name'])} ${account.email.split('@')[0]!}`;
    await workbench.palette('Sendmap: Find…');
    await workbench.asks('Find');
    await quickInput.box.fill(name);
    const hit = quickInput.rows.filter({ hasText: account.email }).first();
    await hit.hover();
    await hit.locator('.codicon-list-tree').click();
    const row = workbench.row(account.email);
    await row.waitFor();
    await eventually(() => row.getAttribute('aria-selected'), 'true');
  });

  it('finds a campaign in spite of a typo and opens it, and reveals it from the document', async () => {
    const { page, quickInput } = workbench;
    const campaign = sandbox.instantly.campaigns[7]!;
    const name = String(campaign['name']);
    await workbench.palette('Sendmap: Find…');
    await workbench.asks('Find');
    await quickInput.box.fill(name.replace(/([a-z])([a-z])/, '$2$1'));
    await quickInput.chosen(name).waitFor();
    await workbench.quickInput.box.press('Enter');
    await workbench.tab(new RegExp(name.slice(0, 10))).waitFor();
    await workbench.editorText.filter({ hasText: 'campaign_schedule' }).waitFor();
    await page.locator('.editor-actions [aria-label^="More Actions"]').first().click();
    await workbench.menuEntry('Reveal in Campaigns');
    const row = workbench.row(name, 'Campaigns');
    await row.waitFor();
    await eventually(() => row.getAttribute('aria-selected'), 'true');
    await page.keyboard.press('Escape');
  });

  it('stands subsequences under their parents, also under one that is not in the list', async () => {
    await workbench.click(workbench.row('Northwind outbound', 'Campaigns').locator('.monaco-tl-twistie'));
    await add('Smartlead');
    await workbench.row(/24 · .*just now/, 'Campaigns').waitFor();
    const missing = workbench.row('Campaign 2400099', 'Campaigns');
    await missing.waitFor();
    assert.match(await missing.innerText(), /Deleted or hidden campaign/);
    await workbench.expand(missing);
    const child = sandbox.smartlead.campaigns.find((row) => row['parent_campaign_id'] === 2_400_099)!;
    const row = workbench.row(String(child['name']), 'Campaigns');
    await row.waitFor();
    assert.equal(await row.getAttribute('aria-level'), '3');
  });

  it('stops a sync when it is asked to, says how far it came, and goes on from there', async () => {
    sandbox.override({ path: /starting_after=.*/, reply: 'hang' });
    await workbench.contextMenu(workbench.row('Northwind outbound'), 'Refresh');
    await workbench.row(/Northwind outbound.*syncing/).waitFor();
    await workbench.palette('Sendmap: Cancel Sync');
    await workbench.row(/Northwind outbound.*partial: \d+ of about \d+ pages, stopped/).waitFor();
    sandbox.clearOverrides();
    sandbox.requests.length = 0;
    await workbench.row('Northwind outbound').hover();
    await workbench.row('Northwind outbound').locator('[aria-label^="Continue Sync"]').click();
    await workbench.row(/1,250 · \d+ broken · just now/).waitFor();
    const pages = sandbox.requests.filter(({ path, query }) => path.endsWith('/accounts') && query['limit'] === '100');
    assert.ok(
      pages.every(({ query }) => query['starting_after'] !== undefined),
      'the first page is not read again',
    );
  });

  it('refreshes one campaign with one request', async () => {
    const row = workbench.row(
      /Founders|Free audit|Q4|Event|Case|Re-engage|Renewal|Webinar|Agency|Insurance/,
      'Campaigns',
    );
    sandbox.requests.length = 0;
    await workbench.contextMenu(row, 'Refresh');
    await eventually(() => Promise.resolve(sandbox.requests.length), 1);
  });
});

function readRows(file: string): Record<string, string>[] {
  try {
    return parse(readFileSync(file, 'utf8'), { columns: true });
  } catch {
    return [];
  }
}

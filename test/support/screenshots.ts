/**
 * `npm run screenshots`: the pictures of the README, from the sample workspace and from simulated ones; with an
 * argument only those of one part: views, map or documents; `matrix` takes those that are only looked at.
 */
import { defaultKeys } from '../../src/sandbox/options.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { takeMatrix } from './matrix.ts';
import { currentPackage } from './package.ts';
import { root } from './paths.ts';
import { baseUrlSettings } from './settings.ts';
import { Workbench } from './workbench.ts';

/** A sidebar as wide as people have it who read it all day. */
async function widen({ page }: Workbench, by: number): Promise<void> {
  const sash = page.locator('.monaco-sash.vertical:not(.disabled)').first();
  const box = await sash.boundingBox();
  if (box !== null) {
    await page.mouse.move(box.x + 2, 400);
    await page.mouse.down();
    await page.mouse.move(box.x + by, 400, { steps: 5 });
    await page.mouse.up();
  }
  await page.mouse.move(1100, 600);
}

async function takeViews(): Promise<void> {
  const open = async (theme: string) => {
    const workbench = await Workbench.open({
      settings: { 'workbench.colorTheme': theme, 'editor.minimap.enabled': false, 'editor.wordWrap': 'on' },
      commands: ['sendmap.openSampleWorkspace'],
      height: 900,
    });
    await workbench.row(/Northwind.*just now/).waitFor();
    await workbench.row(/Northwind.*critical/, 'Health').waitFor();
    // The other connection is below the fold.
    await workbench.page.locator('.statusbar-item', { hasText: /critical/ }).waitFor();
    await widen(workbench, 90);
    return workbench;
  };
  const take = async ({ page }: Workbench, name: string) => {
    // Where nothing is under the pointer.
    await page.mouse.move(1120, 18);
    await page.waitForTimeout(1500);
    await page.screenshot({ path: `${root}/media/${name}.png` });
  };
  const first = await open('Default Dark Modern');
  await first.page.waitForTimeout(2000);
  await take(first, 'overview-dark');
  await first.close();

  const workbench = await open('Default Light Modern');
  await workbench.expand(workbench.row(/Disconnected/, 'Health'));
  await workbench.click(workbench.row(/@/, 'Health').locator('.label-name'));
  await workbench.editorText.filter({ hasText: 'next_step' }).waitFor();
  await take(workbench, 'health-light');
  await workbench.page.locator('.sidebar .pane-header[aria-label^="Health"]').click();
  await workbench.expand(workbench.row(/@try-northwind.*active/));
  await workbench.click(workbench.row(/@try-northwind/).locator('.label-name'));
  await workbench.editorText.filter({ hasText: 'timestamp_created' }).waitFor();
  await take(workbench, 'accounts-light');
  await workbench.close();
}

async function takeMap(): Promise<void> {
  const sandbox = await startSandbox({
    oddities: false,
    latency: 120,
    instantly: { accounts: 15_000, campaigns: 500, tags: 60 },
  });
  const workbench = await Workbench.open({
    settings: {
      [baseUrlSettings.instantly]: sandbox.baseUrls.instantly,
      'workbench.colorTheme': 'Default Dark Modern',
    },
    height: 900,
  });
  const { page } = workbench;
  const picture = async (name: string) => {
    await page.mouse.move(1120, 18);
    await page.waitForTimeout(1500);
    await page.screenshot({ path: `${root}/media/map-${name}.png` });
  };
  await workbench.openView();
  await widen(workbench, 260);
  await page.locator('.monaco-button', { hasText: 'Connect Instantly' }).click();
  await workbench.quickInput.box.fill(defaultKeys.instantly);
  await page.keyboard.press('Enter');
  await workbench.quickInput.title.filter({ hasText: '2/2' }).waitFor();
  await page.keyboard.press('Enter');
  await workbench.row(/Healthy/).waitFor();
  await picture('syncing');

  sandbox.override({
    path: /starting_after/,
    times: 1,
    reply: { status: 429, body: {}, headers: { 'retry-after': '45' } },
  });
  await workbench.row(/waiting until/).waitFor();
  await picture('limited');
  await workbench.palette('Sendmap: Cancel Sync');
  await workbench.row(/partial/).waitFor();
  await picture('partial');

  // A new start: the pause that the service asked for is over with it.
  await workbench.row(/partial/).waitFor();
  await page.waitForTimeout(46_000);
  await workbench.palette('Sendmap: Continue Sync');
  await workbench.row(/15,000 · .*just now/).waitFor({ timeout: 120_000 });
  const broken = workbench.row(/^Broken\s*\d/);
  await workbench.expand(broken);
  await workbench.rows().and(page.locator('[aria-level="3"]')).first().waitFor();
  await picture('grouped');
  await workbench.palette('Sendmap: Filter Accounts…');
  await page.waitForTimeout(500);
  await workbench.quickInput.box.fill('state:broken warmup:<80 tag:');
  await workbench.quickInput.rows.filter({ hasText: 'tag:' }).nth(1).waitFor();
  await picture('filtering');
  await workbench.quickInput.box.fill('state:broken warmup:<80');
  await workbench.quickInput.rows.filter({ hasText: 'of 15,000' }).first().waitFor();
  await page.waitForTimeout(600);
  await page.keyboard.press('Enter');
  await workbench.expand(broken);
  await picture('filtered');
  await workbench.close();
  await sandbox.close();
}

async function takeDocuments(): Promise<void> {
  const documents = await startSandbox({ oddities: false, instantly: { accounts: 60, campaigns: 12 } });
  const explained = await Workbench.open({
    settings: {
      [baseUrlSettings.instantly]: documents.baseUrls.instantly,
      'workbench.colorTheme': 'Default Dark Modern',
      'editor.minimap.enabled': false,
      'editor.wordWrap': 'on',
    },
    width: 1400,
    height: 900,
  });
  {
    const { page: screen, quickInput } = explained;
    const take = async (name: string) => {
      await screen.waitForTimeout(1200);
      await screen.screenshot({ path: `${root}/media/documents-${name}.png` });
    };
    const line = (text: string | RegExp) => screen.locator('.editor-instance .view-line', { hasText: text }).first();
    const find = async (text: string) => {
      await explained.palette('Sendmap: Find…');
      await quickInput.title.filter({ hasText: 'Find' }).waitFor();
      await quickInput.box.fill(text);
      await quickInput.rows.filter({ hasText: text }).first().waitFor();
      // An Enter right after typing may come before the row is the chosen one.
      await screen.waitForTimeout(500);
      await screen.keyboard.press('Enter');
    };
    await explained.openView();
    await screen.locator('.monaco-button', { hasText: 'Connect Instantly' }).click();
    await quickInput.box.fill(defaultKeys.instantly);
    await screen.keyboard.press('Enter');
    await quickInput.title.filter({ hasText: '2/2' }).waitFor();
    await screen.keyboard.press('Enter');
    await explained.row(/60 · .*just now/).waitFor();
    const broken = documents.instantly.accounts.find(({ row }) => row['status'] === -1);
    const email = broken?.email ?? '';
    await find(email);
    await line(/Connection\sError/).waitFor();
    await screen.mouse.move(1200, 850);
    await take('hints');
    await line(/"provider_code"/)
      .locator('span', { hasText: '"provider_code"' })
      .last()
      .hover();
    await screen.locator('.monaco-hover:visible', { hasText: 'Microsoft' }).first().waitFor();
    await take('hover');
    await screen.mouse.move(1200, 850);
    if (broken !== undefined) {
      Object.assign(broken.row, { status: 1, daily_limit: 77 });
      delete broken.row['status_message'];
    }
    await explained.palette('Sendmap: Compare with Saved Answer');
    await screen.locator('.monaco-diff-editor .modified .view-line', { hasText: '77' }).first().waitFor();
    await take('compare');
    const [first] = documents.instantly.campaignsOf.get(email) ?? [];
    const name = String(first?.['name']);
    await find(email);
    await screen
      .locator('.editor-instance .codelens-decoration a', { hasText: /Campaigns/ })
      .first()
      .click();
    const id = String(first?.['id']);
    await line(id).waitFor();
    await screen.mouse.move(1200, 850);
    await screen.waitForTimeout(700);
    await line(id).locator('span', { hasText: id }).last().hover();
    await screen.locator('.monaco-hover:visible', { hasText: name }).first().waitFor();
    await take('links');
    await screen.mouse.move(1200, 850);
    await find(name);
    await line(/"campaign_schedule"/).waitFor();
    await explained.palette('Sendmap: Preview Emails of Campaign…');
    await screen.waitForTimeout(2500);
    await take('preview');
  }
  await explained.close();
  await documents.close();
}

// As users have it: without what VS Code writes beside an extension in development.
process.env['SENDMAP_VSIX'] ??= await currentPackage();
const parts = { views: takeViews, map: takeMap, documents: takeDocuments, matrix: takeMatrix };
const [only] = process.argv.slice(2);
for (const [part, take] of Object.entries(parts)) {
  if (only === undefined ? take !== takeMatrix : only === part) {
    await take();
  }
}

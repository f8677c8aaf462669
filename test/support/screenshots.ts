/** `npm run screenshots`: the pictures of the README, from the sample workspace and from a simulated large one. */
import { settings } from '../../src/contributions.ts';
import { defaultKeys } from '../../src/sandbox/options.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { root } from './paths.ts';
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

for (const [name, theme] of [
  ['dark', 'Default Dark Modern'],
  ['light', 'Default Light Modern'],
] as const) {
  const workbench = await Workbench.open({
    settings: { 'workbench.colorTheme': theme, 'editor.minimap.enabled': false },
    commands: ['sendmap.openSampleWorkspace'],
    height: 900,
  });
  const { page } = workbench;
  await workbench.row(/Northwind.*complete/).waitFor();
  await workbench.row(/Fabrikam.*complete/, 'Campaigns').waitFor();
  await widen(workbench, 150);
  await workbench.expand(workbench.row(/@try-northwind.*campaigns/));
  await workbench.expand(workbench.row(/Active.*senders/, 'Campaigns'));
  await page.waitForTimeout(800);
  await workbench
    .row(/@try-northwind/)
    .locator('.label-name')
    .click();
  await workbench.editorText.filter({ hasText: 'timestamp_created' }).waitFor();
  await page.mouse.move(900, 600);
  await page.waitForTimeout(800);
  await page.screenshot({ path: `${root}/media/accounts-${name}.png` });
  await workbench.close();
}

const sandbox = await startSandbox({
  oddities: false,
  latency: 120,
  instantly: { accounts: 15_000, campaigns: 500, tags: 60 },
});
const workbench = await Workbench.open({
  settings: {
    [settings.instantlyBaseUrl]: sandbox.baseUrls.instantly,
    'workbench.colorTheme': 'Default Dark Modern',
  },
  height: 900,
});
const { page } = workbench;
const picture = async (name: string) => {
  await page.mouse.move(1100, 600);
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
await workbench.row('1 to 500').waitFor();
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
await workbench.row(/15,000 accounts · complete/).waitFor({ timeout: 120_000 });
await workbench.palette('Sendmap: Group Accounts By…');
await page.waitForTimeout(500);
await workbench.quickInput.box.fill('Domain');
await page.keyboard.press('Enter');
await workbench.row(/northwind.*accounts/).waitFor();
await workbench.expand(workbench.row(/northwind.*accounts/));
await picture('grouped');
await workbench.palette('Sendmap: Filter Accounts…');
await page.waitForTimeout(500);
await workbench.quickInput.box.fill('status:error warmup:<80 tag:');
await workbench.quickInput.rows.filter({ hasText: 'tag:' }).nth(1).waitFor();
await picture('filtering');
await workbench.quickInput.box.fill('status:error warmup:<80');
await workbench.quickInput.rows.filter({ hasText: 'of 15,000' }).first().waitFor();
await page.waitForTimeout(600);
await page.keyboard.press('Enter');
await workbench.expand(workbench.row(/1 account, 1 with errors/));
await picture('filtered');
await workbench.close();
await sandbox.close();

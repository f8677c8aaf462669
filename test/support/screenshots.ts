/** `npm run screenshots`: the pictures of the README, from the sample workspace. */
import { root } from './paths.ts';
import { Workbench } from './workbench.ts';

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
  const accounts = page.locator('.sidebar .monaco-list-row', { hasText: /@try-northwind/ });
  await accounts.first().waitFor();
  // A sidebar as wide as people have it who read it all day.
  const sash = page.locator('.monaco-sash.vertical:not(.disabled)').first();
  const box = await sash.boundingBox();
  if (box !== null) {
    await page.mouse.move(box.x + 2, 400);
    await page.mouse.down();
    await page.mouse.move(box.x + 150, 400, { steps: 5 });
    await page.mouse.up();
  }
  for (const account of [/@try-northwind/, /fabrikam.*[2-9] campaigns/]) {
    await workbench.expand(page.locator('.sidebar .monaco-list-row[aria-level="2"]', { hasText: account }).first());
    await page.waitForTimeout(800);
  }
  await accounts.nth(1).locator('.label-name').click();
  await workbench.editorText.filter({ hasText: 'timestamp_created' }).waitFor();
  await page.mouse.move(900, 600);
  await page.waitForTimeout(800);
  await page.screenshot({ path: `${root}/media/accounts-${name}.png` });
  await workbench.close();
}

/**
 * `npm run screenshots matrix`: what a person sees first and most, in three themes, in a sidebar of 300 px and at full
 * width, as pictures in dist/screenshots to be looked at: the sample, and 16,000 accounts before and after a day.
 */
import { defaultKeys } from '../../src/sandbox/options.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { moveRecordsBack } from './dailyRecords.ts';
import { baseUrlsOf } from './settings.ts';
import { Workbench } from './workbench.ts';

const THEMES = {
  dark: 'Default Dark Modern',
  light: 'Default Light Modern',
  contrast: 'Default High Contrast',
} as const;
/** Widths of the sidebar and of the window, in pixels. */
const WIDTHS = { narrow: [300, 1100], wide: [640, 1920] } as const;

/** Takes all pictures. */
export async function takeMatrix(): Promise<void> {
  for (const [name, theme] of Object.entries(THEMES)) {
    await takeSample(name, theme);
    await takeBurnt(name, theme);
    await takeStates(name, theme);
    await takeLarge(name, theme);
  }
}

/** Takes a picture of one scene at both widths. */
async function take(workbench: Workbench, scene: string, theme: string): Promise<void> {
  const { page } = workbench;
  for (const [width, [sidebar, window]] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width: window, height: 1000 });
    await widen(workbench, sidebar);
    // Where nothing is under the pointer.
    await page.mouse.move(window - 160, 18);
    await page.waitForTimeout(1200);
    await workbench.screenshot(`matrix-${scene}-${theme}-${width}`);
  }
}

async function widen({ page }: Workbench, width: number): Promise<void> {
  const sidebar = await page.locator('.part.sidebar').boundingBox();
  if (sidebar === null) {
    throw new Error('there is no sidebar');
  }
  const edge = sidebar.x + sidebar.width;
  await page.mouse.move(edge, 500);
  await page.mouse.down();
  await page.mouse.move(sidebar.x + width, 500, { steps: 5 });
  await page.mouse.up();
}

async function open(theme: string, rest: Parameters<typeof Workbench.open>[0]): Promise<Workbench> {
  return Workbench.open({
    ...rest,
    width: 1100,
    height: 1000,
    settings: {
      'workbench.colorTheme': theme,
      'editor.minimap.enabled': false,
      'editor.wordWrap': 'on',
      ...rest?.settings,
    },
  });
}

async function takeSample(name: string, theme: string): Promise<void> {
  const workbench = await open(theme, { commands: ['sendmap.openSampleWorkspace'] });
  await workbench.row(/Northwind.*just now/).waitFor();
  await workbench.row(/Northwind.*critical/, 'Health').waitFor();
  // The other connection is below the fold.
  await workbench.page.locator('.statusbar-item', { hasText: /critical/ }).waitFor();
  await take(workbench, 'sample', name);
  await workbench.palette('Sendmap: Overview');
  await workbench.tab('Overview').waitFor();
  await take(workbench, 'sample-overview', name);
  await workbench.close();
}

/** A domain whose mailboxes fail in the same way. */
async function takeBurnt(name: string, theme: string): Promise<void> {
  const sandbox = await startSandbox({ plants: true, oddities: false });
  const workbench = await open(theme, { settings: baseUrlsOf(sandbox) });
  await workbench.openView();
  await workbench.connect('Smartlead', defaultKeys.smartlead);
  await workbench.expand(workbench.row(/Disconnected/, 'Health'));
  const burnt = workbench.row(/burnt/i, 'Health');
  await burnt.waitFor();
  await workbench.expand(burnt);
  await take(workbench, 'burnt', name);
  await workbench.close();
  await sandbox.close();
}

/** The states of which one has to be told the reason: banned, suspended, blocked, paused by the service. */
async function takeStates(name: string, theme: string): Promise<void> {
  const sandbox = await startSandbox({ plants: true, oddities: false });
  const workbench = await open(theme, { settings: baseUrlsOf(sandbox) });
  await workbench.openView();
  for (const [service, key] of [
    ['Instantly', defaultKeys.instantly],
    ['Smartlead', defaultKeys.smartlead],
  ] as const) {
    await workbench.connect(service, key);
  }
  await workbench.row(/Smartlead.*just now/).waitFor();
  for (const [view, filter] of [
    ['Accounts', 'finding:warmup-banned|warmup-suspended|warmup-blocked|suspended'],
    ['Campaigns', 'finding:bounce-protection|paused-by-service|account-suspended'],
  ] as const) {
    await workbench.palette(`Sendmap: Filter ${view}…`);
    await workbench.quickInput.box.fill(filter);
    await workbench.page.keyboard.press('Enter');
  }
  await workbench
    .row(/@.*Warmup/)
    .first()
    .waitFor();
  await workbench
    .row(/bounce-protection/, 'Campaigns')
    .first()
    .waitFor();
  await take(workbench, 'states', name);
  await workbench.close();
  await sandbox.close();
}

async function takeLarge(name: string, theme: string): Promise<void> {
  const sandbox = await startSandbox({
    smartlead: { accounts: 16_000, campaigns: 479, clients: 43 },
    // Announced and never reached: nobody waits for a minute's requests here.
    limit: { requests: 1_000_000, seconds: 60, headers: true },
    oddities: false,
  });
  const workbench = await open(theme, { settings: baseUrlsOf(sandbox) });
  const { page } = workbench;
  await workbench.openView();
  await workbench.connect('Smartlead', defaultKeys.smartlead);
  const synced = () => workbench.row(/16,000 · .*just now/).waitFor({ timeout: 120_000 });
  await synced();
  await workbench.row(/Disconnected/, 'Health').waitFor();
  await take(workbench, 'large', name);

  await page.locator('.sidebar .pane-header[aria-label^="Accounts"]').click();
  await workbench.expand(workbench.row(/Disconnected/, 'Health'));
  const third = workbench.rows('Health').and(page.locator('[aria-level="3"]')).first();
  await third.waitFor();
  await workbench.expand(third);
  const account = workbench.rows('Health').and(page.locator('[aria-level="4"]')).first();
  await workbench.click(account.locator('.label-name'));
  await workbench.editorText.filter({ hasText: 'next_step' }).waitFor();
  await take(workbench, 'large-explain', name);

  await workbench.contextMenu(third, 'What If These Accounts Stop');
  await workbench.editorText.filter({ hasText: '"stopped' }).or(workbench.editorText).first().waitFor();
  await workbench.tab(/What if/i).waitFor();
  await take(workbench, 'large-what-if', name);

  await workbench.palette('Sendmap: Overview');
  await workbench.tab('Overview').waitFor();
  await take(workbench, 'large-overview', name);

  // What changed comes last, and is on the screen where nothing above it is open.
  await workbench.click(workbench.row(/Disconnected/, 'Health').locator('.monaco-tl-twistie'));
  moveRecordsBack();
  sandbox.moveOn();
  await workbench.palette('Sendmap: Refresh');
  await workbench.row(/What changed/, 'Health').waitFor({ timeout: 120_000 });
  const changed = workbench.row(/What changed/, 'Health');
  await page.locator('.sidebar .pane-header[aria-label^="Campaigns"]').click();
  await workbench.expand(changed);
  await workbench.palette('Sendmap: What Changed');
  await workbench.asks('What changed');
  await workbench.pick('Yesterday');
  await workbench.editorText.filter({ hasText: '"since"' }).waitFor();
  await take(workbench, 'large-changed', name);
  await workbench.close();
  await sandbox.close();
}

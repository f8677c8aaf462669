import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import type { Frame } from 'playwright-core';
import { root } from '../support/paths.ts';
import { eventually, picturesOfFailures, Workbench } from '../support/workbench.ts';

const AXE = readFileSync(`${root}/node_modules/axe-core/axe.min.js`, 'utf8');

/** Themes as people choose them, and as webviews know them. */
const THEMES = [
  ['Dark Modern', 'vscode-dark'],
  ['Light Modern', 'vscode-light'],
  ['Dark High Contrast', 'vscode-high-contrast'],
  ['Light High Contrast', 'vscode-high-contrast-light'],
] as const;

/** The overview in a real webview, from the sample workspace. */
describe('the overview on the screen', function () {
  this.bail(true);
  let workbench: Workbench;

  before(async function () {
    this.timeout(120_000);
    workbench = await Workbench.open({ width: 1600, height: 1600 });
    await workbench.openView();
  });
  after(async () => {
    await workbench.close();
  });
  picturesOfFailures(() => workbench);

  /**
   * The page of the overview, a frame in the frame of the webview, once it says this and reads nothing more: each
   * change of what it shows puts another frame in its place.
   */
  async function overview(words: string | RegExp): Promise<Frame> {
    let found: Frame | undefined;
    const find = async () => {
      for (const frame of workbench.page.frames()) {
        const page = frame.locator('main', { hasText: words, hasNotText: 'Reading' });
        const title = page.locator('h1', { hasText: 'Overview' });
        if ((await title.count().catch(() => 0)) > 0) {
          found = frame;
        }
      }
      return found !== undefined;
    };
    await eventually(find, true);
    return found!;
  }

  /** The number before a word in the tiles under the first picture. */
  const countOf = async (state: string) => {
    const page = await overview('Mailboxes by state');
    const text = await page.locator('.tiles li').filter({ hasText: state }).locator('strong').innerText();
    return Number(text);
  };

  it('offers to begin where there is no connection', async () => {
    await workbench.palette('Sendmap: Overview');
    const page = await overview('Connect a service');
    await workbench.tab('Overview').waitFor();
    await page.getByText('Open Sample Workspace').click();
    await workbench.row(/Northwind.*just now/).waitFor();
    await workbench.row(/Fabrikam.*just now/).waitFor();
  });

  it('shows the sample workspace, in one panel', async () => {
    const page = await overview(/of 28 mailboxes are healthy/);
    assert.deepEqual(await page.locator('nav a').allInnerTexts(), [
      'All connections',
      'Northwind outbound (sample)',
      'Client: Fabrikam (sample)',
    ]);
    assert.equal(await workbench.page.locator('.tabs-container .tab').filter({ hasText: 'Overview' }).count(), 1);
    assert.equal(await page.locator('figure').count(), await page.locator('figcaption h2').count());
    assert.equal(await page.locator('script, iframe, img, form, [style]:not(html)').count(), 0);
    await workbench.screenshot('overview');
  });

  it('leads from a mark to its accounts, filtered', async () => {
    const broken = await countOf('Broken');
    const page = await overview('Mailboxes by state');
    await page.locator('.bar a').first().click();
    await workbench.page.getByText(`${broken} of 28`).first().waitFor();
    await workbench.palette('Sendmap: Clear Accounts Filter');
    await page.locator('.row').filter({ hasText: 'get-northwind.test' }).click();
    await workbench.row('ana4@get-northwind.test').waitFor();
    await workbench.row('try-northwind.test').waitFor({ state: 'detached' });
    await workbench.palette('Sendmap: Clear Accounts Filter');
    await workbench.row('try-northwind.test').waitFor();
  });

  it('shows one connection, and follows it', async () => {
    const all = await overview(/of 28 mailboxes are healthy/);
    await all.getByText('Northwind outbound (sample)').click();
    const page = await overview(/of 16 mailboxes are healthy/);
    assert.equal(await page.locator('nav a[aria-current]').innerText(), 'Northwind outbound (sample)');
  });

  it('comes back after a reload, as it was', async function () {
    this.timeout(90_000);
    await workbench.hasStored('editors', 'sendmap.overview');
    await workbench.hasStored('state', 'sendmap.overview');
    await workbench.page.goto(workbench.url);
    await workbench.tab('Overview').waitFor();
    const page = await overview(/of 16 mailboxes are healthy/);
    await page.getByText('All connections').click();
    await overview(/of 28 mailboxes are healthy/);
  });

  /** Nothing runs in the frame of a webview without scripts, so axe looks at a copy with the same elements and colours. */
  async function checkCopy(page: Frame): Promise<AxeResults> {
    const copy = await workbench.page.context().newPage();
    const html = await page.content();
    await copy.setContent(html.replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/, ''));
    const colors = `[...document.querySelectorAll('body *')].map((element) => {
      const { color, backgroundColor, fill } = getComputedStyle(element);
      return [color, backgroundColor, fill].join();
    }).join('\\n')`;
    assert.equal(await copy.evaluate(colors), await page.evaluate(colors));
    await copy.evaluate(AXE);
    const results = await copy.evaluate<AxeResults>('axe.run(document)');
    await copy.close();
    return results;
  }

  for (const [label, kind] of THEMES) {
    it(`is accessible in ${label}`, async function () {
      this.timeout(60_000);
      const page = await overview(/of 28 mailboxes are healthy/);
      const closed = page.locator('details:not([open]) summary');
      while ((await closed.count()) > 0) {
        await closed.first().click();
      }
      await workbench.page.locator('.statusbar').click();
      await workbench.page.keyboard.press('Control+K');
      await workbench.page.keyboard.press('Control+T');
      await workbench.quickInput.box.fill(label);
      await workbench.quickInput.chosen(label).waitFor();
      await workbench.quickInput.box.press('Enter');
      await eventually(() => page.evaluate('document.body.dataset.vscodeThemeKind'), kind);
      const { violations, passes } = await checkCopy(page);
      assert.deepEqual(
        violations.map(({ id, nodes }) => [id, ...nodes.map(({ html }) => html)]),
        [],
      );
      assert.ok(passes.some(({ id }) => id === 'color-contrast'));
      await workbench.screenshot(`overview-${label.toLowerCase().replaceAll(' ', '-')}`);
    });
  }
});

import assert from 'node:assert/strict';
import { eventually, picturesOfFailures, Workbench } from '../support/workbench.ts';

/** Keys while a view has the focus, and what titles and menus offer. */
describe('keys and menus of the views', function () {
  let workbench: Workbench;

  before(async function () {
    this.timeout(120_000);
    workbench = await Workbench.open({ height: 1600, commands: ['sendmap.openSampleWorkspace'] });
    await workbench.openView();
    // Rows are sorted when all of them are there; until then they may move.
    await workbench.row(/Northwind outbound.*just now/).waitFor();
    await accountRows().nth(2).waitFor();
    await campaignRows().first().waitFor();
  });
  after(() => workbench.close());
  picturesOfFailures(() => workbench);

  const accountRows = () => workbench.rows().filter({ hasText: /@\S+\.\w/ });
  const campaignRows = () =>
    workbench.rows('Campaigns').and(workbench.page.locator('[aria-level="2"][aria-label*=", campaign,"]'));
  const labelOf = async (row: ReturnType<typeof accountRows>) => (await row.locator('.label-name').innerText()).trim();

  it('open the document of the focused row with Enter', async () => {
    const [first, second] = [accountRows().nth(0), accountRows().nth(1)];
    await workbench.click(first.locator('.label-name'));
    await workbench.tab(`${await labelOf(first)}.json`).waitFor();
    await workbench.click(first.locator('.label-name'));
    await workbench.page.keyboard.press('ArrowDown');
    await workbench.page.keyboard.press('Enter');
    await workbench.tab(`${await labelOf(second)}.json`).waitFor();
  });

  it('copy the emails of the selected accounts, and the names of the selected campaigns', async () => {
    const rows = [accountRows().nth(0), accountRows().nth(1)] as const;
    await workbench.click(rows[0].locator('.label-name'));
    await workbench.click(rows[1].locator('.label-name'), { holding: 'Shift' });
    await workbench.page.keyboard.press('Control+c');
    await eventually(() => workbench.clipboard(), `${await labelOf(rows[0])}\n${await labelOf(rows[1])}`);

    const campaign = campaignRows().first();
    await workbench.click(campaign.locator('.label-name'));
    await workbench.page.keyboard.press('Control+c');
    await eventually(() => workbench.clipboard(), await labelOf(campaign));
  });

  it('find in Sendmap with Ctrl+F, and leave F3 to the finding of VS Code', async () => {
    await workbench.click(accountRows().first().locator('.label-name'));
    await workbench.page.keyboard.press('Control+f');
    await workbench.asks('Find');
    await workbench.page.keyboard.press('Escape');
    await workbench.quickInput.widget.waitFor({ state: 'hidden' });
    await workbench.click(accountRows().first().locator('.label-name'));
    await workbench.page.keyboard.press('F3');
    const box = workbench.page.locator('.sidebar .monaco-tree-type-filter input').first();
    await box.waitFor();
    await box.press('Escape');
    assert.equal(await workbench.quickInput.widget.count(), 0);
  });

  it('rename a connection with F2', async () => {
    const connection = workbench.rows().first();
    await workbench.click(connection.locator('.label-name'));
    const before = await labelOf(connection);
    await workbench.page.keyboard.press('F2');
    await workbench.asks(`Rename "${before}"`);
    await workbench.quickInput.box.fill('Northwind');
    await workbench.quickInput.box.press('Enter');
    await workbench.row('Northwind').waitFor();
  });

  it('are named in the title, where Find has a place', async () => {
    const pane = workbench.page.locator('.sidebar .pane:has(> .pane-header[aria-label^="Accounts"])');
    await pane.hover();
    const title = pane.locator('.pane-header .action-label');
    await title.and(workbench.page.locator('[aria-label="Find… (Ctrl+F)"]')).waitFor();
    await title.and(workbench.page.locator('[aria-label="Refresh All"]')).waitFor();
  });

  it('copy and open what is in a group', async () => {
    await workbench.palette('Sendmap: Group Accounts By…');
    await workbench.asks('Group accounts by');
    await workbench.pick('Mailbox type');
    const group = workbench.row('Google');
    await workbench.contextMenu(group, 'Copy Emails');
    await eventually(async () => /^\S+@\S+(?:\n\S+@\S+)+$/.test(await workbench.clipboard()), true);
    const [first = ''] = (await workbench.clipboard()).split('\n');
    await workbench.contextMenu(group, 'Open as Document');
    await workbench.editorText.filter({ hasText: `"${first}"` }).waitFor();
  });

  it('say in the box what is no domain, and where nothing is found', async () => {
    const { box, rows, widget } = workbench.quickInput;
    await workbench.palette('Sendmap: Check Domain…');
    await workbench.asks('Check domain', 'Choose a connection');
    await workbench.pick('Northwind');
    await workbench.asks('Check domain', 'Type a domain, or pick one');
    await box.fill('no domain!');
    await rows.filter({ hasText: '"no domain!" is not a domain' }).waitFor();
    await box.press('Enter');
    await box.fill('a-domain.test');
    await workbench.quickInput.chosen('a-domain.test').waitFor();
    await box.press('Escape');
    await widget.waitFor({ state: 'hidden' });
    await workbench.palette('Sendmap: Find…');
    await workbench.asks('Find');
    await box.fill('qqqzzzxx');
    await rows.filter({ hasText: 'Nothing matches' }).waitFor();
    await box.press('Escape');
    await widget.waitFor({ state: 'hidden' });
  });

  it('leave the filter of a view when the window is loaded again, and it says what is near', async () => {
    await workbench.palette('Sendmap: Filter Accounts…');
    await workbench.asks('Filter accounts');
    await workbench.quickInput.box.fill('type:gogle');
    const { rows, chosen } = workbench.quickInput;
    await rows.filter({ hasText: 'No account matches "type:gogle". Did you mean Google?' }).waitFor();
    await workbench.quickInput.box.fill('-type:Google');
    await chosen(/Show [\d,]+ of/).waitFor();
    await workbench.row('Google').waitFor({ state: 'detached' });
    await workbench.quickInput.box.press('Enter');
    await workbench.quickInput.widget.waitFor({ state: 'hidden' });
    // A browser workbench writes down what extensions keep now and then; a desktop does at the end.
    await workbench.hasStored('state', '-type:Google');
    await workbench.reload();
    const message = workbench.page.locator('.sidebar .pane .message', { hasText: '-type:Google' });
    await message.waitFor();
    await workbench.row('Microsoft').waitFor();
    assert.equal(await workbench.row('Google').count(), 0);
    await workbench.palette('Sendmap: Clear Accounts Filter');
    await workbench.row('Google').waitFor();
  });
});

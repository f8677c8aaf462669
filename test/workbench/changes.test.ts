import assert from 'node:assert/strict';
import { picturesOfFailures, Workbench } from '../support/workbench.ts';

/** Changes of the sample workspace, which needs no setting for them. */
describe('changes on the screen', function () {
  this.bail(true);
  let workbench: Workbench;

  before(async function () {
    this.timeout(120_000);
    workbench = await Workbench.open({ height: 1600, commands: ['sendmap.openSampleWorkspace'] });
    await workbench.openView();
    // They come last, and move what is below them.
    await workbench.row(/Broken in active campaigns\s*\d/, 'Accounts').waitFor();
  });
  after(() => workbench.close());
  picturesOfFailures(() => workbench);

  const activeAccount = () =>
    workbench
      .rows('Accounts')
      .and(workbench.page.locator('[aria-level="2"]'))
      .filter({ hasText: /@[\w.-]+\s*\d active/ })
      .first();

  it('names what an account becomes, and does nothing where the person cancels', async () => {
    const account = activeAccount();
    await account.waitFor();
    await workbench.change(account, /^Pause Accounts/, 'change-menu');
    await workbench.dialog.waitFor();
    await workbench.screenshot('change-dialog');
    assert.match(await workbench.dialog.innerText(), /Pause .+@.+, in "Northwind outbound \(sample\)"\?/);
    await workbench.dialog.getByText('Cancel').click();
    await workbench.dialog.waitFor({ state: 'detached' });
  });

  it('pauses an account, and takes that back', async () => {
    const account = activeAccount();
    const email = (await account.locator('.label-name').innerText()).trim();
    await workbench.change(account, /^Pause Accounts/);
    await workbench.dialog.getByRole('button', { name: `Pause ${email}` }).click();
    await workbench.row(new RegExp(`${email}.*Paused`), 'Accounts').waitFor();
    assert.ok((await workbench.notifications()).some((text) => text.startsWith(`Pause ${email}: 1 done.`)));
    await workbench.palette('Sendmap: Undo Change…');
    await workbench.asks('Undo change');
    await workbench.pick(`Pause ${email}`);
    await workbench.dialog.getByText(`Undo: Pause ${email}, in`).waitFor();
    await workbench.screenshot('change-undo');
    await workbench.dialog.getByRole('button', { name: /^Undo/ }).click();
    await workbench.row(new RegExp(`${email}.*active`), 'Accounts').waitFor();
  });

  it('keeps a log of it', async () => {
    await workbench.palette('Sendmap: Open Change Log');
    await workbench.tab('Change Log.json').waitFor();
    await workbench.editorText.filter({ hasText: '"confirmed": 1' }).waitFor();
    // A menu that is open when the editor takes the focus is closed.
    await workbench.focusedEditor.waitFor();
    await workbench.screenshot('change-log');
  });

  it('plans what can be done about all of a finding', async () => {
    const { page } = workbench;
    const finding = workbench.row(/Disconnected\s*\d/, 'Health');
    await workbench.change(finding, /^Plan Change for Finding/);
    await workbench.asks('Plan change: Disconnected');
    const { rows } = workbench.quickInput;
    await rows.filter({ hasText: /^Pause / }).waitFor();
    await workbench.screenshot('change-finding-plans');
    await workbench.pick('Remove');
    await workbench.dialog.getByText(/^Remove .+, in "/).waitFor();
    await workbench.screenshot('change-finding-removal');
    await workbench.dialog.getByText('Cancel').click();
    await workbench.dialog.waitFor({ state: 'detached' });
    assert.equal(await page.locator('.quick-input-widget:visible').count(), 0);
  });

  it('asks for the number where a campaign would send nothing', async () => {
    const { page, quickInput } = workbench;
    const finding = workbench.row(/Short sending gap\s*\d/, 'Health');
    await workbench.change(finding, /^Pause Accounts/);
    await workbench.screenshot('change-finding');
    await workbench.dialog.getByRole('button', { name: /^Read Plan/ }).click();
    await workbench.tab(/\.plan\.json$/).waitFor();
    await workbench.editorText.filter({ hasText: '"expected"' }).waitFor();
    await workbench.screenshot('change-plan');
    await page.keyboard.press('Escape');
    assert.equal(await quickInput.widget.count(), 0);
  });
});

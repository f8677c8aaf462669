import assert from 'node:assert/strict';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { baseUrlsOf } from '../support/settings.ts';
import { picturesOfFailures, Workbench } from '../support/workbench.ts';

const KEY = 'planted-trouble-key-9a';
const SECOND_KEY = 'planted-second-key-4e';

/** What a person sees when a service refuses, limits or fails: always in the tree, and always with what to do. */
describe('the Accounts view in trouble', function () {
  this.bail(true);
  let sandbox: Sandbox;
  let workbench: Workbench;

  before(async function () {
    this.timeout(120_000);
    sandbox = await startSandbox({
      oddities: false,
      instantly: { accounts: 320 },
      smartlead: { accounts: 40, campaigns: 12, fetchCampaigns: 'ignored' },
      keys: [
        { key: KEY, service: 'instantly' },
        { key: SECOND_KEY, service: 'instantly' },
        { key: KEY, service: 'smartlead' },
      ],
    });
    workbench = await Workbench.open({
      height: 1600,
      settings: {
        ...baseUrlsOf(sandbox),
      },
    });
    await workbench.openView();
  });
  after(async () => {
    await workbench.close();
    await sandbox.close();
  });
  picturesOfFailures(() => workbench);

  const rows = () => workbench.rows();

  const add = (service: string) => workbench.connect(service, KEY);

  it('goes back a step and keeps what was typed', async () => {
    const { page, quickInput } = workbench;
    await workbench.palette('Sendmap: Add Connection…');
    await workbench.asks('1/3');
    await quickInput.rows.filter({ hasText: 'Instantly' }).first().click();
    await workbench.asks('2/3');
    await quickInput.box.fill('half-typed');
    await quickInput.widget
      .locator('.quick-input-titlebar .codicon-quick-input-back, .quick-input-titlebar .codicon-arrow-left')
      .first()
      .click();
    await workbench.asks('1/3');
    await quickInput.rows.filter({ hasText: 'Instantly' }).first().click();
    await workbench.asks('2/3');
    assert.equal(await quickInput.box.inputValue(), 'half-typed');
    await page.keyboard.press('Escape');
  });

  it('says until when it waits', async () => {
    sandbox.override({
      path: /starting_after/,
      times: 1,
      reply: { status: 429, body: {}, headers: { 'retry-after': '4' } },
    });
    await add('Instantly');
    await workbench.row(/Northwind outbound.*waiting until \d/).waitFor();
    await workbench.row(/Northwind outbound.*320 · .*just now$/).waitFor();
  });

  it('says first, and above what it still has, that a list could not be read', async () => {
    sandbox.override({
      path: /\/accounts\?/,
      reply: { status: 401, body: { statusCode: 401, error: 'Unauthorized', message: 'Invalid API key' } },
    });
    await workbench.contextMenu(workbench.row('Northwind outbound'), 'Refresh');
    const error = workbench.row('Instantly refused the key');
    await error.waitFor();
    await workbench.row(/Northwind outbound.*320 · .*partial: .*key refused/).waitFor();
    assert.match(await rows().nth(1).innerText(), /refused the key/);
    assert.match(await rows().nth(2).innerText(), /^Broken/);
    assert.deepEqual(await workbench.notifications(), []);
    sandbox.clearOverrides();
  });

  it('offers to replace the key with a click on the error, and then reads on', async () => {
    await workbench.click(workbench.row('Instantly refused the key'));
    await workbench.asks('Replace the key of "Northwind outbound"');
    await workbench.quickInput.box.fill(SECOND_KEY);
    await workbench.quickInput.box.press('Enter');
    await workbench.row(/Northwind outbound.*320 · .*just now$/).waitFor();
    await rows().filter({ hasText: 'refused the key' }).first().waitFor({ state: 'detached' });
    assert.equal(await rows().filter({ hasText: 'refused the key' }).count(), 0);
    await workbench.click(workbench.row('Northwind outbound').locator('.monaco-tl-twistie'));
  });

  it('says which campaigns were asked where the service does not say', async () => {
    await add('Smartlead');
    // Until the list is all there, rows move to their places, and a click would find another one there.
    await workbench.row(/Smartlead.*40 · .*just now/).waitFor();
    const shown = await rows().locator('.label-name').allInnerTexts();
    // The highest one, so that what comes under it is on the screen too.
    const account = shown
      .map((label) => sandbox.smartlead.accounts.find(({ shared }) => shared['from_email'] === label))
      .find((candidate) => candidate !== undefined && candidate.campaignIds.length > 1)!;
    const row = workbench.row(String(account.shared['from_email']));
    await workbench.expand(row);
    await workbench.row(`In ${account.campaignIds.length} of all 12 campaigns`).waitFor();
  });

  it('says once why a document cannot be read, and shows no error as content', async () => {
    const { page } = workbench;
    sandbox.override({
      path: /email-accounts\/\d+/,
      reply: { status: 404, body: { error: 'Email account not found' } },
    });
    await workbench.click(workbench.row(/@.*fabrikam/).locator('.label-name'));
    await page.locator('.monaco-editor-pane-placeholder').waitFor();
    await page.locator('.statusbar-item .codicon-bell-dot').waitFor();
    const shown = await workbench.notifications();
    assert.equal(shown.length, 1);
    assert.match(shown[0]!, /^Smartlead could not find this \(404: Email account not found\)/);
    sandbox.clearOverrides();
  });
});

import assert from 'node:assert/strict';
import type { Locator } from 'playwright-core';
import { settings } from '../../src/contributions.ts';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { baseUrlsOf } from '../support/settings.ts';
import { eventually, picturesOfFailures, Workbench } from '../support/workbench.ts';

const KEY = 'planted-service-changes-key-6e';
/** Mailboxes that are paused together. */
const MANY = 500;
const HEALTHY = { status: 1, warmup_status: 1, setup_pending: false, stat_warmup_score: 97, daily_limit: 30 };

/** Changes of a service that refuses, limits, cuts and is changed by others, as a person sees them. */
describe('changes of a service on the screen', function () {
  this.bail(true);
  let sandbox: Sandbox;
  let workbench: Workbench;

  before(async function () {
    this.timeout(120_000);
    sandbox = await startSandbox({
      oddities: false,
      instantly: { accounts: MANY + 40, campaigns: 12, tags: 4 },
      keys: [{ key: KEY, service: 'instantly' }],
    });
    sandbox.instantly.accounts.forEach(({ row }, index) => {
      Object.assign(row, HEALTHY, index < MANY ? {} : { status: -1 });
      delete row['status_message'];
    });
    Object.assign(edited(), { name: 'Spring offer', daily_limit: 40, status: 1 });
    const others = emailsOf(1).filter((email) => !emailsOf(0).includes(email));
    Object.assign(sandbox.instantly.campaigns[1]!, { name: 'Summer offer', status: 2, email_list: others });
    workbench = await Workbench.open({
      width: 1500,
      height: 1300,
      settings: {
        ...baseUrlsOf(sandbox),
        [settings.allowChanges]: true,
        'editor.minimap.enabled': false,
        // No line is so long that the editor scrolls aside when something in it is clicked.
        'editor.wordWrap': 'on',
        'workbench.colorTheme': 'Default Dark Modern',
      },
    });
    await workbench.openView();
    await workbench.connect('Instantly', KEY);
    await workbench.row(/540 · .*just now/).waitFor();
  });
  after(async () => {
    await workbench.close();
    await sandbox.close();
  });
  picturesOfFailures(() => workbench);

  const edited = () => sandbox.instantly.campaigns[0]!;
  const sent = () => sandbox.writes.map(({ method, path }) => `${method} ${path.replace('/api/v2', '')}`);
  const campaign = (name: string) => workbench.row(name, 'Campaigns');
  const line = (text: string | RegExp) =>
    workbench.page.locator('.editor-instance .view-line', { hasText: text }).first();
  const sign = async (label: RegExp) => {
    await workbench.dialog.getByRole('button', { name: label }).click();
    await workbench.dialog.waitFor({ state: 'detached' });
  };
  /** Reloads the window and gives the key again, which a browser forgets with the page. */
  async function comeBack(): Promise<void> {
    const { page, quickInput } = workbench;
    await workbench.reload();
    await workbench.row(/540 · /).waitFor();
    await workbench.palette('Sendmap: Replace Key…');
    await quickInput.box.and(page.locator('[type="password"]')).waitFor();
    await quickInput.box.fill(KEY);
    await quickInput.box.press('Enter');
    await quickInput.widget.waitFor({ state: 'hidden' });
  }
  /** Types a value over the one that a property has in the draft. */
  async function type(property: string, before: string, value: string): Promise<void> {
    // A hover over the value would take the clicks.
    await workbench.page.mouse.move(700, 20);
    await workbench.page.locator('.monaco-editor .monaco-hover:visible').first().waitFor({ state: 'detached' });
    await line(`"${property}"`).locator('span', { hasText: before }).last().dblclick();
    await workbench.page.keyboard.type(value);
    await line(new RegExp(`"${property}":\\s*${value}`)).waitFor();
  }
  const lens = (title: string): Locator =>
    workbench.page.locator('.editor-instance .codelens-decoration a', { hasText: title }).first();

  it('keeps a draft that is checked while it is written, and sends nothing', async () => {
    await workbench.change(campaign('Spring offer'), /^Edit Campaign/);
    await workbench.tab(/Spring offer/).waitFor();
    await workbench.focusedEditor.waitFor();
    await type('daily_limit', '40', 'true');
    await workbench.page
      .locator('.editor-instance .squiggly-warning, .editor-instance .squiggly-error')
      .first()
      .waitFor();
    await workbench.hover(line('"daily_limit"').locator('span', { hasText: 'true' }).last(), 'Incorrect type');
    await workbench.screenshot('change-edit-validation');
    await type('daily_limit', 'true', '55');
    await workbench.page.keyboard.press('Control+S');
    await workbench.page.locator('.tabs-container .tab.active:not(.dirty)').waitFor();
    assert.deepEqual(sent(), []);
  });

  it('asks about what was changed on both sides, and puts a refusal at its property', async () => {
    const { dialog, page } = workbench;
    edited()['daily_limit'] = 70;
    sandbox.fault({ kind: 'refused', status: 422, property: 'daily_limit', problem: 'must be at most 50', times: 1 });
    await lens('Review and Apply').click();
    await dialog.getByText('"daily_limit" was changed in the draft').waitFor();
    await workbench.screenshot('change-conflict');
    await sign(/^Overwrite/);
    await dialog.getByText('daily_limit: 70 → 55').waitFor();
    assert.match(await dialog.innerText(), /This campaign is sending right now/);
    await page.locator('.monaco-diff-editor').first().waitFor();
    await workbench.screenshot('change-review');
    await sign(/^Edit campaign "Spring offer"/);
    await page.locator('.editor-instance .squiggly-error').first().waitFor();
    await workbench.hover(line('"daily_limit"').locator('span', { hasText: '55' }).last(), 'must be at most 50');
    await workbench.screenshot('change-refused');
    assert.equal(edited()['daily_limit'], 70);
    assert.deepEqual(sent(), [`PATCH /campaigns/${String(edited()['id'])}`]);
  });

  it('applies the draft when the service takes it, and the draft goes', async () => {
    await workbench.palette('Sendmap: Review and Apply');
    await workbench.dialog.getByText('"daily_limit" was changed in the draft').waitFor();
    await sign(/^Overwrite/);
    await workbench.dialog.getByText('daily_limit: 70 → 55').waitFor();
    await sign(/^Edit campaign "Spring offer"/);
    await eventually(() => Promise.resolve(edited()['daily_limit']), 55);
    await workbench.tab('Spring offer').waitFor({ state: 'detached' });
    assert.deepEqual(sent().slice(1), [`PATCH /campaigns/${String(edited()['id'])}`]);
    assert.deepEqual(sandbox.writes.at(-1)?.body, { daily_limit: 55 });
  });

  it('moves a sender from one campaign to another', async () => {
    const before = sandbox.writes.length;
    await workbench.expand(campaign('Spring offer'));
    const sender = workbench.rows('Campaigns').and(workbench.page.locator('[aria-level="3"]')).filter({ hasText: '@' });
    const email = (await sender.first().locator('.label-name').innerText()).trim();
    await workbench.change(sender.first(), /^Move Senders/);
    await workbench.asks('Move senders to');
    await workbench.pick('Summer offer');
    await workbench.dialog.getByText('from "Spring offer" to "Summer offer"').first().waitFor();
    await workbench.screenshot('change-move');
    await sign(/^Move/);
    await eventually(() => Promise.resolve([1, 0].map((place) => emailsOf(place).includes(email))), [true, false]);
    assert.deepEqual(
      sent().slice(before),
      [1, 0].map((place) => `PATCH /campaigns/${String(sandbox.instantly.campaigns[place]?.['id'])}`),
    );
    await workbench.rows('Campaigns').filter({ hasText: email }).first().waitFor({ state: 'detached' });
    // What comes below it is on the screen again.
    await workbench.click(campaign('Spring offer').locator('.monaco-tl-twistie'));
  });

  const emailsOf = (place: number) => sandbox.instantly.campaigns[place]?.['email_list'] as string[];

  it('tags accounts', async () => {
    const before = sandbox.writes.length;
    const tag = String(sandbox.instantly.tags[0]?.['label']);
    await workbench.palette('Sendmap: Group Accounts By…');
    await workbench.asks('Group accounts by');
    await workbench.pick('Status');
    await workbench.change(workbench.row(/^Connection Error/), /^Assign Tags/);
    await workbench.asks('Assign tags');
    await workbench.quickInput.box.fill(tag);
    await workbench.quickInput.rows.filter({ hasText: tag }).first().locator('.monaco-checkbox, input').first().click();
    await workbench.quickInput.box.press('Enter');
    await workbench.dialog.getByText(`with "${tag}"`).first().waitFor();
    await workbench.screenshot('change-tags');
    await sign(/^Tag /);
    await eventually(() => Promise.resolve(sent().slice(before)), ['POST /custom-tags/toggle-resource']);
  });

  it('tags a campaign from its row', async () => {
    const before = sandbox.writes.length;
    const tag = String(sandbox.instantly.tags[1]?.['label']);
    await workbench.change(campaign('Spring offer'), /^Assign Tags/);
    await workbench.asks('Assign tags');
    await workbench.quickInput.box.fill(tag);
    await workbench.quickInput.rows.filter({ hasText: tag }).first().locator('.monaco-checkbox, input').first().click();
    await workbench.quickInput.box.press('Enter');
    await workbench.dialog.getByText(`Tag Spring offer with "${tag}"`).first().waitFor();
    await workbench.screenshot('change-tag-campaign');
    await sign(/^Tag /);
    await eventually(() => Promise.resolve(sent().slice(before)), ['POST /custom-tags/toggle-resource']);
    assert.deepEqual((sandbox.writes.at(-1)?.body as { resource_ids: unknown }).resource_ids, [edited()['id']]);
  });

  it('saves a campaign before it is deleted, and asks for its name', async () => {
    const { quickInput, dialog } = workbench;
    const before = sandbox.writes.length;
    const id = String(sandbox.instantly.campaigns[1]?.['id']);
    await workbench.change(campaign('Summer offer'), /^Delete Campaign/);
    await dialog.getByText('do not come back').waitFor();
    await workbench.screenshot('change-delete');
    await sign(/^Delete campaign/);
    await workbench.asks('Delete campaign');
    await quickInput.box.fill('Summer');
    await quickInput.box.press('Enter');
    await quickInput.message.filter({ hasText: '"Summer" is not "Summer offer".' }).waitFor();
    await workbench.screenshot('change-delete-typed');
    await quickInput.box.fill('Summer offer');
    await quickInput.box.press('Enter');
    await workbench.editorText.filter({ hasText: 'Summer offer' }).waitFor();
    await campaign('Summer offer').waitFor({ state: 'detached' });
    assert.deepEqual(sent().slice(before), [`DELETE /campaigns/${id}`]);
  });

  it('pauses 500 accounts through a limit, failures and a cut, is cancelled, and goes on after a reload', async function () {
    this.timeout(180_000);
    const { page, quickInput, dialog } = workbench;
    await workbench.palette('Notifications: Clear All Notifications');
    const before = sandbox.writes.length;
    const [first, second] = sandbox.instantly.accounts.map(({ email }) => email);
    // The one that is named last is tried first.
    sandbox.fault({ kind: 'ignored', names: [first!, second!], path: 'pause' });
    sandbox.fault({ kind: 'rateLimited', retryAfter: 1, path: 'pause', times: 1 });
    sandbox.fault({ kind: 'cutAfter', path: 'pause', after: 1, times: 1 });
    await workbench.change(workbench.row(/^Active/), /^Pause Accounts/);
    await dialog.getByText(/^Pause 500 accounts, in/).waitFor();
    await workbench.screenshot('change-many');
    await sign(/^Pause 500 accounts/);
    await workbench.asks('Pause 500 accounts');
    await quickInput.box.fill('500');
    await quickInput.box.press('Enter');
    await quickInput.widget.waitFor({ state: 'hidden' });
    await workbench.palette('Notifications: Show Notifications');
    const center = page.locator('.notifications-center');
    await center
      .getByText(/00 of 500/)
      .first()
      .waitFor({ timeout: 60_000 });
    await workbench.screenshot('change-many-progress');
    await center.getByRole('button', { name: 'Cancel' }).first().click();
    // The list closes with its last entry; what comes then is behind the bell.
    await center.waitFor({ state: 'hidden' });
    await page.locator('.statusbar-item .codicon-bell-dot').waitFor();
    await workbench.palette('Notifications: Show Notifications');
    const outcome = await center
      .getByText(/Pause 500 accounts: .*not sent/)
      .first()
      .innerText();
    // What was on its way when it was cancelled is done too.
    const left = MANY - Number(/(\d+) done/.exec(outcome)?.[1]);
    await workbench.screenshot('change-many-cancelled');
    const paused = () => sandbox.instantly.accounts.filter(({ row }) => row['status'] === 2).length;
    assert.ok(paused() > 0 && paused() < MANY - 2, String(paused()));

    await comeBack();
    await workbench.palette('Sendmap: Resume Change…');
    await workbench.asks('Resume change');
    await workbench.pick('Pause 500 accounts');
    await dialog.getByText(`Pause 500 accounts: the ${left} that are left, in`).waitFor();
    await workbench.screenshot('change-many-resumed');
    await sign(/^Pause 500 accounts/);
    await workbench.asks('Pause 500 accounts');
    await quickInput.box.fill(/\d+/.exec(await quickInput.message.innerText())?.[0] ?? '');
    await quickInput.box.press('Enter');
    await eventually(() => Promise.resolve(paused()), MANY - 2);
    const asked = sandbox.writes.slice(before).map(({ body }) => (body as { emails: string[] }).emails);
    assert.equal(new Set(asked.flat()).size, MANY);
    // The limit refused one request, which was sent again; nothing else was sent twice.
    assert.equal(asked.flat().length, MANY + 100);
    await workbench.palette('Sendmap: Open Change Log');
    await workbench.tab('Change Log.json').waitFor();
    await workbench.editorText.filter({ hasText: '"Pause 500 accounts"' }).waitFor();
    // A menu that is open when the editor takes the focus is closed.
    await workbench.focusedEditor.waitFor();
    await workbench.screenshot('change-many-log');
  });

  it('offers to go on with what a window that closed has interrupted', async function () {
    this.timeout(120_000);
    const { page, quickInput, dialog } = workbench;
    const before = sandbox.writes.length;
    const limits = () => sandbox.instantly.accounts.filter(({ row }) => row['daily_limit'] === 25).length;
    // What the plan before this one has changed is painted, so that the menu opens on a row that stays.
    await workbench.row(/^Paused\s*498/).waitFor();
    await workbench.row(/^Active\s*2\D/).waitFor();
    // It waits for a minute after ten of them.
    sandbox.fault({ kind: 'rateLimited', retryAfter: 60, after: 10, times: 1 });
    await workbench.change(workbench.row(/^Connection Error/), /^Set Daily Limit/);
    await workbench.asks('Set daily limit');
    await quickInput.box.fill('25');
    await quickInput.box.press('Enter');
    await dialog
      .getByText(/daily limit .*25/)
      .first()
      .waitFor();
    await dialog.getByRole('button', { name: /25/ }).click();
    await eventually(() => Promise.resolve([limits(), sandbox.writes.at(-1)?.status]), [10, 429]);
    await comeBack();
    await page.locator('.statusbar-item .codicon-bell-dot').waitFor();
    await workbench.palette('Notifications: Show Notifications');
    const center = page.locator('.notifications-center');
    await center
      .getByText(/was interrupted/)
      .first()
      .waitFor();
    await workbench.screenshot('change-interrupted');
    await center.getByRole('button', { name: 'Check and Go On…' }).click();
    await dialog
      .getByText(/the 30 that are left/)
      .first()
      .waitFor();
    await dialog.getByRole('button', { name: /25/ }).click();
    await eventually(() => Promise.resolve(limits()), 40);
    // One was refused by the limit; none that was done is sent again.
    assert.equal(sandbox.writes.length - before, 41);
  });
});

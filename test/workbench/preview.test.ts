import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Frame } from 'playwright-core';
import { startSandbox, type Sandbox } from '../../src/sandbox/server.ts';
import { baseUrlsOf } from '../support/settings.ts';
import { eventually, picturesOfFailures, Workbench } from '../support/workbench.ts';

const KEY = 'planted-preview-key-p7';
type Row = Record<string, unknown>;

/** The emails of a campaign in a real webview, with everything in them that should not happen. */
describe('the preview of emails on the screen', function () {
  this.bail(true);
  let sandbox: Sandbox;
  let workbench: Workbench;
  /** What was asked of a server that only hostile emails name. */
  const fetched: string[] = [];
  const stranger = createServer((request, response) => {
    fetched.push(request.url ?? '');
    response.end();
  });

  before(async function () {
    this.timeout(120_000);
    sandbox = await startSandbox({
      oddities: false,
      instantly: { accounts: 12, campaigns: 4 },
      smartlead: { accounts: 12, campaigns: 6 },
      keys: [
        { key: KEY, service: 'instantly' },
        { key: KEY, service: 'smartlead' },
      ],
    });
    await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
    workbench = await Workbench.open({
      width: 1600,
      height: 1000,
      settings: {
        ...baseUrlsOf(sandbox),
      },
    });
    await workbench.openView();
  });
  after(async () => {
    await workbench.close();
    await sandbox.close();
    stranger.close();
  });
  picturesOfFailures(() => workbench);

  const add = (service: string) => workbench.connect(service, KEY);

  /** The page of a preview: a frame in the frame of the webview. */
  async function pageOf(heading: string): Promise<Frame> {
    const find = async () => {
      for (const frame of workbench.page.frames()) {
        const [title] = await frame
          .locator('h1')
          .allInnerTexts()
          .catch(() => []);
        if (title === heading) {
          return frame;
        }
      }
      return undefined;
    };
    await eventually(async () => (await find()) !== undefined, true);
    return (await find())!;
  }

  const planted = () => {
    const url = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`;
    return `<div>Hi {{firstName}}, {quick|short} question</div><img src="${url}/image" alt="Our team">
      <script>document.title = 'ran'; fetch('${url}/script')</script><img src=x onerror="fetch('${url}/handler')">
      <style>@import url(${url}/import); body { background: url(${url}/style) }</style>
      <p style="background: url(${url}/attribute)">Text</p><iframe src="${url}/frame"></iframe>
      <link rel="stylesheet" href="${url}/link"><meta http-equiv="refresh" content="0;url=${url}/refresh">
      <svg><image href="${url}/svg" /></svg><video src="${url}/video" autoplay></video>
      <form action="${url}/form"><input autofocus onfocus="fetch('${url}/focus')"></form>
      <a href="command:workbench.action.quickOpen">a link</a><a href="${url}/click">another</a></section></body>`;
  };

  it('shows the steps of an Instantly campaign, and nothing in them happens', async () => {
    const campaign = sandbox.instantly.campaigns.find((row) => 'sequences' in row)!;
    const name = String(campaign['name']);
    const { steps } = (campaign['sequences'] as { steps: { delay: number; variants: Row[] }[] }[])[0]!;
    steps[0]!.variants[1]!['body'] = planted();
    steps[0]!.variants[1]!['v_disabled'] = true;
    await add('Instantly');
    await workbench.row(/4 · .*just now/, 'Campaigns').waitFor();
    await workbench.contextMenu(workbench.row(name, 'Campaigns'), 'Preview Emails of Campaign');
    await workbench.tab(`Emails of ${name}`).waitFor();

    const page = await pageOf(`Emails of ${name}`);
    assert.deepEqual(
      await page.locator('h2').allInnerTexts(),
      steps.map((_, index) => (index === 0 ? 'Step 1' : `Step ${index + 1}, ${steps[index - 1]!.delay} days later`)),
    );
    const emails = page.locator('section').first().locator('article');
    assert.equal(await emails.count(), 2);
    const subject = emails.first().locator('.subject');
    assert.equal(await subject.innerText(), steps[0]!.variants[0]!['subject']);
    assert.deepEqual(await subject.locator('mark.variable').allInnerTexts(), ['{{firstName}}', '{{companyName}}']);
    assert.equal(
      await emails.first().locator('.email mark.spintax').first().innerText(),
      '{{RANDOM | Hi | Hello | Hey}}',
    );
    assert.equal(await page.locator('.subject.none').first().innerText(), '(same thread)');

    const hostile = emails.nth(1);
    assert.match(await hostile.locator('header').innerText(), /disabled/);
    const shown = await hostile.locator('.email').innerText();
    assert.match(shown, /Hi \{\{firstName\}\}, \{quick\|short\} question/);
    assert.match(shown, /Our team/);
    assert.deepEqual(await hostile.locator('.email mark').allInnerTexts(), ['{{firstName}}', '{quick|short}']);
    assert.equal(
      await page.locator('script, iframe, img, svg, video, form, input, link, [href], [style*=url]').count(),
      0,
    );
    await hostile.getByText('a link', { exact: true }).click();
    await hostile.getByText('another', { exact: true }).click();
    assert.equal(await workbench.quickInput.widget.count(), 0);

    const plain = hostile.locator('details');
    await plain.locator('summary').click();
    assert.match(await plain.locator('pre').innerText(), /^Hi \{\{firstName\}\}, \{quick\|short\} question\nOur team/);
    await workbench.screenshot('preview-instantly');
  });

  it('is held by a policy, and by a frame without scripts', async () => {
    const page = workbench.page.frames().find((frame) => frame.url().includes('fake.html'))!;
    const policy = await page.locator('meta[http-equiv="Content-Security-Policy"]').getAttribute('content');
    assert.match(policy!, /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'none'; base-uri 'none'$/);
    const frame = await page.frameElement();
    const sandboxed = (await frame.getAttribute('sandbox')) ?? 'none';
    assert.doesNotMatch(sandboxed, /allow-scripts|allow-forms|none/);
    // The one style that the policy names is applied.
    assert.equal(
      await page
        .locator('.variants')
        .first()
        .evaluate((element) => getComputedStyle(element).display),
      'flex',
    );
    // All that a page loads begins before it has loaded.
    await eventually(() => page.evaluate('document.readyState'), 'complete');
    assert.deepEqual(fetched, []);
  });

  it('opens beside a document by its button, once for a campaign', async () => {
    const campaign = sandbox.instantly.campaigns.find((row) => 'sequences' in row)!;
    const name = String(campaign['name']);
    await workbench.palette('View: Close All Editors');
    await workbench.tab(`Emails of ${name}`).waitFor({ state: 'detached' });
    await workbench.contextMenu(workbench.row(name, 'Campaigns'), 'Open Campaign');
    await workbench.editorText.filter({ hasText: 'campaign_schedule' }).waitFor();
    const button = workbench.page.locator('.editor-actions [aria-label^="Preview Emails"]').first();
    await button.click();
    await pageOf(`Emails of ${name}`);
    assert.equal(await workbench.page.locator('.editor-group-container').count(), 2);
    await workbench.tab(name).click();
    sandbox.requests.length = 0;
    await button.click();
    await eventually(() => Promise.resolve(sandbox.requests.length), 1);
    await pageOf(`Emails of ${name}`);
    assert.equal(await workbench.page.locator('.tabs-container .tab').filter({ hasText: 'Emails of' }).count(), 1);
  });

  it('shows the sequences of a Smartlead campaign, also as a document, and says where there are none', async () => {
    await workbench.palette('View: Close All Editors');
    await workbench.click(workbench.row(/4 · .*just now/, 'Campaigns').locator('.monaco-tl-twistie'));
    await add('Smartlead');
    await workbench.row(/6 · .*just now/, 'Campaigns').waitFor();
    const { smartlead } = sandbox;
    const [first, second] = smartlead.campaigns.filter((row) => row['parent_campaign_id'] === null);
    const steps = smartlead.sequencesOf(Number(first!['id']));
    smartlead.sequencesOf(Number(second!['id'])).length = 0;
    const [name, other] = [String(first!['name']), String(second!['name'])];
    await workbench.contextMenu(workbench.row(name, 'Campaigns'), 'Open Sequences of Campaign');
    await workbench.tab(`${name}.sequences.json`).waitFor();
    await workbench.editorText.filter({ hasText: 'sequence_variants' }).waitFor();
    await workbench.contextMenu(workbench.row(name, 'Campaigns'), 'Preview Emails of Campaign');
    const page = await pageOf(`Emails of ${name}`);
    assert.equal(await page.locator('section').count(), steps.length);
    assert.ok((await page.locator('mark.spintax').allInnerTexts()).includes('{Hi|Hello|Hey}'));
    await workbench.screenshot('preview-smartlead');
    await workbench.contextMenu(workbench.row(other, 'Campaigns'), 'Preview Emails of Campaign');
    const empty = await pageOf(`Emails of ${other}`);
    await empty.getByText('This campaign has no emails yet.').waitFor();
    assert.deepEqual(fetched, []);
  });
});

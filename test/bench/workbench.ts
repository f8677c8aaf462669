/** `npm run bench`: figures as JSON lines, one a line. Needs the build: run `npm run package` or `npm test` first. */
import { existsSync, statSync } from 'node:fs';
import { settings } from '../../src/contributions.ts';
import { defaultKeys } from '../../src/sandbox/options.ts';
import { startSandbox } from '../../src/sandbox/server.ts';
import { activationFiles } from '../support/bundles.ts';
import { root } from '../support/paths.ts';
import { baseUrlSettings } from '../support/settings.ts';
import { Workbench } from '../support/workbench.ts';

function figure(name: string, value: number, unit: string, parameters: object = {}): void {
  process.stdout.write(
    `${JSON.stringify({ figure: name, value: Math.round(value * 10) / 10, unit, ...parameters })}\n`,
  );
}

const activation = activationFiles();
figure('size of what activation loads', activation.bytes / 1024, 'KiB', { files: activation.paths.length });
for (const [name, file] of [
  ['size of the HTTP bundle, loaded with the first request', 'http.cjs'],
  ['size of the sandbox bundle, loaded with the sample workspace', 'sandbox.cjs'],
  ['size of the package', 'sendmap.vsix'],
] as const) {
  const path = `${root}/dist/${file}`;
  if (existsSync(path)) {
    figure(name, statSync(path).size / 1024, 'KiB', { file });
  }
}

const parameters = { accounts: 1000, campaigns: 40, latency: 120 };
const sandbox = await startSandbox({
  oddities: false,
  latency: parameters.latency,
  instantly: { accounts: parameters.accounts, campaigns: parameters.campaigns },
});
const workbench = await Workbench.open({
  height: 1600,
  settings: { [baseUrlSettings.instantly]: sandbox.baseUrls.instantly, [settings.automaticPages]: 1 },
});
figure('activation', workbench.activation, 'ms');

const { page } = workbench;
await workbench.openView();
await page.locator('.monaco-button', { hasText: 'Connect Instantly' }).click();
await workbench.quickInput.box.fill(defaultKeys.instantly);
await page.keyboard.press('Enter');
await workbench.quickInput.title.filter({ hasText: '2/2' }).waitFor();
figure('requests to check a key', sandbox.requests.length, 'requests');

const [first = '', second = ''] = sandbox.instantly.accounts
  .slice(0, 100)
  .map(({ email }) => email)
  .sort();
sandbox.requests.length = 0;
const started = performance.now();
await page.keyboard.press('Enter');
await workbench.row(/@/).waitFor();
figure('first row after a connection is added', performance.now() - started, 'ms', parameters);
await page.waitForTimeout(1500);
figure('requests to open the view', sandbox.requests.length, 'requests', { ...parameters, pages: 1 });

for (const [name, act] of [
  ['requests to expand an account', () => workbench.expand(workbench.row(first))],
  ['requests to open a document', () => workbench.row(second).locator('.label-name').click()],
] as const) {
  sandbox.requests.length = 0;
  await act();
  await page.waitForTimeout(2000);
  figure(name, sandbox.requests.length, 'requests');
}
await workbench.close();
await sandbox.close();

const sample = await Workbench.open({ commands: ['sendmap.openSampleWorkspace'] });
await sample.row(/@try-northwind/).waitFor();
await sample.page.waitForTimeout(6000);
const reload = performance.now();
await sample.page.reload();
await sample.row(/@try-northwind/).waitFor();
figure('first row after a load of the page', performance.now() - reload, 'ms', { workspace: 'sample' });
await sample.close();

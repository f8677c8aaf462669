import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { chromium, type Browser } from 'playwright-core';
import { root } from './paths.ts';
import { YIELDING } from './yielding.ts';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
  '--disable-sync',
];

/**
 * Starts a headless browser: one that is installed where there is one, else the one from the npm registry.
 *
 * @param yields true: on Linux it leaves the cores to others, because what is measured is not the browser.
 */
export async function launchBrowser(yields = false): Promise<Browser> {
  const startOf = yields ? yieldingStart : (path: string) => path;
  const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  );
  if (installed !== undefined) {
    return chromium.launch({ executablePath: await startOf(installed), args: FLAGS });
  }
  if (process.platform === 'linux') {
    // Where the system lacks the libraries of a browser, the package brings them, but only if it believes to run on
    // the platform that it was made for; it decides when it is loaded.
    if (
      !['/usr/lib/x86_64-linux-gnu/libnss3.so', '/usr/lib64/libnss3.so', '/usr/lib/libnss3.so'].some((path) =>
        existsSync(path),
      )
    ) {
      process.env['AWS_LAMBDA_JS_RUNTIME'] ??= 'nodejs22.x';
    }
    const { default: packaged } = await import('@sparticuz/chromium');
    return chromium.launch({ executablePath: await startOf(await packaged.executablePath()), args: FLAGS });
  }
  for (const channel of ['chrome', 'msedge']) {
    try {
      return await chromium.launch({ channel, args: FLAGS });
    } catch {
      // The next one may be there.
    }
  }
  throw new Error('No browser found. Install Chrome, Edge or Chromium.');
}

/** A program that starts another with a low priority. */
async function yieldingStart(path: string): Promise<string> {
  const script = `${root}/dist/yielding-browser.sh`;
  await mkdir(dirname(script), { recursive: true });
  await writeFile(script, `#!/bin/sh\n${YIELDING} '${path}' "$@"\n`, { mode: 0o755 });
  return script;
}

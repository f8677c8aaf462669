import { existsSync } from 'node:fs';
import { chromium, type Browser } from 'playwright-core';

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--disable-background-networking',
  '--disable-component-update',
  '--no-first-run',
  '--disable-sync',
];

/** Starts a headless browser: one that is installed where there is one, else the one from the npm registry. */
export async function launchBrowser(): Promise<Browser> {
  const installed = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
    existsSync(path),
  );
  if (installed !== undefined) {
    return chromium.launch({ executablePath: installed, args: FLAGS });
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
    return chromium.launch({ executablePath: await packaged.executablePath(), args: FLAGS });
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

/** `npm start`: a real VS Code in the browser, as users have it: the packaged Sendmap and a sample workspace in it. */
import { spawn } from 'node:child_process';
import { parseArgs } from 'node:util';
import { installBuild } from './install.ts';
import { currentPackage } from './package.ts';
import { root, versions } from './paths.ts';
import { startServer } from './server.ts';

const { values } = parseArgs({
  options: { port: { type: 'string' }, 'no-open': { type: 'boolean' }, help: { type: 'boolean' } },
});

if (values.help) {
  process.stdout.write('npm start -- [--port N] [--no-open]\n');
} else {
  const [build, install] = await Promise.all([installBuild(versions.newest), currentPackage()]);
  const server = await startServer(build, {
    ...(values.port === undefined ? {} : { port: Number(values.port) }),
    install,
    driver: false,
    settings: { 'workbench.startupEditor': 'none' },
    commands: ['workbench.action.closeAuxiliaryBar', 'sendmap.openSampleWorkspace'],
  });
  const url = server.url(`${root}/test/support/sample-folder`);
  process.stdout.write(`\nVS Code with Sendmap: ${url}\n\nCtrl+C ends it.\n`);
  if (values['no-open'] !== true) {
    openInBrowser(url);
  }
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      void server.close().then(() => process.exit(0));
    });
  }
}

function openInBrowser(url: string): void {
  const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
    darwin: ['open', url],
    win32: ['cmd', '/c', 'start', '""', url.replaceAll('&', '^&')],
  };
  const [command, ...args] = openers[process.platform] ?? ['xdg-open', url];
  // Without a desktop there is nothing to open; the address above is enough.
  spawn(command, args, { stdio: 'ignore', detached: true })
    .on('error', () => undefined)
    .unref();
}

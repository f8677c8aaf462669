/** `npm run bench`: figures as JSON lines, each part in a process of its own. Needs the build: run `npm run package`. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { root } from '../support/paths.ts';

const [only, ...options] = process.argv.slice(2);
for (const part of ['sync', 'scan', 'scale', 'health', 'precision', 'capacity', 'views', 'workbench', 'activation']) {
  if (only === undefined || only === part) {
    const child = spawn(process.execPath, ['--expose-gc', `${root}/test/bench/${part}.ts`, ...options], {
      stdio: 'inherit',
    });
    const [code] = (await once(child, 'close')) as [number];
    if (code !== 0) {
      process.exitCode = code;
    }
  }
}

import { spawn } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { root } from './paths.ts';

/** The package as it ships. */
export const vsix = `${root}/dist/sendmap.vsix`;

/** What goes into it, and what makes it. */
const SOURCES = ['src', 'l10n', 'media', 'licenses', 'package.json', 'package.nls.json', 'README.md', 'CHANGELOG.md'];
const MAKERS = ['esbuild.js', 'commonjs.js', 'notices.js', 'tsconfig.api.json', '.vscodeignore', 'package-lock.json'];

/** Runs the packager; resolves with its exit code and what it printed. */
export function makePackage(onOutput: (text: string) => void): Promise<{ code: number; output: string }> {
  const vsce = join(dirname(createRequire(import.meta.url).resolve('@vscode/vsce/package.json')), 'vsce');
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [vsce, 'package', '--no-dependencies', '--out', vsix], { cwd: root });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        output += data.toString();
        onOutput(data.toString());
      });
    }
    child.once('close', (code) => {
      resolve({ code: code ?? 1, output });
    });
  });
}

/** The package of the sources as they are: the one that is there, where nothing changed since. @throws {Error} */
export async function currentPackage(): Promise<string> {
  const made = statSync(vsix, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if ([...SOURCES, ...MAKERS].some((name) => newestIn(join(root, name)) > made)) {
    const { code, output } = await makePackage(() => undefined);
    if (code !== 0) {
      throw new Error(`The package cannot be made:\n${output}`);
    }
  }
  return vsix;
}

/** When a file, or the newest one in a folder, was changed, in milliseconds since the epoch; 0 where it is not there. */
function newestIn(path: string): number {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isDirectory()
    ? readdirSync(path).reduce((newest, name) => Math.max(newest, newestIn(join(path, name))), found.mtimeMs)
    : (found?.mtimeMs ?? 0);
}

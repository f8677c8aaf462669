/** `npm test`: everything, one suite after the other, with one line at the end that counts them all. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runHostTests } from './hostTests.ts';
import { root, versions } from './paths.ts';

interface Counts {
  passed: number;
  failed: number;
}

const totals: Counts = { passed: 0, failed: 0 };
const require = createRequire(import.meta.url);
const vsix = `${root}/dist/sendmap.vsix`;

const bin = (name: string, file: string) => join(dirname(require.resolve(`${name}/package.json`)), file);
const tsc = bin('typescript', 'bin/tsc');

/** Runs a Node script; resolves with its exit code and what it printed. */
function node(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...environment } });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        output += data.toString();
        process.stdout.write(data);
      });
    }
    child.once('close', (code) => {
      resolve({ code: code ?? 1, output });
    });
  });
}

async function suite(name: string, run: () => Promise<Counts>): Promise<void> {
  process.stdout.write(`\n── ${name}\n`);
  const started = performance.now();
  const { passed, failed } = await run();
  totals.passed += passed;
  totals.failed += failed;
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`── ${name}: ${passed} passed, ${failed} failed, ${seconds} s\n`);
}

/** A check that passes or fails as a whole. */
const check = async (...args: string[]): Promise<Counts> =>
  (await node(args)).code === 0 ? { passed: 1, failed: 0 } : { passed: 0, failed: 1 };

/** A suite of mocha's in plain Node. One that ends without a report has failed. */
async function mocha(folder: string, timeout: number, environment: NodeJS.ProcessEnv = {}): Promise<Counts> {
  const report = join(tmpdir(), `sendmap-${folder}-${process.pid}.json`);
  rmSync(report, { force: true });
  const args = ['--reporter', `${root}/test/support/reporter.cjs`, '--timeout', String(timeout)];
  const { code } = await node([bin('mocha', 'bin/mocha.js'), ...args, `test/${folder}/**/*.test.ts`], {
    ...environment,
    SENDMAP_REPORT: report,
  });
  if (!existsSync(report)) {
    return { passed: 0, failed: 1 };
  }
  const counts = JSON.parse(readFileSync(report, 'utf8')) as Counts;
  rmSync(report);
  return code !== 0 && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

async function host(version: (typeof versions)[keyof typeof versions]): Promise<Counts> {
  const { passed, failures } = await runHostTests(version);
  for (const failure of failures) {
    process.stdout.write(`\n${failure}\n`);
  }
  return { passed, failed: failures.length };
}

/** The package as it ships; a warning of the packager is a failure. */
async function packaged(): Promise<Counts> {
  const { code, output } = await node([bin('@vscode/vsce', 'vsce'), 'package', '--no-dependencies', '--out', vsix]);
  const clean = code === 0 && !/^\s*WARNING\b/m.test(output);
  return { passed: clean ? 1 : 0, failed: clean ? 0 : 1 };
}

await suite('types', () => check(tsc));
await suite('lint', () => check(bin('eslint', 'bin/eslint.js'), '.'));
await suite('format', () => check(bin('prettier', 'bin/prettier.cjs'), '--check', '--log-level', 'warn', '.'));
await suite('package', packaged);
await suite('build of the host tests', () => check('esbuild.js', '--tests'));
await suite('unit', () => mocha('unit', 10_000));
await suite('contract', () => mocha('contract', 10_000));
await suite('faults', () => mocha('faults', 60_000));
await suite(`host, VS Code ${versions.oldest}`, () => host(versions.oldest));
await suite(`host, VS Code ${versions.newest}`, () => host(versions.newest));
if (process.platform === 'win32') {
  process.stdout.write('\n── workbench: not on Windows, which the server build in the npm registry is not made for\n');
} else {
  await suite('workbench, the packaged extension', () => mocha('workbench', 45_000, { SENDMAP_VSIX: vsix }));
}

process.stdout.write(`\n${totals.passed} passed, ${totals.failed} failed\n`);
process.exitCode = totals.failed === 0 ? 0 : 1;

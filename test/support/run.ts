/** `npm test`: everything, as much at once as two cores can take, with one line at the end that counts it all. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runHostTests } from './hostTests.ts';
import { makePackage, vsix } from './package.ts';
import { root, versions } from './paths.ts';

interface Results {
  readonly passed: number;
  /** A text for each failure. */
  readonly failures: readonly string[];
}

let passed = 0;
const failures: string[] = [];
const require = createRequire(import.meta.url);

const bin = (name: string, file: string) => join(dirname(require.resolve(`${name}/package.json`)), file);
const tsc = bin('typescript', 'bin/tsc');

/** Runs a Node script, and prints at its end what it said, because others run beside it. @returns its exit code. */
function node(args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, args, { cwd: root, env: { ...process.env, ...environment } });
    const output: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => output.push(data));
    }
    child.once('close', (code) => {
      process.stdout.write(Buffer.concat(output));
      resolve(code ?? 1);
    });
  });
}

async function suite(name: string, run: () => Promise<Results>): Promise<void> {
  const started = performance.now();
  const results = await run();
  passed += results.passed;
  failures.push(...results.failures.map((failure) => `${name}: ${failure}`));
  const seconds = Math.round((performance.now() - started) / 1000);
  process.stdout.write(`── ${name}: ${results.passed} passed, ${results.failures.length} failed, ${seconds} s\n\n`);
}

/** What passes or fails as a whole. */
const whole = (passes: boolean, problem: string): Results =>
  passes ? { passed: 1, failures: [] } : { passed: 0, failures: [problem] };

const check = async (...args: string[]): Promise<Results> => whole((await node(args)) === 0, 'see above');

/** A suite of mocha's in plain Node, two files at a time. One that ends without a report has failed. */
async function mocha(folder: string, timeout: number, environment: NodeJS.ProcessEnv = {}): Promise<Results> {
  const report = join(tmpdir(), `sendmap-${folder}-${process.pid}.json`);
  rmSync(report, { force: true });
  const args = ['--parallel', '--jobs', '2', '--reporter', `${root}/test/support/reporter.cjs`];
  args.push('--timeout', String(timeout));
  const code = await node([bin('mocha', 'bin/mocha.js'), ...args, `test/${folder}/**/*.test.ts`], {
    ...environment,
    SENDMAP_REPORT: report,
  });
  if (!existsSync(report)) {
    return whole(false, 'it ended without a report');
  }
  const results = JSON.parse(readFileSync(report, 'utf8')) as Results;
  rmSync(report);
  const unexplained = code !== 0 && results.failures.length === 0;
  return unexplained ? { ...results, failures: [`it ended with ${code}`] } : results;
}

/** The package as it ships; a warning of the packager is a failure. */
async function packaged(): Promise<Results> {
  const { code, output } = await makePackage((text) => process.stdout.write(text));
  return whole(code === 0 && !/^\s*WARNING\b/m.test(output), 'it failed or warned, see above');
}

await Promise.all([
  suite('types', () => check(tsc)),
  suite('lint', () => check(bin('eslint', 'bin/eslint.js'), '.')),
  suite('format', () => check(bin('prettier', 'bin/prettier.cjs'), '--check', '--log-level', 'warn', '.')),
]);
await suite('package', packaged);
await suite('build of the host tests', () => check('esbuild.js', '--tests'));
await Promise.all([
  suite('unit', () => mocha('unit', 10_000)),
  suite('contract', () => mocha('contract', 10_000)),
  suite('faults', () => mocha('faults', 60_000)),
]);
await Promise.all(
  Object.values(versions).map((version) => suite(`host, VS Code ${version}`, () => runHostTests(version))),
);
if (process.platform === 'win32') {
  process.stdout.write('── workbench: not on Windows, which the server build in the npm registry is not made for\n');
} else {
  await suite('workbench, the packaged extension', () => mocha('workbench', 45_000, { SENDMAP_VSIX: vsix }));
}

// Once more, so that the end of a long log says what to look for.
for (const failure of failures) {
  process.stdout.write(`\n${failure}\n`);
}
process.stdout.write(`\n${passed} passed, ${failures.length} failed\n`);
process.exitCode = failures.length === 0 ? 0 : 1;

import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { downloadAndUnzipVSCode, runTests } from '@vscode/test-electron';
import { cache, root, type Version } from './paths.ts';

export interface HostResult {
  readonly passed: number;
  readonly failures: readonly string[];
}

/** Runs the host tests on one version of VS Code: the desktop's where it can be had, the npm registry's otherwise. */
export async function runHostTests(version: Version): Promise<HostResult> {
  const report = join(tmpdir(), `sendmap-report-${version}-${process.pid}.json`);
  rmSync(report, { force: true });
  let problem: string | undefined;
  // The desktop takes it from here; the launcher's server has a folder of its own.
  const userData = mkdtempSync(join(tmpdir(), 'sendmap-desktop-'));
  try {
    await runTests({
      vscodeExecutablePath: await executable(version),
      extensionDevelopmentPath: root,
      extensionTestsPath: `${root}/dist/test-host/index.cjs`,
      launchArgs: [`${root}/test/support/sample-folder`, `--user-data-dir=${userData}`],
      extensionTestsEnv: { SENDMAP_REPORT: report, SENDMAP_VSCODE: version, SENDMAP_USER_DATA: userData },
    });
  } catch (error) {
    problem = String(error);
  } finally {
    rmSync(userData, { recursive: true, force: true });
  }
  if (!existsSync(report)) {
    return { passed: 0, failures: [`VS Code ${version}: no report (${problem ?? 'it ended without one'})`] };
  }
  const results = JSON.parse(readFileSync(report, 'utf8')) as { title: string; error?: string }[];
  rmSync(report);
  const failures = results
    .filter(({ error }) => error !== undefined)
    .map(({ title, error }) => `${title}\n${error ?? ''}`);
  if (problem !== undefined && failures.length === 0) {
    // All tests passed, but something was found after them, such as a secret in a log.
    failures.push(`VS Code ${version}: ${problem}`);
  }
  return {
    passed: results.length - failures.filter((text) => results.some(({ title }) => text.startsWith(title))).length,
    failures,
  };
}

/**
 * The desktop build where there is a display and it is there or can be downloaded; the launcher otherwise, which
 * Windows cannot start: there it has to be the desktop.
 */
async function executable(version: Version): Promise<string> {
  const launcher = `${root}/test/support/launcher.ts`;
  const hasDisplay = process.platform !== 'linux' || process.env['DISPLAY'] !== undefined;
  if (!hasDisplay || process.env['SENDMAP_HOST'] === 'npm') {
    return launcher;
  }
  try {
    return await downloadAndUnzipVSCode({ version, cachePath: cache, timeout: 15_000 });
  } catch (error) {
    if (process.platform === 'win32') {
      throw error;
    }
    return launcher;
  }
}

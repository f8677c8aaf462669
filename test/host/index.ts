import { writeFileSync } from 'node:fs';
import exported from 'mocha';
import { describeAll } from './suites.ts';

// Older Node gives the namespace of mocha's module where newer Node gives what it exports.
const Mocha = 'default' in exported ? (exported.default as typeof exported) : exported;

/** Runs the suites inside the extension host; the report goes to the file that the runner named. */
export async function run(): Promise<void> {
  const mocha = new Mocha({ ui: 'bdd', timeout: 30_000, reporter: Mocha.reporters.Base });
  mocha.suite.emit('pre-require', globalThis, '', mocha);
  describeAll();
  const report: { title: string; error?: string }[] = [];
  await new Promise<void>((resolve, reject) => {
    mocha
      .run((failures) => {
        if (failures > 0) {
          reject(new Error(`${failures} failed`));
        } else {
          resolve();
        }
      })
      .on('pass', (test) => report.push({ title: test.fullTitle() }))
      .on('fail', (test, error: Error) =>
        report.push({ title: test.fullTitle(), error: error.stack ?? String(error) }),
      );
  }).finally(() => {
    writeFileSync(process.env['SENDMAP_REPORT'] ?? '/dev/stdout', JSON.stringify(report));
  });
}

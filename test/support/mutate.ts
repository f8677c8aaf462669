/**
 * Mutation testing of the engine, a floor at a time by the tests of that floor:
 *
 *   npm run mutate [map | providers | queries | transport…]
 *
 * Prints the score of each file and floor as JSON lines; what survived is in dist/mutation-<floor>.html. Code that runs
 * once, when its file is loaded, is left out: it would take all tests for each mutant.
 */
import { availableParallelism } from 'node:os';
import { Stryker } from '@stryker-mutator/core';

const FLOORS = ['map', 'providers', 'queries', 'transport'];
/** All tests but those of speed with megabytes, which instruments make slower by far, and which kill nothing else. */
const TESTS = '^(?!.*(their turn|megabyte|hundreds of thousands|ends soon|in no time))';

/** Mutants that are tried at once: tests of requests mostly wait. */
const AT_ONCE = 2 * availableParallelism();

/** Mutants that tests have killed, of those that any could. */
interface Score {
  killed: number;
  survived: number;
}

const chosen = process.argv.slice(2);
for (const floor of chosen.length > 0 ? chosen : FLOORS) {
  const results = await new Stryker({
    testRunner: 'mocha',
    mochaOptions: { spec: [`test/unit/${floor}/**/*.test.ts`], config: '.mocharc.json', grep: TESTS },
    mutate: [`src/${floor}/**/*.ts`],
    coverageAnalysis: 'perTest',
    ignoreStatic: true,
    ignorePatterns: ['.vscode-test', 'dist', 'media'],
    concurrency: AT_ONCE,
    incremental: true,
    incrementalFile: `dist/mutation-${floor}.json`,
    reporters: ['progress-append-only', 'html'],
    htmlReporter: { fileName: `dist/mutation-${floor}.html` },
    tempDirName: 'dist/mutants',
  }).runMutationTest();
  const total: Score = { killed: 0, survived: 0 };
  const files = new Map<string, Score>();
  for (const { fileName, status } of results) {
    const file = files.get(fileName) ?? { killed: 0, survived: 0 };
    files.set(fileName, file);
    for (const score of [file, total]) {
      score.killed += Number(status === 'Killed' || status === 'Timeout');
      score.survived += Number(status === 'Survived' || status === 'NoCoverage');
    }
  }
  for (const [name, score] of [...files, [`src/${floor}`, total] as const]) {
    const { killed, survived } = score;
    const value = Math.round((1000 * killed) / Math.max(1, killed + survived)) / 10;
    process.stdout.write(`${JSON.stringify({ figure: `mutation score of ${name}`, value, unit: '%', ...score })}\n`);
  }
}

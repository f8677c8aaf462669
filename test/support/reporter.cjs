// Mocha's spec reporter, which also writes how many tests passed, and which failed, to the file that the runner named.
const { writeFileSync } = require('node:fs');
const exported = require('mocha');
const { Spec } = (exported.default ?? exported).reporters;

module.exports = class extends Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const failures = this.failures.map((test) => `${test.fullTitle()}\n${test.err?.message}`);
      writeFileSync(process.env.SENDMAP_REPORT, JSON.stringify({ passed: runner.stats.passes, failures }));
    });
  }
};

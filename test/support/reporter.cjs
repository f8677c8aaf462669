// Mocha's spec reporter, which also writes how many tests passed and failed to the file that the runner named.
const { writeFileSync } = require('node:fs');
const exported = require('mocha');
const { Spec } = (exported.default ?? exported).reporters;

module.exports = class extends Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures } = runner.stats;
      writeFileSync(process.env.SENDMAP_REPORT, JSON.stringify({ passed: passes, failed: failures }));
    });
  }
};

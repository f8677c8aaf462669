import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { bundlePath, collectStrings } from '../support/l10n.ts';

describe('localization', () => {
  it('has every string of the code in the bundle, and no other: run "npm run l10n"', async () => {
    assert.deepEqual(JSON.parse(readFileSync(bundlePath, 'utf8')), await collectStrings());
  }).timeout(120_000);
});

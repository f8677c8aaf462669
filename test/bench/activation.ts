/**
 * `npm run bench activation [other.vsix]`: what activation loads, and how long it takes in a real workbench. Another
 * package is timed in turn with this one, so that whatever else slows the machine slows both.
 */
import { activationFiles } from '../support/bundles.ts';
import { root } from '../support/paths.ts';
import { Workbench } from '../support/workbench.ts';
import { figure, percentile } from './figure.ts';

const ROUNDS = 5;

const { bytes, paths } = activationFiles();
figure('size of what activation loads', bytes / 1024, 'KiB', { files: paths.length });

const packages = [process.env['SENDMAP_VSIX'] ?? `${root}/dist/sendmap.vsix`, ...process.argv.slice(2)];
const times = new Map(packages.map((vsix) => [vsix, [] as number[]]));
for (let round = 0; round < ROUNDS; round += 1) {
  for (const [vsix, taken] of times) {
    const workbench = await Workbench.open({ vsix });
    taken.push(workbench.activation);
    await workbench.close();
  }
}
for (const [vsix, taken] of times) {
  figure('activation', percentile(taken, 0.5), 'ms', {
    package: vsix,
    fastest: Math.round(Math.min(...taken)),
    slowest: Math.round(Math.max(...taken)),
    activations: taken.length,
  });
}

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

/** The licenses that a bundled package may have: each allows what Sendmap does, for its text in return. */
const ALLOWED = ['BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT'];

/** License texts of packages that are published without one, from their repositories: `licenses/<name>.txt`. */
const KEPT = 'licenses';

const LICENSE_FILE = /^(licen[cs]e|copying)([.-].*)?$/i;
const NOTICE_FILE = /^notice([.-].*)?$/i;

/**
 * Writes `ThirdPartyNotices.txt` beside the bundles: the license of every package that has code in one of them. The
 * build fails where a package has no license text, or a license that is not allowed. The metafile goes beside it, so
 * that a test can compare the two.
 *
 * @type {import('esbuild').Plugin}
 */
export const thirdPartyNotices = {
  name: 'third-party-notices',
  setup({ initialOptions, onEnd }) {
    initialOptions.metafile = true;
    onEnd(({ metafile }) => {
      if (metafile === undefined) {
        return {};
      }
      const folder = initialOptions.absWorkingDir ?? process.cwd();
      const packages = [...packagesOf(metafile)].map(([root, inputs]) => readPackage(folder, root, inputs));
      const errors = packages.flatMap(({ problems }) => problems).map((text) => ({ text }));
      if (errors.length === 0) {
        const sections = new Set(packages.map(({ section }) => section).sort());
        const outdir = resolve(folder, initialOptions.outdir ?? '.');
        writeFileSync(join(outdir, 'ThirdPartyNotices.txt'), [INTRODUCTION, ...sections].join(RULE));
        writeFileSync(join(outdir, 'meta.json'), JSON.stringify(metafile));
      }
      return { errors };
    });
  },
};

const INTRODUCTION = 'Sendmap contains code of the following packages, each under its own license.\n';
const RULE = `\n${'-'.repeat(80)}\n\n`;

/**
 * The folders of the packages that have code in a bundle, with the files that it comes from. A package is the last
 * `node_modules` folder of a path and not the next package.json, because packages hold nameless ones inside.
 *
 * @param {import('esbuild').Metafile} metafile
 */
function packagesOf({ outputs }) {
  /** @type {Map<string, string[]>} */
  const packages = new Map();
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const root = /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0];
      if (root !== undefined && bytesInOutput > 0) {
        packages.set(root, [...(packages.get(root) ?? []), path]);
      }
    }
  }
  return packages;
}

/**
 * @param {string} folder
 * @param {string} root
 * @param {readonly string[]} inputs
 */
function readPackage(folder, root, inputs) {
  const { name, version, license } = JSON.parse(readFileSync(resolve(folder, root, 'package.json'), 'utf8'));
  const own = textsIn(resolve(folder, root), LICENSE_FILE);
  const kept = `${KEPT}/${name.replace('/', '+')}.txt`;
  const licenses =
    own.length === 0 && existsSync(resolve(folder, kept)) ? [readFileSync(resolve(folder, kept), 'utf8')] : own;
  const allowed = ALLOWED.includes(license);
  const problems = [
    ...(allowed ? [] : [`${name} has the license ${license}, which is not one of ${ALLOWED.join(', ')}`]),
    ...(licenses.length > 0 ? [] : [`${name} has no license text; put that of its repository into ${kept}`]),
  ];
  // Code that a package took from elsewhere has its license beside it.
  const inner = foldersBetween(root, inputs).flatMap((inside) => textsIn(resolve(folder, inside), LICENSE_FILE));
  const texts = [...licenses, ...textsIn(resolve(folder, root), NOTICE_FILE), ...inner];
  const section = [`${name} ${version} (${license})`, ...texts.map((text) => text.trim())].join('\n\n');
  return { problems, section: `${section}\n` };
}

/**
 * @param {string} root
 * @param {readonly string[]} inputs
 */
function foldersBetween(root, inputs) {
  const folders = new Set();
  for (const input of inputs) {
    for (let inside = dirname(input); inside.length > root.length; inside = dirname(inside)) {
      folders.add(inside);
    }
  }
  return [...folders].sort();
}

/**
 * @param {string} folder
 * @param {RegExp} name
 */
function textsIn(folder, name) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile() && name.test(entry.name))
    .map((entry) => entry.name)
    .sort()
    .map((file) => readFileSync(join(folder, file), 'utf8').replaceAll('\r\n', '\n'));
}

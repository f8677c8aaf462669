import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { listFiles, PackageManager } from '@vscode/vsce';
import { build, type BuildFailure, type Metafile, type Plugin } from 'esbuild';
import { root } from '../support/paths.ts';

const FILE = 'ThirdPartyNotices.txt';

describe('the notices of third parties', () => {
  it('have each package with code in a bundle, with its version and its license text, and no other', () => {
    const notices = readFileSync(`${root}/dist/${FILE}`, 'utf8');
    const { outputs } = JSON.parse(readFileSync(`${root}/dist/meta.json`, 'utf8')) as Metafile;
    const bundles = readdirSync(`${root}/dist`).filter((name) => name.endsWith('.cjs'));
    assert.deepEqual(Object.keys(outputs).sort(), bundles.map((name) => `dist/${name}`).sort());
    const folders = new Set<string>();
    for (const { inputs } of Object.values(outputs)) {
      for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
        const parts = path.split('/');
        const start = parts.lastIndexOf('node_modules') + 1;
        if (start > 0 && bytesInOutput > 0) {
          folders.add(parts.slice(0, start + (parts[start]!.startsWith('@') ? 2 : 1)).join('/'));
        }
      }
    }
    const expected = [...folders].map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
        name: string;
        version: string;
        license: string;
      };
      const file = readdirSync(join(root, folder)).find((entry) => /^licen[cs]e/i.test(entry));
      const path = file === undefined ? `licenses/${name.replace('/', '+')}.txt` : `${folder}/${file}`;
      const text = readFileSync(join(root, path), 'utf8').replaceAll('\r\n', '\n').trim();
      assert.match(text, /copyright/i, name);
      assert.ok(notices.includes(`\n${name} ${version} (${license})\n\n${text}\n`), name);
      return `${name} ${version} (${license})`;
    });
    assert.ok(expected.length > 20);
    const titles = [...notices.matchAll(/^-{80}\n\n(.*)$/gm)].map(([, title]) => title!);
    assert.deepEqual(titles, expected.sort());
  });

  it('have the license of code that a package took from elsewhere', () => {
    assert.match(readFileSync(`${root}/dist/${FILE}`, 'utf8'), /^undici .*(.|\n)*Copyright \(c\) \d+ Ethan Arrowood/m);
  });

  it('are in the package, and what they are compared with is not', async function () {
    // It looks through all files here, those of two builds of VS Code among them.
    this.timeout(60_000);
    const files = await listFiles({ cwd: root, packageManager: PackageManager.None });
    assert.ok(files.includes(`dist/${FILE}`));
    assert.ok(!files.some((file) => /meta\.json|licenses\//.test(file)));
  });

  describe('of other packages', () => {
    let folder: string;
    let plugin: Plugin;

    before(async () => {
      ({ thirdPartyNotices: plugin } = (await import(`${root}/notices.js`)) as { thirdPartyNotices: Plugin });
    });
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'sendmap-notices-'));
    });
    afterEach(() => {
      rmSync(folder, { recursive: true });
    });

    function write(files: Readonly<Record<string, string | object>>): void {
      for (const [path, content] of Object.entries(files)) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
      }
    }

    async function bundle(): Promise<string> {
      await build({
        absWorkingDir: folder,
        entryPoints: ['index.js'],
        bundle: true,
        outdir: 'dist',
        logLevel: 'silent',
        plugins: [plugin],
      });
      return readFileSync(join(folder, 'dist', FILE), 'utf8');
    }

    async function problems(): Promise<string[]> {
      const failure = await bundle().then(
        () => undefined,
        (error: unknown) => error as BuildFailure,
      );
      return failure?.errors.map(({ text }) => text) ?? [];
    }

    const module = 'console.log(1); module.exports = 1;';

    it('fail the build where a package has no license text, until the repository keeps one', async () => {
      write({
        'index.js': "require('@scope/bare');",
        'node_modules/@scope/bare/package.json': { name: '@scope/bare', version: '1.0.0', license: 'MIT' },
        'node_modules/@scope/bare/index.js': module,
        // Names that only look like licenses.
        'node_modules/@scope/bare/licenses.js': '',
        'node_modules/@scope/bare/license/index.js': '',
      });
      assert.deepEqual(await problems(), [
        '@scope/bare has no license text; put that of its repository into licenses/@scope+bare.txt',
      ]);
      write({ 'licenses/@scope+bare.txt': 'Copyright A' });
      assert.match(await bundle(), /\n@scope\/bare 1\.0\.0 \(MIT\)\n\nCopyright A\n$/);
    });

    it('fail the build where a license is not one of those that are allowed', async () => {
      write({ 'index.js': "require('copyleft'); require('unsaid');" });
      for (const [name, license] of [
        ['copyleft', 'GPL-3.0-only'],
        ['unsaid', undefined],
      ] as const) {
        write({
          [`node_modules/${name}/package.json`]: { name, version: '1.0.0', license },
          [`node_modules/${name}/LICENSE`]: 'Copyright A',
          [`node_modules/${name}/index.js`]: module,
        });
      }
      const [first, second, ...others] = await problems();
      assert.match(first!, /^copyleft has the license GPL-3\.0-only, which is not one of .*MIT/);
      assert.match(second!, /^unsaid has the license undefined/);
      assert.deepEqual(others, []);
    });

    it('tell versions apart, look through nameless packages inside, and leave out what is not in a bundle', async () => {
      const packaged = (version: string) => ({ name: 'twice', version, license: 'MIT' });
      write({
        'index.js': "import 'twice'; import 'outer'; import { unused } from 'shaken';",
        'node_modules/twice/package.json': packaged('9.0.0'),
        'node_modules/twice/LICENCE.md': 'Copyright nine',
        'node_modules/twice/index.js': module,
        'node_modules/outer/package.json': { name: 'outer', version: '1.0.0', license: 'ISC', main: 'esm/index.js' },
        'node_modules/outer/COPYING': 'Copyright outer',
        'node_modules/outer/NOTICE': 'Notice of outer',
        'node_modules/outer/esm/package.json': { type: 'module' },
        'node_modules/outer/esm/LICENSE': 'Copyright of what is inside',
        'node_modules/outer/esm/index.js': "import 'twice'; console.log(2);",
        'node_modules/outer/node_modules/twice/package.json': packaged('10.0.0'),
        'node_modules/outer/node_modules/twice/license': 'Copyright ten',
        'node_modules/outer/node_modules/twice/index.js': module,
        'node_modules/shaken/package.json': { name: 'shaken', version: '1.0.0', sideEffects: false },
        'node_modules/shaken/index.js': 'export const unused = 1;',
      });
      const sections = (await bundle()).split(/\n-{80}\n\n/).slice(1);
      assert.deepEqual(sections, [
        'outer 1.0.0 (ISC)\n\nCopyright outer\n\nNotice of outer\n\nCopyright of what is inside\n',
        'twice 10.0.0 (MIT)\n\nCopyright ten\n',
        'twice 9.0.0 (MIT)\n\nCopyright nine\n',
      ]);
    });
  });
});

import { readFile, rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { build, context } from 'esbuild';
import { writeCommonJs } from './commonjs.js';
import { thirdPartyNotices } from './notices.js';

const { values: flags } = parseArgs({
  options: { production: { type: 'boolean' }, watch: { type: 'boolean' }, tests: { type: 'boolean' } },
});

const HTTP = 'src/transport/undici.ts';

/**
 * The names of bundles that tests and figures know. Whatever `import()` names is a bundle of its own, loaded when it is
 * first wanted, and what bundles share is in chunks, so that no module is there twice.
 */
const bundles = {
  extension: 'src/extension.ts',
  http: HTTP,
  sandbox: 'src/sandbox/server.ts',
  emails: 'src/documents/emailHtml.ts',
  commands: 'src/commands/all.ts',
  explain: 'src/documents/explain.ts',
};

/**
 * undici registers its dispatcher process-wide when it is loaded. All extensions share one process, and on Node 22 the
 * registration breaks the built-in fetch of every one of them (a POST with an explicit content-length fails). This
 * gives the bundle a registry of its own. The build fails when undici no longer has the file that it replaces.
 *
 * @type {import('esbuild').Plugin}
 */
const isolateUndici = {
  name: 'isolate-undici',
  setup({ onLoad, onEnd, initialOptions }) {
    let replaced = 0;
    onLoad({ filter: /[\\/]undici[\\/]lib[\\/]global\.js$/ }, async ({ path }) => {
      const exported = /module\.exports\s*=\s*\{([^}]*)\}/.exec(await readFile(path, 'utf8'))?.[1];
      const names = exported
        ?.split(',')
        .map((name) => name.trim())
        .filter(Boolean)
        .sort()
        .join();
      if (names !== 'getGlobalDispatcher,installedExports,setGlobalDispatcher') {
        throw new Error(`undici/lib/global.js exports something else now: ${names}`);
      }
      replaced += 1;
      return {
        contents: `
          let dispatcher;
          module.exports = {
            getGlobalDispatcher: () => dispatcher,
            setGlobalDispatcher: (own) => { dispatcher = own; },
            installedExports: [],
          };`,
      };
    });
    onEnd(() => {
      const expected = Object.keys(initialOptions.entryPoints ?? {}).includes('http') ? 1 : 0;
      const found = replaced;
      replaced = 0;
      return found === expected
        ? {}
        : { errors: [{ text: `undici/lib/global.js was replaced ${found} times, not ${expected}` }] };
    });
  },
};

/**
 * undici publishes each request with its URL and headers on `node:diagnostics_channel`, and all extensions share one
 * process: ordinary tracing in another one would record the key. This gives the bundle channels of its own that nobody
 * can subscribe to. The build fails where the HTTP bundle still reaches those of the process.
 *
 * @type {import('esbuild').Plugin}
 */
const silenceUndici = {
  name: 'silence-undici',
  setup({ onResolve, onLoad, onEnd }) {
    onResolve({ filter: /^(node:)?diagnostics_channel$/ }, () => ({ path: 'channels', namespace: 'silent' }));
    onLoad({ filter: /^channels$/, namespace: 'silent' }, () => ({
      contents: `
        exports.channel = (name) => ({ name, hasSubscribers: false, publish() {}, subscribe() {} });
        exports.subscribe = () => {};`,
    }));
    onEnd(({ errors, metafile }) => {
      const bundle = Object.values(metafile?.outputs ?? {}).find(({ entryPoint }) => entryPoint === HTTP);
      const replaced = bundle !== undefined && 'silent:channels' in bundle.inputs;
      const reached = bundle?.imports.some(({ path }) => /diagnostics_channel$/.test(path));
      return errors.length > 0 || (replaced && !reached)
        ? {}
        : { errors: [{ text: `${HTTP} publishes on the channels of the process` }] };
    });
  },
};

/** Tells editors when a build begins and ends, for the problem matcher of `.vscode/tasks.json`. */
/** @type {import('esbuild').Plugin} */
const reportToEditor = {
  name: 'report-to-editor',
  setup({ onStart, onEnd }) {
    onStart(() => console.log('[watch] build started'));
    onEnd(({ errors }) => {
      for (const { text, location } of errors) {
        console.error(`✘ [ERROR] ${text}\n    ${location?.file}:${location?.line}:${location?.column}:`);
      }
      console.log('[watch] build finished');
    });
  },
};

/** @type {import('esbuild').BuildOptions} */
const common = {
  bundle: true,
  format: 'cjs',
  platform: 'node',
  target: 'node22',
  external: ['vscode'],
  // The modules of jsonc-parser bundle; its UMD build requires files by names that no bundler sees.
  mainFields: ['module', 'main'],
  outExtension: { '.js': '.cjs' },
  sourcesContent: false,
  legalComments: 'none',
  logLevel: flags.watch ? 'silent' : 'warning',
};

/** @type {import('esbuild').BuildOptions} */
const extension = {
  ...common,
  entryPoints: bundles,
  outdir: 'dist',
  format: 'esm',
  splitting: true,
  write: false,
  minify: flags.production ?? false,
  sourcemap: flags.production ? false : 'inline',
  metafile: true,
  plugins: [
    isolateUndici,
    silenceUndici,
    writeCommonJs({
      format: 'cjs',
      platform: 'node',
      target: common.target,
      supported: { 'dynamic-import': false },
      minify: flags.production ?? false,
      sourcemap: flags.production ? false : 'inline',
      sourcesContent: false,
    }),
    ...(flags.watch ? [reportToEditor] : []),
    ...(flags.production ? [thirdPartyNotices] : []),
  ],
};

/** The tests that run inside VS Code; everything else runs from its source. */
/** @type {import('esbuild').BuildOptions} */
const hostTests = {
  ...common,
  supported: { 'dynamic-import': false },
  entryPoints: { index: 'test/host/index.ts' },
  outdir: 'dist/test-host',
  external: ['vscode', 'mocha'],
  sourcemap: 'inline',
};

if (flags.watch) {
  const watching = await context(extension);
  await watching.watch();
} else if (flags.tests) {
  await build(hostTests);
} else {
  if (flags.production) {
    await rm('dist', { recursive: true, force: true });
  }
  await build(extension);
}

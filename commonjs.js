import { mkdir, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { build, transform } from 'esbuild';

/** What VS Code loads, as the metafile names it. */
const EXTENSION = 'dist/extension.cjs';

/**
 * Writes the bundles as CommonJS: only that is required, and VS Code gives `vscode` and its patches to required modules
 * only, while esbuild splits nothing but ES modules.
 *
 * What activation loads becomes one file, because finding and opening a file takes as long as ten kilobytes of code.
 * Bundles that are loaded later find its chunks there, by their names; but for esbuild's own helpers, which have no state
 * and stay a file too, so that a bundle without `vscode` in it needs nothing that has.
 *
 * @param {import('esbuild').TransformOptions} options
 * @returns {import('esbuild').Plugin}
 */
export function writeCommonJs(options) {
  return {
    name: 'write-commonjs',
    setup({ onEnd }) {
      onEnd(async ({ errors, metafile, outputFiles = [] }) => {
        if (errors.length > 0 || metafile === undefined) {
          return;
        }
        const texts = new Map(outputFiles.map(({ path, text }) => [`dist/${basename(path)}`, text]));
        const chunks = chunksOf(metafile);
        const moved = chunks.filter((path) => Object.keys(metafile.outputs[path]?.inputs ?? {}).length > 0);
        noteJoined(metafile, chunks, moved);
        await mkdir('dist', { recursive: true });
        await Promise.all(
          Object.keys(metafile.outputs).map(async (path) => {
            const code = path === EXTENSION ? await join(texts, chunks, options) : await convert(texts, path, options);
            await writeFile(path, moved.reduce(pointToExtension, code));
          }),
        );
      });
    },
  };
}

/**
 * The chunks that are loaded with the extension.
 *
 * @param {import('esbuild').Metafile} metafile
 */
function chunksOf({ outputs }) {
  const loaded = new Set([EXTENSION]);
  for (const path of loaded) {
    for (const { path: next, kind } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && next in outputs) {
        loaded.add(next);
      }
    }
  }
  loaded.delete(EXTENSION);
  return [...loaded];
}

/**
 * The bundle of the extension with its chunks in it, each exported under its name.
 *
 * @param {ReadonlyMap<string, string>} texts
 * @param {readonly string[]} chunks
 * @param {import('esbuild').TransformOptions} options
 */
async function join(texts, chunks, options) {
  const exported = chunks.map((path) => `export * as ${nameOf(path)} from './${basename(path)}';`);
  const { outputFiles } = await build({
    ...options,
    bundle: true,
    write: false,
    outfile: EXTENSION,
    stdin: { contents: [`export * from './${basename(EXTENSION)}';`, ...exported].join('\n') },
    plugins: [
      {
        name: 'chunks',
        setup({ onResolve, onLoad }) {
          onResolve({ filter: /^/ }, ({ path }) => {
            const file = `dist/${basename(path)}`;
            return file === EXTENSION || chunks.includes(file)
              ? { path: file, namespace: 'chunk' }
              : { path, external: true };
          });
          onLoad({ filter: /^/, namespace: 'chunk' }, ({ path }) => ({ contents: texts.get(path) ?? '' }));
        },
      },
    ],
  });
  return outputFiles[0]?.text ?? '';
}

/**
 * @param {ReadonlyMap<string, string>} texts
 * @param {string} path
 * @param {import('esbuild').TransformOptions} options
 */
async function convert(texts, path, options) {
  return (await transform(texts.get(path) ?? '', { ...options, sourcefile: path })).code;
}

/**
 * @param {string} code
 * @param {string} chunk
 */
function pointToExtension(code, chunk) {
  return code.replaceAll(`require("./${basename(chunk)}")`, `require("./${basename(EXTENSION)}").${nameOf(chunk)}`);
}

/** @param {string} chunk */
function nameOf(chunk) {
  return basename(chunk, '.cjs').replaceAll(/\W/g, '_');
}

/**
 * Makes the metafile say what is in the files that are written.
 *
 * @param {import('esbuild').Metafile} metafile
 * @param {readonly string[]} chunks
 * @param {readonly string[]} moved
 */
function noteJoined({ outputs }, chunks, moved) {
  const inputs = moved.map((chunk) => outputs[chunk]?.inputs);
  const imports = moved.flatMap((chunk) => outputs[chunk]?.imports ?? []);
  for (const chunk of moved) {
    delete outputs[chunk];
  }
  for (const output of Object.values(outputs)) {
    output.imports = output.imports.map((one) => (moved.includes(one.path) ? { ...one, path: EXTENSION } : one));
  }
  const extension = outputs[EXTENSION];
  if (extension !== undefined) {
    Object.assign(extension.inputs, ...inputs);
    extension.imports = [...extension.imports, ...imports].filter(
      ({ path }) => path !== EXTENSION && !chunks.includes(path),
    );
  }
}

import { readFileSync, statSync } from 'node:fs';
import type { Metafile } from 'esbuild';
import { root } from './paths.ts';

/** The files that activation loads, and what is in them: the bundle of the extension and the chunks that it requires. */
export function activationFiles(): {
  readonly paths: readonly string[];
  readonly bytes: number;
  readonly text: string;
} {
  const { outputs } = JSON.parse(readFileSync(`${root}/dist/meta.json`, 'utf8')) as Metafile;
  const found = new Set<string>(['dist/extension.cjs']);
  for (const path of found) {
    for (const { path: next, kind } of outputs[path]?.imports ?? []) {
      if (kind === 'import-statement' && next in outputs) {
        found.add(next);
      }
    }
  }
  const paths = [...found].map((path) => `${root}/${path}`);
  return {
    paths,
    bytes: paths.reduce((sum, path) => sum + statSync(path).size, 0),
    text: paths.map((path) => readFileSync(path, 'utf8')).join('\n'),
  };
}

/** `npm run l10n`: collects the strings of the code into `l10n/bundle.l10n.json`; a test compares the two. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { getL10nJson, type l10nJsonFormat } from '@vscode/l10n-dev';
import { root } from './paths.ts';

export const bundlePath = `${root}/l10n/bundle.l10n.json`;

/** The bundle as the code needs it. */
export async function collectStrings(): Promise<l10nJsonFormat> {
  const files = readdirSync(`${root}/src`, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  const sources = files.map((name) => ({
    extension: '.ts' as const,
    // The collector knows the full names of the two functions, not the short ones that are imported or taken apart.
    contents: readFileSync(`${root}/src/${name}`, 'utf8').replace(/(?<![\w.])t\(/g, 'vscode.l10n.t('),
  }));
  const prefix = "import * as vscode from 'vscode';\n";
  const strings = await getL10nJson(
    sources.map(({ extension, contents }) => ({
      extension,
      contents: contents.includes("from 'vscode'") ? contents : prefix + contents,
    })),
  );
  return Object.fromEntries(Object.entries(strings).sort(([a], [b]) => (a < b ? -1 : 1)));
}

if (process.argv.includes('--write')) {
  writeFileSync(bundlePath, `${JSON.stringify(await collectStrings(), undefined, 2)}\n`);
}

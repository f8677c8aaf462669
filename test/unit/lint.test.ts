import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { ESLint } from 'eslint';
import { root } from '../support/paths.ts';

const eslint = new ESLint({ cwd: root });

/** What a rule says of a source, as if it stood in that file: the lines that it complains about. */
async function problems(rule: string, file: string, source: string): Promise<number[]> {
  const [result] = await eslint.lintText(source, { filePath: `${root}/${file}` });
  return (result?.messages ?? []).filter(({ ruleId }) => ruleId === rule).map(({ line }) => line);
}

/** What a file may not import, and what it may. */
const IMPORTS: readonly (readonly [file: string, refused: readonly string[], allowed: readonly string[]])[] = [
  [
    'transport/client.ts',
    ['../providers/model.ts', '../files/atomicFile.ts', '../log.ts', '../api.ts', './../extension.ts', 'vscode'],
    ['./http.ts', '../transport/http.ts', 'undici', 'node:http', '@vscode/l10n'],
  ],
  ['files/atomicFile.ts', ['../transport/http.ts', '../plainText.ts', 'vscode'], ['./fileQueue.ts']],
  ['sandbox/server.ts', ['../transport/http.ts', '../providers/index.ts', 'vscode'], ['./options.ts']],
  [
    'providers/page.ts',
    ['./instantly/decode.ts', './smartlead/codes.ts', '../map/store.ts'],
    ['./fields.ts', '../transport/errors.ts'],
  ],
  ['providers/index.ts', ['../map/store.ts'], ['./instantly/provider.ts', './smartlead/provider.ts']],
  [
    'providers/instantly/decode.ts',
    ['../smartlead/decode.ts', './../smartlead/codes.ts', '../../map/store.ts', '../../format.ts', 'vscode'],
    ['./codes.ts', '../fields.ts', '../../transport/errors.ts', '../instantly/codes.ts'],
  ],
  ['providers/smartlead/decode.ts', ['../instantly/decode.ts'], ['./codes.ts', '../fields.ts']],
  [
    'map/store.ts',
    ['./sync/listReader.ts', './sendingMap.ts', '../extension.ts', './../extension.ts', '../format.ts', '../log.ts'],
    ['./table.ts', '../providers/model.ts', '../transport/log.ts'],
  ],
  ['map/changeFeed.ts', ['./sync/synchronizer.ts', './../map/sync/synchronizer.ts', 'vscode'], ['./emitter.ts']],
  ['map/sendingMap.ts', ['../queries/filter.ts', '../messages.ts', 'vscode'], ['./sync/synchronizer.ts']],
  [
    'map/sync/synchronizer.ts',
    ['../../queries/filter.ts', '../../extension.ts', '../../format.ts', '../../log.ts', 'vscode'],
    ['../store.ts', './listReader.ts', '../../providers/model.ts'],
  ],
  [
    'map/graph.ts',
    ['../health/capacity.ts', '../queries/filter.ts', 'vscode'],
    ['./knowledge.ts', '../providers/model.ts', '../transport/turns.ts'],
  ],
  [
    'queries/filter.ts',
    ['../connections/store.ts', '../health/capacity.ts', '../plainText.ts', 'vscode'],
    ['../map/graph.ts'],
  ],
  [
    'plans/runner.ts',
    ['../connections/changes.ts', '../commands/proposal.ts', '../extension.ts', '../format.ts', 'vscode'],
    ['./live.ts', '../health/whatIf.ts', '../map/equal.ts', '../providers/changes.ts', '../transport/writer.ts'],
  ],
  [
    'health/capacity.ts',
    [
      '../connections/sessions.ts',
      '../documents/uri.ts',
      '../contributions.ts',
      '../format.ts',
      '../messages.ts',
      'vscode',
    ],
    ['./maxFlow.ts', '../queries/tags.ts', '../map/graph.ts', '../providers/model.ts', '../transport/turns.ts'],
  ],
  [
    'connections/sessions.ts',
    ['../documents/uri.ts', '../tree/items.ts', '../messages.ts', '../log.ts'],
    [
      'vscode',
      '../contributions.ts',
      '../files/atomicFile.ts',
      '../sandbox/server.ts',
      '../queries/filter.ts',
      '../health/capacity.ts',
    ],
  ],
  [
    'documents/hover.ts',
    ['../tree/items.ts', '../commands/all.ts', '../log.ts', '../extension.ts', '../createApi.ts'],
    ['vscode', '../format.ts', '../messages.ts', '../connections/sessions.ts'],
  ],
  [
    'tree/items.ts',
    ['../commands/all.ts', '../overview/panel.ts', '../api.ts'],
    ['vscode', '../documents/uri.ts', '../plainText.ts'],
  ],
  [
    'overview/panel.ts',
    ['../tree/items.ts', '../commands/all.ts', '../extension.ts', '../log.ts', '../api.ts'],
    [
      'vscode',
      './page.ts',
      '../queries/figures.ts',
      '../connections/sessions.ts',
      '../format.ts',
      '../contributions.ts',
    ],
  ],
  ['commands/all.ts', ['../extension.ts', '../createApi.ts'], ['vscode', './find.ts', '../tree/items.ts']],
  ['format.ts', ['./commands/all.ts', './providers/model.ts', './messages.ts'], ['vscode', './transport/times.ts']],
  ['messages.ts', ['./format.ts', './tree/items.ts'], ['vscode', './plainText.ts']],
  ['plainText.ts', ['./format.ts', './transport/errors.ts'], []],
  ['contributions.ts', ['./extension.ts', './providers/index.ts'], []],
  ['log.ts', ['./messages.ts', './providers/index.ts'], ['vscode', './transport/log.ts']],
  ['api.ts', ['./map/graph.ts', './extension.ts'], ['./providers/model.ts']],
  ['apiMethods.ts', ['./tree/items.ts', './createApi.ts'], ['vscode', './api.ts', './connections/sessions.ts']],
  ['createApi.ts', ['./tree/items.ts', './extension.ts', './health/findings.ts'], ['./connections/sessions.ts']],
  ['extension.ts', ['./format.ts', '../test/support/until.ts'], ['vscode', './commands/lazy.ts', './log.ts']],
];

/** The ways in which a file can be imported. */
const FORMS = (source: string) => [
  `import { x } from '${source}';`,
  `import type { X } from '${source}';`,
  `import '${source}';`,
  `export { x } from '${source}';`,
  `export * from '${source}';`,
  `void import('${source}');`,
  `let y: import('${source}').Y;`,
];

describe('lint', function () {
  this.timeout(60_000);

  for (const source of [
    "void vscode.window.showErrorMessage('x');",
    "void vscode.window.showInformationMessage('x');",
    "void vscode.window.showWarningMessage('x');",
    "void vscode.window.withProgress({ location: 1, title: 'x' }, () => Promise.resolve());",
    'vscode.window.createInputBox();',
    'vscode.window.createQuickPick();',
    'void vscode.window.showQuickPick([]);',
    "vscode.window.setStatusBarMessage('x');",
    'const { window } = vscode; window;',
    'const short = vscode.window; short;',
    "import { window } from 'vscode'; window;",
    "declare const view: vscode.TreeView<unknown>; view.message = 'x';",
  ]) {
    it(`lets no text reach VS Code as in ${source}`, async () => {
      const text = `import * as vscode from 'vscode';\n${source}\n`;
      assert.deepEqual(await problems('no-restricted-syntax', 'src/commands/reveal.ts', text), [2]);
    });
  }

  for (const [file, refused, allowed] of IMPORTS) {
    it(`lets imports of ${file} point one way, however they are written`, async () => {
      const wrong = refused.flatMap(FORMS);
      const lines = [...wrong, ...allowed.flatMap(FORMS)];
      const found = await problems('imports/one-way', `src/${file}`, lines.join('\n'));
      assert.deepEqual(
        found.map((line) => lines[line - 1]),
        wrong,
      );
    });
  }

  it('knows every file beside the parts, and every part', () => {
    const known = new Set(IMPORTS.map(([file]) => file.split('/')[0]));
    assert.deepEqual(
      readdirSync(`${root}/src`).filter((name) => !known.has(name)),
      [],
    );
  });

  it('lets no import hide what it imports', async () => {
    const source = 'const name: string = `./undici.ts`;\nvoid import(name);\nvoid import(`./${name}`);\n';
    assert.deepEqual(await problems('imports/one-way', 'src/transport/client.ts', source), [2, 3]);
  });
});

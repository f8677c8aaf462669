import assert from 'node:assert/strict';
import { ESLint } from 'eslint';
import { root } from '../support/paths.ts';

/** What a rule says of a source, as if it stood in that file. */
async function problems(file: string, source: string): Promise<string[]> {
  const eslint = new ESLint({ cwd: root });
  const [result] = await eslint.lintText(source, { filePath: `${root}/${file}` });
  return (result?.messages ?? [])
    .filter(({ ruleId }) => ruleId === 'no-restricted-syntax')
    .map(({ message }) => message);
}

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
      assert.equal(
        (await problems('src/commands/reveal.ts', `import * as vscode from 'vscode';\n${source}\n`)).length,
        1,
      );
    });
  }
});

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import ts from 'typescript';
import { root } from '../support/paths.ts';

/** What fails where something is not as expected: assertions, and waiting for it. */
const ASSERTS = /^(assert\w*|eventually|until|waitFor\w*)$/;

/** The tests of a file that assert nothing, neither themselves nor in a function of that file that they call. */
function withoutAssertions(name: string, source: string): string[] {
  const file = ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true);
  const asserting = new Set<string>();
  const asserts = (node: ts.Node): boolean => {
    if (ts.isIdentifier(node) && (ASSERTS.test(node.text) || asserting.has(node.text))) {
      return true;
    }
    return ts.forEachChild(node, (child) => asserts(child) || undefined) ?? false;
  };
  const visit = (node: ts.Node, take: (node: ts.Node) => void) => {
    take(node);
    ts.forEachChild(node, (child) => {
      visit(child, take);
    });
  };
  const helpers: [name: string, body: ts.Node][] = [];
  visit(file, (node) => {
    if ((ts.isFunctionDeclaration(node) || ts.isMethodDeclaration(node)) && node.name && node.body) {
      helpers.push([node.name.getText(), node.body]);
    } else if (ts.isVariableDeclaration(node) && node.initializer && ts.isArrowFunction(node.initializer)) {
      helpers.push([node.name.getText(), node.initializer.body]);
    }
  });
  for (let before = -1; before < asserting.size;) {
    before = asserting.size;
    for (const [helper] of helpers.filter(([, body]) => asserts(body))) {
      asserting.add(helper);
    }
  }
  const calls: ts.CallExpression[] = [];
  visit(file, (node) => {
    if (ts.isCallExpression(node)) {
      calls.push(node);
    }
  });
  const isTest = (call: ts.CallExpression) => call.expression.getText() === 'it';
  // A function that takes a title and a body, and calls `it` with them, defines tests where it is called.
  const definers = calls
    .filter((call) => isTest(call) && call.arguments[0]?.getText() === 'title')
    .map((call) => ts.findAncestor(call, ts.isFunctionDeclaration)?.name?.text);
  return calls
    .filter((call) => isTest(call) || definers.includes(call.expression.getText()))
    .filter(({ arguments: [title, body] }) => title?.getText() !== 'title' && (body === undefined || !asserts(body)))
    .map(({ arguments: [title] }) => `${name}: ${title?.getText() ?? ''}`);
}

describe('every test', () => {
  it('asserts', () => {
    const files = readdirSync(`${root}/test`, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.test.ts'),
    );
    assert.ok(files.length > 50);
    assert.deepEqual(
      files.flatMap((name) => withoutAssertions(name, readFileSync(`${root}/test/${name}`, 'utf8'))),
      [],
    );
  });

  for (const [source, wanted] of [
    ["it('a', () => { run(); });", 1],
    ["it('a');", 1],
    ["const run = () => 1; it('a', () => { run(); });", 1],
    ["function on(title, run) { it(title, run); } on('a', () => { run(); }); on('b', () => { assert(1); });", 1],
    ["it('a', () => { assert.equal(1, 1); });", 0],
    ["it('a', async () => { await row.waitFor(); });", 0],
    ["function check() { assert(1); } const run = () => check(); it('a', () => { run(); });", 0],
  ] as const) {
    it(`is seen to assert or not in ${source}`, () => {
      assert.equal(withoutAssertions('x.ts', source).length, wanted);
    });
  }
});

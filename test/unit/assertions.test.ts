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
  const isAsserting = (node: ts.Node | undefined): boolean =>
    node !== undefined && ts.isIdentifier(node) && (ASSERTS.test(node.text) || asserting.has(node.text));
  /** `assert.equal(…)`, `row.waitFor()`, `check()`; or a helper that is passed on, to be called there. */
  const isAssertion = (call: ts.CallExpression): boolean => {
    const { expression } = call;
    const called = ts.isPropertyAccessExpression(expression)
      ? isAsserting(expression.name) || isAsserting(expression.expression)
      : isAsserting(expression);
    return called || call.arguments.some((argument) => ts.isIdentifier(argument) && asserting.has(argument.text));
  };
  const asserts = (node: ts.Node): boolean => {
    if (ts.isCallExpression(node) && isAssertion(node)) {
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
    .filter(
      ({ arguments: [title, body] }) =>
        title?.getText() !== 'title' && (body === undefined || !(asserts(body) || isAsserting(body))),
    )
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
    ["it('a', () => { void assert; });", 1],
    ["it('a', () => { const run = assert.equal; run; });", 1],
    ["it('a', () => { run({ until: 5, assertive }); });", 1],
    ["it('a', () => { const until = 5; run(until); });", 1],
    ["it('a', () => { const assertNothing = () => 1; void assertNothing; });", 1],
    ["function check() { void assert; } it('a', () => { check(); });", 1],
    ["it('a', () => { assert.equal(1, 1); });", 0],
    ["it('a', () => { assert(1); });", 0],
    ["it('a', async () => { await until(() => 1); });", 0],
    ["it('a', () => { trial.assertWhole(); });", 0],
    ["function check() { assert(1); } it('a', check);", 0],
    ["function check() { assert(1); } it('a', () => { [1].forEach(check); });", 0],
    ["it('a', async () => { await row.waitFor(); });", 0],
    ["function check() { assert(1); } const run = () => check(); it('a', () => { run(); });", 0],
  ] as const) {
    it(`is seen to assert or not in ${source}`, () => {
      assert.equal(withoutAssertions('x.ts', source).length, wanted);
    });
  }
});

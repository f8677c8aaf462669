import assert from 'node:assert/strict';
import { relative, sep } from 'node:path';
import ts from 'typescript';
import { root } from '../support/paths.ts';

/** What leads to a change of a service, step by step, and the files that may mention it besides where it is declared. */
const STEPS: Readonly<Record<string, readonly string[]>> = {
  'HttpClient.send': ['transport/undici.ts', 'transport/wire.ts'],
  'Wire.send': ['transport/client.ts', 'transport/writer.ts'],
  'Writer.send': ['providers/instantly/changes.ts', 'providers/smartlead/changes.ts'],
  'Client.writer': ['providers/instantly/changes.ts', 'providers/smartlead/changes.ts'],
  'ServiceChanges.send': ['plans/runner.ts'],
  'InstantlyChanges.send': [],
  'SmartleadChanges.send': [],
  'Provider.changes': ['connections/changes.ts'],
  'InstantlyProvider.changes': [],
  'SmartleadProvider.changes': [],
  'RunOptions.writes': ['connections/changes.ts', 'plans/runner.ts'],
  // The dialog comes before these, and nothing else sends.
  'Changes.begin': ['commands/proposal.ts'],
  'Changes.resume': ['commands/proposal.ts'],
};

/** What reaches the network, and the files that may import it. */
const NETWORK: Readonly<Record<string, RegExp>> = {
  undici: /^transport\/undici\.ts$/,
  'node:http': /^sandbox\//,
  'node:https': /^$/,
  'node:http2': /^$/,
  // Addresses and certificates only.
  'node:net': /^(transport\/http\.ts|sandbox\/.*)$/,
  'node:tls': /^transport\/undici\.ts$/,
};

describe('writes', function () {
  this.timeout(60_000);

  const src = `${root}/src`;
  const nameOf = (file: string) => relative(src, file).split(sep).join('/');
  let program: ts.Program;
  let files: readonly ts.SourceFile[];

  before(() => {
    const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => assert.fail('tsconfig.json cannot be read') };
    const config = ts.getParsedCommandLineOfConfigFile(`${root}/tsconfig.json`, {}, host)!;
    const names = config.fileNames.filter((name) => !nameOf(name).startsWith('..'));
    program = ts.createProgram(names, config.options);
    files = program.getSourceFiles().filter(({ fileName }) => names.includes(fileName));
  });

  /** Members of classes and interfaces that a name in the source means, as `Class.member`. */
  function membersAt(node: ts.Node, checker: ts.TypeChecker): string[] {
    if (!ts.isIdentifier(node) && !ts.isStringLiteralLike(node)) {
      return [];
    }
    const { parent } = node;
    const symbols = [checker.getSymbolAtLocation(node)];
    if (ts.isBindingElement(parent) && parent.propertyName === undefined) {
      symbols.push(checker.getTypeAtLocation(parent.parent).getProperty(node.text));
    }
    if (ts.isObjectLiteralElementLike(parent) && parent.name === node && ts.isObjectLiteralExpression(parent.parent)) {
      symbols.push(checker.getContextualType(parent.parent)?.getProperty(node.text));
    }
    return symbols.flatMap((symbol) =>
      (symbol?.declarations ?? []).flatMap((declaration) => {
        const owner = declaration.parent;
        const isDeclaration = declaration === parent || nameOf(declaration.getSourceFile().fileName).startsWith('..');
        const isMember = ts.isClassDeclaration(owner) || ts.isInterfaceDeclaration(owner);
        return isMember && !isDeclaration ? [`${owner.name?.text ?? ''}.${node.text}`] : [];
      }),
    );
  }

  it('are made in one place each, from the dialog to the network', () => {
    const checker = program.getTypeChecker();
    const wanted = new Set(Object.keys(STEPS).map((step) => step.split('.')[1]));
    const found = new Map(Object.keys(STEPS).map((step) => [step, new Set<string>()]));
    for (const file of files) {
      const visit = (node: ts.Node): void => {
        if ((ts.isIdentifier(node) || ts.isStringLiteralLike(node)) && wanted.has(node.text)) {
          for (const member of membersAt(node, checker)) {
            // Its own class sets it.
            const isOwn =
              ts.isPropertyAccessExpression(node.parent) && node.parent.expression.kind === ts.SyntaxKind.ThisKeyword;
            if (!isOwn) {
              found.get(member)?.add(nameOf(file.fileName));
            }
          }
        }
        ts.forEachChild(node, visit);
      };
      visit(file);
    }
    assert.deepEqual(Object.fromEntries([...found].map(([step, where]) => [step, [...where].sort()])), STEPS);
  });

  it('cannot go around the transport', () => {
    const found = files.flatMap((file: ts.SourceFile & { readonly imports?: readonly ts.StringLiteralLike[] }) =>
      (file.imports ?? []).map(({ text }) => ({ file: nameOf(file.fileName), text })),
    );
    const reaching = found.filter(({ text }) => text in NETWORK);
    assert.ok(reaching.some(({ file }) => file === 'transport/undici.ts'));
    assert.deepEqual(
      reaching.filter(({ file, text }) => NETWORK[text]?.test(file) !== true),
      [],
    );
  });
});

import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import regexp from 'eslint-plugin-regexp';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';
import imports from './imports.js';

const processWide = [
  { name: 'setGlobalDispatcher', message: 'All extensions share one process; see esbuild.js.' },
  { name: 'fetch', message: 'Requests go through transport/, which paces, redacts and honours the settings.' },
];

const restrictedSyntax = [
  {
    selector:
      "ImportDeclaration[source.value='undici'] ImportSpecifier[imported.name=/^(setGlobalDispatcher|install|fetch|request)$/]",
    message: 'These use or set the dispatcher of the whole process; see esbuild.js.',
  },
  {
    selector: "AssignmentExpression[left.object.object.name='process'][left.object.property.name='env']",
    message: 'All extensions share one environment.',
  },
  {
    selector:
      'CallExpression[callee.property.name=/^(push|unshift|max|min|fromCharCode|fromCodePoint)$/] > SpreadElement',
    message: 'Each member becomes an argument, and some 100,000 of them overflow the stack: use a loop.',
  },
];

const rawRegistration = {
  selector: "CallExpression[callee.property.name='registerCommand']",
  message: 'Commands are registered with register(), which shows errors once.',
};

/** VS Code makes links, commands and icons of some texts: all go through `src/messages.ts`, which makes them plain. */
const rawText = [
  {
    selector:
      "MemberExpression[object.property.name='window'][property.name=/^(show(Information|Warning|Error)Message|withProgress|create(InputBox|QuickPick|StatusBarItem)|show(InputBox|QuickPick)|setStatusBarMessage)$/]",
    message: 'Texts go to VS Code through messages.ts, which makes them plain.',
  },
  {
    selector:
      "ImportSpecifier[imported.name='window'], ObjectPattern > Property[key.name='window'], VariableDeclarator[init.property.name='window']",
    message: 'Named as vscode.window where it is used, so that a lint rule sees what is called on it.',
  },
  {
    selector: "AssignmentExpression[left.property.type='Identifier'][left.property.name='message']",
    message: 'The message of a view is set with setViewMessage() of messages.ts, which makes it plain.',
  },
];

export default defineConfig(
  globalIgnores(['dist/', '.vscode-test/', 'test/fixtures/']),
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // `{ status: undefined }` and a missing status differ on purpose.
      '@typescript-eslint/no-invalid-void-type': ['error', { allowInGenericTypeArguments: true }],
      eqeqeq: 'error',
      'no-console': 'error',
    },
  },
  {
    name: 'sendmap/process-wide state',
    files: ['src/**/*.ts'],
    rules: {
      'no-restricted-globals': ['error', ...processWide],
      'no-restricted-properties': [
        'error',
        { object: 'process', property: 'chdir', message: 'Process-wide.' },
        { object: 'globalThis', property: 'fetch', message: processWide[1].message },
      ],
      'no-restricted-syntax': ['error', ...restrictedSyntax],
    },
  },
  {
    name: 'sendmap/text from services',
    files: ['src/**/*.ts'],
    plugins: { regexp },
    rules: {
      // A pattern whose time grows faster than the text lets one odd answer hold up all extensions.
      'regexp/no-super-linear-backtracking': ['error', { report: 'potential' }],
      'regexp/no-super-linear-move': ['error', { report: 'potential' }],
    },
  },
  {
    name: 'sendmap/raw registrations and raw texts',
    files: ['src/**/*.ts'],
    ignores: ['src/commands/lazy.ts', 'src/messages.ts'],
    rules: { 'no-restricted-syntax': ['error', ...restrictedSyntax, rawRegistration, ...rawText] },
  },
  {
    name: 'sendmap/raw texts where commands are registered',
    files: ['src/commands/lazy.ts'],
    rules: { 'no-restricted-syntax': ['error', ...restrictedSyntax, ...rawText] },
  },
  {
    name: 'sendmap/imports',
    files: ['src/**/*.ts'],
    plugins: { imports },
    rules: { 'imports/one-way': 'error' },
  },
  {
    files: ['test/**/*.ts'],
    rules: {
      // node:assert and mocha are awaited where it matters; their own types say otherwise.
      '@typescript-eslint/no-floating-promises': [
        'error',
        { allowForKnownSafeCalls: [{ from: 'package', name: ['it', 'describe'], package: 'mocha' }] },
      ],
      '@typescript-eslint/no-non-null-assertion': 'off',
    },
  },
  {
    name: 'sendmap/no fixed waits and no second tries',
    files: ['test/{contract,faults,host,unit,workbench}/**/*.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        {
          selector: 'CallExpression[callee.property.name=/^(retries|waitForTimeout)$/]',
          message: 'Wait for what shows that it may go on: a locator, eventually() or until().',
        },
        {
          selector: "NewExpression[callee.name='Promise'] CallExpression[callee.name='setTimeout'][arguments.length=2]",
          message: 'Wait for what shows that it may go on: see until().',
        },
      ],
      'no-restricted-imports': [
        'error',
        {
          name: 'node:timers/promises',
          importNames: ['setTimeout'],
          message: 'Wait for what shows that it may go on: see until().',
        },
      ],
    },
  },
  {
    files: ['**/*.js', '**/*.cjs'],
    languageOptions: {
      globals: {
        console: 'readonly',
        performance: 'readonly',
        process: 'readonly',
        require: 'readonly',
        exports: 'writable',
      },
    },
  },
  prettier,
);

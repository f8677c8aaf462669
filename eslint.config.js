import eslint from '@eslint/js';
import prettier from 'eslint-config-prettier';
import regexp from 'eslint-plugin-regexp';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

/** The house, from the ground up: each part may import those before it in this list, and itself. */
const floors = [
  ['transport', 'sandbox'],
  ['providers'],
  ['map'],
  ['connections'],
  ['documents'],
  ['tree'],
  ['commands'],
];

/** Parts that run in plain Node: no `vscode` in them. */
const engine = ['transport', 'providers', 'map', 'sandbox'];

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

const direction = floors.slice(0, -1).flatMap((parts, level) =>
  parts.map((part) => {
    const above = floors.slice(level + 1).flat();
    const beside = parts.filter((other) => other !== part);
    const forbidden = [...above, ...beside].flatMap((other) => [`../${other}/*`, `../../${other}/*`]);
    return {
      name: `sendmap/imports of ${part}`,
      files: [`src/${part}/**/*.ts`],
      rules: {
        'no-restricted-imports': [
          'error',
          {
            paths: engine.includes(part) ? [{ name: 'vscode', message: `${part}/ runs in plain Node.` }] : [],
            patterns: [{ group: forbidden, message: `Imports point one way; ${part}/ is below. See CONTRIBUTING.md.` }],
          },
        ],
      },
    };
  }),
);

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
      // `{ status: undefined }` and a missing status are told apart on purpose.
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
    name: 'sendmap/raw registrations',
    files: ['src/**/*.ts'],
    ignores: ['src/commands/register.ts'],
    rules: {
      'no-restricted-syntax': [
        'error',
        ...restrictedSyntax,
        {
          selector: "CallExpression[callee.property.name='registerCommand']",
          message: 'Commands are registered with register(), which shows errors once.',
        },
      ],
    },
  },
  ...direction,
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

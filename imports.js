import { posix, relative, sep } from 'node:path';

/** The house, from the ground up: each part may import those before it in this list, and itself. */
const floors = [
  ['files', 'transport', 'sandbox'],
  ['providers'],
  ['map'],
  ['queries'],
  ['health'],
  ['plans'],
  ['connections'],
  ['documents'],
  ['tree', 'overview'],
  ['commands'],
];

/** Parts that run in plain Node: no `vscode` in them. */
const engine = ['files', 'transport', 'providers', 'map', 'queries', 'health', 'plans', 'sandbox'];

/** The files beside the parts that each part may import; the engine none. */
const shared = {
  connections: ['contributions.ts'],
  documents: ['contributions.ts', 'format.ts', 'messages.ts', 'plainText.ts'],
  tree: ['contributions.ts', 'format.ts', 'messages.ts', 'plainText.ts'],
  overview: ['contributions.ts', 'format.ts', 'messages.ts', 'plainText.ts'],
  commands: ['contributions.ts', 'format.ts', 'messages.ts', 'plainText.ts'],
};

/** What each file beside the parts may import: parts, and other files beside them. */
const beside = {
  'api.ts': ['health', 'providers'],
  'contributions.ts': [],
  'apiMethods.ts': ['api.ts', 'connections', 'health', 'providers', 'transport'],
  'createApi.ts': ['api.ts', 'apiMethods.ts', 'connections', 'transport'],
  'extension.ts': [...floors.flat(), 'api.ts', 'contributions.ts', 'createApi.ts', 'log.ts'],
  'format.ts': ['plainText.ts', 'transport'],
  'log.ts': ['transport'],
  'messages.ts': ['plainText.ts'],
  'plainText.ts': [],
};

/** What a file may not import although it is in the same part. */
const within = [
  // What is known of a service is in its folder, and only the registry knows which services there are.
  (from, to) => serviceOf(to) !== undefined && serviceOf(to) !== serviceOf(from) && from !== 'providers/index.ts',
  // What is known of a map does not know how it is read.
  (from, to) =>
    /^map\/(?:store|changeFeed|edges|emitter|equal|gaps|graph|intern|lendable|listView|numberLists|table)\.ts$/.test(
      from,
    ) && /^map\/(?:sync\/|sendingMap\.ts$)/.test(to),
  // Only what makes a service's changes can send one, and only plans make any.
  (from, to) => to === 'transport/writer.ts' && from !== 'transport/client.ts',
];

/** The folder of a service that a file is in. */
function serviceOf(path) {
  return /^providers\/([^/]+)\//.exec(path)?.[1];
}

/** Whether a file may import another; both as paths below `src/`. */
function mayImport(from, to) {
  const [part, target] = [topOf(from), topOf(to)];
  if (part in beside) {
    return beside[part].includes(target);
  }
  if (part !== target) {
    return levelOf(target) >= 0 ? levelOf(target) < levelOf(part) : (shared[part] ?? []).includes(target);
  }
  return !within.some((forbids) => forbids(from, to));
}

/** The part that a path is in, or the file beside the parts that it is. */
function topOf(path) {
  return path.split('/', 1)[0];
}

function levelOf(part) {
  return floors.findIndex((parts) => parts.includes(part));
}

/** Imports point one way, by file as well as by folder, and however they are written: `import()` too. */
const oneWay = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      direction: 'Imports point one way; {{from}} does not import {{to}}. See CONTRIBUTING.md.',
      vscode: '{{from}} runs in plain Node.',
      computed: 'Imports name what they import, so that it can be seen which way they point.',
    },
  },
  create(context) {
    const from = relative(`${context.cwd}/src`, context.filename).split(sep).join('/');
    const check = (node, source) => {
      if (typeof source !== 'string') {
        context.report({ node, messageId: 'computed' });
      } else if (source === 'vscode' && engine.includes(topOf(from))) {
        context.report({ node, messageId: 'vscode', data: { from } });
      } else if (source.startsWith('.')) {
        const to = posix.join(posix.dirname(from), source);
        if (!mayImport(from, to)) {
          context.report({ node, messageId: 'direction', data: { from, to } });
        }
      }
    };
    const checkSource = (node) => {
      if (node.source) {
        check(node, node.source.value);
      }
    };
    return {
      ImportDeclaration: checkSource,
      ExportNamedDeclaration: checkSource,
      ExportAllDeclaration: checkSource,
      ImportExpression: checkSource,
      TSImportType: checkSource,
    };
  },
};

export default { rules: { 'one-way': oneWay } };

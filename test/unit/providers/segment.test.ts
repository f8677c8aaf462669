import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { providers } from '../../../src/providers/index.ts';
import type { DocumentKind, Provider } from '../../../src/providers/provider.ts';
import { segment } from '../../../src/providers/segment.ts';
import { isServiceError } from '../../../src/transport/errors.ts';
import { connect } from '../../support/connect.ts';
import { services } from '../../support/services.ts';

/** Identifiers that a path cannot hold. */
const IMPOSSIBLE = ['', '.', '..', '\ud800', 'a\udfff@example.com'];
/** Identifiers that look as if they left their segment. */
const ODD = [
  '%2e',
  '%2e%2e',
  '%2E.',
  '...',
  '../campaigns',
  '..\\x',
  'a/b',
  'a?b',
  'a#b',
  'a;b',
  ' ',
  '\n',
  'a@b',
  '😀',
];

function isNotFound(error: unknown): boolean {
  return isServiceError(error) && error.kind === 'notFound';
}

/** Every read that puts an identifier into its path, by the kind of document and without one. */
function* readsOf(provider: Provider, id: string): Generator<readonly [name: string, read: () => Promise<unknown>]> {
  yield ['account', () => provider.account(id)];
  yield ['campaign', () => provider.campaign(id)];
  yield ['mapping', () => provider.mappingOf(id)];
  yield ['senders', () => provider.sendersOf(id)];
  for (const kind of provider.info.documents) {
    // Those of tags have the identifier in their query, and the workspace has none.
    if (!['account-tags', 'campaign-tags', 'workspace'].includes(kind)) {
      yield [`document ${kind}`, () => provider.document(kind, id)];
    }
  }
}

describe('identifiers in paths', () => {
  let server: Server;
  const paths: string[] = [];

  before(async () => {
    server = createServer((request, response) => {
      paths.push(new URL(request.url ?? '', 'http://127.0.0.1').pathname);
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });
  beforeEach(() => {
    paths.length = 0;
  });

  it('are one segment that says what it said, or none at all', () => {
    for (const id of ODD) {
      const { pathname } = new URL(`https://x/a/${segment(id, 'S')}/b`);
      assert.deepEqual(pathname.split('/').map(decodeURIComponent), ['', 'a', id, 'b']);
    }
    for (const id of IMPOSSIBLE) {
      assert.throws(() => segment(id, 'S'), isNotFound, id);
    }
  });

  for (const service of services) {
    const open = () => connect(service, { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });

    for (const id of IMPOSSIBLE) {
      it(`${service} is never asked for ${JSON.stringify(id)}`, async () => {
        for (const [name, read] of readsOf(open(), id)) {
          await assert.rejects(read(), isNotFound, name);
        }
        assert.deepEqual(paths, []);
      });
    }

    it(`${service} is asked for odd ones as they are`, async () => {
      const provider = open();
      for (const id of ODD) {
        for (const [name, read] of readsOf(provider, id)) {
          paths.length = 0;
          await read().catch((error: unknown) => {
            // What the server answers is no record, which is beside the point.
            assert.ok(isServiceError(error), `${name}: ${String(error)}`);
          });
          const [path = ''] = paths;
          assert.ok(path.split('/').map(decodeURIComponent).includes(id), `${name} of ${id}: ${path}`);
        }
      }
    });

    it(`${service} has no link and no command line for impossible ones`, () => {
      const info = providers[service];
      for (const id of IMPOSSIBLE) {
        assert.throws(() => info.campaignPage(id), isNotFound);
        for (const kind of [...info.documents].filter((kind: DocumentKind) => kind !== 'workspace')) {
          assert.throws(() => info.shellRequest(kind, id), isNotFound);
        }
      }
      assert.ok(new URL(info.campaignPage('%2e%2e')).pathname.endsWith('/%252e%252e/analytics'));
    });
  }
});

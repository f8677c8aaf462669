import assert from 'node:assert/strict';
import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { connect, type AddressInfo } from 'node:net';
import { generate } from 'selfsigned';
import { isTransportFailure, type NetworkOptions } from '../../../src/transport/http.ts';
import { createHttpClient } from '../../../src/transport/undici.ts';
import { network } from '../../support/connect.ts';

/** A service behind TLS whose name only the proxy knows, as in an office network. */
describe('proxy and certificates', () => {
  const HOST = 'api.instantly.test';
  let certificate: string;
  let service: Server;
  let proxy: Server;
  let requests: string[];
  let tunnels: { readonly target: string; readonly authorization: string | undefined }[];

  const portOf = (server: Server) => (server.address() as AddressInfo).port;
  const listen = (server: Server) => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));

  before(async () => {
    const pems = await generate([{ name: 'commonName', value: HOST }], {
      extensions: [{ name: 'subjectAltName', altNames: [{ type: 2, value: HOST }] }],
    });
    certificate = pems.cert;
    service = createHttpsServer({ key: pems.private, cert: pems.cert }, (_, response) => response.end('{"fine":true}'));
    proxy = createHttpServer((request, response) => {
      requests.push(request.url ?? '');
      response.end('{"proxied":true}');
    });
    proxy.on('connect', (request, client, head) => {
      tunnels.push({ target: request.url ?? '', authorization: request.headers['proxy-authorization'] });
      const upstream = connect(portOf(service), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        upstream.write(head);
        upstream.pipe(client);
        client.pipe(upstream);
      });
      upstream.on('error', () => client.destroy());
      client.on('error', () => upstream.destroy());
    });
    await Promise.all([listen(service), listen(proxy)]);
  });
  after(() => {
    for (const server of [service, proxy]) {
      server.closeAllConnections();
      server.close();
    }
  });
  beforeEach(() => {
    tunnels = [];
    requests = [];
  });

  const codeOf = (error: unknown) => (isTransportFailure(error) ? (error.code ?? '') : assert.fail(String(error)));

  async function get(options: Partial<NetworkOptions>, url = `https://${HOST}/api/v2/accounts`) {
    const client = createHttpClient({ ...network, proxy: `http://127.0.0.1:${portOf(proxy)}`, ...options });
    try {
      return await client.send('GET', {
        url: new URL(url),
        headers: {},
        signal: new AbortController().signal,
        limit: 1e6,
      });
    } finally {
      await client.close();
    }
  }

  it('tunnels through the proxy, with its credentials', async () => {
    const answer = await get({ extraCertificates: [certificate], proxyAuthorization: 'Basic dTpw' });
    assert.equal(answer.text, '{"fine":true}');
    assert.deepEqual(tunnels, [{ target: `${HOST}:443`, authorization: 'Basic dTpw' }]);
  });

  it('does not trust a certificate that nobody vouches for', async () => {
    await assert.rejects(get({}), { name: 'TransportFailure', reason: 'network', code: 'DEPTH_ZERO_SELF_SIGNED_CERT' });
  });

  it('trusts it where strict checking is off', async () => {
    assert.equal((await get({ strictTls: false })).status, 200);
  });

  it('goes around the proxy for excepted hosts, and where proxies are off', async () => {
    await assert.rejects(get({ noProxy: [HOST] }), { reason: 'network' });
    await assert.rejects(get({ useProxy: false }), { reason: 'network' });
    assert.deepEqual(tunnels, []);
  });

  for (const host of ['127.0.0.1', '127.1', '127.9.8.7', 'localhost', '[::1]', '[::ffff:127.0.0.1]']) {
    it(`never sends what is for this machine through the proxy: ${host}`, async () => {
      const local = createHttpServer((_, response) => response.end('{"local":true}'));
      // Both families; where there is no IPv6, its addresses are refused, and not asked of the proxy either.
      await new Promise<void>((resolve) => local.listen(0, resolve));
      const result = await get({}, `http://${host}:${portOf(local)}/`).catch(codeOf);
      if (typeof result === 'string') {
        assert.match(result, /^(EADDRNOTAVAIL|EAFNOSUPPORT|ENETUNREACH|ECONNREFUSED)$/);
      } else {
        assert.equal(result.text, '{"local":true}');
      }
      assert.deepEqual(requests, []);
      assert.deepEqual(tunnels, []);
      local.closeAllConnections();
      local.close();
    });
  }

  it('goes around the proxy for a domain, all hosts and a port, as the settings and the environment say', async () => {
    for (const [noProxy, around] of [
      [['.instantly.test'], true],
      [['*.instantly.test'], true],
      [[`${HOST}:443`], true],
      [['*'], true],
      [[`${HOST}:444`], false],
      [['127.0.0.1', 'localhost'], false],
      [[], false],
    ] as const) {
      tunnels = [];
      const answer = await get({ noProxy, extraCertificates: [certificate] }).catch(codeOf);
      assert.equal(tunnels.length, around ? 0 : 1, noProxy.join());
      assert.equal(typeof answer === 'string', around);
    }
  });

  it('reads the proxy of the environment where the settings name none', async () => {
    const before = process.env['HTTPS_PROXY'];
    process.env['HTTPS_PROXY'] = `http://127.0.0.1:${portOf(proxy)}`;
    try {
      assert.equal((await get({ proxy: undefined, extraCertificates: [certificate] })).status, 200);
      assert.equal(tunnels.length, 1);
    } finally {
      if (before === undefined) {
        delete process.env['HTTPS_PROXY'];
      } else {
        process.env['HTTPS_PROXY'] = before;
      }
    }
  });
});

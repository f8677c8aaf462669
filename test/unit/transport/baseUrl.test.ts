import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { profile as instantly } from '../../../src/providers/instantly/profile.ts';
import { profile as smartlead } from '../../../src/providers/smartlead/profile.ts';
import { checkBaseUrl } from '../../../src/transport/baseUrl.ts';
import { isServiceError } from '../../../src/transport/errors.ts';
import { isLoopback } from '../../../src/transport/http.ts';
import { createClient } from '../../support/connect.ts';

describe('base URL', () => {
  for (const base of [
    // With a path after it, the first segment of that would be the host.
    'https:',
    'https:/',
    'https://',
    'http:',
    '',
    'nonsense',
    'api.example.com',
    'ftp://127.0.0.1',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'http://api.example.com',
    'http://127.0.0.1.example.com',
    'http://localhost.',
    'http://x.localhost',
    'http://0.0.0.0',
    'http://[::2]',
    'http://[::ffff:128.0.0.1]',
    'https://hidden-name@api.example.com',
    'https://u:hidden-password@api.example.com',
    'https://:hidden-password@api.example.com',
    'https://u:hidden-password@in valid',
    'https://x/?api_key=hidden',
    'https://x/#hidden',
    // Nothing after them, but what is appended would be query or fragment.
    'https://x/?',
    'https://x/#',
    'https://x:99999',
    'https://exa mple.com',
    'https://exa\0mple.com',
  ]) {
    it(`refuses ${JSON.stringify(base)} by naming the setting and nothing of it`, async () => {
      let sent = 0;
      const http = () => {
        sent += 1;
        return Promise.reject(new Error('nothing may be sent'));
      };
      const client = createClient(smartlead, { baseUrl: base, settings: { http } });
      await assert.rejects(client.get('/email-accounts/', '/email-accounts/'), (error) => {
        assert.ok(isServiceError(error), String(error));
        assert.deepEqual([error.kind, error.setting], ['setting', 'sendmap.smartlead.baseUrl']);
        assert.match(error.message, /sendmap\.smartlead\.baseUrl/);
        assert.ok(!error.message.includes('hidden'));
        return true;
      });
      assert.equal(sent, 0);
    });
  }

  for (const [base, normal] of [
    ['https://api.example.com', 'https://api.example.com'],
    ['https://api.example.com/v1//', 'https://api.example.com/v1'],
    ['  https://API.example.com:443/v1\n', 'https://api.example.com/v1'],
    ['https://api.exam\nple.com/a\tb', 'https://api.example.com/ab'],
    ['https:\\\\api.example.com\\v1', 'https://api.example.com/v1'],
    ['https://api.example.com/a/../b c', 'https://api.example.com/b%20c'],
    ['http://localhost:8080/x', 'http://localhost:8080/x'],
    ['http://127.1', 'http://127.0.0.1'],
    ['http://[::1]:80', 'http://[::1]'],
    ['http://[::ffff:127.0.0.1]', 'http://[::ffff:7f00:1]'],
    // As the documentation of Instantly writes it, whose every path begins so.
    ['https://api.example.com/api/v2', 'https://api.example.com'],
    ['https://api.example.com/api/v2//', 'https://api.example.com'],
    ['https://api.example.com/proxy//api/v2', 'https://api.example.com/proxy'],
    ['https://api.example.com/api/v2/more', 'https://api.example.com/api/v2/more'],
    ['https://api.example.com/myapi/v2', 'https://api.example.com/myapi/v2'],
    ['https://api/v2', 'https://api/v2'],
  ] as const) {
    it(`takes ${JSON.stringify(base)} as ${normal}`, () => {
      assert.equal(checkBaseUrl(base, instantly), normal);
    });
  }

  it('keeps the path of an API whose base URL has it', () => {
    const base = 'https://server.smartlead.ai/api/v1';
    assert.equal(checkBaseUrl(base, smartlead), base);
  });

  it('stands before the whole path', async () => {
    const paths: string[] = [];
    const server = createServer((request, response) => {
      paths.push(request.url ?? '');
      response.end('{}');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const baseUrl = `http://127.1:${(server.address() as AddressInfo).port}/a/./b//`;
    await createClient(instantly, { baseUrl }).get('/x', '/x/y', { limit: 1 });
    assert.deepEqual(paths, ['/a/b/x/y?limit=1']);
    server.closeAllConnections();
    server.close();
  });
});

describe('this machine', () => {
  for (const [host, own] of [
    ['localhost', true],
    ['LOCALHOST', true],
    ['127.0.0.1', true],
    ['127.255.1.9', true],
    ['127.1', true],
    ['2130706433', true],
    ['0x7f.1', true],
    ['127.0.0.1.', true],
    ['[::1]', true],
    ['[0:0:0:0:0:0:0:1]', true],
    ['[::ffff:127.0.0.1]', true],
    ['[::ffff:127.9.8.7]', true],
    ['localhost.', false],
    ['x.localhost', false],
    ['localhost.example.com', false],
    ['127.0.0.1.example.com', false],
    ['126.0.0.1', false],
    ['128.0.0.1', false],
    ['0.0.0.0', false],
    ['[::]', false],
    ['[::2]', false],
    ['[::127.0.0.1]', false],
    ['[::ffff:128.0.0.1]', false],
    ['10.0.0.1', false],
  ] as const) {
    it(`is ${own ? '' : 'not '}${host}`, () => {
      assert.equal(isLoopback(new URL(`http://${host}/`).hostname), own);
    });
  }
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { curlOf } from '../../../src/commands/curl.ts';
import { providers } from '../../../src/providers/index.ts';
import { isServiceError } from '../../../src/transport/errors.ts';

/** What a shell gives to curl, argument by argument. */
function argumentsOf(line: string): string[] {
  const script = `curl() { for argument in "$@"; do printf '%s\\0' "$argument"; done; }\n${line}`;
  const env = { ...process.env, INSTANTLY_API_KEY: 'a-key', SMARTLEAD_API_KEY: 'b-key' };
  return execFileSync('sh', { input: script, env, encoding: 'utf8' }).split('\0').slice(0, -1);
}

describe('Copy as cURL', () => {
  it('makes a command line that sends what Sendmap sends, with the key from a variable', () => {
    const { instantly, smartlead } = providers;
    assert.equal(
      curlOf(instantly, 'https://api.instantly.ai/', 'account', 'dana@example.com'),
      `curl 'https://api.instantly.ai/api/v2/accounts/dana%40example.com' \\
  -H "Accept: application/json" \\
  -H "Authorization: Bearer $INSTANTLY_API_KEY"`,
    );
    assert.deepEqual(argumentsOf(curlOf(smartlead, smartlead.defaultBaseUrl, 'campaign', '7')), [
      'https://server.smartlead.ai/api/v1/campaigns/7?include_tags=true&api_key=b-key',
      '-H',
      'Accept: application/json',
    ]);
    assert.deepEqual(argumentsOf(curlOf(instantly, instantly.defaultBaseUrl, 'workspace', '')), [
      'https://api.instantly.ai/api/v2/workspaces/current',
      '-H',
      'Accept: application/json',
      '-H',
      'Authorization: Bearer a-key',
    ]);
  });

  for (const base of [
    'https://x/$(echo run)',
    'https://x/`echo run`',
    'https://x/"; echo run; "',
    "https://x/'; echo run; '",
    'https://x/$HOME/!!/!x',
    'https://x/a\necho run\n',
    'https://x/a\r\necho run',
    'https://x/a\\',
    'https://$HOME.example.com/',
    'https://a`id`b/',
    "https://a'b'c/",
  ]) {
    it(`gives ${JSON.stringify(base)} to curl as the URL that it is`, () => {
      for (const info of Object.values(providers)) {
        const [url = '', ...rest] = argumentsOf(curlOf(info, base, 'campaign', `1'$(echo run)\`!\n`));
        const { href } = new URL(base);
        assert.ok(url.startsWith(href.replace(/\/+$/, '')), url);
        assert.ok(url.includes("/campaigns/1'%24(echo%20run)%60!%0A"), url);
        assert.deepEqual(rest.slice(0, 2), ['-H', 'Accept: application/json']);
      }
    });
  }

  for (const base of ['https:', 'http://api.example.com', 'https://u:hidden@x', 'https://x/?hidden', 'hidden']) {
    it(`takes nothing of the refused base URL ${JSON.stringify(base)}`, () => {
      for (const info of Object.values(providers)) {
        assert.throws(
          () => curlOf(info, base, 'campaign', '7'),
          (error) => isServiceError(error) && error.kind === 'setting' && !error.message.includes('hidden'),
        );
      }
    });
  }
});

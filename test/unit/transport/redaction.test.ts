import assert from 'node:assert/strict';
import fc from 'fast-check';
import { redactedLog } from '../../../src/transport/redactedLog.ts';
import { isCredential, maskInner, Redactor } from '../../../src/transport/redaction.ts';
import { hostileText } from '../../support/arbitraries.ts';
import { MemoryLog } from '../../support/connect.ts';
import { openApi, sampleNames, sampleText } from '../../support/fixtures.ts';
import { services } from '../../support/services.ts';

/** A credential in any of the spellings that services have: snake, camel, kebab and capitals, with a prefix or without. */
const credentialName = fc
  .tuple(
    fc.constantFrom('', 'smtp', 'imap', 'user', 'client', 'mailbox', 'x', 'oauth'),
    fc.constantFrom('password', 'passwd', 'passphrase', 'api_key', 'private_key', 'access_token', 'secret', 'jwt'),
    fc.constantFrom('snake', 'kebab', 'camel', 'upper'),
  )
  .map(([prefix, name, spelling]) => {
    const words = [...(prefix === '' ? [] : [prefix]), ...name.split('_')];
    switch (spelling) {
      case 'snake':
        return words.join('_');
      case 'kebab':
        return words.join('-');
      case 'upper':
        return words.join('_').toUpperCase();
      case 'camel':
        return words.map((word, at) => (at === 0 ? word : `${word[0]!.toUpperCase()}${word.slice(1)}`)).join('');
    }
  });
/** A value that no mask and nothing around it looks like, without what ends one in a form. */
const secret = fc.stringMatching(/^Q[A-Za-z0-9._~+/-]{11,40}Z$/);
/** What stands between a name and its value, with spaces and without. */
const separator = fc.constantFrom('=', ':', ' = ', ': ', ' :', '= ', '%3D', '="', ": '");
/** What stands directly before a name: nothing, a space, or a sign that no name has. */
const before = fc.constantFrom('', ' ', '?', '&', '{', '(', ',', ', ', ';', '\n', '"', 'a=1&', '/x?b=2&', '%26', '<b>');
/** What stands directly behind a value. */
const after = fc.constantFrom('', ' ', '&', '&limit=5', ',', '"', "'", '<', '>', '\n', ' and more');
const plainEntry = fc.tuple(
  fc.constantFrom('email', 'status', 'token_type', 'password_changed', 'author', 'passed', 'note'),
  fc.oneof(
    fc.constantFrom('x', 'a b', 'back\\slash', 'quo"te', "it's", ''),
    fc.integer(),
    fc.boolean(),
    fc.constant(null),
  ),
);

describe('redaction', () => {
  const redactor = new Redactor();
  const key = 'f3b1/c2=d4+secret';
  redactor.add(key);

  for (const [where, text] of [
    ['plain text', `refused ${key}.`],
    ['a percent-encoded query', `https://x/?limit=1&api_key=${encodeURIComponent(key)}&offset=0`],
    ['base64', `token ${Buffer.from(key).toString('base64')} end`],
    ['a bearer header', `authorization: Bearer ${key}`],
    ['a header of another case', `"Authorization":"BEARER ${key}"`],
  ] as const) {
    it(`masks a known key in ${where}`, () => {
      const result = redactor.redact(text);
      assert.ok(!result.includes(key) && !result.includes(encodeURIComponent(key)), result);
      assert.ok(!result.includes(Buffer.from(key).toString('base64')), result);
    });
  }

  it('masks a known key wherever it stands, also without a space around it', () => {
    const glued = fc.oneof(hostileText, fc.stringMatching(/^[\w%+/=.-]{0,12}$/));
    fc.assert(
      fc.property(secret, glued, glued, (value, first, last) => {
        const known = new Redactor();
        known.add(value);
        for (const form of [value, encodeURIComponent(value), value.toUpperCase()]) {
          const result = known.redact(`${first}${form}${last}`);
          assert.ok(!result.includes(form), `${first}${form}${last} -> ${result}`);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('masks what looks like a key though nobody registered it', () => {
    const other = new Redactor();
    assert.equal(other.redact('GET /x?API_KEY=abc123&limit=5'), 'GET /x?API_KEY=•••&limit=5');
    assert.ok(!other.redact('Proxy-Authorization: Basic dXNlcjpwYXNz').includes('dXNlcjpwYXNz'));
    assert.ok(!other.redact('{"imap_password": "hunter\\"2", "a": 1}').includes('hunter'));
  });

  it('reads a megabyte of anything in no time', () => {
    for (const part of [
      'sendmap-',
      'sendmap:/',
      'cookie:',
      'bearer ',
      'a-',
      'a@',
      '%40',
      '"a"',
      '"password":',
      '://a:',
    ]) {
      assert.ok(redactor.redactForLog(part.repeat(1_000_000 / part.length)) !== '');
    }
  });

  it('leaves everything else alone', () => {
    const text = '#3 Instantly GET /api/v2/accounts 200 12 ms; password_changed false; tokens: 3';
    assert.equal(redactor.redact(text), text);
  });

  for (const [where, text, rest] of [
    ['JSON', '{"password":"pl\\"anted","a":1}', '{"password":"•••","a":1}'],
    ['JSON that is cut off', '{"a":1,"api_token":"planted', '{"a":1,"api_token":"•••"'],
    [
      'numbers and lists',
      '{"pwd": 4711, "secrets":["planted","b"],"a":[1]}',
      '{"pwd": "•••", "secrets":"•••","a":[1]}',
    ],
    [
      'an object of credentials',
      '{"credentials":{"user":"u","pass":"planted"}}',
      '{"credentials":{"user":"u","pass":"•••"}}',
    ],
    [
      'JSON in a string',
      String.raw`{"a":"{\"password\":\"pl\\\"anted\",\"b\":2}"}`,
      String.raw`{"a":"{\"password\":\"•••\",\"b\":2}"}`,
    ],
    [
      'JSON in a string in a string',
      String.raw`"{\"a\":\"{\\\"id_token\\\":\\\"planted\\\",\\\"b\\\":2}\"}"`,
      String.raw`"{\"a\":\"{\\\"id_token\\\":\\\"•••\\\",\\\"b\\\":2}\"}"`,
    ],
    [
      'JSON in HTML',
      '{&quot;smtp_pass&quot;:&quot;planted&quot;,&quot;a&quot;:1}',
      '{&quot;smtp_pass&quot;:&quot;•••&quot;,&quot;a&quot;:1}',
    ],
    ['single quotes', "{'private_key': 'planted', 'a': 'b'}", "{'private_key': '•••', 'a': 'b'}"],
    ['a form', 'a=1&oauth_token=planted&b=2', 'a=1&oauth_token=•••&b=2'],
    ['a form after a word with a colon', 'error: password=planted', 'error: password=•••'],
    ['an encoded query', 'https%3A%2F%2Fx%3Fapi_key%3Dplanted', 'https%3A%2F%2Fx%3Fapi_key%3D•••'],
    ['headers', 'X-API-Key: planted, Authorization: Bearer planted', 'X-API-Key: •••, Authorization: •••'],
    ['a sentence', 'sent bearer  a.b~c+d/e=-_1, refused', 'sent Bearer •••, refused'],
    ['a sentence that is short', 'no bearer token, no bearer abc.123', 'no bearer token, no bearer abc.123'],
    ['a name in JSON twice', '{"password":"planted""password":"planted"}', '{"password":"•••""password":"•••"}'],
    ['cookies', 'Set-Cookie: a=planted; b=planted\nx: 1', 'Set-Cookie: •••\nx: 1'],
    ['a URL', 'proxy http://user:pl@anted@host:3128/x', 'proxy http://user:•••@host:3128/x'],
    ['a URL in JSON', String.raw`"http:\/\/user:planted@host\/x"`, String.raw`"http:\/\/user:•••@host\/x"`],
  ] as const) {
    it(`masks credentials in ${where}`, () => {
      assert.equal(new Redactor().redact(text), rest);
    });
  }

  it('masks inside the text of a string what has the name of a credential, and nothing else', () => {
    assert.equal(maskInner('{"password":"x","b":[{"cookie":"y"}]}'), '{"password":"•••","b":[{"cookie":"•••"}]}');
    for (const text of [
      'password=x',
      'Your token: 5',
      '<p style="color:red">"a": b</p>',
      'https://x:80/@a',
      '{"passed":"x"}',
    ]) {
      assert.equal(maskInner(text), text);
    }
  });

  describe('names', () => {
    it('knows credentials', () => {
      for (const name of [
        ...['password', 'imap_password', 'smtp_password', 'Password', 'app_password', 'imapPassword', 'passphrase'],
        ...['pass', 'smtp_pass', 'imap_pass', 'smtpPass', 'pwd', 'passwd', 'passcode', 'password_hash', 'db_pwd'],
        ...['api_key', 'apiKey', 'APIKey', 'api-key', 'x-api-key', 'X-Api-Key', 'XApiKey', 'apikey', 'api_keys'],
        ...['private_key', 'privateKey', 'access_key', 'secret_key', 'secretkey', 'private_key_pem', 'encryption_key'],
        ...[
          'token',
          'api_token',
          'id_token',
          'oauth_token',
          'access_token',
          'refresh_token',
          'authToken',
          'x-auth-token',
        ],
        ...['password_reset_token', 'session_token', 'secret', 'client_secret', 'webhookSecret', 'jwt'],
        ...['cookie', 'cookies', 'set-cookie', 'Set-Cookie', 'session_cookie', 'credentials', 'user_credentials'],
        ...['auth', 'basic_auth', 'authorization', 'Proxy-Authorization'],
      ]) {
        assert.ok(isCredential(name, 'x'), name);
      }
      assert.ok(isCredential('password', null));
    });

    it('knows what is only about credentials', () => {
      for (const name of [
        ...[
          'dfy_password_changed',
          'passwordChanged',
          'password_changed_at',
          'password_set',
          'has_password',
          'isPasswordSet',
        ],
        ...[
          'token_type',
          'token_expires_at',
          'token_expiry',
          'access_token_expires_in',
          'api_key_id',
          'api_keys_count',
        ],
        ...['credentials_required', 'use_whitelabel_credentials', 'auth_type', 'auth_status', 'cookie_consent'],
        ...['next_page_token', 'pageToken', 'nextPageToken', 'sync_token', 'tokens'],
      ]) {
        assert.ok(!isCredential(name, 'x'), name);
      }
      assert.ok(!isCredential('password', true));
    });

    it('are masked with what they hold, however they are written and whatever stands around them', () => {
      fc.assert(
        fc.property(credentialName, secret, separator, before, after, (name, value, sign, first, last) => {
          const text = `${first}${name}${sign}${value}${last}`;
          const result = new Redactor().redact(text);
          assert.ok(!result.includes(value), `${text} -> ${result}`);
        }),
        { numRuns: 2000 },
      );
    });

    it('are masked in JSON, and in JSON in a string, with nothing else', () => {
      fc.assert(
        fc.property(credentialName, secret, fc.array(plainEntry, { maxLength: 4 }), (name, value, others) => {
          const body = { ...Object.fromEntries(others), [name]: value };
          const masked = { ...body, [name]: '•••' };
          const redactor = new Redactor();
          assert.deepEqual(JSON.parse(redactor.redact(JSON.stringify(body))), masked);
          assert.deepEqual(JSON.parse(redactor.redact(JSON.stringify(body, undefined, 2))), masked);
          const nested = JSON.stringify({ text: JSON.stringify(body) });
          assert.deepEqual(JSON.parse(redactor.redact(nested)), { text: JSON.stringify(masked) });
        }),
        { numRuns: 1000 },
      );
    });

    it('takes no other property of the services for one', () => {
      const names = new Set<string>([
        'email',
        'pass_rate',
        'passed',
        'bypass',
        'compass',
        'author',
        'secretary',
        'monkey',
      ]);
      for (const service of services) {
        collectNames(openApi(service), names, 'properties');
        for (const sample of sampleNames(service).filter((file) => file.endsWith('.json'))) {
          collectNames(JSON.parse(sampleText(service, sample)), names);
        }
      }
      assert.ok(names.size > 500);
      assert.deepEqual([...names].filter((name) => isCredential(name, 'x')).sort(), [
        'imap_password',
        'password',
        'smtp_password',
      ]);
    });
  });

  describe('for the log', () => {
    for (const [text, rest] of [
      ['1 account(s) not found: jo.doe+x@planted.example.', '1 account(s) not found: •••'],
      ['öäü@plänted.example, "a@b.co" and <a@b.co>', '•••, "•••" and <•••>'],
      ['https://x/accounts/jo%40planted.example?email=jo@planted.example', 'https://x/accounts/•••?email=•••'],
      ['params/id 019e0e3e-a4ab-7aab-8d54-0242ac120002 is unknown', 'params/id ••• is unknown'],
      ['object 507f1f77bcf86cd799439011', 'object •••'],
      [
        'Campaign 372 not found, email_account_id: 8494, "id": 5',
        'Campaign ••• not found, email_account_id: •••, "id": •••',
      ],
      ['no such thing: 2400103', 'no such thing: •••'],
      ['sendmap:/b-planted-com-3f2c1a/campaigns/5/Q4 launch, EU.json is gone', 'sendmap:/••• is gone'],
      ['The saved map of jo-planted-com-3f2c1a cannot be read', 'The saved map of •••-3f2c1a cannot be read'],
      ['open /Users/jo@planted.example/maps/nw-3f2c1a.json', 'open /Users/•••/maps/•••-3f2c1a.json'],
      ['{"password":"planted"}', '{"password":"•••"}'],
    ] as const) {
      it(`takes addresses and ids out of: ${text}`, () => {
        const log = new MemoryLog();
        const redacted = redactedLog(log, new Redactor());
        for (const level of ['debug', 'info', 'warn', 'error'] as const) {
          redacted[level](text);
        }
        assert.deepEqual(log.lines, [rest, rest, rest, rest]);
      });
    }

    it('keeps what Sendmap says itself', () => {
      for (const text of [
        '#12 Instantly GET /api/v2/accounts/{email} 404 30012 ms 390000 characters',
        '#3 Smartlead GET /campaigns/{campaign_id} timeout: no connection within the time limit',
        'Smartlead: the mapping of an account has 3 campaigns more and 2 fewer than its lists; the mapping counts',
      ]) {
        assert.equal(new Redactor().redactForLog(text), text);
      }
    });

    it('leaves addresses to the person', () => {
      assert.equal(new Redactor().redact('1 account(s) not found: a@b.co'), '1 account(s) not found: a@b.co');
    });
  });

  it('ends soon on the worst of texts, and with many keys', () => {
    const many = new Redactor();
    for (let number = 0; number < 300; number += 1) {
      many.add(`planted-key-${number}-${'x'.repeat(50)}`);
    }
    for (const unit of [
      ...[
        '\\',
        '"',
        '\\"',
        '"a":',
        '"password":',
        '"password":"',
        "'a",
        '&quot;',
        'password=',
        'password ',
        'cookie: ',
      ],
      ...['http://a:', '://', 'a@', '%40', '1', 'a-', '_a', 'id: 1, ', 'sendmap:/', 'bearer ', '"token":[', 'a.', ' '],
    ]) {
      assert.ok(
        !many
          .redactForLog(`${unit.repeat(250_000 / unit.length)} planted-key-7-${'x'.repeat(50)}`)
          .includes('planted-key-7-'),
      );
    }
  });
});

/** The names of all properties of a value; with `under`, only of objects that stand under that name. */
function collectNames(value: unknown, names: Set<string>, under?: string): void {
  if (Array.isArray(value)) {
    value.forEach((member) => {
      collectNames(member, names, under);
    });
  } else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) {
      if (under === undefined) {
        names.add(name);
      } else if (name === under) {
        Object.keys(member as object).forEach((property) => names.add(property));
      }
      collectNames(member, names, under);
    }
  }
}

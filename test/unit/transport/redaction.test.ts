import assert from 'node:assert/strict';
import { isCredential, Redactor } from '../../../src/transport/redaction.ts';

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

  it('masks what looks like a key though nobody registered it', () => {
    const other = new Redactor();
    assert.equal(other.redact('GET /x?API_KEY=abc123&limit=5'), 'GET /x?API_KEY=•••&limit=5');
    assert.ok(!other.redact('Proxy-Authorization: Basic dXNlcjpwYXNz').includes('dXNlcjpwYXNz'));
    assert.ok(!other.redact('{"imap_password": "hunter\\"2", "a": 1}').includes('hunter'));
  });

  it('leaves everything else alone', () => {
    const text = '#3 Instantly GET /api/v2/accounts 200 12 ms; password_changed false; tokens: 3';
    assert.equal(redactor.redact(text), text);
  });

  it('knows credentials by their names, and flags about them by their values', () => {
    for (const name of [
      'password',
      'imap_password',
      'smtp_password',
      'Password',
      'api_key',
      'apiKey',
      'refresh_token',
    ]) {
      assert.ok(isCredential(name, 'x'), name);
    }
    assert.ok(isCredential('password', null));
    assert.ok(!isCredential('dfy_password_changed', true));
    for (const name of ['email', 'warmup_key_id', 'first_name', 'next_starting_after']) {
      assert.ok(!isCredential(name, 'x'), name);
    }
  });
});

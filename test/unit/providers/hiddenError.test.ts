import assert from 'node:assert/strict';
import { isHiddenError } from '../../../src/providers/hiddenError.ts';
import { startSandbox, type Sandbox, type Service } from '../../../src/sandbox/server.ts';
import { isServiceError } from '../../../src/transport/errors.ts';
import { collect, connect } from '../../support/connect.ts';
import { services } from '../../support/services.ts';
import { exchanges, sampleNames, sampleText } from '../../support/fixtures.ts';

const refusals = [
  { error: 'Something went wrong' },
  { error: 'Something went wrong', data: null },
  { ok: false, message: 'Something went wrong' },
  { ok: false, message: 'Something went wrong', data: {} },
  { success: false, error: { code: 'FAILED', message: 'Something went wrong' } },
  { success: false, message: 'Something went wrong' },
  { status: 'error', message: 'Something went wrong' },
  { error: 'Something went wrong', items: [] },
  { ok: false, message: 'Something went wrong', data: [] },
  { success: false, message: 'Something went wrong', email_accounts: [] },
  { status: 'error', message: 'Something went wrong', data: [] },
  { statusCode: 500, error: 'Internal Server Error', message: 'Something went wrong' },
];

describe('an error in an answer with status 200', () => {
  let sandbox: Sandbox;
  before(async () => {
    sandbox = await startSandbox();
  });
  after(() => sandbox.close());

  for (const service of services) {
    for (const body of refusals) {
      it(`is in the words of the service: ${service} ${JSON.stringify(body)}`, () => {
        const info = connect(service, { baseUrl: 'http://127.0.0.1' }).info;
        const answer = { status: 200, headers: {}, text: JSON.stringify(body) };
        assert.equal(info.profile.isError?.(body), true);
        assert.equal(info.profile.messageOf(answer), 'Something went wrong');
      });
    }

    it(`ends a list, a record and a document: ${service}`, async () => {
      const provider = connect(service, { baseUrl: sandbox.baseUrls[service] });
      sandbox.override({ path: /./, reply: { status: 200, body: { error: 'Something went wrong' } } });
      for (const read of [
        () => collect(provider.accountPages()),
        () => collect(provider.campaignPages()),
        () => provider.account('5'),
        () => provider.document('campaign', '5'),
      ]) {
        await assert.rejects(
          read(),
          (error) =>
            isServiceError(error) &&
            error.kind === 'malformed' &&
            error.status === 200 &&
            error.serviceMessage === 'Something went wrong',
        );
      }
      provider.client.dispose();
      sandbox.clearOverrides();
    });
  }

  for (const body of [
    {},
    [],
    [{ error: 'x' }],
    { id: 5, error: 'a field of the record' },
    { email: 'a@b.c', error: 'a field of the record' },
    { items: [{ email: 'a@b.c' }], error: 'x' },
    { items: [] },
    { items: [], error: null },
    { items: [], error: '' },
    { ok: true, data: [] },
    { id: 5, status: 'error', message: 'a field of the record' },
    { status: 'error' },
    { status: 'ok', message: 'fine' },
    { success: true, data: {} },
    { ok: false, data: [{ id: 1 }] },
    { error: '' },
    { error: null },
    { message: 'fine' },
  ]) {
    it(`is not in ${JSON.stringify(body)}`, () => {
      assert.equal(isHiddenError(body), false);
    });
  }

  it('is in no recorded answer', () => {
    const recorded: Readonly<Record<Service, readonly unknown[]>> = {
      instantly: sampleNames('instantly')
        .filter((name) => name !== 'errors.observed.json' && !name.includes('openapi-example'))
        .flatMap((name) => exchanges(name))
        .filter(({ response }) => response.status === 200)
        .map(({ response }): unknown => response.body),
      smartlead: sampleNames('smartlead')
        .filter((name) => name.endsWith('.json') && !name.startsWith('error'))
        .map((name): unknown => JSON.parse(sampleText('smartlead', name))),
    };
    for (const [service, answers] of Object.entries(recorded)) {
      assert.ok(answers.length > 15, `${service}: ${answers.length}`);
      assert.deepEqual(answers.filter(isHiddenError), []);
    }
  });

  for (const body of [undefined, null, 'error']) {
    it(`is not in ${JSON.stringify(body)}, which is no object`, () => {
      assert.equal(isHiddenError(body), false);
    });
  }
});

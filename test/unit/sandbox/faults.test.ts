import assert from 'node:assert/strict';
import { isHiddenError } from '../../../src/providers/hiddenError.ts';
import { startSandbox, type Sandbox, type Service, type WriteFault } from '../../../src/sandbox/server.ts';
import { services } from '../../support/services.ts';
import { receivedWrites, sendTo, startWithFaults, writeLines, type Answer } from '../../support/writes.ts';

/** A write of each service, and what shows whether it was done. */
interface Case {
  /** Sets the daily limit of an account. */
  readonly write: (sandbox: Sandbox, limit: number) => Promise<Answer>;
  readonly limit: (sandbox: Sandbox) => Promise<unknown>;
  readonly property: string;
  readonly refusal: string;
}

const emailIn = (sandbox: Sandbox) => sandbox.instantly.accounts.find(({ row }) => 'daily_limit' in row)!.email;
const idIn = (sandbox: Sandbox) => sandbox.smartlead.accounts[0]!.id;
const cases: Readonly<Record<Service, Case>> = {
  instantly: {
    write: (sandbox, limit) =>
      sendTo(sandbox, 'instantly', 'PATCH', `/accounts/${emailIn(sandbox)}`, { body: { daily_limit: limit } }),
    limit: async (sandbox) =>
      (await sendTo(sandbox, 'instantly', 'GET', `/accounts/${emailIn(sandbox)}`)).body['daily_limit'],
    property: 'daily_limit',
    refusal: 'body/daily_limit must be <= 500',
  },
  smartlead: {
    write: (sandbox, limit) =>
      sendTo(sandbox, 'smartlead', 'POST', `/email-accounts/${idIn(sandbox)}`, { body: { max_email_per_day: limit } }),
    limit: async (sandbox) =>
      (await sendTo(sandbox, 'smartlead', 'GET', `/email-accounts/${idIn(sandbox)}/`)).body['message_per_day'],
    property: 'max_email_per_day',
    refusal: '"max_email_per_day" must be <= 500',
  },
};

for (const service of services) {
  const { write, limit, property, refusal } = cases[service];
  describe(`a write to the simulated ${service} that goes wrong`, () => {
    let sandbox: Sandbox;
    afterEach(() => sandbox.close());

    const start = async (...faults: WriteFault[]) => {
      sandbox = await startWithFaults(faults, { oddities: false });
      return limit(sandbox);
    };
    const outcomes = async () => (await receivedWrites(sandbox)).map(({ status, done }) => [status, done]);

    it('is cut before it is done', async () => {
      const before = await start({ kind: 'cutBefore', times: 1 });
      await assert.rejects(write(sandbox, 77), TypeError);
      assert.equal(await limit(sandbox), before);
      assert.equal((await write(sandbox, 77)).status, 200);
      assert.equal(await limit(sandbox), 77);
      assert.deepEqual(await outcomes(), [
        [0, false],
        [200, true],
      ]);
    });

    it('is cut after it was done', async () => {
      await start({ kind: 'cutAfter' });
      await assert.rejects(write(sandbox, 77), TypeError);
      assert.equal(await limit(sandbox), 77);
      assert.deepEqual(await outcomes(), [[0, true]]);
    });

    it('is too much in the middle of a series', async () => {
      await start({ kind: 'rateLimited', after: 2, times: 1, retryAfter: 7 });
      const statuses: number[] = [];
      for (const value of [71, 72, 73, 74]) {
        const answer = await write(sandbox, value);
        statuses.push(answer.status);
        assert.equal(answer.headers.get('retry-after'), answer.status === 429 ? '7' : null);
        assert.equal((await limit(sandbox)) === value, answer.status === 200);
      }
      assert.deepEqual(statuses, [200, 200, 429, 200]);
    });

    it('is too much without saying for how long', async () => {
      await start({ kind: 'rateLimited' });
      const answer = await write(sandbox, 77);
      assert.deepEqual([answer.status, answer.headers.get('retry-after')], [429, null]);
    });

    it('is answered with 200 and an error in the body', async () => {
      const before = await start({ kind: 'errorInBody' });
      const answer = await write(sandbox, 77);
      assert.equal(answer.status, 200);
      assert.ok(isHiddenError(answer.body));
      assert.equal(await limit(sandbox), before);
      assert.deepEqual(await outcomes(), [[200, false]]);
    });

    it('is refused with the name of a property', async () => {
      const refused = { kind: 'refused', property, problem: 'must be <= 500' } as const;
      const before = await start({ ...refused, status: 400, times: 1 });
      const bad = await write(sandbox, 777);
      assert.deepEqual([bad.status, bad.body['message']], [400, refusal]);
      sandbox.fault({ ...refused, status: 422 });
      const unprocessable = await write(sandbox, 777);
      assert.equal(unprocessable.status, 422);
      assert.equal(unprocessable.body[service === 'instantly' ? 'message' : 'error'], refusal);
      assert.equal(await limit(sandbox), before);
    });

    it('is done later than it is answered', async () => {
      const before = await start({ kind: 'late', milliseconds: 60_000 });
      assert.equal((await write(sandbox, 77)).status, 200);
      sandbox.advance(30_000);
      assert.equal(await limit(sandbox), before);
      sandbox.advance(30_000);
      assert.equal(await limit(sandbox), 77);
      assert.deepEqual(await outcomes(), [[200, true]]);
    });

    it('is answered as usual without a property that it ignores', async () => {
      const before = await start({ kind: 'ignored', names: [property] });
      assert.equal((await write(sandbox, 77)).status, 200);
      assert.equal(await limit(sandbox), before);
    });

    it('is recorded without credentials', async () => {
      await start();
      const path = service === 'instantly' ? `/accounts/${emailIn(sandbox)}` : `/email-accounts/${idIn(sandbox)}`;
      const method = service === 'instantly' ? 'PATCH' : 'POST';
      await sendTo(sandbox, service, method, path, { body: { api_key: 'a-secret', [property]: 3 } });
      const [write] = await receivedWrites(sandbox);
      assert.deepEqual([write!.service, write!.method, write!.body], [service, method, { [property]: 3 }]);
      assert.match(write!.path, new RegExp(`^/api/v[12]${path}$`));
      assert.doesNotMatch(
        JSON.stringify([await receivedWrites(sandbox), sandbox.requests]),
        /a-secret|sandbox-\w+-key/,
      );
    });
  });
}

describe('faults of the sandbox', () => {
  let sandbox: Sandbox;
  afterEach(() => sandbox.close());

  it('concern the writes that they name, and are cleared', async () => {
    sandbox = await startSandbox({ oddities: false });
    const faults = new URL('/sandbox/faults', sandbox.baseUrls.instantly);
    const fault: WriteFault = { kind: 'rateLimited', service: 'instantly', method: 'POST', path: '/pause' };
    const added = await fetch(faults, { method: 'POST', body: JSON.stringify(fault) });
    assert.deepEqual(await added.json(), fault);
    const account = `/accounts/${sandbox.instantly.accounts[0]!.email}`;
    const status = async (path: string) => (await sendTo(sandbox, 'instantly', 'POST', path)).status;
    assert.equal(await status(`${account}/pause`), 429);
    assert.equal(await status(`${account}/resume`), 200);
    assert.equal((await sendTo(sandbox, 'instantly', 'GET', account)).status, 200);
    await fetch(faults, { method: 'DELETE' });
    assert.equal(await status(`${account}/pause`), 200);
    sandbox.fault({ kind: 'errorInBody' });
    sandbox.clearFaults();
    assert.equal(await status(`${account}/resume`), 200);
    assert.deepEqual(
      await writeLines(sandbox),
      ['pause', 'resume', 'pause', 'resume'].map((action) => `POST /api/v2${account}/${action}`),
    );
  });

  it('are refused where they make no sense', async () => {
    sandbox = await startSandbox();
    const faults = new URL('/sandbox/faults', sandbox.baseUrls.instantly);
    for (const body of ['', '{', '{}', '{"kind":"nonsense"}', '{"kind":"late"}', '{"kind":"ignored","names":[1]}']) {
      assert.equal((await fetch(faults, { method: 'POST', body })).status, 400, body);
    }
    assert.equal((await fetch(faults)).status, 404);
  });
});

import assert from 'node:assert/strict';
import { SendingMap } from '../../src/map/sendingMap.ts';
import { providers } from '../../src/providers/index.ts';
import type { Provider } from '../../src/providers/provider.ts';
import { defaultKeys } from '../../src/sandbox/options.ts';
import { startSandbox, type Sandbox, type Service } from '../../src/sandbox/server.ts';
import { isServiceError, type ServiceError } from '../../src/transport/errors.ts';
import { redactedLog } from '../../src/transport/redactedLog.ts';
import { Redactor } from '../../src/transport/redaction.ts';
import { connect, documentText, MemoryLog } from '../support/connect.ts';
import { linesOf, savedMap } from '../support/savedMaps.ts';
import { services } from '../support/services.ts';

/** Lets everything that a service knows of accounts and campaigns say something. */
const repeat: Readonly<Record<Service, (sandbox: Sandbox, said: string) => void>> = {
  instantly: ({ instantly }, said) => {
    for (const row of instantly.campaigns) {
      row['name'] = said;
    }
    for (const { row } of instantly.accounts) {
      row['first_name'] = said;
      row['status_message'] = { e_message: said };
    }
  },
  smartlead: ({ smartlead }, said) => {
    for (const row of smartlead.campaigns) {
      row['name'] = said;
    }
    for (const { shared } of smartlead.accounts) {
      shared['from_name'] = said;
      shared['signature'] = said;
    }
  },
};

/** What a service says that it should not, or that has to go no further. */
describe('answers that repeat', function () {
  this.timeout(60_000);
  let sandbox: Sandbox;
  let memory: MemoryLog;

  beforeEach(async () => {
    sandbox = await startSandbox({ oddities: false });
    memory = new MemoryLog();
  });
  afterEach(() => sandbox.close());

  function start(service: Service): { readonly provider: Provider; readonly log: ReturnType<typeof redactedLog> } {
    const redactor = new Redactor();
    const log = redactedLog(memory, redactor);
    return { provider: connect(service, { baseUrl: sandbox.baseUrls[service], log, redactor }), log };
  }

  for (const service of services) {
    const { name } = providers[service];
    const key = defaultKeys[service];

    it(`the key, which then gets nowhere: ${name}, 200`, async () => {
      const forms = [
        key,
        key.toUpperCase(),
        encodeURIComponent(key).replaceAll('-', '%2d'),
        Buffer.from(key).toString('base64'),
        Buffer.from(`Bearer ${key}`).toString('base64url'),
        Buffer.from(key).toString('hex'),
        key.replaceAll('-', '&#45;'),
        JSON.stringify({ nested: JSON.stringify({ key }) }),
      ];
      const said = forms.join(' ');
      repeat[service](sandbox, said);
      const { provider, log } = start(service);
      const map = new SendingMap(provider, () => 0, log);
      await map.sync();
      assert.deepEqual(map.missing(), []);
      const [account] = map.accounts.records.rows;
      const [campaign] = map.campaigns.records.rows;
      assert.ok(account !== undefined && campaign !== undefined);
      assert.match(campaign.name, /^••• ••• •••/);
      const owner = { connectionId: 'c', provider: service, keyTag: '1', language: 'en', savedAt: 1 };
      const outputs = [...linesOf(await savedMap(owner, await map.save())), ...memory.lines];
      for (const kind of provider.info.documents) {
        if (kind !== 'tag') {
          outputs.push(await documentText(provider, kind, kind.startsWith('campaign') ? campaign.id : account.key));
        }
      }
      assert.ok(outputs.some((output) => output.includes('•••')));
      for (const output of outputs) {
        for (const form of [...forms.slice(0, -1), forms[3]!.slice(0, 12), forms[4]!.slice(12, 24)]) {
          assert.ok(!output.toLowerCase().includes(form.toLowerCase()), `${form} in ${output}`);
        }
      }
      map.dispose();
    });

    for (const status of [400, 404, 500]) {
      it(`an address and an id, which the log does not get: ${name}, ${status}`, async () => {
        const message =
          'Account jo.planted@leak.example of campaign 2400103 (019e0e3e-a4ab-7aab-8d54-0242ac120002) failed';
        sandbox.override({ path: /./, reply: { status, body: { statusCode: status, error: message, message } } });
        const { provider, log } = start(service);
        const map = new SendingMap(provider, () => 0, log);
        const errors = await Promise.all([
          failure(provider.document('account', 'jo.planted@leak.example')),
          failure(provider.document('campaign', '2400103')),
          failure(provider.checkKey()),
        ]);
        await map.sync();
        for (const error of errors) {
          // The person sees all of it; the log gets what a command writes about its failure.
          assert.match(error.message, /jo\.planted@leak\.example of campaign 2400103 \(019e0e3e/);
          log.error(`sendmap.openDocument: ${error.message}`);
        }
        assert.ok(memory.lines.length > errors.length);
        assert.ok(memory.lines.some((line) => line.startsWith('sendmap.openDocument: ')));
        assert.ok(
          !/planted|leak\.example|2400103|019e0e3e|0242ac120002/.test(memory.lines.join('\n')),
          memory.lines.join('\n'),
        );
        map.dispose();
      });
    }
  }
});

async function failure(promise: Promise<unknown>): Promise<ServiceError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(isServiceError(error), String(error));
  return error;
}

import assert from 'node:assert/strict';
import type { ServerResponse } from 'node:http';
import { SendingMap } from '../../src/map/sendingMap.ts';
import { startSandbox, type Override, type Sandbox, type Service } from '../../src/sandbox/server.ts';
import { brotliBomb, gzipBomb } from '../support/bombs.ts';
import { connect, MemoryLog } from '../support/connect.ts';
import { services } from '../support/services.ts';

/** The name of the list of accounts in the address of a request. */
const LISTS: Readonly<Record<Service, string>> = { instantly: 'accounts', smartlead: 'email-accounts' };

let bombs: { readonly gzip: Buffer; readonly brotli: Buffer };

const packed = (encoding: string, body: () => Buffer) => (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': encoding }).end(body());
};

/** Writes as fast as it is read, until the connection ends. */
const endless = (status: number, chunk: Buffer) => (response: ServerResponse) => {
  response.writeHead(status);
  const write = () => {
    while (!response.destroyed && response.write(chunk));
  };
  response.on('drain', write);
  write();
};

interface Fault {
  readonly name: string;
  readonly reply: Override['reply'];
  readonly why: RegExp;
}

const tooLarge = /\d\.\d MB or more, where 32 MB is the most/;
const faults: readonly Fault[] = [
  { name: 'a gzip of 10 MB that unpacks to 10 GB', reply: packed('gzip', () => bombs.gzip), why: tooLarge },
  { name: 'a brotli of a kilobyte that unpacks to one GB', reply: packed('br', () => bombs.brotli), why: tooLarge },
  { name: 'a body that does not end', reply: endless(200, Buffer.alloc(64_000, ' ')), why: tooLarge },
  {
    name: 'an error page that does not end',
    reply: endless(401, Buffer.from('<h1>Who are you?</h1>'.padEnd(64_000))),
    why: /refused the key \(401: Who are you\?/,
  },
  {
    name: 'lists in lists in lists',
    reply: { status: 200, body: `{"items":[${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}]}` },
    why: /nests more than 100 levels deep/,
  },
  {
    name: 'an unknown encoding',
    reply: packed('zstd', () => Buffer.from('{}')),
    why: /packed as "zstd"/,
  },
];

/** Bytes that the process may have taken more than before; a bomb would take gigabytes. */
const MOST_MEMORY = 300_000_000;

const peak = () => process.resourceUsage().maxRSS * 1024;

describe('answers without bounds', function () {
  this.timeout(60_000);

  let box: Sandbox;
  let map: SendingMap;
  let memory: number;

  before(async () => {
    bombs = { gzip: gzipBomb(), brotli: await brotliBomb() };
  });

  async function start(service: Service): Promise<void> {
    box = await startSandbox({ [service]: { accounts: 250, campaigns: 3 } });
    map = new SendingMap(
      connect(service, { baseUrl: box.baseUrls[service], network: { timeout: 30_000 } }),
      () => 0,
      new MemoryLog(),
    );
    memory = peak();
  }

  afterEach(async () => {
    map.dispose();
    await box.close();
    assert.ok(peak() - memory < MOST_MEMORY, `${peak() - memory} bytes`);
  });

  for (const service of services) {
    const list = LISTS[service];
    const first = new RegExp(`/${list}/?\\?(?!.*(starting_after|offset=[1-9]))`);
    const later = new RegExp(`/${list}/?\\?.*(starting_after|offset=[1-9])`);

    for (const { name, reply, why } of faults) {
      it(`${service}: says what is missing after ${name}, and goes on from there`, async () => {
        await start(service);
        box.override({ path: later, reply });
        await map.sync();
        assert.equal(map.complete, false);
        const [missing, ...more] = map.missing();
        assert.deepEqual(more, []);
        assert.ok(missing!.startsWith('accounts after the first 100, from page 2 on: '), missing);
        assert.match(missing!, why);
        assert.equal(map.accounts.records.size, 100);
        box.clearOverrides();
        await map.sync();
        assert.deepEqual(map.missing(), []);
        assert.equal(map.accounts.records.size, 250);
      });
    }

    it(`${service}: keeps what it knows where a refresh meets a bomb on the first page`, async () => {
      await start(service);
      await map.sync();
      box.override({ path: first, reply: packed('br', () => bombs.brotli) });
      await map.sync(true);
      assert.match(map.missing()[0] ?? '', tooLarge);
      assert.equal(map.accounts.records.size, 250);
    });
  }

  it('smartlead: takes its whole list of campaigns, which has no pages, at twenty thousand', async () => {
    await start('smartlead');
    const campaigns = box.smartlead.campaigns as Record<string, unknown>[];
    const [like] = campaigns;
    // Each with as much text as makes it twice the recorded size.
    campaigns.push(
      ...Array.from({ length: 20_000 }, (_, index) => ({ ...like, id: 5_000_000 + index, notes: 'x'.repeat(1000) })),
    );
    await map.sync();
    assert.deepEqual(map.missing(), []);
    assert.equal(map.campaigns.records.size, 20_003);
  });
});

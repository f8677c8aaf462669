import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SendmapApi, SendmapError } from '../../src/api.ts';
import type { HealthKeeper } from '../../src/connections/healthKeeper.ts';
import type { Session, Sessions } from '../../src/connections/sessions.ts';
import { commands } from '../../src/contributions.ts';
import { createApi } from '../../src/createApi.ts';
import { canSend } from '../../src/health/sending.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { ServiceError } from '../../src/transport/errors.ts';
import { MemoryLog } from '../support/connect.ts';
import { account, storeOf } from '../support/records.ts';
import { api, endWorld, lazy, startWorld } from './world.ts';

/** The API over one session whose map is given, and its log. */
function apiOver(map: object) {
  const log = new MemoryLog();
  const session = { connection: { id: 'x' }, map } as Session;
  const sessions = { get: () => Promise.resolve(session) } as unknown as Sessions;
  return {
    log,
    subject: createApi(sessions, lazy({ evaluated: () => Promise.resolve(undefined) } as unknown as HealthKeeper), log),
  };
}

/** Tries to change everything that can be reached from a value. What is frozen refuses by throwing. */
function poison(value: unknown): void {
  if (typeof value !== 'object' || value === null) {
    return;
  }
  Object.values(value).forEach(poison);
  for (const name of [...Object.keys(value), 'length', 'planted']) {
    try {
      Reflect.set(value, name, Array.isArray(value) && name === 'length' ? 0 : 'poison');
      Reflect.deleteProperty(value, name);
    } catch {
      // As it should be.
    }
  }
}

export function describeApi(): void {
  describe('the API', () => {
    let sandbox: Sandbox;
    let subject: SendmapApi;
    let instantly: string;
    let smartlead: string;

    before(async () => {
      sandbox = await startWorld();
      subject = await api();
      instantly = subject.connections().find(({ provider }) => provider === 'instantly')!.id;
      smartlead = subject.connections().find(({ provider }) => provider === 'smartlead')!.id;
    });
    after(() => endWorld(sandbox));

    it('is version 1', () => {
      assert.equal(subject.apiVersion, 1);
    });

    it('gives all accounts and campaigns of both services', async () => {
      assert.deepEqual(
        (await subject.accounts(instantly)).map(({ key }) => key),
        sandbox.instantly.accounts.map(({ email }) => email),
      );
      assert.deepEqual(
        (await subject.accounts(smartlead)).map(({ key }) => key),
        sandbox.smartlead.accounts.map(({ id }) => String(id)),
      );
      assert.equal((await subject.campaigns(instantly)).length, sandbox.instantly.campaigns.length);
      assert.equal((await subject.campaigns(smartlead)).length, sandbox.smartlead.campaigns.length);
    });

    it('gives the whole map, in which both ways agree with the service', async () => {
      for (const id of [instantly, smartlead]) {
        const map = await subject.map(id);
        assert.deepEqual([map.complete, map.missing], [true, []]);
        assert.ok(Math.abs(Date.now() - map.syncedAt!) < 600_000);
        const truth =
          id === instantly
            ? [...sandbox.instantly.campaignsOf].flatMap(([email, rows]) => rows.map((row) => [email, row['id']]))
            : sandbox.smartlead.accounts.flatMap((account) => account.campaignIds.map((c) => [account.id, c]));
        assert.deepEqual(
          map.senders.map(({ accountKey, campaignId }) => `${accountKey} ${campaignId}`).sort(),
          truth.map((pair) => pair.join(' ')).sort(),
        );
        assert.ok(map.senders.every(({ reasons }) => reasons.length > 0));
      }
    });

    it('says when a map changed, and what is missing from one that cannot be read', async () => {
      const changed: string[] = [];
      const subscription = subject.onDidChangeMap((id) => changed.push(id));
      const account = sandbox.instantly.accounts[7]!;
      account.row['daily_limit'] = 11;
      sandbox.override({ path: /starting_after/, reply: { status: 400, body: { message: 'no such cursor' } } });
      await vscode.commands.executeCommand(commands.refresh, { kind: 'connection', connectionId: instantly, id: 'x' });
      const partial = await subject.map(instantly);
      sandbox.clearOverrides();
      assert.equal(partial.complete, false);
      assert.match(partial.missing.join(), /accounts .*no such cursor/);
      assert.deepEqual(changed, [instantly]);
      const whole = await subject.map(instantly);
      assert.equal(whole.complete, true);
      subscription.dispose();
    });

    it('gives findings, the worst first, each about something that is there', async () => {
      for (const id of [instantly, smartlead]) {
        const { accounts, campaigns } = await subject.map(id);
        const keys = new Set(accounts.map(({ key }) => key));
        const ids = new Set(campaigns.map((campaign) => campaign.id));
        const findings = await subject.findings(id);
        assert.ok(findings.length > 0);
        for (const { rule, severity, title, accountKeys, campaignIds, evidence, emailsPerDayLost } of findings) {
          assert.match(rule, /^[a-z-]+$/);
          assert.match(severity, /^(critical|warning|info)$/);
          assert.ok(title.length > 0 && evidence.length > 0 && emailsPerDayLost >= 0);
          assert.ok(accountKeys.length + campaignIds.length > 0);
          assert.ok(accountKeys.every((key) => keys.has(key)) && campaignIds.every((campaign) => ids.has(campaign)));
        }
        const broken = accounts.filter(({ problems }) => problems?.some(({ kind }) => kind === 'disconnected'));
        const found = findings.filter(({ rule }) => rule === 'disconnected').flatMap(({ accountKeys }) => accountKeys);
        assert.deepEqual(found.sort(), broken.map(({ key }) => key).sort());
      }
    });

    it('gives what campaigns can send, and what they could without some accounts', async () => {
      const { possible, campaigns, unknownLimits, missing } = await subject.capacity(instantly);
      assert.ok(possible > 0);
      assert.deepEqual(missing, []);
      assert.ok(campaigns.every(({ sendersKnown }) => sendersKnown));
      const { accounts, senders } = await subject.map(instantly);
      const active = new Set(campaigns.map(({ id }) => id));
      const feeds = new Set(senders.filter((edge) => active.has(edge.campaignId)).map(({ accountKey }) => accountKey));
      const unknown = accounts.filter((one) => one.dailyLimit === undefined && canSend(one) && feeds.has(one.key));
      assert.equal(unknownLimits, unknown.length);
      const expected = campaigns.reduce((sum, campaign) => sum + campaign.expected, 0);
      assert.ok(Math.abs(expected - possible) < 1, `${expected} and ${possible}`);
      const without = (await subject.accounts(instantly)).map(({ key }) => key);
      assert.equal((await subject.capacity(instantly, { without })).possible, 0);
      await assert.rejects(subject.capacity(instantly, { without: 7 } as never), { kind: 'notFound' });
    });

    it('gives what changed since a record', async () => {
      const changes = await subject.changes(instantly, new Date());
      assert.ok(changes !== undefined && changes.since <= Date.now());
      assert.deepEqual(changes.accountsAdded, []);
      await assert.rejects(subject.changes(instantly, 'yesterday' as never), { kind: 'notFound' });
    });

    it('gives the campaigns of an account and the senders of a campaign, and the two agree', async () => {
      for (const [connection, key] of [
        [instantly, sandbox.instantly.accounts[0]!.email],
        [smartlead, String(sandbox.smartlead.accounts.find(({ campaignIds }) => campaignIds.length > 0)!.id)],
      ] as const) {
        const campaigns = await subject.campaignsOf(connection, key);
        assert.ok(campaigns.length > 0);
        for (const { id, name } of campaigns) {
          assert.ok(name !== '');
          const sender = (await subject.sendersOf(connection, id)).find(({ account }) => account.key === key);
          assert.ok(sender !== undefined && sender.reasons.length > 0 && sender.account.email.includes('@'));
        }
      }
    });

    it('rejects with an error of the closed set, never with a part', async () => {
      await assert.rejects(subject.accounts('gone'), { name: 'SendmapError', kind: 'notFound' });
      await assert.rejects(subject.sendersOf(smartlead, 'x'), { name: 'SendmapError', kind: 'notFound' });
      sandbox.override({ path: /mappings/, reply: { status: 403, body: '<html>1010</html>' } });
      await assert.rejects(subject.campaignsOf(instantly, 'a@b.c'), {
        name: 'SendmapError',
        kind: 'blocked',
        status: 403,
      });
      sandbox.clearOverrides();
    });

    it('hands out nothing by which another extension could change the map', async () => {
      // Of a suspended one the answer says again each time when it was.
      const used = sandbox.smartlead.accounts.find(
        ({ campaignIds, suspended }) => campaignIds.length > 0 && !suspended,
      );
      const key = String(used!.id);
      const everything = async () => {
        const campaigns = await subject.campaignsOf(smartlead, key);
        return [
          subject.connections(),
          await subject.accounts(instantly),
          await subject.campaigns(instantly),
          await subject.map(instantly),
          campaigns,
          await subject.sendersOf(smartlead, campaigns[0]!.id),
          await subject.map(smartlead),
        ];
      };
      const before = structuredClone(await everything());
      poison(await everything());
      assert.deepEqual(await everything(), before);
    });

    it('answers an odd name with an error of the closed set', async () => {
      const odd = [
        undefined,
        null,
        5,
        '',
        '..',
        '\ud800',
        'nope',
        {},
        [],
        Symbol('x'),
        Object.create(null),
        { toString: () => 5n },
      ];
      for (const name of odd as string[]) {
        for (const answer of [
          subject.accounts(name),
          subject.campaigns(name),
          subject.map(name),
          subject.campaignsOf(name, 'x'),
          subject.sendersOf(name, 'x'),
          ...(name === 'nope' ? [] : [subject.campaignsOf(instantly, name), subject.sendersOf(smartlead, name)]),
        ]) {
          await assert.rejects(answer, (error: SendmapError) => {
            assert.match(error.message, /^Sendmap could not find this \((there is no|an? \w+ is named by) .*\)\.$/);
            assert.deepEqual([error.name, error.kind, error.service], ['SendmapError', 'notFound', 'Sendmap']);
            return true;
          });
        }
      }
    });

    it('rejects with what it promises and nothing else, whatever went wrong inside', async () => {
      const own = new ServiceError('setting', { service: 'Instantly', setting: 'a.setting', serviceMessage: 'no URL' });
      own.cause = new Error('GET https://example.com/?api_key=planted');
      for (const [error, kind, message] of [
        [own, 'setting', own.message],
        [new DOMException('ended', 'AbortError'), 'ended', /stopped before it finished/],
        [
          new TypeError('Cannot read properties of undefined'),
          'internal',
          /Something went wrong in Sendmap itself\. The log/,
        ],
        [new Error('planted'), 'internal', /Something went wrong in Sendmap itself\. The log/],
        [undefined, 'internal', /Something went wrong in Sendmap itself\. The log/],
      ] as const) {
        const fails = () => {
          throw error as Error;
        };
        const { log, subject } = apiOver({ allAccounts: fails, allCampaigns: fails, syncAll: fails });
        for (const ask of [() => subject.accounts('x'), () => subject.campaigns('x'), () => subject.map('x')]) {
          await assert.rejects(ask, (rejection: Error) => {
            assert.match(rejection.message, typeof message === 'string' ? /a\.setting is not valid/ : message);
            assert.deepEqual(Reflect.ownKeys(rejection).sort(), [
              'kind',
              'message',
              'name',
              'retryAt',
              'service',
              'serviceMessage',
              'stack',
              'status',
            ]);
            assert.ok('kind' in rejection && rejection.kind === kind && rejection.name === 'SendmapError');
            assert.ok(rejection !== error && !/planted|Cannot/.test(rejection.stack!));
            return true;
          });
        }
        assert.equal(log.lines.length, kind === 'internal' ? 3 : 0);
        assert.ok(!(error instanceof TypeError) || /TypeError: Cannot.*\n\s+at /.test(log.lines[0]!));
      }
    });

    it('gives way to others while it works on a large map', async () => {
      const accounts = Array.from({ length: 200_000 }, (_, row) => account(`a${row}@example.com`));
      const { store, graph } = storeOf({ accounts });
      const { subject } = apiOver({
        accounts: { records: store.accounts },
        campaigns: { records: store.campaigns },
        graph,
        version: 1,
        syncAll: () => Promise.resolve(),
        missing: () => [],
      });
      let turns = 0;
      const count = () => {
        turns += 1;
        turn = setImmediate(count);
      };
      let turn = setImmediate(count);
      const map = await subject.map('x');
      clearImmediate(turn);
      assert.equal(map.accounts.length, 200_000);
      assert.ok(turns > 1);
    });

    it('gives no key and no password away', async () => {
      const everything = JSON.stringify([
        subject.connections(),
        await subject.accounts(smartlead),
        await subject.campaigns(smartlead),
      ]);
      assert.ok(!/planted|password/.test(everything));
    });
  });
}

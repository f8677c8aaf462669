import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { SendmapApi } from '../../src/api.ts';
import { commands } from '../../src/contributions.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { api, endWorld, startWorld } from './world.ts';

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

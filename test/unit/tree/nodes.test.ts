import assert from 'node:assert/strict';
import { NodeRegistry, type Node, type Notice } from '../../../src/tree/nodes.ts';

const note: Notice = { type: 'note', label: 'Nothing here' };

describe('the registry of rows', () => {
  let registry: NodeRegistry;
  beforeEach(() => {
    registry = new NodeRegistry();
  });

  const rows = (kind: 'account' | 'campaign', connectionId: string, key: string): Node[] =>
    registry.changedRows(connectionId, {
      accounts: new Set(kind === 'account' ? [key] : []),
      campaigns: new Set(kind === 'campaign' ? [key] : []),
    });

  it('has one object for one row, at every refresh', () => {
    const paint = () => {
      const connection = registry.connection('c');
      const group = registry.group(connection, 'Paused');
      const range = registry.range(group, 0);
      const account = registry.account(range, 'a@b.c');
      const campaign = registry.campaign(account, '7');
      return [connection, group, range, account, campaign, registry.notice(campaign, 'note', note)];
    };
    const first = paint();
    for (const [index, node] of paint().entries()) {
      assert.equal(node, first[index]);
    }
    assert.equal(new Set(first.map(({ id }) => id)).size, first.length);
  });

  it('has a path for each place: the same account and campaign stand under many others', () => {
    const connection = registry.connection('c');
    const campaign = registry.campaign(connection, '7');
    const top = registry.account(connection, 'a@b.c');
    const sender = registry.account(campaign, 'a@b.c');
    const grouped = registry.account(registry.group(connection, 'b.c'), 'a@b.c');
    const below = registry.campaign(top, '7');
    assert.equal(new Set([top.id, sender.id, grouped.id]).size, 3);
    assert.deepEqual([top.campaignId, sender.campaignId, grouped.campaignId], [undefined, '7', undefined]);
    assert.deepEqual([campaign.accountKey, below.accountKey], [undefined, 'a@b.c']);
    assert.deepEqual(rows('account', 'c', 'a@b.c'), [top, sender, grouped]);
    assert.deepEqual(rows('campaign', 'c', '7'), [campaign, below]);
    assert.deepEqual(rows('account', 'c', '7'), []);
    assert.deepEqual(rows('account', 'other', 'a@b.c'), []);
  });

  it('leaves out of what is repainted the rows under a row that is', () => {
    const connection = registry.connection('c');
    const [account, other] = [registry.account(connection, 'a@b.c'), registry.account(connection, 'd@b.c')];
    const [below, elsewhere] = [registry.campaign(account, '7'), registry.campaign(other, '7')];
    const campaigns = new Set(['7']);
    assert.deepEqual(registry.changedRows('c', { accounts: new Set(['a@b.c']), campaigns }), [account, elsewhere]);
    assert.deepEqual(registry.changedRows('c', { accounts: new Set(), campaigns }), [below, elsewhere]);
  });

  it('keeps a row that moves to another part of its list', () => {
    const connection = registry.connection('c');
    const [first, second] = [registry.range(connection, 0), registry.range(connection, 1)];
    assert.notEqual(first, second);
    const row = registry.account(first, 'a@b.c');
    assert.equal(registry.parentOf(row), first);
    assert.equal(registry.account(second, 'a@b.c'), row);
    assert.equal(registry.parentOf(row), second);
    assert.equal(registry.account(connection, 'a@b.c'), row);
    assert.equal(registry.parentOf(row), connection);
    assert.deepEqual(rows('account', 'c', 'a@b.c'), [row]);
  });

  it('keeps a row that moves to another of the groups that stand apart, and not to one that shares rows', () => {
    const connection = registry.connection('c');
    const [broken, healthy] = [registry.group(connection, 'error', true), registry.group(connection, 'healthy', true)];
    const domains = [broken, healthy].map((group) => registry.group(registry.range(group, 1), 'b.c', true));
    const row = registry.account(registry.range(domains[0]!, 0), 'a@b.c');
    assert.equal(registry.account(domains[1]!, 'a@b.c'), row);
    assert.equal(registry.parentOf(row), domains[1]);
    assert.equal(registry.account(connection, 'a@b.c'), row);
    assert.notEqual(domains[0], domains[1]);
    const tag = registry.group(connection, 'error');
    assert.notEqual(tag, broken);
    const tagged = registry.account(registry.group(tag, 'b.c', true), 'a@b.c');
    assert.notEqual(tagged, row);
    assert.equal(registry.account(tag, 'a@b.c'), tagged);
    const filter = registry.filter(connection, 'error');
    const filtered = registry.account(registry.group(filter, 'b.c', true), 'a@b.c');
    assert.equal(registry.account(filter, 'a@b.c'), filtered);
    assert.deepEqual(new Set(rows('account', 'c', 'a@b.c')), new Set([row, tagged, filtered]));
  });

  it('sees through a part of a list to what the rows stand under', () => {
    const campaign = registry.campaign(registry.connection('c'), '7');
    const sender = registry.account(registry.range(campaign, 2), 'a@b.c');
    assert.equal(sender.campaignId, '7');
    assert.equal(sender, registry.account(campaign, 'a@b.c'));
  });

  it('takes no identifier for a part of a path', () => {
    const [connection, odd] = [registry.connection('c'), registry.connection('c/a:x')];
    const ids = [
      connection,
      odd,
      registry.account(connection, 'x'),
      registry.account(connection, 'x/c:7'),
      registry.account(connection, 'x%2Fc:7'),
      registry.campaign(registry.account(connection, 'x'), '7'),
      registry.campaign(connection, 'x'),
      registry.group(connection, 'x'),
      registry.group(connection, 'x', true),
      registry.filter(connection, 'x'),
      registry.range(connection, 0),
      registry.notice(connection, 'x', note),
    ].map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('keeps the object of an equal notice, and has a new one where it says something else', () => {
    const connection = registry.connection('c');
    const before = registry.notice(connection, 'state', note);
    assert.equal(registry.notice(connection, 'state', { ...note }), before);
    const after = registry.notice(connection, 'state', { ...note, label: 'Something' });
    assert.notEqual(after, before);
    assert.equal(after.id, before.id);
    assert.equal(registry.notice(connection, 'state', { ...after.notice }), after);
    assert.equal(registry.parentOf(after), connection);
  });

  it('forgets a connection with all of its rows, and no other', () => {
    const paint = (connectionId: string) => {
      const connection = registry.connection(connectionId);
      const account = registry.account(registry.range(connection, 0), 'a@b.c');
      return [connection, account, registry.campaign(account, '7')] as const;
    };
    const names = ['c', 'cc', 'c/c', 'd'];
    const before = new Map(names.map((name) => [name, paint(name)]));
    registry.forget('c');
    assert.deepEqual(rows('account', 'c', 'a@b.c'), []);
    assert.deepEqual(rows('campaign', 'c', '7'), []);
    for (const [connection, account, campaign] of [before.get('c')!]) {
      assert.deepEqual(
        [connection, account, campaign].map((node) => registry.parentOf(node)),
        [undefined, undefined, undefined],
      );
    }
    for (const [name, known] of before) {
      for (const [index, node] of paint(name).entries()) {
        assert.equal(node === known[index], name !== 'c', name);
      }
    }
    assert.equal(rows('account', 'c', 'a@b.c').length, 1);
  });
});

import assert from 'node:assert/strict';
import { tagEmpty } from '../../../src/health/rules/tagEmpty.ts';
import { SendingMap, type MapChange } from '../../../src/map/sendingMap.ts';
import { decodeSnapshot } from '../../../src/map/snapshot.ts';
import { defaultKeys, type InstantlyQuirk } from '../../../src/sandbox/options.ts';
import { startSandbox, type Sandbox } from '../../../src/sandbox/server.ts';
import { connect, MemoryLog } from '../../support/connect.ts';
import { healthOf } from '../../support/health.ts';
import { savedMap } from '../../support/savedMaps.ts';

const NOBODY = { id: '01990000-0000-7000-8000-000000000001', label: 'Nobody’s pool' };

describe('labels of the tags that select senders', () => {
  let box: Sandbox;
  let log: MemoryLog;
  const maps: SendingMap[] = [];

  afterEach(async () => {
    maps.splice(0).forEach((map) => {
      map.dispose();
    });
    await box.close();
  });

  function open(service: 'instantly' | 'smartlead' = 'instantly'): SendingMap {
    log = new MemoryLog();
    const map = new SendingMap(connect(service, { baseUrl: box.baseUrls[service] }), () => 0, log);
    maps.push(map);
    return map;
  }

  /** Instantly with a campaign that sends through a tag that no account carries; no campaign is tagged itself. */
  async function start(quirks: readonly InstantlyQuirk[] = [], scopes?: readonly string[]): Promise<string> {
    box = await startSandbox({
      oddities: false,
      instantly: { accounts: 60, campaigns: 12, tags: 3, quirks },
      keys: [{ key: defaultKeys.instantly, service: 'instantly', scopes }],
    });
    const { tags, tagMappings, campaigns } = box.instantly;
    (tags as object[]).push({ ...NOBODY });
    (tagMappings as object[]).length = 0;
    const [campaign] = campaigns;
    Object.assign(campaign!, { status: 1, email_tag_list: [NOBODY.id] });
    return String(campaign!['id']);
  }

  function evidence(map: SendingMap, campaignId: string): string | undefined {
    const campaign = map.graph.campaign(campaignId)!;
    const health = healthOf(map.graph, { complete: () => map.complete });
    return health.rulesOfCampaign(campaignId).some(({ id }) => id === 'tag-empty')
      ? tagEmpty.evidence(campaign, health.factsOfCampaign(campaign))
      : undefined;
  }

  const tagRequests = () => box.requests.filter(({ path }) => path.endsWith('/custom-tags'));

  it('are asked for where no account says them, and only then', async () => {
    const id = await start();
    const map = open();
    await map.sync();
    assert.equal(map.graph.tagLabel(NOBODY.id), NOBODY.label);
    assert.equal(evidence(map, id), `no account is tagged ${NOBODY.label}`);
    assert.deepEqual(
      new Set(tagRequests().map(({ query }) => query['tag_ids'])),
      new Set([NOBODY.id]),
      'accounts say the labels of the others',
    );
    Object.assign(box.instantly.campaigns[0]!, { email_tag_list: [] });
    box.requests.length = 0;
    await map.sync(true);
    assert.deepEqual([tagRequests().length, map.graph.tagLabel(NOBODY.id)], [0, undefined]);
  });

  it('change where the service changed them, and otherwise nothing does', async () => {
    const id = await start();
    const map = open();
    await map.sync();
    const changes: MapChange[] = [];
    map.onDidChange((change) => changes.push(change));
    await map.sync(true);
    assert.deepEqual(changes, []);
    Object.assign(box.instantly.tags.at(-1)!, { label: 'Renamed' });
    await map.sync(true);
    assert.deepEqual(changes, [{ listed: false, accounts: new Set(), campaigns: new Set([id]) }]);
    assert.equal(evidence(map, id), 'no account is tagged Renamed');
  });

  it('stand in the reasons of senders where the list of accounts comes without tags', async () => {
    await start(['tagsLeftOut']);
    const carried = String(box.instantly.tags[0]!['id']);
    Object.assign(box.instantly.campaigns[1]!, { email_list: [], email_tag_list: [carried] });
    const map = open();
    await map.sync();
    const senders = map.graph.sendersOf(String(box.instantly.campaigns[1]!['id']));
    assert.ok(senders.length > 0);
    const tag = { id: carried, label: box.instantly.tags[0]!['label'] };
    assert.ok(
      senders.every(({ reasons }) => reasons.length === 1),
      'all come through the tag',
    );
    assert.deepEqual(senders[0]!.reasons, [{ kind: 'tag', tag }]);
  });

  it('are ids where the key may not read tags, and nothing is missing', async () => {
    const scopes = ['workspaces', 'accounts', 'campaigns', 'account_campaign_mappings', 'custom_tag_mappings'];
    const id = await start(
      [],
      scopes.map((scope) => `${scope}:read`),
    );
    const map = open();
    await map.sync();
    assert.deepEqual(
      tagRequests().map(({ status }) => status),
      [403],
    );
    assert.deepEqual([map.complete, map.missing()], [true, []]);
    assert.equal(evidence(map, id), `no account is tagged ${NOBODY.id}`);
    assert.equal(log.lines.filter((line) => line.includes('labels of tags cannot be read')).length, 1);
  });

  it('stay as they were where they cannot be read again', async () => {
    await start();
    const map = open();
    await map.sync();
    box.override({ path: /custom-tags/, reply: { status: 403, body: { message: 'no scope' } } });
    await map.sync(true);
    assert.deepEqual([map.complete, map.graph.tagLabel(NOBODY.id)], [true, NOBODY.label]);
  });

  it('are saved with the map', async () => {
    const id = await start();
    const map = open();
    await map.sync();
    const header = { connectionId: 'c', provider: 'instantly', keyTag: 'k', language: 'en', savedAt: 1 };
    const { state } = await decodeSnapshot(await savedMap(header, await map.save()));
    box.requests.length = 0;
    const next = open();
    await next.restore(state);
    assert.equal(evidence(next, id), `no account is tagged ${NOBODY.label}`);
    assert.deepEqual(box.requests, []);
  });

  it('are no request to Smartlead, which selects no senders by tags', async () => {
    box = await startSandbox({ oddities: false });
    const map = open('smartlead');
    await map.sync();
    assert.equal(map.complete, true);
    assert.deepEqual(
      box.requests.filter(({ path }) => path.includes('tag')),
      [],
    );
  });
});

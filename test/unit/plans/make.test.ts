import assert from 'node:assert/strict';
import {
  accountItems,
  campaignItems,
  limitItems,
  propertyItems,
  removalsFromActive,
  senderItems,
  tagItems,
} from '../../../src/plans/make.ts';
import { requestsOf, type Value } from '../../../src/plans/plan.ts';
import { isAsWanted } from '../../../src/plans/matches.ts';
import { removalTitle, valueWords } from '../../../src/plans/words.ts';
import { undoItems } from '../../../src/plans/undo.ts';
import { expectationOf } from '../../../src/plans/cost.ts';
import { instantly } from '../../../src/providers/instantly/info.ts';
import { smartlead } from '../../../src/providers/smartlead/info.ts';
import { atOnce } from '../../../src/transport/turns.ts';
import { MemoryRecord, planOf } from '../../support/plans.ts';
import { account, campaign, graphOf } from '../../support/records.ts';

const short = ({ items, leftOut }: ReturnType<typeof limitItems>) => ({
  items: items.map(({ id, before, after }) => [id, before, after]),
  leftOut: leftOut.map(({ id, why }) => [id, why]),
});

describe('items of a plan', () => {
  const accounts = [
    account('active', { status: 1 }),
    account('paused', { status: 2, state: 'paused', statusWords: 'Paused' }),
    account('broken', { status: -1, state: 'error', statusWords: 'Connection Error' }),
    account('silent'),
  ];

  it('pause what is not paused', () => {
    assert.deepEqual(short(accountItems('pause-account', accounts, instantly.changes)), {
      items: [
        ['active', 1, 2],
        ['broken', -1, 2],
        ['silent', null, 2],
      ],
      leftOut: [['paused', 'it already is paused']],
    });
  });

  it('resume only what is paused', () => {
    assert.deepEqual(short(accountItems('resume-account', accounts, instantly.changes)), {
      items: [['paused', 2, 1]],
      leftOut: [
        ['active', 'it already is active'],
        ['broken', 'it is not paused: Connection Error'],
        ['silent', 'it is not paused: Active'],
      ],
    });
  });

  it('mark as fixed only what has an error', () => {
    assert.deepEqual(short(accountItems('mark-fixed', accounts, instantly.changes)), {
      items: [['broken', -1, 1]],
      leftOut: [
        ['active', 'it already is active'],
        ['paused', 'it has no error: Paused'],
        ['silent', 'it has no error: Active'],
      ],
    });
  });

  it('set limits that differ, with 0 for none', () => {
    const some = [
      account('a', { dailyLimit: 30 }),
      account('b', { unlimited: true }),
      account('c'),
      account('d', { dailyLimit: 0 }),
    ];
    assert.deepEqual(short(limitItems(some, 30)), {
      items: [
        ['b', 0, 30],
        ['c', null, 30],
        ['d', 0, 30],
      ],
      leftOut: [['a', 'it already is 30 a day']],
    });
    assert.deepEqual(short(limitItems(some, 0)).items, [
      ['a', 30, 0],
      ['c', null, 0],
    ]);
  });

  const campaigns = [
    campaign('active', { status: 'ACTIVE' }),
    campaign('paused', { status: 'PAUSED', state: 'paused', statusWords: 'Paused' }),
    campaign('draft', { status: 'DRAFTED', state: 'draft', statusWords: 'Draft' }),
    campaign('stopped', { status: 'STOPPED', state: 'done', statusWords: 'Stopped' }),
    campaign('over', { status: 'COMPLETED', state: 'done', statusWords: 'Completed' }),
    campaign('bad', { status: 'ODD', state: 'error', statusWords: 'Odd' }),
  ];

  it('change the status of campaigns that are not over', () => {
    const over = [
      ['stopped', 'it is over: Stopped'],
      ['over', 'it is over: Completed'],
    ];
    assert.deepEqual(short(campaignItems('activate-campaign', campaigns, smartlead.changes)), {
      items: [
        ['paused', 'PAUSED', 'ACTIVE'],
        ['draft', 'DRAFTED', 'ACTIVE'],
        ['bad', 'ODD', 'ACTIVE'],
      ],
      leftOut: [['active', 'it already is so: Active'], ...over],
    });
    assert.deepEqual(short(campaignItems('pause-campaign', campaigns, smartlead.changes)), {
      items: [
        ['active', 'ACTIVE', 'PAUSED'],
        ['bad', 'ODD', 'PAUSED'],
      ],
      leftOut: [['paused', 'it already is so: Paused'], ['draft', 'it does not run: Draft'], ...over],
    });
    assert.deepEqual(short(campaignItems('stop-campaign', campaigns, smartlead.changes)), {
      items: [
        ['active', 'ACTIVE', 'STOPPED'],
        ['paused', 'PAUSED', 'STOPPED'],
        ['draft', 'DRAFTED', 'STOPPED'],
        ['bad', 'ODD', 'STOPPED'],
      ],
      leftOut: [
        ['stopped', 'it already is so: Stopped'],
        ['over', 'it is over: Completed'],
      ],
    });
    assert.equal(campaignItems('delete-campaign', campaigns, smartlead.changes).items.length, campaigns.length);
  });

  it('add and remove senders that the campaign itself names', () => {
    const reasons = ({ key }: { readonly key: string }) => ({
      named: key === 'active',
      tags: key === 'paused' ? ['EU'] : [],
    });
    assert.deepEqual(short(senderItems('add-sender', campaign('c'), accounts, reasons)), {
      items: [
        ['paused', false, true],
        ['broken', false, true],
        ['silent', false, true],
      ],
      leftOut: [['active', 'it already is a sender']],
    });
    assert.deepEqual(short(senderItems('remove-sender', campaign('c'), accounts, reasons)), {
      items: [['active', true, false]],
      leftOut: [
        ['paused', 'only its tag "EU" selects it'],
        ['broken', 'it is not a sender'],
        ['silent', 'it is not a sender'],
      ],
    });
  });

  it('assign and remove tags', () => {
    const tag = { id: 't', label: 'EU' };
    const some = [account('with', { tags: [tag] }), account('without', { tags: [{ id: 'u', label: 'EU' }] })];
    assert.deepEqual(short(tagItems('assign-tag', 'account', some, tag)), {
      items: [['without', false, true]],
      leftOut: [['with', 'it already has the tag']],
    });
    assert.deepEqual(short(tagItems('remove-tag', 'account', some, tag)), {
      items: [['with', true, false]],
      leftOut: [['without', 'it does not have the tag']],
    });
  });

  it('name each thing once, wherever it was selected', () => {
    const twice = [...accounts, ...accounts];
    const { items, leftOut } = accountItems('pause-account', twice, instantly.changes);
    assert.deepEqual([items.length, leftOut.length], [3, 1]);
  });

  it('go out together where one request may change them, and in their order', () => {
    const many = Array.from({ length: 250 }, (_, place) => account(`a${place}`, { status: 1 }));
    const { items } = accountItems('pause-account', many, instantly.changes);
    const sizes = (most: number) => requestsOf(items, () => most).map((request) => request.length);
    assert.deepEqual([sizes(100), sizes(1).length], [[100, 100, 50], 250]);
    const edits = ['a', 'b'].flatMap(
      (id) =>
        propertyItems(campaign(id), [
          { property: 'x', before: 1, after: 2 },
          { property: 'y', before: 1, after: 3 },
        ]).items,
    );
    assert.deepEqual(
      requestsOf(edits, () => 100),
      [
        [0, 1],
        [2, 3],
      ],
    );
    const limits = [...limitItems([account('a')], 5).items, ...limitItems([account('b')], 6).items];
    assert.deepEqual(
      requestsOf(limits, () => 100),
      [[0], [1]],
    );
  });
});

describe('undo', () => {
  it('takes back exactly what is known to be done, the last first', () => {
    const { items } = accountItems(
      'pause-account',
      ['a', 'b', 'c', 'd', 'e'].map((key) => account(key, { status: 1 })),
      instantly.changes,
    );
    const record = new MemoryRecord(planOf('instantly', { items }), [
      { at: 1, items: [0, 2], state: 'confirmed' },
      { at: 1, items: [1], state: 'confirmed', why: 'it already was so' },
      { at: 1, items: [3], state: 'unknown' },
    ]);
    const { items: back, leftOut } = undoItems(record.read(), instantly.changes);
    assert.deepEqual(
      back.map(({ kind, id, before, after }) => [kind, id, before, after]),
      [
        ['resume-account', 'c', 2, 1],
        ['resume-account', 'a', 2, 1],
      ],
    );
    assert.deepEqual(leftOut, []);
  });

  const undone = (items: ReturnType<typeof limitItems>['items'], changes = instantly.changes) => {
    const plan = planOf('instantly', { items });
    const record = new MemoryRecord(plan, [{ at: 1, items: [...items.keys()], state: 'confirmed' }]);
    return short(undoItems(record.read(), changes));
  };

  it('makes a list of a campaign empty that was not set, and leaves out what cannot be taken away', () => {
    const { items } = propertyItems({ id: 'c', name: 'C' }, [
      { property: 'cc_list', before: null, after: ['boss@example.com'] },
      { property: 'daily_limit', before: null, after: 60 },
      { property: 'open_tracking', before: null, after: true },
    ]);
    const record = new MemoryRecord(planOf('instantly', { items }), [{ at: 1, items: [0, 1, 2], state: 'confirmed' }]);
    const { items: back, leftOut } = undoItems(record.read(), instantly.changes);
    assert.deepEqual(
      back.map(({ property, before, after }) => [property, before, after]),
      [
        ['daily_limit', 60, null],
        ['cc_list', ['boss@example.com'], []],
      ],
    );
    assert.deepEqual(
      leftOut.map(({ why }) => why),
      ['what it was before, not set, cannot be set'],
    );
    // A service may leave out what is empty.
    assert.ok(isAsWanted(null, back[1]!));
    assert.ok(!isAsWanted(['boss@example.com'], back[1]!));
  });

  it('says of a limit of 0 that it is none where the service takes it for that, and nowhere else', () => {
    const words = (zeroIsUnlimited: boolean) => {
      const [item] = limitItems([account('x', { dailyLimit: 30 })], 0, zeroIsUnlimited).items;
      return [valueWords(item!, item!.before), valueWords(item!, item!.after)];
    };
    assert.deepEqual(words(true), ['30 a day', 'without a limit']);
    assert.deepEqual(words(false), ['30 a day', '0 a day']);
  });

  it('leaves out what cannot be set again, and says why', () => {
    const broken = account('x', { status: -1, state: 'error', statusWords: 'Connection Error' });
    const cannot = 'this cannot be undone';
    assert.deepEqual(undone(accountItems('pause-account', [broken], instantly.changes).items), {
      items: [],
      leftOut: [['x', 'what it was before, Connection Error, cannot be set']],
    });
    assert.deepEqual(undone(accountItems('mark-fixed', [broken], instantly.changes).items).leftOut, [['x', cannot]]);
    assert.deepEqual(undone(limitItems([account('x')], 5).items).leftOut, [
      ['x', 'what it was before, not set, cannot be set'],
    ]);
    const active = campaign('x', { status: 'ACTIVE' });
    for (const kind of ['stop-campaign', 'delete-campaign'] as const) {
      const { items } = campaignItems(kind, [active], smartlead.changes);
      assert.deepEqual(undone(items, smartlead.changes).leftOut, [['x', cannot]]);
    }
    const draft = campaign('x', { status: 'DRAFTED', state: 'draft', statusWords: 'Draft' });
    assert.deepEqual(
      undone(campaignItems('activate-campaign', [draft], smartlead.changes).items, smartlead.changes).leftOut,
      [['x', 'what it was before, Draft, cannot be set']],
    );
  });

  it('sets a limit back to none where the service has that', () => {
    const { items } = undone(limitItems([account('x', { unlimited: true })], 5).items, smartlead.changes);
    assert.deepEqual(items, [['x', 5, 0]]);
  });
});

describe('the cost of a plan', () => {
  const graph = graphOf(
    [
      account('a', { status: 1, dailyLimit: 30 }),
      account('b', { status: 1, dailyLimit: 30 }),
      account('c', { status: 2, state: 'paused', dailyLimit: 30 }),
    ],
    [
      campaign('only a', { dailyLimit: 20, listedSenders: ['a'] }),
      campaign('a and b', { dailyLimit: 30, listedSenders: ['a', 'b'] }),
      campaign('only b', { dailyLimit: 10, listedSenders: ['b'] }),
      campaign('c', { dailyLimit: 10, listedSenders: ['c'], state: 'paused' }),
    ],
  );
  const rows = (keys: readonly string[]) => keys.map((key) => graph.account(key)!);
  const cost = (items: Parameters<typeof expectationOf>[1], info: Parameters<typeof expectationOf>[2] = instantly) => {
    const { stopped, belowLimit, less } = atOnce(expectationOf(graph, items, info));
    return [stopped, belowLimit, less].map((list) => list.map(({ id, before, after }) => [id, before, after]));
  };

  it('is what active campaigns lose on a map that is changed so', () => {
    assert.deepEqual(cost(accountItems('pause-account', rows(['a', 'c']), instantly.changes).items), [
      [['only a', 20, 0]],
      [['a and b', 30, 20]],
      [],
    ]);
    assert.deepEqual(cost(limitItems(rows(['a']), 5).items)[0], []);
    assert.deepEqual(
      cost(limitItems(rows(['a', 'b']), 0).items)[0]
        ?.map(([id]) => id)
        .sort(),
      ['a and b', 'only a', 'only b'],
    );
    const named = () => ({ named: true, tags: [] });
    assert.deepEqual(cost(senderItems('remove-sender', graph.campaign('only b')!, rows(['b']), named).items), [
      [['only b', 10, 0]],
      [],
      [],
    ]);
  });

  it('is what an edited campaign loses: by its own new limit, and the senders that its new list lacks', () => {
    const edit = (property: string, before: Value, after: Value, id: string) =>
      cost(propertyItems({ id, name: id }, [{ property, before, after }]).items);
    assert.deepEqual(edit('daily_limit', 20, 15, 'only a'), [[], [], [['only a', 20, 15]]]);
    assert.deepEqual(edit('email_list', ['a', 'b'], ['B'], 'a and b'), [[], [['a and b', 30, 20]], []]);
    assert.deepEqual(edit('email_list', ['a'], [], 'only a'), [[['only a', 20, 0]], [], []]);
    assert.deepEqual(edit('name', 'only a', 'a', 'only a'), [[], [], []]);
  });

  it('is what campaigns lose that select senders by tags', () => {
    const tag = { id: 't', label: 'Warm' };
    const tagged = graphOf(
      [
        account('a', { dailyLimit: 30, tags: [tag] }),
        account('b', { dailyLimit: 30, tags: [tag] }),
        account('Cap@x.test', { dailyLimit: 30 }),
      ],
      [
        campaign('by tag', { dailyLimit: 40, senderTagIds: ['t'] }),
        campaign('both', { dailyLimit: 10, senderTagIds: ['t'], listedSenders: ['a'] }),
        campaign('capital', { dailyLimit: 10, listedSenders: ['cap@x.test'] }),
      ],
      { comparedKey: (key) => instantly.sameKey(key) },
    );
    const lost = (items: Parameters<typeof expectationOf>[1]) => {
      const { stopped, belowLimit, less } = atOnce(expectationOf(tagged, items, instantly));
      return [stopped, belowLimit, less].map((list) => list.map(({ id }) => id).sort());
    };
    const [a, b] = [tagged.account('a')!, tagged.account('b')!];
    assert.deepEqual(lost(tagItems('remove-tag', 'account', [a, b], tag).items), [['by tag'], [], []]);
    // Its tag still selects it, and who is named stays without the tag.
    const named = () => ({ named: true, tags: ['Warm'] });
    assert.deepEqual(lost(senderItems('remove-sender', tagged.campaign('both')!, [a], named).items), [[], [], []]);
    const edit = (property: string, before: Value, after: Value, id: string) =>
      lost(propertyItems({ id, name: id }, [{ property, before, after }]).items);
    assert.deepEqual(edit('email_tag_list', ['t'], [], 'by tag'), [['by tag'], [], []]);
    assert.deepEqual(edit('email_list', ['Cap@x.test'], [], 'capital'), [['capital'], [], []]);
  });

  it('removes accounts from all active campaigns that name them, as one plan', () => {
    const { items, leftOut } = atOnce(removalsFromActive(graph, rows(['a', 'b', 'c'])));
    assert.deepEqual(
      items.map(({ id, campaign: from, before, after }) => [id, from?.id, before, after]),
      [
        ['a', 'only a', true, false],
        ['a', 'a and b', true, false],
        ['b', 'a and b', true, false],
        ['b', 'only b', true, false],
      ],
    );
    assert.deepEqual(leftOut, []);
    assert.equal(removalTitle(items), 'Remove 2 accounts from 3 active campaigns');
    assert.equal(removalTitle(items.slice(0, 2)), 'Remove a from 2 active campaigns');
    assert.equal(removalTitle(items.slice(0, 1)), 'Remove a from "Campaign only a"');
    assert.equal(removalTitle(items.slice(1, 3)), 'Remove 2 senders from "Campaign a and b"');
    assert.deepEqual(
      cost(items)[0]?.map(([id]) => id),
      ['a and b', 'only a', 'only b'],
    );
  });

  it('is nothing where nothing is lost', () => {
    const nothing = [[], [], []];
    assert.deepEqual(cost(accountItems('resume-account', rows(['c']), instantly.changes).items), nothing);
    assert.deepEqual(
      cost(campaignItems('pause-campaign', [graph.campaign('only a')!], instantly.changes).items),
      nothing,
    );
    assert.deepEqual(
      cost(campaignItems('delete-campaign', [graph.campaign('only a')!], instantly.changes).items),
      nothing,
    );
    assert.deepEqual(cost([]), nothing);
    // A limit of 0 is no limit there.
    assert.deepEqual(cost(limitItems(rows(['a', 'b']), 0).items, smartlead), nothing);
  });

  it('counts requests as they are made', () => {
    const { items } = accountItems('pause-account', rows(['a', 'b']), instantly.changes);
    const { writes, requests } = atOnce(expectationOf(graph, items, instantly));
    assert.deepEqual([writes, requests], [1, 5]);
  });
});

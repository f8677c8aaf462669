import assert from 'node:assert/strict';
import fc from 'fast-check';
import { domainOf } from '../../../src/providers/model.ts';
import { atOnce } from '../../../src/transport/turns.ts';
import {
  accountFacets,
  campaignFacets,
  completeFilter,
  fold,
  parseFilter,
  type Completion,
} from '../../../src/queries/filter.ts';
import { hostileText } from '../../support/arbitraries.ts';
import { decodeAccount } from '../../../src/providers/instantly/decode.ts';
import type { ProblemKind } from '../../../src/providers/model.ts';
import { account, campaign, graphOf } from '../../support/records.ts';

const eu = { id: 't1', label: 'EU west' };
const us = { id: 't2', label: 'US' };
const inches = { id: 't3', label: '5" pipes' };
const piped = { id: 't4', label: 'a|b' };

const accounts = [
  account('dana@acme.com', {
    name: 'Dana São',
    tags: [eu],
    warmupScore: 80,
    dailyLimit: 30,
    providerType: 'Google',
    clientId: '7',
  }),
  account('bob@beta.io', {
    state: 'error',
    statusWords: 'Connection Error',
    reason: '535 refused',
    tags: [us, inches],
    warmupScore: 79.5,
  }),
  account('17', {
    email: 'Zoë@Acme.com',
    state: 'paused',
    statusWords: 'Paused',
    others: ['Suspended'],
    tags: [piped],
    providerType: 'Microsoft',
  }),
];
const campaigns = [
  campaign('c1', {
    name: 'Q4 launch, EU',
    listedSenders: ['dana@acme.com', 'bob@beta.io'],
    tags: [eu],
    dailyLimit: 100,
  }),
  campaign('c2', {
    name: 'Q4',
    listedSenders: ['dana@acme.com'],
    state: 'done',
    statusWords: 'Completed',
    clientId: '7',
  }),
  campaign('c3', { name: '' }),
];
const graph = graphOf(accounts, campaigns);

function found(source: string): string[] {
  const filter = parseFilter(accountFacets, source);
  assert.deepEqual([filter.problems, filter.source], [[], source]);
  return accounts.filter((one) => filter.matches(one, graph)).map(({ email }) => email.slice(0, 3));
}

function foundCampaigns(source: string): string[] {
  const filter = parseFilter(campaignFacets, source);
  assert.deepEqual(filter.problems, []);
  return campaigns.filter((one) => filter.matches(one, graph)).map(({ id }) => id);
}

function completions(source: string): Completion[] {
  return atOnce(completeFilter(accountFacets, source, [{ rows: accounts, graph }]));
}

describe('filter', () => {
  for (const [source, wanted] of [
    ['', ['dan', 'bob', 'Zoë']],
    ['   ', ['dan', 'bob', 'Zoë']],
    ['dana', ['dan']],
    ['acme.com', ['dan', 'Zoë']],
    ['17', ['Zoë']],
    ['west', ['dan']],
    ['acme dana', ['dan']],
    ['acme bob', []],
    ['"dana são"', ['dan']],
    ['"são dana"', []],
    ['DANA SAO', ['dan']],
    ['zoe', ['Zoë']],
    ['zoë', ['Zoë']],
    ['ZOË', ['Zoë']],
    ['status:error', ['bob']],
    ['status:"connection error"', ['bob']],
    ['status:"connection err', ['bob']],
    ['status:"connection err"', []],
    ['status:connection', ['bob']],
    ['status:"Connection"', []],
    ['status:paused|error', ['bob', 'Zoë']],
    ['status:"Connection Error"|paused', ['bob', 'Zoë']],
    ['status:error|', ['bob']],
    ['status:|error', ['bob']],
    ['-status:paused|error', ['dan']],
    ['-status:"Connection Error"', ['dan', 'Zoë']],
    ['state:broken', ['bob']],
    ['state:broken|paused', ['bob', 'Zoë']],
    ['state:brok', ['bob']],
    ['state:"brok"', []],
    ['State:HEALTHY', ['dan']],
    ['-state:healthy', ['bob', 'Zoë']],
    ['state:risk|unknown|draft|done', []],
    ['broken', ['bob']],
    ['connection', ['bob']],
    ['refused', ['bob']],
    ['suspended', ['Zoë']],
    ['dana|bob', ['dan', 'bob']],
    ['-dana', ['bob', 'Zoë']],
    ['-dana|zoe', ['bob']],
    ['-"dana são"', ['bob', 'Zoë']],
    ['-dana -bob', ['Zoë']],
    ['-', ['dan', 'bob', 'Zoë']],
    ['""', ['dan', 'bob', 'Zoë']],
    ['|', ['dan', 'bob', 'Zoë']],
    ['"dana|bob"', []],
    ['tag:"a|b"', ['Zoë']],
    ['tag:a|b', ['Zoë']],
    ['tag:"a|b"|us', ['bob', 'Zoë']],
    ['domain:"acme.com"|beta.io', ['dan', 'bob', 'Zoë']],
    ['-domain:acme.com', ['bob']],
    ['warmup:<80|>=80', ['dan', 'bob']],
    // An account without a score is neither below nor above.
    ['-warmup:<80', ['dan']],
    ['-campaigns:0', ['dan', 'bob']],
    ['-limit:30', []],
    ['-type:google', ['bob', 'Zoë']],
    ['Status:ERROR', ['bob']],
    ['tag:eu', ['dan']],
    ['tag:"eu west" dana', ['dan']],
    ['tag:"5 pipes"', ['bob']],
    ['tag:"5"', []],
    ['tag:us tag:pipes', ['bob']],
    ['tag:us tag:eu', []],
    ['domain:ACME', ['dan', 'Zoë']],
    ['type:micro', ['Zoë']],
    ['client:7', ['dan']],
    ['campaign:"q4 launch, eu"', ['dan', 'bob']],
    ['campaign:"q4 launch"', []],
    ['campaign:launch', ['dan', 'bob']],
    ['campaign:"Q4"', ['dan']],
    ['campaign:c2', ['dan']],
    ['campaigns:0', ['Zoë']],
    ['campaigns:2', ['dan']],
    ['campaigns:=1', ['bob']],
    ['campaigns:>0', ['dan', 'bob']],
    ['active:1', ['dan', 'bob']],
    ['active:2', []],
    ['active:0', ['Zoë']],
    ['warmup:<80', ['bob']],
    ['warmup:<=80', ['dan', 'bob']],
    ['warmup:>79.5', ['dan']],
    ['warmup:>=79.5', ['dan', 'bob']],
    ['warmup:"<80"', ['bob']],
    ['limit:30 warmup:80', ['dan']],
    ['limit:31', []],
    ['12:34', []],
  ] as const) {
    it(`finds ${wanted.join(', ') || 'nothing'} for ${source.trim() || 'nothing typed'}`, () => {
      assert.deepEqual(found(source), wanted);
    });
  }

  for (const [source, wanted] of [
    ['q4', ['c1', 'c2']],
    ['c3', ['c3']],
    ['west', ['c1']],
    ['status:done', ['c2']],
    ['status:completed', ['c2']],
    ['state:done', ['c2']],
    ['-state:done', ['c1', 'c3']],
    ['completed', ['c2']],
    ['tag:eu', ['c1']],
    ['client:7', ['c2']],
    ['sender:bob@', ['c1']],
    ['domain:acme.com', ['c1', 'c2']],
    ['senders:0', ['c3']],
    ['senders:>=2', ['c1']],
    ['healthy:1', ['c1', 'c2']],
    ['healthy:<1', ['c3']],
    ['limit:100', ['c1']],
  ] as const) {
    it(`finds the campaigns ${wanted.join(', ')} for ${source}`, () => {
      assert.deepEqual(foundCampaigns(source), wanted);
    });
  }

  describe('of accounts without a daily limit', () => {
    const limited = [
      account('no limit', { unlimited: true }),
      account('none today', { dailyLimit: 0 }),
      account('high', { dailyLimit: 60 }),
      account('not given'),
    ];
    for (const [source, wanted] of [
      ['limit:unlimited', ['no limit']],
      ['limit:Unlimited', ['no limit']],
      ['limit:>50', ['no limit', 'high']],
      ['limit:>=60', ['no limit', 'high']],
      ['limit:0', ['none today']],
      ['limit:<100', ['none today', 'high']],
    ] as const) {
      it(`finds ${wanted.join(', ')} for ${source}`, () => {
        const filter = parseFilter(accountFacets, source);
        assert.deepEqual(filter.problems, []);
        assert.deepEqual(
          limited.filter((one) => filter.matches(one, graph)).map(({ key }) => key),
          wanted,
        );
      });
    }

    it('knows no other number by that name', () => {
      assert.match(parseFilter(accountFacets, 'warmup:unlimited').problems.join(), /"unlimited" is not a number/);
      assert.match(parseFilter(accountFacets, 'limit:lots').problems.join(), /Use limit:0, .*limit:unlimited\./);
    });
  });

  describe('of warmups', () => {
    const troubled = (...kinds: readonly ProblemKind[]) => kinds.map((kind) => ({ kind, words: 'x' }));
    const warmed = [
      account('on', { warmup: 'on', warmupScore: 90 }),
      account('off', { warmup: 'off', warmupScore: 90 }),
      account('paused', { warmup: 'off' }),
      account('banned', { problems: troubled('warmup-banned'), warmupScore: 50 }),
      account('suspended', { problems: troubled('warmup-suspended') }),
      account('blocked', { warmup: 'on', warmupScore: 100, problems: troubled('warmup-blocked') }),
      account('blocked too', { problems: troubled('disconnected', 'warmup-blocked') }),
      account('never', { warmup: 'never' }),
      account('not given'),
    ];
    for (const [source, wanted] of [
      ['warmup:off', ['off', 'paused']],
      ['warmup:Off|none', ['off', 'paused', 'never']],
      ['warmup:"banned"', ['banned', 'suspended']],
      ['warmup:blocked', ['blocked', 'blocked too']],
      ['warmup:none', ['never']],
      ['warmup:<95|banned', ['on', 'off', 'banned', 'suspended']],
      ['warmup:unscored', ['paused', 'suspended', 'blocked too', 'never', 'not given']],
      ['-warmup:unscored', ['on', 'off', 'banned', 'blocked']],
      ['-warmup:off|banned|blocked|none', ['on', 'not given']],
    ] as const) {
      it(`finds ${wanted.join(', ')} for ${source}`, () => {
        const filter = parseFilter(accountFacets, source);
        assert.deepEqual(filter.problems, []);
        assert.deepEqual(
          warmed.filter((one) => filter.matches(one, graph)).map(({ key }) => key),
          wanted,
        );
      });
    }
  });

  it('takes what is not known for neither a match nor its opposite', () => {
    const rows = [account('a')];
    const unknown = graphOf(rows, [campaign('q', { listedSenders: [] })], { known: false });
    for (const source of ['campaign:q', '-campaign:q', 'campaigns:0', '-campaigns:0']) {
      assert.equal(parseFilter(accountFacets, source).matches(rows[0]!, unknown), false, source);
    }
    const known = graphOf(rows, [campaign('q', { listedSenders: [] })]);
    assert.equal(parseFilter(accountFacets, '-campaign:q').matches(rows[0]!, known), true);
  });

  it('finds an account that was never warmed up by no number', () => {
    const [bare, without] = [{}, { stat_warmup_score: 0 }].map((fields) =>
      decodeAccount({ email: 'a@b.c', status: 1, warmup_status: 0, ...fields }),
    );
    for (const one of [bare, without]) {
      assert.ok(typeof one === 'object');
      assert.equal(one.warmupWords, 'No warmup');
      for (const source of ['warmup:0', 'warmup:<50', 'warmup:>=0']) {
        assert.equal(parseFilter(accountFacets, source).matches(one, graph), false, source);
      }
    }
  });

  it('finds an account by what else is the matter with it', () => {
    const filter = parseFilter(accountFacets, 'status:suspended');
    const disconnected = account('a', { state: 'error', statusWords: 'SMTP disconnected', others: ['Suspended'] });
    assert.ok(filter.matches(disconnected, graph));
    assert.ok(!filter.matches(account('b', { state: 'error', statusWords: 'SMTP disconnected' }), graph));
  });

  it('says what it does not understand, and filters by the rest', () => {
    for (const [source, problem] of [
      ['statu:error', /^Unknown filter statu\. Use status, state, tag, domain/],
      ['-statu:error', /^Unknown filter statu\./],
      ['sender:x', /^Unknown filter sender\./],
      ['tag:', /"tag:" needs a value/],
      ['-tag:', /"tag:" needs a value/],
      ['tag:|', /"tag:" needs a value/],
      ['tag:""', /"tag:" needs a value/],
      ['tag:" "', /"tag:" needs a value/],
      ['warmup:', /"warmup:" needs a value/],
      ['warmup:high', /^"high" is not a number\. Use warmup:0, warmup:<80, warmup:>=5, warmup:off, warmup:banned/],
      ['warmup:80|high', /^"high" is not a number/],
      ['warmup:<', /is not a number/],
      ['warmup:<>5', /is not a number/],
      ['warmup:5x', /is not a number/],
      ['warmup:-1', /is not a number/],
      ['constructor:x', /^Unknown filter constructor\./],
    ] as const) {
      const filter = parseFilter(accountFacets, `${source} bob`);
      assert.equal(filter.problems.length, 1, source);
      assert.match(filter.problems[0]!, problem);
      assert.deepEqual(
        accounts.filter((one) => filter.matches(one, graph)).map(({ key }) => key),
        ['bob@beta.io'],
      );
    }
    assert.equal(parseFilter(accountFacets, 'x:1 tag: warmup:y').problems.length, 3);
  });

  it('knows the domain of an email', () => {
    assert.deepEqual(['a@B.com', 'a', 'a@', '', 'a@b@c.d'].map(domainOf), [
      'b.com',
      undefined,
      undefined,
      undefined,
      'c.d',
    ]);
  });

  it('folds case and accents and nothing else', () => {
    assert.deepEqual(['São', 'ZOË', 'a-B.c@1', 'Дом', '日本', 'İ'].map(fold), [
      'sao',
      'zoe',
      'a-b.c@1',
      'дом',
      '日本',
      'i',
    ]);
  });

  describe('completion', () => {
    it('offers the facets, those that begin as typed', () => {
      assert.deepEqual(
        completions('').map(({ source }) => source),
        accountFacets.facets.map(({ name }) => `${name}:`),
      );
      assert.deepEqual(
        completions('dana Ca').map(({ source, label }) => [source, label]),
        [
          ['dana campaign:', 'campaign:'],
          ['dana campaigns:', 'campaigns:'],
        ],
      );
      assert.deepEqual(
        completions('dana -Ca').map(({ source, label }) => [source, label]),
        [
          ['dana -campaign:', '-campaign:'],
          ['dana -campaigns:', '-campaigns:'],
        ],
      );
      assert.ok(completions('status:error ').length === accountFacets.facets.length);
      assert.ok(completions('').every(({ description }) => description !== ''));
      assert.deepEqual(completions('zzz'), []);
    });

    it('offers the values that there are, the most frequent first, with their numbers', () => {
      assert.deepEqual(
        completions('domain:').map(({ source, label, description }) => [source, label, description]),
        [
          ['domain:"acme.com" ', 'domain:acme.com', '2'],
          ['domain:"beta.io" ', 'domain:beta.io', '1'],
        ],
      );
      assert.deepEqual(
        completions('a type:O').map(({ source }) => source),
        ['a type:"Google" ', 'a type:"Microsoft" '],
      );
      assert.deepEqual(
        completions('state:').map(({ source }) => source),
        ['state:"broken" ', 'state:"healthy" ', 'state:"paused" '],
      );
    });

    it('counts what the whole filter shows with a value', () => {
      const offered = (source: string) =>
        completions(source).map(({ source: whole, label, description }) => [whole, label, description]);
      assert.deepEqual(offered('dana domain:'), [['dana domain:"acme.com" ', 'domain:acme.com', '1']]);
      assert.deepEqual(offered('type:google|'), [
        ['type:google|"Microsoft" ', 'type:Microsoft', '2'],
        ['type:google|"Google" ', 'type:Google', '1'],
      ]);
      assert.deepEqual(offered('-domain:'), [
        ['-domain:"beta.io" ', '-domain:beta.io', '2'],
        ['-domain:"acme.com" ', '-domain:acme.com', '1'],
      ]);
      assert.deepEqual(offered('-state:broken|h'), [['-state:broken|"healthy" ', '-state:healthy', '1']]);
      assert.deepEqual(offered('-limit:'), []);
    });

    it('offers the words of a number', () => {
      const rows = [account('a', { warmup: 'off', warmupScore: 70 }), account('b', { warmup: 'on', warmupScore: 90 })];
      const offered = (source: string) =>
        atOnce(completeFilter(accountFacets, source, [{ rows, graph: graphOf(rows) }])).map((one) => [
          one.source,
          one.description,
        ]);
      assert.deepEqual(offered('warmup:'), [['warmup:off ', '1']]);
      assert.deepEqual(offered('warmup:>80|'), [['warmup:>80|off ', '2']]);
      assert.deepEqual(offered('-warmup:'), [['-warmup:off ', '1']]);
    });

    it('counts one value for spellings that a filter cannot tell apart', () => {
      const rows = ['EU', 'eu', ' "Eu"'].map((label, row) => account(`a${row}`, { tags: [{ id: label, label }] }));
      const offered = atOnce(completeFilter(accountFacets, 'tag:', [{ rows, graph: graphOf(rows) }]));
      assert.deepEqual(
        offered.map(({ source, description }) => [source, description]),
        [['tag:"EU" ', '3']],
      );
    });

    it('counts over all connections', () => {
      const twice = [
        { rows: accounts, graph },
        { rows: accounts.slice(0, 1), graph },
      ];
      assert.equal(atOnce(completeFilter(accountFacets, 'domain:ac', twice))[0]?.description, '3');
    });

    it('counts a record once, and offers nothing for no value', () => {
      const rows = [account('a', { tags: [eu, eu] }), account('b', { tags: [{ id: 't', label: '' }] })];
      const offered = atOnce(completeFilter(accountFacets, 'tag:', [{ rows, graph: graphOf(rows) }]));
      assert.deepEqual(
        offered.map(({ label, description }) => [label, description]),
        [['tag:EU west', '1']],
      );
    });

    it('offers nothing for a number, an unknown facet, or a value that stands there', () => {
      for (const source of ['active:', 'warmup:<8', 'other:', 'client:"7"', 'tag:"eu west"', 'tag:"5 pipes"', 'a|']) {
        assert.deepEqual(completions(source), [], source);
      }
    });

    it('quotes what needs it, so that each value offered finds exactly what it counted', () => {
      assert.deepEqual(
        completions('tag:').map(({ source }) => source),
        ['tag:"5 pipes" ', 'tag:"a|b" ', 'tag:"EU west" ', 'tag:"US" '],
      );
      assert.equal(completions('dana tag:"eu')[0]?.source, 'dana tag:"EU west" ');
      for (const facet of ['status', 'tag', 'domain', 'type', 'client']) {
        for (const { source, description } of completions(`${facet}:`)) {
          assert.equal(found(source).length, Number(description), source);
        }
      }
    });

    it('offers at most fifty', () => {
      const rows = Array.from({ length: 80 }, (_, row) => account(`a@d${row}.com`));
      assert.equal(atOnce(completeFilter(accountFacets, 'domain:', [{ rows, graph: graphOf(rows) }])).length, 50);
    });
  });

  describe('whatever is typed', () => {
    const word = fc.oneof(
      fc.constantFrom(
        'status:',
        'tag:"',
        'warmup:<',
        'campaigns:>=',
        '"',
        ':',
        '""',
        'x:y',
        ' ',
        '\t',
        'tag:"EU west"',
        '-',
        '|',
        'warmup:off',
        '-state:',
      ),
      hostileText,
    );
    const typed = fc.array(word, { maxLength: 6 }).map((words) => words.join(''));

    it('is a filter that says what is wrong with it, and never an error', () => {
      fc.assert(
        fc.property(typed, (source) => {
          const ofAccounts = parseFilter(accountFacets, source);
          const ofCampaigns = parseFilter(campaignFacets, source);
          for (const filter of [ofAccounts, ofCampaigns]) {
            assert.equal(filter.source, source);
            assert.ok(filter.problems.every((problem) => problem !== ''));
          }
          assert.ok(accounts.every((row) => typeof ofAccounts.matches(row, graph) === 'boolean'));
          assert.ok(campaigns.every((row) => typeof ofCampaigns.matches(row, graph) === 'boolean'));
        }),
        { numRuns: 5_000 },
      );
    });

    it('is kept by what completes it, which is understood', () => {
      fc.assert(
        fc.property(typed, (source) => {
          const before = parseFilter(accountFacets, source).problems.length;
          for (const completion of completions(source)) {
            const { problems } = parseFilter(accountFacets, completion.source);
            // A facet that was just begun needs its value yet.
            assert.ok(problems.length <= before + 1, completion.source);
          }
        }),
        { numRuns: 5_000 },
      );
    });

    it('finds a value by its own completion, however it has to be quoted', () => {
      fc.assert(
        fc.property(hostileText, (label) => {
          const rows = [account('a@b.c', { tags: [{ id: 't', label }] }), account('d@e.f')];
          const over = graphOf(rows);
          for (const { source, description } of atOnce(
            completeFilter(accountFacets, 'tag:', [{ rows, graph: over }]),
          )) {
            const filter = parseFilter(accountFacets, source);
            assert.deepEqual(filter.problems, [], source);
            assert.ok(filter.matches(rows[0]!, over), source);
            assert.equal(description, '1');
          }
        }),
        { numRuns: 5_000 },
      );
    });

    it('is shown as many rows as were counted, for every value that is offered', () => {
      const text = fc.oneof(
        fc.constantFrom('Connected', 'SMTP disconnected', 'EU', 'eu', 'a|b', 'EU west'),
        hostileText,
      );
      const record = fc.record({
        state: fc.constantFrom('error', 'healthy', 'paused', 'warning'),
        statusWords: text,
        others: fc.option(fc.array(text, { maxLength: 2 }), { nil: undefined }),
        tags: fc.array(
          text.map((label) => ({ id: label, label })),
          { maxLength: 3 },
        ),
        providerType: fc.option(text, { nil: undefined }),
        clientId: fc.option(fc.constantFrom('7', '77'), { nil: undefined }),
        warmup: fc.constantFrom('on', 'off', 'never', undefined),
        warmupScore: fc.constantFrom(0, 50, 100, undefined),
        email: fc.constantFrom('a@acme.com', 'b@eu.acme.com', 'c@other.io', 'none'),
      });
      const begun = fc.constantFrom(
        ...accountFacets.facets.flatMap(({ name }) => [`${name}:`, `-${name}:`]),
        'acme status:',
        'acme -tag:',
        '-state:broken tag:',
        'tag:eu|',
        '-tag:eu|',
        'tag:"EU"|"EU west"|',
        'warmup:<60|',
        '-warmup:<60|',
        '-warmup:off|',
        'campaign:q4|',
        '-campaign:q4|',
      );
      const ids = ['c1', 'c2', 'c3'];
      const feeds = fc.array(fc.constantFrom(...ids), { maxLength: 3 });
      const worlds = fc.array(fc.tuple(fc.array(fc.tuple(record, feeds), { maxLength: 8 }), fc.boolean()), {
        maxLength: 2,
      });
      let offered = 0;
      fc.assert(
        fc.property(worlds, begun, (world, source) => {
          const connections = world.map(([found, known]) => {
            const rows = found.map(([fields], row) => account(`k${row}`, fields));
            const lists = Object.fromEntries(
              ids.map((id) => [id, found.flatMap(([, of], row) => (of.includes(id) ? [`k${row}`] : []))]),
            );
            const named = ids.map((id) => campaign(id, { name: id === 'c1' ? 'Q4' : `Q4 ${id}` }));
            return { rows, graph: graphOf(rows, named, { senderLists: lists, known }) };
          });
          for (const { source: whole, description } of atOnce(completeFilter(accountFacets, source, connections))) {
            const filter = parseFilter(accountFacets, whole);
            assert.deepEqual(filter.problems, [], whole);
            const shown = connections.flatMap(({ rows, graph: over }) =>
              rows.filter((row) => filter.matches(row, over)),
            );
            assert.equal(String(shown.length), description, whole);
            offered += 1;
          }
        }),
        { numRuns: 3_000 },
      );
      assert.ok(offered > 3_000, String(offered));
    });

    it('means the same in another order of its words', () => {
      const part = fc.constantFrom(
        'dana',
        'status:error',
        'tag:us',
        'warmup:<80',
        'campaign:"q4"',
        '"são"',
        '-bob',
        'tag:us|eu',
      );
      fc.assert(
        fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
          assert.deepEqual(found(parts.join(' ')), found([...parts].reverse().join('  ')));
        }),
        { numRuns: 500 },
      );
    });
  });
});

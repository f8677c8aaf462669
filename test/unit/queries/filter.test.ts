import assert from 'node:assert/strict';
import fc from 'fast-check';
import { atOnce } from '../../../src/transport/turns.ts';
import {
  accountFacets,
  campaignFacets,
  completeFilter,
  domainOf,
  fold,
  parseFilter,
  type Completion,
} from '../../../src/queries/filter.ts';
import { hostileText } from '../../support/arbitraries.ts';
import { decodeAccount } from '../../../src/providers/instantly/decode.ts';
import { account, campaign, graphOf } from '../../support/records.ts';

const eu = { id: 't1', label: 'EU west' };
const us = { id: 't2', label: 'US' };
const inches = { id: 't3', label: '5" pipes' };

const accounts = [
  account('dana@acme.com', {
    name: 'Dana São',
    tags: [eu],
    warmupScore: 80,
    dailyLimit: 30,
    providerType: 'Google',
    clientId: '7',
  }),
  account('bob@beta.io', { state: 'error', statusWords: 'Connection Error', tags: [us, inches], warmupScore: 79.5 }),
  account('17', { email: 'Zoë@Acme.com', state: 'paused', statusWords: 'Paused', providerType: 'Microsoft' }),
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
    ['Status:ERROR', ['bob']],
    ['tag:eu', ['dan']],
    ['tag:"eu west" dana', ['dan']],
    ['tag:"5 pipes"', ['bob']],
    ['tag:us tag:pipes', ['bob']],
    ['tag:us tag:eu', []],
    ['domain:ACME', ['dan', 'Zoë']],
    ['type:micro', ['Zoë']],
    ['client:7', ['dan']],
    ['campaign:"q4 launch"', ['dan', 'bob']],
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
    });
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
      ['statu:error', /no facet "statu"; there are status, tag, domain/],
      ['sender:x', /no facet "sender"/],
      ['tag:', /"tag:" needs a value/],
      ['tag:""', /"tag:" needs a value/],
      ['tag:" "', /"tag:" needs a value/],
      ['warmup:', /"warmup:" needs a value/],
      ['warmup:high', /^"high" is not a number. Use warmup:0/],
      ['warmup:<', /is not a number/],
      ['warmup:<>5', /is not a number/],
      ['warmup:5x', /is not a number/],
      ['warmup:-1', /is not a number/],
      ['constructor:x', /no facet/],
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
      assert.ok(completions('status:error ').length === accountFacets.facets.length);
      assert.ok(completions('').every(({ description }) => description !== ''));
      assert.deepEqual(completions('zzz'), []);
    });

    it('offers the values that there are, the most frequent first, with their numbers', () => {
      assert.deepEqual(
        completions('domain:').map(({ source, label, description }) => [source, label, description]),
        [
          ['domain:acme.com ', 'domain:acme.com', '2'],
          ['domain:beta.io ', 'domain:beta.io', '1'],
        ],
      );
      assert.deepEqual(
        completions('x type:O').map(({ source }) => source),
        ['x type:Google ', 'x type:Microsoft '],
      );
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
      for (const source of ['warmup:', 'warmup:<8', 'other:', 'client:7', 'tag:"eu west"', 'tag:"5 pipes"']) {
        assert.deepEqual(completions(source), [], source);
      }
    });

    it('quotes what needs it, so that each value offered finds exactly what it counted', () => {
      assert.deepEqual(
        completions('tag:').map(({ source }) => source),
        ['tag:"5 pipes" ', 'tag:"EU west" ', 'tag:US '],
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
            const start = completion.source.length - completion.source.trimEnd().length;
            assert.ok(start <= 1, completion.source);
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

    it('means the same in another order of its words', () => {
      const part = fc.constantFrom('dana', 'status:error', 'tag:us', 'warmup:<80', 'campaign:"q4 launch"', '"são"');
      fc.assert(
        fc.property(fc.array(part, { maxLength: 4 }), (parts) => {
          assert.deepEqual(found(parts.join(' ')), found([...parts].reverse().join('  ')));
        }),
        { numRuns: 500 },
      );
    });
  });
});

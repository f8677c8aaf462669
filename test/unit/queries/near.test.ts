import assert from 'node:assert/strict';
import fc from 'fast-check';
import { accountFacets, campaignFacets, parseFilter } from '../../../src/queries/filter.ts';
import { whyNothing } from '../../../src/queries/near.ts';
import { atOnce } from '../../../src/transport/turns.ts';
import { hostileText } from '../../support/arbitraries.ts';
import { account, campaign, graphOf } from '../../support/records.ts';

const accounts = [
  account('dana@acme.com', { name: 'Dana São', tags: [{ id: 't', label: 'EU west' }] }),
  account('bob@beta.io', { state: 'error', statusWords: 'SMTP disconnected' }),
  account('zoe@acme.com', { statusWords: 'Connected', warmupScore: 80 }),
];
const connections = [{ rows: accounts, graph: graphOf(accounts) }];

function why(source: string): string {
  const filter = parseFilter(accountFacets, source);
  assert.ok(!accounts.some((row) => filter.matches(row, connections[0]!.graph)), source);
  return atOnce(whyNothing(accountFacets, filter, connections));
}

describe('why a filter finds nothing', () => {
  for (const [source, words] of [
    ['danna', 'No account matches "danna". Did you mean dana@acme.com?'],
    ['dnaa', 'No account matches "dnaa". Did you mean dana@acme.com?'],
    ['Sãoo', 'No account matches "Sãoo". Did you mean Dana São?'],
    ['bob danna', 'No account matches "danna". Did you mean dana@acme.com?'],
    ['danna|bobb', 'No account matches "danna|bobb". Did you mean dana@acme.com, bob@beta.io?'],
    ['"dana sau"', 'No account matches "dana sau". Did you mean Dana São?'],
    ['nobody', 'No account matches "nobody".'],
    ['status:conected', 'No account matches "status:conected". Did you mean Connected?'],
    ['status:"connect"', 'No account matches status:"connect". Did you mean SMTP disconnected, Connected?'],
    ['tag:wets', 'No account matches "tag:wets". Did you mean EU west?'],
    ['domain:acm.com', 'No account matches "domain:acm.com". Did you mean acme.com?'],
    ['state:brokn', 'No account matches "state:brokn". Did you mean broken?'],
    ['warmup:<80', 'No account matches "warmup:<80".'],
    ['-domain:acme.com|beta.io', 'No account matches "-domain:acme.com|beta.io".'],
    ['zz', 'No account matches "zz".'],
    ['bbo', 'No account matches "bbo". Did you mean bob@beta.io?'],
    ['obb', 'No account matches "obb". Did you mean bob@beta.io?'],
    ['bpp', 'No account matches "bpp".'],
    ['xa', 'No account matches "xa".'],
    ['abnad', 'No account matches "abnad".'],
    ['tag:"EU wset"', 'No account matches tag:"EU wset". Did you mean EU west?'],
    ['tag:"EU wsta"', 'No account matches tag:"EU wsta". Did you mean EU west?'],
    ['tag:"EU tsxx"', 'No account matches tag:"EU tsxx".'],
    ['dana bob', 'No account matches all of this.'],
  ] as const) {
    it(`says for ${source}: ${words}`, () => {
      assert.equal(why(source), words);
    });
  }

  it('is said of campaigns in words of their own', () => {
    const rows = [campaign('c', { name: 'Q4 launch' })];
    const said = (source: string) =>
      atOnce(whyNothing(campaignFacets, parseFilter(campaignFacets, source), [{ rows, graph: graphOf([], rows) }]));
    assert.equal(said('lanch'), 'No campaign matches "lanch". Did you mean Q4 launch?');
    assert.equal(said('nobody'), 'No campaign matches "nobody".');
    assert.equal(said('launch -q4'), 'No campaign matches "-q4".');
  });

  it('names at most three, the nearest first, and cuts what is long', () => {
    const rows = ['launches', `lanch ${'x'.repeat(100)}`, 'launch', 'launche', 'lunch'].map((name) => account(name));
    const said = atOnce(
      whyNothing(accountFacets, parseFilter(accountFacets, 'lannch|lanhc'), [{ rows, graph: graphOf(rows) }]),
    );
    assert.equal(said, `No account matches "lannch|lanhc". Did you mean lanch ${'x'.repeat(53)}…, launch, launche?`);
  });

  it('names each word that differs by one letter, and none that has nothing in common', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd'), minLength: 6, maxLength: 9 });
    fc.assert(
      fc.property(word, fc.nat(), (name, at) => {
        const place = at % name.length;
        const typed = `${name.slice(0, place)}x${name.slice(place + 1)}`;
        const rows = [account(`${name}@zzzzzzzzzzzzz.yy`), account('qqqqqqqqqqqq')];
        const said = atOnce(
          whyNothing(accountFacets, parseFilter(accountFacets, typed), [{ rows, graph: graphOf(rows) }]),
        );
        assert.equal(said, `No account matches "${typed}". Did you mean ${name}@zzzzzzzzzzzzz.yy?`);
      }),
    );
  });

  it('is a sentence whatever is typed and whatever the texts are', () => {
    fc.assert(
      fc.property(hostileText, hostileText, (source, name) => {
        const rows = [account('a', { name })];
        const filter = parseFilter(accountFacets, source);
        assert.match(
          atOnce(whyNothing(accountFacets, filter, [{ rows, graph: graphOf(rows) }])),
          /^No account matches/,
        );
      }),
      { numRuns: 2_000 },
    );
  });
});

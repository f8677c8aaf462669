import assert from 'node:assert/strict';
import { accountFacetsWith, campaignFacetsWith } from '../../../src/health/findingFacet.ts';
import { Health } from '../../../src/health/health.ts';
import { defaultThresholds } from '../../../src/health/thresholds.ts';
import { completeFilter, parseFilter } from '../../../src/queries/filter.ts';
import { whyNothing } from '../../../src/queries/near.ts';
import { atOnce } from '../../../src/transport/turns.ts';
import { account, campaign, storeOf } from '../../support/records.ts';

describe('the facet finding:', () => {
  const down = { state: 'error', problems: [{ kind: 'disconnected', words: 'SMTP disconnected' }] } as const;
  const rows = [
    account('down@x.com', { ...down }),
    account('low@x.com', { warmupScore: 60 }),
    account('off@x.com', { warmup: 'off' }),
    account('well@x.com', { warmupScore: 99 }),
  ];
  const campaigns = [
    campaign('1', { listedSenders: ['down@x.com'] }),
    campaign('2', { listedSenders: ['down@x.com', 'low@x.com', 'off@x.com', 'well@x.com'] }),
  ];
  const { graph } = storeOf({ accounts: rows, campaigns });
  const health = new Health(graph, {
    thresholds: defaultThresholds,
    off: new Set(),
    before: () => undefined,
    snoozed: () => undefined,
    complete: () => true,
    today: () => '2026-11-20',
  });
  const facets = accountFacetsWith((asked) => (asked === graph ? health : undefined));
  const shown = (source: string) => {
    const filter = parseFilter(facets, source);
    assert.deepEqual(filter.problems, []);
    return rows.filter((row) => filter.matches(row, graph)).map(({ key }) => key.replace('@x.com', ''));
  };

  it('shows nothing, and hides nothing, before anything is evaluated', () => {
    assert.deepEqual(shown('finding:disconnected'), []);
    assert.deepEqual(shown('-finding:disconnected'), []);
    atOnce(health.evaluate());
  });

  for (const [source, expected] of [
    ['finding:disconnected', ['down']],
    ['-finding:disconnected', ['low', 'off', 'well']],
    ['finding:disconnected|warmup-off', ['down', 'off']],
    ['finding:warmup', ['low', 'off']],
    ['finding:"warmup"', []],
    ['finding:"warmup-off" x.com', ['off']],
    ['FINDING:Disconnected', ['down']],
    ['finding:connected', []],
  ] as const) {
    it(`shows with ${source} ${expected.join(' and ') || 'nothing'}`, () => {
      assert.deepEqual(shown(source), expected);
    });
  }

  it('offers what is found with how many rows have it', () => {
    const offered = atOnce(completeFilter(facets, 'finding:', [{ rows, graph }]));
    assert.deepEqual(
      offered.map(({ label, description }) => `${label} ${description}`),
      ['finding:disconnected 1', 'finding:warmup-off 1', 'finding:warmup-score-low 1'],
    );
    assert.ok(atOnce(completeFilter(facets, 'find', [{ rows, graph }])).some(({ source }) => source === 'finding:'));
  });

  it('says what is near where nothing is found', () => {
    const why = atOnce(whyNothing(facets, parseFilter(facets, 'finding:disconected'), [{ rows, graph }]));
    assert.match(why, /Did you mean disconnected/);
  });

  it('shows campaigns', () => {
    const filter = parseFilter(
      campaignFacetsWith(() => health),
      'finding:no-healthy-senders',
    );
    assert.deepEqual(
      campaigns.filter((row) => filter.matches(row, graph)).map(({ id }) => id),
      ['1'],
    );
  });

  it('knows nothing of a map whose health nobody keeps', () => {
    const filter = parseFilter(
      accountFacetsWith(() => undefined),
      '-finding:disconnected',
    );
    assert.deepEqual(
      rows.filter((row) => filter.matches(row, graph)),
      [],
    );
  });
});

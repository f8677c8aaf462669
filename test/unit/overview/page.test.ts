import assert from 'node:assert/strict';
import { isDeepStrictEqual } from 'node:util';
import { createHash } from 'node:crypto';
import { commands } from '../../../src/contributions.ts';
import type { EmailFigures, Formats, OverviewData } from '../../../src/overview/data.ts';
import { domainFilter, linked, scoreFilter, stateFilter } from '../../../src/overview/links.ts';
import { POLICY, renderOverview } from '../../../src/overview/page.ts';
import { accountStates, accountFigures, SCORE_BINS } from '../../../src/queries/figures.ts';
import { accountFacets, parseFilter } from '../../../src/queries/filter.ts';
import type { Account } from '../../../src/providers/model.ts';
import { atOnce } from '../../../src/transport/turns.ts';
import { account, graphOf } from '../../support/records.ts';

const formats: Formats = {
  language: 'en',
  number: (value) => value.toLocaleString('en'),
  share: (value) => value.toLocaleString('en', { style: 'percent' }),
  day: (date) => `day ${date}`,
};

const figuresOf = (accounts: readonly Account[]) => atOnce(accountFigures([accounts], 20));

const nothing: OverviewData = {
  connections: [{ id: 'c1', label: 'Northwind' }],
  chosen: undefined,
  notices: [],
  accounts: undefined,
  emails: undefined,
  days: [],
};
const page = (data: Partial<OverviewData>) => renderOverview({ ...nothing, ...data }, formats);

/** The sentences under the headings, without their links. */
const captionsOf = (html: string) =>
  [...html.matchAll(/<figcaption><h2>([^<]*)<\/h2><p>(.*?)<\/p>/g)].map(
    ([, heading = '', words = '']) => [heading, words.replace(/<[^>]+>/g, '')] as const,
  );

/** The links of a page: what they run, and with what. */
const linksOf = (html: string) =>
  [...html.matchAll(/href="command:([\w.]+)\?([^"]*)"/g)].map(([, command, query = '']) => {
    const [request] = JSON.parse(decodeURIComponent(query)) as [Record<string, unknown>];
    return { command, request };
  });

const mailboxes = [
  account('a@burnt.test', { state: 'error', warmupScore: 12 }),
  account('b@burnt.test', { state: 'error', warmupScore: 99 }),
  account('c@risk.test', { state: 'warning', warmupScore: 95 }),
  account('d@risk.test', { warmupScore: 90 }),
  account('e@fine.test'),
];

const campaigns: EmailFigures = {
  campaigns: 3,
  limited: 2,
  short: 1,
  possible: 1380,
  lacking: 120,
  sendersUnknown: 0,
  unknownLimits: 0,
  worst: [
    { connectionId: 'c1', id: 'q4', name: 'Q4 launch, EU', wanted: 900, possible: 780, lacking: 120 },
    { connectionId: 'c1', id: '17', name: ' ', wanted: undefined, possible: 400, lacking: 0 },
  ],
};

describe('the page of the overview', () => {
  it('says in a sentence what each picture shows', () => {
    assert.deepEqual(captionsOf(page({ accounts: figuresOf(mailboxes), emails: campaigns })), [
      ['Mailboxes by state', '2 of 5 mailboxes are healthy. 2 are broken.'],
      [
        'Emails a day',
        'Active campaigns can send 1,380 emails a day if they share mailboxes fairly. 1 of 2 campaigns with a daily limit stays below it: 120 emails a day short. Showing 2 of 3 active campaigns, worst first.',
      ],
      ['Domains by health', '2 of 3 domains have mailboxes that are broken or at risk.'],
      ['Warmup scores', '1 of 5 mailboxes has a warmup score under 90. 1 has no score.'],
      ['Day by day', 'History begins with the first sync. Come back tomorrow.'],
    ]);
  });

  it('says that campaigns are the largest where none falls short', () => {
    const enough = { ...campaigns, short: 0, lacking: 0, worst: campaigns.worst.slice(1) };
    const [, [, words] = []] = captionsOf(page({ accounts: figuresOf(mailboxes), emails: enough }));
    assert.match(String(words), /Showing 1 of 3 active campaigns, largest first\.$/);
  });

  it('is calm where everything is healthy', () => {
    const html = page({ accounts: figuresOf([account('a@a.test', { warmupScore: 100 })]) });
    assert.deepEqual(captionsOf(html).slice(0, 3), [
      ['Mailboxes by state', 'The one mailbox is healthy.'],
      ['Domains by health', 'No domain has a mailbox that is broken or at risk.'],
      ['Warmup scores', 'No mailbox has a warmup score under 90.'],
    ]);
    assert.doesNotMatch(html, /class="mark (?!healthy)/);
  });

  it('has the numbers of each picture as a table', () => {
    const html = page({ accounts: figuresOf(mailboxes), emails: campaigns });
    const rows = [...html.matchAll(/<tr><th scope="row">(.*?)<\/th>(.*?)<\/tr>/g)].map(([, name = '', cells = '']) => [
      name.replace(/<[^>]+>/g, ''),
      ...[...cells.matchAll(/<td>(.*?)<\/td>/g)].map(([, cell]) => cell),
    ]);
    assert.deepEqual(rows.slice(0, 7), [
      ['Broken', '2', '40%'],
      ['At risk', '1', '20%'],
      ['Healthy', '2', '40%'],
      ['Q4 launch, EU', '900', '780', '120'],
      ['17', 'no limit', '400', '0'],
      ['burnt.test', '2', '2', '0', '0', '0', '0'],
      ['risk.test', '2', '0', '1', '0', '0', '1'],
    ]);
    const scores = rows.slice(7);
    assert.deepEqual(scores[0], ['90–100', '3']);
    assert.deepEqual(scores.at(-1), ['No score', '1']);
    assert.equal(
      scores.reduce((sum, [, count]) => sum + Number(count), 0),
      mailboxes.length,
    );
  });

  it('leads from past days to what changed since then, in the connection that is shown or that a person picks', () => {
    const days = [
      { date: '2026-11-20', states: figuresOf(mailboxes).states, since: 5 },
      { date: '2026-11-21', states: figuresOf(mailboxes).states },
      { date: '2026-11-22', states: figuresOf(mailboxes).states, since: 7 },
    ];
    const changes = (more: Partial<OverviewData>) =>
      linksOf(page({ accounts: figuresOf(mailboxes), days, ...more }))
        .filter(({ command }) => command === 'sendmap.whatChanged')
        .map(({ request }) => request);
    const [mark, ...others] = changes({ chosen: 'two' });
    assert.deepEqual(mark, { connectionId: 'two', since: '5', person: true });
    const states = Object.values(figuresOf(mailboxes).states).filter((count) => count > 0).length;
    assert.equal(others.length, states, 'each mark of the column, and the row of the day in the table');
    assert.ok(others.every((other) => isDeepStrictEqual(other, mark)));
    assert.deepEqual(
      changes({ chosen: undefined, connections: [{ id: 'one', label: 'One' }] })[0]?.['connectionId'],
      'one',
    );
    const several = [
      { id: 'one', label: 'One' },
      { id: 'two', label: 'Two' },
    ];
    assert.deepEqual(changes({ chosen: undefined, connections: several })[0], { since: '5', person: true });
  });

  it('leads to the mailboxes without a warmup score', () => {
    const filters = linksOf(page({ accounts: figuresOf(mailboxes) })).map(({ request }) => request['filter']);
    assert.equal(filters.filter((filter) => filter === 'warmup:unscored').length, 2);
  });

  it('says how days changed, and shows them as columns', () => {
    const states = { error: 5, warning: 0, paused: 0, unknown: 0, healthy: 10 };
    const days = [
      { date: '2026-11-20', states },
      { date: '2026-11-21', states: { ...states, error: 9 } },
    ];
    const html = page({ accounts: figuresOf(mailboxes), days });
    assert.equal(captionsOf(html).at(-1)![1], 'Broken mailboxes since day 2026-11-20: up from 5 to 9.');
    assert.equal(html.match(/<title>day 2026-11-2\d\nBroken: \d\nHealthy: 10<\/title>/g)?.length, 2);
    const columnsIn = (text: string) => linksOf(/<svg class="columns"[^]*?<\/svg>/.exec(text)![0]);
    assert.deepEqual(
      columnsIn(html).map(({ command, request }) => [command, request['filter']]),
      [
        [commands.filterAccounts, 'state:broken'],
        [commands.filterAccounts, 'state:healthy'],
      ],
      'of days that have passed nobody knows here what to compare with',
    );
    const compared = page({
      accounts: figuresOf(mailboxes),
      chosen: 'c1',
      days: [{ ...days[0]!, since: 7 }, days[1]!],
    });
    assert.deepEqual(
      columnsIn(compared).map(({ command, request }) => [command, request['since']]),
      [
        [commands.whatChanged, '7'],
        [commands.whatChanged, '7'],
        [commands.filterAccounts, undefined],
        [commands.filterAccounts, undefined],
      ],
    );
    const same = page({ accounts: figuresOf(mailboxes), days: [days[0]!, days[0]!] });
    assert.match(captionsOf(same).at(-1)![1], /^Broken mailboxes since day 2026-11-20: unchanged at 5\.$/);
    const added = page({ accounts: figuresOf(mailboxes), days: [{ ...days[0]!, partial: true }, days[1]!] });
    assert.equal(
      captionsOf(added).at(-1)![1],
      'Broken mailboxes: 9. Not all connections are in the days before.',
      'what came with a new connection did not break',
    );
  });

  it('offers to begin where there is no connection', () => {
    const html = page({ connections: [] });
    assert.deepEqual(
      linksOf(html).map(({ command }) => command),
      [commands.addConnection, commands.openSampleWorkspace],
    );
    assert.doesNotMatch(html, /<figure|<nav/);
  });

  it('says why there is nothing yet, with the step that helps', () => {
    const html = page({
      notices: [
        {
          kind: 'problem',
          text: 'Northwind: key & secret refused',
          action: { title: 'Replace Key…', link: 'command:x' },
        },
      ],
    });
    assert.match(
      html,
      /<li class="problem">Northwind: key &amp; secret refused <a href="command:x"[^>]*>Replace Key…<\/a><\/li>/,
    );
    assert.doesNotMatch(html, /<figure>/);
    assert.match(page({ accounts: figuresOf([]) }), /No mailboxes here yet\./);
  });

  it('lets one connection of several be chosen', () => {
    const connections = [
      { id: 'c1', label: 'One' },
      { id: 'c2', label: 'Two' },
    ];
    const html = page({ connections, chosen: 'c2', accounts: figuresOf(mailboxes) });
    const choices = linksOf(html).filter(({ command }) => command === commands.openOverview);
    assert.deepEqual(
      choices.map(({ request }) => request['connectionId']),
      [undefined, 'c1', 'c2'],
    );
    assert.match(html, /<a [^>]*aria-current="true"><bdi>Two<\/bdi><\/a>/);
    assert.ok(
      linksOf(html)
        .filter(({ command }) => command === commands.filterAccounts)
        .every(({ request }) => request['connectionId'] === 'c2'),
    );
    assert.doesNotMatch(page({ accounts: figuresOf(mailboxes) }), /<nav/);
  });
});

describe('the links of the overview', () => {
  const graph = graphOf(mailboxes, []);
  const matching = (filter: string, accounts: readonly Account[] = mailboxes) => {
    const { matches, problems } = parseFilter(accountFacets, filter);
    assert.deepEqual(problems, [], filter);
    return accounts.filter((one) => matches(one, graph)).length;
  };

  it('run only what is named, each on behalf of a person', () => {
    const links = linksOf(page({ accounts: figuresOf(mailboxes), emails: campaigns }));
    assert.ok(links.length > 20);
    for (const { command, request } of links) {
      assert.ok((linked as readonly (string | undefined)[]).includes(command), command);
      assert.equal(request['person'], true);
    }
    assert.deepEqual(links.find(({ command }) => command === commands.revealInCampaigns)?.request, {
      connectionId: 'c1',
      campaign: 'q4',
      person: true,
    });
  });

  it('show as many accounts as the marks count', () => {
    const { states, scores, worstDomains } = figuresOf(mailboxes);
    for (const state of accountStates) {
      assert.equal(matching(stateFilter(state)), states[state], state);
    }
    for (let bin = 0; bin < SCORE_BINS; bin += 1) {
      assert.equal(matching(scoreFilter(bin)), scores[bin], scoreFilter(bin));
    }
    for (const { domain, accounts } of worstDomains) {
      assert.equal(matching(domainFilter(domain)), accounts, domain);
    }
    // A whole domain is no other one, and not those below it.
    const others = [account('a@risk.test.org'), account('b@my.risk.test'), account('c@risk.test')];
    assert.equal(matching(domainFilter('risk.test'), others), 1);
  });
});

describe('the policy of the overview', () => {
  it('allows the one style, and nothing else', () => {
    const html = page({ accounts: figuresOf(mailboxes), emails: campaigns });
    assert.ok(html.includes(`<meta http-equiv="Content-Security-Policy" content="${POLICY}">`));
    assert.match(POLICY, /^default-src 'none'; style-src 'sha256-[^']+'; form-action 'none'; base-uri 'none'$/);
    const [, style = ''] = /<style>([^]*?)<\/style>/.exec(html)!;
    assert.ok(POLICY.includes(createHash('sha256').update(style).digest('base64')));
    assert.doesNotMatch(html, /<script|<link|<img|<iframe|\sstyle=|\son\w+=/i);
  });

  it('holds whatever services put into names', () => {
    const hostile = `<script>alert(1)</script>"' onmouseover='x' \u202Egnp.exe [x](command:workbench.action.quit) &amp;`;
    const html = page({
      connections: [
        { id: hostile, label: hostile },
        { id: 'c2', label: 'Two' },
      ],
      chosen: hostile,
      notices: [{ kind: 'problem', text: hostile, action: undefined }],
      accounts: figuresOf([account(`a@${hostile}`, { state: 'error' })]),
      emails: { ...campaigns, worst: [{ ...campaigns.worst[0]!, id: hostile, connectionId: hostile, name: hostile }] },
    });
    assert.doesNotMatch(html, /<script|\u202E|["'] onmouseover/i);
    assert.equal(html.match(/<bdi>/g)?.length, html.match(/<\/bdi>/g)?.length);
    assert.ok(linksOf(html).every(({ command }) => (linked as readonly (string | undefined)[]).includes(command)));
    // Every quote of an attribute is one of the page's own.
    for (const [tag] of html.matchAll(/<(?!!)[^>]*>/g)) {
      assert.match(tag, /^<\/?[\w-]+(?:\s[\w-]+(?:="[^"]*")?)*\s*\/?>$/);
    }
  });

  it('keeps the page small, however long names are', () => {
    const long = 'x'.repeat(1e6);
    const worst = Array.from({ length: 20 }, (_, index) => ({
      ...{ ...campaigns.worst[0]!, id: `${long}${index}`, name: long },
    }));
    const accounts = Array.from({ length: 30 }, (_, index) =>
      account(`a@${index}${long}`, { state: 'error' as const }),
    );
    const html = page({
      connections: [
        { id: 'c1', label: long },
        { id: 'c2', label: long },
      ],
      accounts: figuresOf(accounts),
      emails: { ...campaigns, worst },
    });
    assert.ok(html.length < 200_000, String(html.length));
  });
});

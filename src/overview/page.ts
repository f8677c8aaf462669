import { createHash } from 'node:crypto';
import { t } from '@vscode/l10n';
import { commands } from '../contributions.ts';
import {
  accountStates,
  SCORE_BINS,
  type AccountFigures,
  type AccountState,
  type StateCounts,
} from '../queries/figures.ts';
import type { Day, EmailFigures, Formats, Notice, OverviewData } from './data.ts';
import { accountsLink, commandLink, domainFilter, scoreFilter, stateFilter, UNSCORED } from './links.ts';
import { plainText } from '../plainText.ts';
import { escape, nameOf, plainName } from './markup.ts';
import { barOf, columnsOf, patterns, swatchOf, type Part } from './pictures.ts';
import { STYLE } from './style.ts';

/** Nothing is fetched, run, framed or sent; the one style is named by its hash. */
export const POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`,
  "form-action 'none'",
  "base-uri 'none'",
].join('; ');

/** Heights in pixels. */
const [WIDE_BAR, BAR, COLUMNS] = [26, 14, 160];
/** No link to a row that exists is longer, in characters. */
const LONGEST_LINK = 4000;
/** Scores below this are worth looking at; where warmup works, most are above it. */
const GOOD_SCORE = 90;
/** Scores below this are marked: the service's own advice is not to send from there. */
const LOW_SCORE = 80;

/** The overview as a page of its own, in which nothing that a service sent is trusted. */
export function renderOverview(data: OverviewData, formats: Formats): string {
  return `<!DOCTYPE html>
<html lang="${escape(formats.language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escape(t('Overview'))}</title>
<style>${STYLE}</style>
</head>
<body>
${patterns}
<main>
<h1>${escape(t('Overview'))}</h1>
${data.connections.length === 0 ? welcome() : new Page(data, formats).render()}
</main>
</body>
</html>
`;
}

/** What a person sees who has no connection yet. */
function welcome(): string {
  const actions = [
    [t('Add Connection…'), commandLink(commands.addConnection)],
    [t('Open Sample Workspace'), commandLink(commands.openSampleWorkspace)],
  ] as const;
  const links = actions.map(
    ([title, link]) => `<a href="${escape(link)}" title="${escape(title)}">${escape(title)}</a>`,
  );
  return `<p>${escape(t('Connect a service to see how its mailboxes are doing and what its campaigns can send, or look around with sample data first.'))}</p>
<p class="actions">${links.join('')}</p>`;
}

/** What a sentence says, and where it leads. */
interface Sentence {
  readonly text: string;
  readonly link?: string;
}

interface Figure {
  readonly heading: string;
  readonly wide?: true;
  readonly sentences: readonly Sentence[];
  /** HTML; empty where there is nothing to see. */
  readonly picture: string;
  readonly table?: Table;
}

/** The numbers of a picture; the first cell of a row is its name, and HTML as all of them. */
interface Table {
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

interface Row {
  /** HTML. */
  readonly name: string;
  readonly bar: string;
  readonly value: string;
  /** Where it leads, where there is such a place, and what that is. */
  readonly link?: string;
  readonly title?: string;
}

/** The figures of what is chosen. */
class Page {
  readonly #data: OverviewData;
  readonly #formats: Formats;

  constructor(data: OverviewData, formats: Formats) {
    this.#data = data;
    this.#formats = formats;
  }

  render(): string {
    const { accounts, emails, days, notices } = this.#data;
    const figures =
      accounts === undefined || accounts.accounts === 0
        ? []
        : [
            this.#states(accounts),
            ...(emails === undefined ? [] : [this.#emails(emails)]),
            this.#domains(accounts),
            this.#scores(accounts),
            this.#days(days),
          ];
    const nothing = notices.length === 0 && accounts?.accounts === 0;
    return [
      this.#choices(),
      noticesOf(notices),
      nothing ? `<p>${escape(t('No mailboxes here yet.'))}</p>` : '',
      `<div class="figures">\n${figures.map(figureOf).join('\n')}\n</div>`,
    ].join('\n');
  }

  #choices(): string {
    const { connections, chosen } = this.#data;
    if (connections.length < 2) {
      return '';
    }
    const all = { id: undefined, label: t('All connections') };
    const links = [all, ...connections].map(({ id, label }) => {
      const current = id === chosen ? ' aria-current="true"' : '';
      const link = commandLink(commands.openOverview, { connectionId: id });
      return `<li><a href="${escape(link)}" title="${escape(plainName(label))}"${current}>${nameOf(label)}</a></li>`;
    });
    return `<nav aria-label="${escape(t('Connections'))}"><ul>${links.join('')}</ul></nav>`;
  }

  #states({ accounts, states }: AccountFigures): Figure {
    const { number, share } = this.#formats;
    const there = accountStates.filter((state) => states[state] > 0);
    const titleOf = (state: AccountState) => t('{0}: {1}', STATE_WORDS[state](), number(states[state]));
    const parts = there.map((state): Part => ({
      ...{ kind: state, value: states[state], title: titleOf(state), link: this.#accounts(stateFilter(state)) },
    }));
    const tiles = there.map(
      (
        state,
      ) => `<li><a href="${escape(this.#accounts(stateFilter(state)))}" title="${escape(SHOW())}">${swatchOf(state)}\
<strong>${number(states[state])}</strong><small>${escape(STATE_WORDS[state]())} · ${share(states[state] / accounts)}</small></a></li>`,
    );
    return {
      heading: t('Mailboxes by state'),
      wide: true,
      sentences: this.#healthSentences(accounts, states),
      picture: `${barOf(parts, WIDE_BAR)}<ul class="tiles">${tiles.join('')}</ul>`,
      table: {
        head: [t('State'), t('Mailboxes'), t('Share')],
        rows: there.map((state) => [
          escape(STATE_WORDS[state]()),
          number(states[state]),
          share(states[state] / accounts),
        ]),
      },
    };
  }

  #healthSentences(accounts: number, { healthy, error }: StateCounts): Sentence[] {
    const { number } = this.#formats;
    if (healthy === accounts) {
      return [
        {
          text:
            accounts === 1 ? t('The one mailbox is healthy.') : t('All {0} mailboxes are healthy.', number(accounts)),
        },
      ];
    }
    const sentences: Sentence[] = [
      {
        text:
          healthy === 1
            ? t('1 of {0} mailboxes is healthy.', number(accounts))
            : t('{0} of {1} mailboxes are healthy.', number(healthy), number(accounts)),
      },
    ];
    if (error > 0) {
      const link = this.#accounts(stateFilter('error'));
      sentences.push({ text: error === 1 ? t('1 is broken.') : t('{0} are broken.', number(error)), link });
    }
    return sentences;
  }

  #emails(emails: EmailFigures): Figure {
    const { number } = this.#formats;
    const { worst } = emails;
    const most = worst.reduce((high, { possible, lacking }) => Math.max(high, possible + lacking), 1);
    const rows = worst.map(({ connectionId, id, name, wanted, possible, lacking }): Row => ({
      name: nameOf(nameWords(id, name)),
      bar: barOf(
        [
          { kind: 'sends', value: possible },
          { kind: 'lacks', value: lacking },
        ],
        BAR,
        most,
      ),
      value: wanted === undefined ? number(possible) : escape(t('{0} of {1}', number(possible), number(wanted))),
      link: commandLink(commands.revealInCampaigns, { connectionId, campaign: id }),
      title: t('Show {0} in the Campaigns view', plainName(nameWords(id, name))),
    }));
    const key = [
      `<li>${swatchOf('sends')}${escape(t('Expected'))}</li>`,
      ...(emails.short === 0 ? [] : [`<li>${swatchOf('lacks')}${escape(t('Short of the limit'))}</li>`]),
    ];
    return {
      heading: t('Emails a day'),
      sentences: this.#emailSentences(emails).map((text) => ({ text })),
      picture: rows.length === 0 ? '' : `${rowsOf(rows)}<ul class="key">${key.join('')}</ul>`,
      table: {
        head: [t('Campaign'), t('Wanted'), t('Expected'), t('Shortfall')],
        rows: worst.map(({ id, name, wanted, possible, lacking }) => [
          nameOf(nameWords(id, name)),
          wanted === undefined ? escape(t('no limit')) : number(wanted),
          number(possible),
          number(lacking),
        ]),
      },
    };
  }

  #emailSentences({
    campaigns,
    limited,
    short,
    possible,
    lacking,
    sendersUnknown,
    unknownLimits,
    worst,
  }: EmailFigures): string[] {
    const { number } = this.#formats;
    if (campaigns === 0) {
      return [t('No campaign is active.')];
    }
    const sentences = [
      t('Active campaigns can send {0} emails a day if they share mailboxes fairly.', number(possible)),
    ];
    if (short > 0) {
      sentences.push(
        short === 1
          ? t(
              '1 of {0} campaigns with a daily limit stays below it: {1} emails a day short.',
              number(limited),
              number(lacking),
            )
          : t(
              '{0} of {1} campaigns with a daily limit stay below it: {2} emails a day short.',
              number(short),
              number(limited),
              number(lacking),
            ),
      );
    } else if (limited > 0) {
      sentences.push(t('All daily limits are within reach.'));
    }
    if (sendersUnknown > 0) {
      sentences.push(t('Campaigns whose senders are not all known: {0}. They may send more.', number(sendersUnknown)));
    }
    if (unknownLimits > 0) {
      sentences.push(
        t('Accounts without a known limit, which count as 0: {0}. More may be possible.', number(unknownLimits)),
      );
    }
    if (campaigns > worst.length) {
      const [shown, all] = [number(worst.length), number(campaigns)];
      sentences.push(
        short > 0
          ? t('Showing {0} of {1} active campaigns, worst first.', shown, all)
          : t('Showing {0} of {1} active campaigns, largest first.', shown, all),
      );
    }
    return sentences;
  }

  #worstWords(shown: number): string {
    return t('Showing the {0} worst.', this.#formats.number(shown));
  }

  #domains({ domains, troubledDomains, worstDomains }: AccountFigures): Figure {
    const { number } = this.#formats;
    const rows = worstDomains.map(({ domain, accounts, states }): Row => {
      const parts = accountStates.map((state): Part => ({
        ...{ kind: state, value: states[state], title: t('{0}: {1}', STATE_WORDS[state](), number(states[state])) },
      }));
      return {
        name: nameOf(domain),
        bar: barOf(parts, BAR),
        value:
          states.error > 0
            ? escape(t('{0} of {1} broken', number(states.error), number(accounts)))
            : escape(t('{0} of {1} at risk', number(states.warning), number(accounts))),
        link: this.#accounts(domainFilter(domain)),
        title: SHOW(),
      };
    });
    const sentence =
      troubledDomains === 0
        ? t('No domain has a mailbox that is broken or at risk.')
        : troubledDomains === 1
          ? t('1 of {0} domains has mailboxes that are broken or at risk.', number(domains))
          : t(
              '{0} of {1} domains have mailboxes that are broken or at risk.',
              number(troubledDomains),
              number(domains),
            );
    const cut = troubledDomains > worstDomains.length;
    return {
      heading: t('Domains by health'),
      sentences: [{ text: sentence }, ...(cut ? [{ text: this.#worstWords(worstDomains.length) }] : [])],
      picture: rows.length === 0 ? '' : rowsOf(rows),
      table: {
        head: [t('Domain'), t('Mailboxes'), ...accountStates.map((state) => STATE_WORDS[state]())],
        rows: worstDomains.map(({ domain, accounts, states }) => [
          nameOf(domain),
          number(accounts),
          ...accountStates.map((state) => number(states[state])),
        ]),
      },
    };
  }

  #scores({ accounts, scores, unscored }: AccountFigures): Figure {
    const { number } = this.#formats;
    const most = scores.reduce((high, count) => Math.max(high, count), Math.max(unscored, 1));
    const bins = [
      ...scores
        .map((count, bin) => ({
          count,
          words: `${bin * SCORE_BINS}–${bin === SCORE_BINS - 1 ? 100 : (bin + 1) * SCORE_BINS - 1}`,
          kind: bin * SCORE_BINS < LOW_SCORE ? ('warning' as const) : ('healthy' as const),
          link: { link: this.#accounts(scoreFilter(bin)), title: SHOW() },
        }))
        .toReversed(),
      {
        count: unscored,
        words: t('No score'),
        kind: 'unknown' as const,
        link: { link: this.#accounts(UNSCORED), title: SHOW() },
      },
    ];
    const under = scores.slice(0, GOOD_SCORE / SCORE_BINS).reduce((sum, count) => sum + count, 0);
    const rows = bins.map(({ count, words, kind, link }): Row => ({
      name: escape(words),
      bar: barOf([{ kind, value: count }], BAR, most),
      value: number(count),
      ...link,
    }));
    const underWords =
      under === 1
        ? t('1 of {0} mailboxes has a warmup score under {1}.', number(accounts), GOOD_SCORE)
        : t('{0} of {1} mailboxes have a warmup score under {2}.', number(under), number(accounts), GOOD_SCORE);
    const unscoredWords = unscored === 1 ? t('1 has no score.') : t('{0} have no score.', number(unscored));
    return {
      heading: t('Warmup scores'),
      sentences: [
        under === 0
          ? { text: t('No mailbox has a warmup score under {0}.', GOOD_SCORE) }
          : { text: underWords, link: this.#accounts(`warmup:<${GOOD_SCORE}`) },
        ...(unscored === 0 ? [] : [{ text: unscoredWords, link: this.#accounts(UNSCORED) }]),
      ],
      picture: rowsOf(rows),
      table: {
        head: [t('Score'), t('Mailboxes')],
        rows: bins.map(({ words, count }) => [escape(words), number(count)]),
      },
    };
  }

  #days(days: readonly Day[]): Figure {
    const heading = t('Day by day');
    const known = days.flatMap(({ date, states, since: at, partial }) =>
      states === undefined ? [] : [{ date, states, at, partial }],
    );
    const [first, last] = [known[0], known.at(-1)];
    if (first === undefined || last === undefined || first === last) {
      const text = t('History begins with the first sync. Come back tomorrow.');
      return { heading, sentences: [{ text }], picture: '' };
    }
    const { number, day } = this.#formats;
    const there = accountStates.filter((state) => known.some(({ states }) => states[state] > 0));
    const titles = days.map(({ date, states }) =>
      states === undefined
        ? ''
        : [day(date), ...there.map((state) => t('{0}: {1}', STATE_WORDS[state](), number(states[state])))].join('\n'),
    );
    // Today is what everything else is compared with: its accounts are there to be seen.
    const linkOf = (place: number, state: AccountState) => {
      const one = days[place];
      return one?.date === last.date ? this.#accounts(stateFilter(state)) : this.#changesLink(one?.since);
    };
    const whole = known.find(({ partial }) => partial !== true) ?? last;
    const since = day(whole.date);
    const change = last.states.error - whole.states.error;
    const words =
      whole === last
        ? t('Broken mailboxes: {0}. Not all connections are in the days before.', number(last.states.error))
        : change === 0
          ? t('Broken mailboxes since {0}: unchanged at {1}.', since, number(last.states.error))
          : change > 0
            ? t(
                'Broken mailboxes since {0}: up from {1} to {2}.',
                since,
                number(whole.states.error),
                number(last.states.error),
              )
            : t(
                'Broken mailboxes since {0}: down from {1} to {2}.',
                since,
                number(whole.states.error),
                number(last.states.error),
              );
    const key = there.map(
      (state) =>
        `<li>${swatchOf(state)}<a href="${escape(this.#accounts(stateFilter(state)))}" title="${escape(SHOW())}">${escape(STATE_WORDS[state]())}</a></li>`,
    );
    return {
      heading,
      sentences: [{ text: words }],
      picture: `${columnsOf(days, titles, COLUMNS, linkOf)}<div class="scale"><span>${escape(day(first.date))}</span><span>${escape(day(last.date))}</span></div><ul class="key">${key.join('')}</ul>`,
      table: {
        head: [t('Day'), ...there.map((state) => STATE_WORDS[state]())],
        rows: known
          .toReversed()
          .map(({ date, states, at }) => [
            date === last.date ? escape(day(date)) : this.#changesName(day(date), this.#changesLink(at)),
            ...there.map((state) => number(states[state])),
          ]),
      },
    };
  }

  /** Where What Changed compares a day with now; undefined where it has no record. */
  #changesLink(since: number | undefined): string | undefined {
    const { chosen, connections } = this.#data;
    const connectionId = chosen ?? (connections.length === 1 ? connections[0]?.id : undefined);
    // Without a connection, the command asks for one.
    return since === undefined ? undefined : commandLink(commands.whatChanged, { connectionId, since: String(since) });
  }

  #changesName(words: string, link: string | undefined): string {
    return link === undefined
      ? escape(words)
      : `<a href="${escape(link)}" title="${escape(t('Show what changed since then'))}">${escape(words)}</a>`;
  }

  #accounts(filter: string): string {
    return accountsLink(filter, this.#data.chosen);
  }
}

const STATE_WORDS: Readonly<Record<AccountState, () => string>> = {
  error: () => t('Broken'),
  warning: () => t('At risk'),
  paused: () => t('Paused'),
  unknown: () => t('Unknown'),
  healthy: () => t('Healthy'),
};

const SHOW = () => t('Show these mailboxes in the Accounts view');

/** A campaign need not have a name. */
function nameWords(id: string, name: string): string {
  return name.trim() === '' ? id : name;
}

function noticesOf(notices: readonly Notice[]): string {
  const items = notices.map(({ kind, text, action }) => {
    const link =
      action === undefined
        ? ''
        : ` <a href="${escape(action.link)}" title="${escape(action.title)}">${escape(action.title)}</a>`;
    return `<li class="${kind}">${escape(plainText(text))}${link}</li>`;
  });
  return items.length === 0 ? '' : `<ul class="notices">${items.join('')}</ul>`;
}

function figureOf({ heading, wide, sentences, picture, table }: Figure): string {
  const caption = sentences.map(({ text, link }) =>
    link === undefined ? escape(text) : `<a href="${escape(link)}" title="${escape(SHOW())}">${escape(text)}</a>`,
  );
  const numbers = table === undefined || table.rows.length === 0 ? '' : tableOf(table, heading);
  return `<figure${wide === undefined ? '' : ' class="wide"'}>
<figcaption><h2>${escape(heading)}</h2><p>${caption.join(' ')}</p></figcaption>
${picture}${numbers}</figure>`;
}

/** Focusable, because it may be wider than the page. */
function tableOf({ head, rows }: Table, heading: string): string {
  const headCells = head.map((words) => `<th scope="col">${escape(words)}</th>`).join('');
  const body = rows.map(([name = '', ...cells]) => {
    const values = cells.map((cell) => `<td>${cell}</td>`).join('');
    return `<tr><th scope="row">${name}</th>${values}</tr>`;
  });
  return `<details><summary>${escape(t('Show numbers'))}</summary><div class="scroll" role="region" tabindex="0" aria-label="${escape(heading)}"><table>
<thead><tr>${headCells}</tr></thead>
<tbody>${body.join('\n')}</tbody>
</table></div></details>`;
}

function rowsOf(rows: readonly Row[]): string {
  const items = rows.map(({ name, bar, value, link, title = '' }) => {
    const cells = `<span class="name">${name}</span>${bar}<span class="value">${value}</span>`;
    return link === undefined || link.length > LONGEST_LINK
      ? `<li><div class="row">${cells}</div></li>`
      : `<li><a class="row" href="${escape(link)}" title="${escape(title)}">${cells}</a></li>`;
  });
  return `<ul class="rows">${items.join('\n')}</ul>`;
}

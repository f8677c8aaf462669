import { accountStates, sumOf, type AccountState } from '../queries/figures.ts';
import type { Day } from './data.ts';
import { escape } from './markup.ts';

/** The most marks in one picture. */
export const MOST_MARKS = 200;

/** What a mark stands for; it decides its colour and its pattern, in the style. */
export type Kind = AccountState | 'sends' | 'lacks';

/** A part of a bar. */
export interface Part {
  readonly kind: Kind;
  readonly value: number;
  /** What is said where the pointer rests on it. */
  readonly title?: string;
  readonly link?: string;
}

/** A part that is there is seen, however small it is; percent of the bar. */
const LEAST = 0.6;

/**
 * A bar whose parts stand side by side. It is as wide as its place, and its marks are placed in percent, so that
 * nothing in it is stretched. Screen readers and the keyboard use the words beside it, which say and do the same.
 *
 * @param whole what the full width stands for; the sum of the parts where it is not given.
 * @param height in pixels.
 */
export function barOf(parts: readonly Part[], height: number, whole?: number): string {
  const shown = parts.filter(({ value }) => value > 0).slice(0, MOST_MARKS);
  const sum = shown.reduce((total, { value }) => total + value, 0);
  const full = Math.max(whole ?? sum, sum);
  const widths = shown.map(({ value }) => Math.max(LEAST, (100 * value) / full));
  const total = widths.reduce((all, width) => all + width, 0);
  const scale = total > 100 ? 100 / total : 1;
  let x = 0;
  const marks = shown.map(({ kind, title, link }, index) => {
    const width = (widths[index] ?? 0) * scale;
    const mark = markOf(
      kind,
      { x: `${x.toFixed(3)}%`, y: 0.5, width: `${width.toFixed(3)}%`, height: height - 1 },
      title,
    );
    x += width;
    return linkedMark(mark, link);
  });
  return picture('bar', height, marks);
}

/** A small sample of how the marks of a kind look. */
export function swatchOf(kind: Kind): string {
  const mark = markOf(kind, { x: 0.5, y: 0.5, width: 11, height: 11 });
  return `<svg class="swatch" width="12" height="12" aria-hidden="true" focusable="false">${mark}</svg>`;
}

/** Of the width of a day's column, how much is empty; percent of it. */
const BETWEEN = 18;

/**
 * A column for each day, from the left, with what is worst at the bottom; all on one scale. A day of which nothing is
 * known has its place, and no column.
 *
 * @param titles of the days, one for each.
 * @param height in pixels.
 * @param linkOf where a mark leads: that of a state, in the column at a place.
 */
export function columnsOf(
  days: readonly Day[],
  titles: readonly string[],
  height: number,
  linkOf: (place: number, state: AccountState) => string | undefined = () => undefined,
): string {
  const most = days.reduce((high, { states }) => Math.max(high, states === undefined ? 0 : sumOf(states)), 1);
  const step = 100 / days.length;
  const perDay = days.map(({ states: counts }, index) => {
    if (counts === undefined) {
      return '';
    }
    let y = height;
    const marks = accountStates
      .filter((state) => counts[state] > 0)
      .map((state) => {
        const tall = ((height - 1) * counts[state]) / most;
        y -= tall;
        const x = `${((index + BETWEEN / 200) * step).toFixed(3)}%`;
        const width = `${((step * (100 - BETWEEN)) / 100).toFixed(3)}%`;
        return linkedMark(markOf(state, { x, y: y.toFixed(2), width, height: tall.toFixed(2) }), linkOf(index, state));
      });
    return `<g><title>${escape(titles[index] ?? '')}</title>${marks.join('')}</g>`;
  });
  return picture('columns', height, perDay);
}

/** The patterns of marks, once in a page: what a mark stands for shows without its colour too. */
export const patterns = `<svg class="patterns" width="0" height="0" aria-hidden="true" focusable="false"><defs>
<pattern id="stripes" class="warning" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="ground" width="6" height="6"/><rect class="figure" width="3" height="6"/></pattern>
<pattern id="lines" class="paused" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="ground" width="6" height="6"/><rect class="figure" width="2" height="6"/></pattern>
<pattern id="dots" class="unknown" width="6" height="6" patternUnits="userSpaceOnUse"><rect class="ground" width="6" height="6"/><circle class="figure" cx="3" cy="3" r="1.3"/></pattern>
<pattern id="gaps" class="lacks" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect class="ground" width="6" height="6"/><rect class="figure" width="1.5" height="6"/></pattern>
</defs></svg>`;

function picture(kind: string, height: number, marks: readonly string[]): string {
  return `<svg class="${kind}" width="100%" height="${height}" aria-hidden="true" focusable="false">${marks.join('')}</svg>`;
}

/** Who uses a keyboard has the same links in the words and the table. */
function linkedMark(mark: string, link: string | undefined): string {
  return link === undefined ? mark : `<a href="${escape(link)}" tabindex="-1">${mark}</a>`;
}

function markOf(kind: Kind, place: Readonly<Record<string, string | number>>, title?: string): string {
  const attributes = Object.entries(place).map(([name, value]) => `${name}="${value}"`);
  const rect = `<rect class="mark ${kind}" ${attributes.join(' ')}`;
  return title === undefined ? `${rect}/>` : `${rect}><title>${escape(title)}</title></rect>`;
}

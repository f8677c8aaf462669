import assert from 'node:assert/strict';
import type { Day } from '../../../src/overview/data.ts';
import { barOf, columnsOf, MOST_MARKS, patterns, swatchOf } from '../../../src/overview/pictures.ts';
import { STYLE } from '../../../src/overview/style.ts';
import { accountStates } from '../../../src/queries/figures.ts';

/** The marks of a picture: their kinds and their places. */
const marksOf = (svg: string) =>
  [...svg.matchAll(/<rect class="mark (\w+)" x="([\d.]+)%?" y="([\d.]+)" width="([\d.]+)%?" height="([\d.]+)"/g)].map(
    ([, kind, ...place]) => {
      const [x = 0, y = 0, width = 0, height = 0] = place.map(Number);
      return { kind, x, y, width, height };
    },
  );

describe('a bar', () => {
  it('shows its parts side by side, as wide as they are, and fills its place', () => {
    const bar = barOf(
      [
        { kind: 'error', value: 25 },
        { kind: 'paused', value: 0 },
        { kind: 'healthy', value: 75 },
      ],
      10,
    );
    assert.deepEqual(marksOf(bar), [
      { kind: 'error', x: 0, y: 0.5, width: 25, height: 9 },
      { kind: 'healthy', x: 25, y: 0.5, width: 75, height: 9 },
    ]);
  });

  it('leaves room where its parts are less than the whole, and none where they are more', () => {
    assert.deepEqual(
      marksOf(barOf([{ kind: 'sends', value: 30 }], 10, 120)).map(({ width }) => width),
      [25],
    );
    assert.deepEqual(
      marksOf(barOf([{ kind: 'sends', value: 30 }], 10, 20)).map(({ width }) => width),
      [100],
    );
  });

  it('lets a part be seen that is one of many thousands, without running over', () => {
    const parts = accountStates.map((kind) => ({ kind, value: kind === 'healthy' ? 400_000 : 1 }));
    const marks = marksOf(barOf(parts, 10));
    assert.equal(marks.length, parts.length);
    assert.ok(marks.every(({ width }) => width > 0.5));
    const sum = marks.reduce((all, { width }) => all + width, 0);
    assert.ok(Math.abs(sum - 100) < 0.01, String(sum));
  });

  it('is empty where there is nothing to show', () => {
    assert.deepEqual(marksOf(barOf([], 10)), []);
    assert.deepEqual(marksOf(barOf([{ kind: 'error', value: 0 }], 10, 0)), []);
    assert.doesNotMatch(barOf([], 10), /NaN|Infinity/);
  });

  it('has no more marks than a picture may have', () => {
    const parts = Array.from({ length: 3 * MOST_MARKS }, () => ({ kind: 'error' as const, value: 1 }));
    assert.equal(marksOf(barOf(parts, 10)).length, MOST_MARKS);
  });

  it('says what it is where the pointer rests, and keeps that text', () => {
    const bar = barOf([{ kind: 'error', value: 1, title: `<b>"&'`, link: 'command:x?"><script>' }], 10);
    assert.ok(bar.includes('<title>&lt;b&gt;&quot;&amp;&#39;</title>'));
    assert.ok(bar.includes('<a href="command:x?&quot;&gt;&lt;script&gt;" tabindex="-1">'));
  });
});

describe('columns', () => {
  const day = (date: string, error: number, healthy: number): Day => ({
    date,
    states: { error, warning: 0, paused: 0, unknown: 0, healthy },
  });

  it('stand side by side on one scale, with what is worst at the bottom', () => {
    const marks = marksOf(columnsOf([day('2026-11-20', 10, 40), day('2026-11-21', 100, 0)], ['a', 'b'], 101));
    assert.deepEqual(
      marks.map(({ kind, y, height }) => ({ kind, y, height })),
      [
        { kind: 'error', y: 91, height: 10 },
        { kind: 'healthy', y: 51, height: 40 },
        { kind: 'error', y: 1, height: 100 },
      ],
    );
    assert.ok(marks[2]!.x > marks[0]!.x + marks[0]!.width && marks[2]!.x + marks[2]!.width < 100);
  });

  it('have no more marks than a picture may have for as many days as are kept', () => {
    const states = { error: 1, warning: 1, paused: 1, unknown: 1, healthy: 1 };
    const days = Array.from({ length: 35 }, () => ({ date: '2026-11-20', states }));
    const marks = marksOf(columnsOf(days, [], 100));
    assert.equal(marks.length, 35 * accountStates.length);
    assert.ok(MOST_MARKS >= marks.length);
  });

  it('are drawn for days without a mailbox too', () => {
    assert.doesNotMatch(columnsOf([day('2026-11-20', 0, 0), day('2026-11-21', 0, 0)], ['<', '>'], 100), /NaN|Infinity/);
    assert.match(columnsOf([day('2026-11-20', 0, 0)], ['<'], 100), /<title>&lt;<\/title>/);
  });
});

describe('marks', () => {
  it('take every colour from the theme, and differ without it', () => {
    for (const kind of [...accountStates, 'sends', 'lacks'] as const) {
      assert.match(swatchOf(kind), new RegExp(`class="mark ${kind}"`));
      assert.match(STYLE, new RegExp(`\\.${kind}\\b[^{]*\\{ --mark: var\\(--vscode-`));
    }
    const named = [...STYLE.matchAll(/url\(#(\w+)\)/g)].map(([, name]) => name);
    const drawn = [...patterns.matchAll(/<pattern id="(\w+)"/g)].map(([, name]) => name);
    assert.deepEqual(named.toSorted(), drawn.toSorted());
  });
});

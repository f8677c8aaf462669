import assert from 'node:assert/strict';
import { daysOf } from '../../../src/overview/history.ts';
import { states } from '../../../src/providers/model.ts';

/** Local time, as people know their days. */
const at = (day: number, hour = 9) => new Date(2026, 10, day, hour).getTime();
const record = (time: number, error: number, healthy: number) => ({
  at: time,
  states: states.map((state) => (state === 'error' ? error : state === 'healthy' ? healthy : 0)),
});
const counts = (error: number, healthy: number) => ({ error, warning: 0, paused: 0, unknown: 0, healthy });

describe('the days of the overview', () => {
  it('are none but today where nothing was recorded before', () => {
    assert.deepEqual(daysOf([[]], at(22), counts(1, 2)), [{ date: '2026-11-22', states: counts(1, 2) }]);
    assert.deepEqual(daysOf([], at(22), undefined), [{ date: '2026-11-22', states: undefined }]);
  });

  it('are as they were last on each day, and today as it is now', () => {
    const records = [record(at(22), 7, 7), record(at(21, 23), 3, 4), record(at(21, 1), 1, 1), record(at(20), 2, 5)];
    assert.deepEqual(daysOf([records], at(22, 12), counts(9, 0)), [
      { date: '2026-11-20', states: counts(2, 5), since: at(20) },
      { date: '2026-11-21', states: counts(3, 4), since: at(21, 23) },
      { date: '2026-11-22', states: counts(9, 0), since: at(22) },
    ]);
    assert.deepEqual(daysOf([records], at(22, 12), undefined).at(-1), {
      date: '2026-11-22',
      states: counts(7, 7),
      since: at(22),
    });
  });

  it('leave out what is not known', () => {
    assert.deepEqual(daysOf([[record(at(19), 2, 5)]], at(22), counts(0, 1)), [
      { date: '2026-11-19', states: counts(2, 5), since: at(19) },
      { date: '2026-11-20', states: undefined },
      { date: '2026-11-21', states: undefined },
      { date: '2026-11-22', states: counts(0, 1) },
    ]);
  });

  it('add up connections, each as it was last', () => {
    const one = [record(at(21), 1, 10), record(at(20), 2, 10)];
    const other = [record(at(20), 5, 5)];
    const days = daysOf([one, other], at(22), undefined);
    assert.deepEqual(
      days.map(({ since }) => since),
      [at(20), at(21), undefined],
      'What Changed takes the last record of a connection up to then',
    );
    assert.deepEqual(
      days.map(({ states: day }) => day),
      [counts(7, 15), counts(6, 15), undefined],
    );
  });

  it('are partial where a connection was not known yet', () => {
    const days = daysOf([[record(at(18), 1, 10)], [record(at(20), 500, 0)]], at(22), counts(501, 10));
    assert.deepEqual(
      days.map(({ date, partial }) => [date.slice(-2), partial]),
      [
        ['18', true],
        ['19', true],
        ['20', undefined],
        ['21', undefined],
        ['22', undefined],
      ],
    );
  });

  it('are 35 at most', () => {
    const records = Array.from({ length: 60 }, (_, day) => record(at(22 - day), 1, 1));
    const days = daysOf([records], at(22), counts(1, 1));
    assert.equal(days.length, 35);
    assert.deepEqual([days[0]!.date, days.at(-1)!.date], ['2026-10-19', '2026-11-22']);
  });
});

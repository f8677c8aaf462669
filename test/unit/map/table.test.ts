import assert from 'node:assert/strict';
import { Table } from '../../../src/map/table.ts';

function table(...keys: string[]): Table<string> {
  const subject = new Table<string>();
  for (const key of keys) {
    subject.set(key, key.toUpperCase());
  }
  return subject;
}

describe('table', () => {
  it('keeps the order in which records came, also of one that is set again', () => {
    const subject = table('b', 'a', 'c');
    subject.set('a', 'again');
    assert.deepEqual(subject.rows, ['B', 'again', 'C']);
    assert.deepEqual([...subject.keys()], ['b', 'a', 'c']);
    assert.deepEqual([subject.size, subject.get('a'), subject.get('x')], [3, 'again', undefined]);
    assert.deepEqual([subject.has('c'), subject.has('x')], [true, false]);
  });

  it('shows changes and new rows to whoever holds its rows', () => {
    const subject = table('a');
    const { rows, index } = subject;
    subject.set('b', 'B');
    subject.set('a', 'new');
    assert.deepEqual(rows, ['new', 'B']);
    assert.equal(index.get('b'), 1);
  });

  it('deletes without a trace, and leaves what others hold as it was', () => {
    const subject = table('a', 'b', 'c');
    const { rows, index } = subject;
    subject.deleteAll(new Set(['a', 'unknown']));
    assert.deepEqual(subject.rows, ['B', 'C']);
    assert.deepEqual([subject.index.get('b'), subject.index.get('c'), subject.has('a')], [0, 1, false]);
    subject.set('d', 'D');
    assert.deepEqual(rows, ['A', 'B', 'C']);
    assert.deepEqual([index.get('a'), index.get('b'), index.has('d')], [0, 1, false]);
  });

  it('makes nothing new where nothing is deleted', () => {
    const subject = table('a');
    const { rows } = subject;
    subject.deleteAll(new Set());
    assert.equal(subject.rows, rows);
  });
});

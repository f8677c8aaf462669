import assert from 'node:assert/strict';
import { Table } from '../../../src/map/table.ts';

function table(...keys: string[]): Table<string> {
  const subject = new Table<string>();
  for (const key of keys) {
    subject.set(subject.number(key), key, key.toUpperCase());
  }
  return subject;
}

describe('table', () => {
  it('keeps the order in which keys came, also of a record that is set again', () => {
    const subject = table('b', 'a', 'c');
    subject.set(subject.number('a'), 'a', 'again');
    assert.deepEqual(subject.rows, ['B', 'again', 'C']);
    assert.deepEqual([subject.size, subject.get('a'), subject.get('x')], [3, 'again', undefined]);
    assert.deepEqual([subject.has('c'), subject.has('x')], [true, false]);
  });

  it('gives a key that is only named a number, which its record gets when it comes', () => {
    const subject = table('a');
    const number = subject.number('named');
    assert.deepEqual([subject.size, subject.numbers, subject.has('named')], [1, 2, false]);
    assert.deepEqual(subject.rows, ['A']);
    subject.set(number, 'named', 'NAMED');
    assert.deepEqual([subject.number('named'), subject.keyAt(number), subject.rows], [number, 'named', ['A', 'NAMED']]);
  });

  it('keeps the number of what is deleted, and leaves rows that others hold as they were', () => {
    const subject = table('a', 'b', 'c');
    const { rows } = subject;
    const number = subject.number('a');
    subject.delete(number);
    subject.delete(number);
    assert.deepEqual([subject.rows, subject.size, subject.get('a')], [['B', 'C'], 2, undefined]);
    assert.deepEqual(rows, ['A', 'B', 'C']);
    subject.set(subject.number('a'), 'a', 'back');
    assert.deepEqual([subject.number('a'), subject.rows], [number, ['B', 'C', 'back']]);
  });

  it('takes spellings for one key that the service takes for one, and shows the one of the record', () => {
    const subject = new Table<string>((key) => key.toLowerCase());
    const number = subject.number('Dana@X.com');
    assert.equal(subject.number('dana@x.COM'), number);
    subject.set(number, 'dana@x.com', 'record');
    assert.deepEqual([subject.keyAt(number), subject.get('DANA@x.com')], ['dana@x.com', 'record']);
  });

  it('knows which records a reading has not met', () => {
    const subject = table('a', 'b', 'c');
    subject.number('named');
    subject.meet(subject.number('b'), 2);
    assert.deepEqual(
      Array.from(subject.unmet(2), (number) => subject.keyAt(number)),
      ['a', 'c'],
    );
  });
});

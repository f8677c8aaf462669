import assert from 'node:assert/strict';
import fc from 'fast-check';
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

  it('goes over what a reading has not met while it is deleted, and while others look at the rows', () => {
    const subject = table('a', 'b', 'c', 'd');
    subject.meet(subject.number('c'), 2);
    const left: string[] = [];
    for (const number of subject.unmet(2)) {
      left.push(subject.keyAt(number));
      subject.delete(number);
      subject.delete(subject.number('d'));
      assert.equal(subject.rows.length, subject.size);
    }
    assert.deepEqual([left, subject.rows], [['a', 'b'], ['C']]);
  });

  it('says what a reading has not met now, whatever it meets before that is looked at', () => {
    const subject = table('a', 'b', 'c');
    subject.meet(subject.number('b'), 2);
    const [unmet, listed] = [subject.keysUnmet(2), subject.listed];
    subject.meet(subject.number('a'), 2);
    subject.delete(subject.number('c'));
    assert.deepEqual([...unmet], ['a', 'c']);
    assert.deepEqual(listed, [0, 1, 2]);
    assert.deepEqual([subject.listed, subject.size, subject.rows], [[0, 1], 2, ['A', 'B']]);
    assert.deepEqual([...subject.keysUnmet(2)], []);
  });

  it('holds what a map in the order of insertion holds, whatever is set and deleted', () => {
    const change = fc.record({
      key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      kind: fc.nat(2),
      look: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 60 }), (changes) => {
        const subject = new Table<string>();
        const expected = new Map<string, string>();
        for (const [at, { key, kind, look }] of changes.entries()) {
          if (kind === 0) {
            expected.delete(key);
            subject.delete(subject.number(key));
          } else {
            expected.set(key, `${key}${at}`);
            subject.set(subject.number(key), key, `${key}${at}`);
          }
          if (look) {
            assert.deepEqual(subject.rows, [...expected.values()]);
          }
        }
        assert.deepEqual(subject.rows, [...expected.values()]);
        assert.deepEqual(
          subject.listed.map((number) => subject.keyAt(number)),
          [...expected.keys()],
        );
        assert.deepEqual(
          ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => subject.get(key)),
          ['a', 'b', 'c', 'd', 'e', 'f'].map((key) => expected.get(key)),
        );
        assert.equal(subject.size, expected.size);
      }),
      { numRuns: 300 },
    );
  });
});

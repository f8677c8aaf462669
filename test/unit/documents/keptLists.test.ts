import assert from 'node:assert/strict';
import { KeptLists } from '../../../src/documents/keptLists.ts';
import { isIdentifier } from '../../../src/providers/fields.ts';

describe('the lists that reports are about', () => {
  it('have a short identifier, the same one for the same list', () => {
    const lists = new KeptLists();
    const id = lists.keep(['a', 'b']);
    assert.ok(isIdentifier(id) && id.length === 8);
    assert.deepEqual(lists.get(id), ['a', 'b']);
    assert.equal(lists.keep(['a', 'b']), id);
    assert.notEqual(lists.keep(['b', 'a']), id);
    assert.notEqual(lists.keep(['a']), id);
  });

  it('are not changed by whoever made them', () => {
    const lists = new KeptLists();
    const list = ['a'];
    const id = lists.keep(list);
    list.push('b');
    assert.deepEqual(lists.get(id), ['a']);
  });

  it('are forgotten where there are too many, those that were wanted last the latest', () => {
    const lists = new KeptLists();
    const ids = Array.from({ length: 50 }, (_, number) => lists.keep([String(number)]));
    lists.keep(['0']);
    lists.keep(['one more']);
    assert.deepEqual(lists.get(ids[0]!), ['0']);
    assert.equal(lists.get(ids[1]!), undefined);
    assert.deepEqual(lists.get(ids[2]!), ['2']);
    assert.equal(lists.get('another window’s'), undefined);
  });
});

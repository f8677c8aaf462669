import assert from 'node:assert/strict';
import type { Graph } from '../../../src/map/graph.ts';
import { Search, SearchIndex, type Found, type Hit } from '../../../src/queries/search.ts';
import { atOnce } from '../../../src/transport/turns.ts';
import { account, campaign, graphOf, numbers } from '../../support/records.ts';

const graph = graphOf(
  [
    account('dana.schmidt@acme-mail.com', { name: 'Dana Schmidt', tags: [{ id: 't1', label: 'Europe West' }] }),
    account('4711', { email: 'bob@beta.io', name: 'Bob São' }),
    account('schmid@other.org', { name: 'Eva' }),
    account('x@danalytics.com'),
  ],
  [
    campaign('c-0815', { name: 'Winter launch: EU, phase two', tags: [{ id: 't2', label: 'Priority' }] }),
    campaign('9', { name: 'Dana & Łukasz’ Café' }),
    campaign('10', { name: '' }),
  ],
);
const indexOf = ({ accounts, campaigns }: Graph) => new SearchIndex(accounts, campaigns);

const indexes = [indexOf(graph)];

function search(
  indexes: readonly SearchIndex[],
  query: string,
  limit: number,
  kinds?: readonly Hit['kind'][],
): Found[] {
  return atOnce(new Search(indexes, kinds).find(query, limit));
}

function ids(query: string, limit = 50, kinds?: readonly Hit['kind'][]): string[] {
  return search(indexes, query, limit, kinds).map(({ id }) => id);
}

const DANA = 'dana.schmidt@acme-mail.com';

describe('search', () => {
  for (const [query, wanted] of [
    ['dana.schmidt', DANA],
    [DANA, DANA],
    ['acme-mail', DANA],
    ['acme', DANA],
    ['@acme', DANA],
    ['mail.com', DANA],
    ['DANA SCHMIDT', DANA],
    ['schmidt dana', DANA],
    ['west dana', DANA],
    ['europe', DANA],
    ['midt', DANA],
    ['4711', '4711'],
    ['bob@beta.io', '4711'],
    ['bob sao', '4711'],
    ['São', '4711'],
    ['c-0815', 'c-0815'],
    ['0815', 'c-0815'],
    ['priority', 'c-0815'],
    ['launch winter', 'c-0815'],
    ['two phase eu launch winter', 'c-0815'],
    ['launch:', 'c-0815'],
    ['cafe', '9'],
    ['CAFÉ', '9'],
    ['café dana', '9'],
    ['10', '10'],
  ] as const) {
    it(`finds ${wanted} first for ${query}`, () => {
      assert.equal(ids(query)[0], wanted);
    });
  }

  for (const [query, wanted] of [
    ['shcmidt', DANA],
    ['scmhidt', DANA],
    ['schimdt', DANA],
    ['schmitd', DANA],
    ['schmdt', DANA],
    ['schhmidt', DANA],
    ['schmixdt', DANA],
    ['schmibt', DANA],
    ['danna schmidt', DANA],
    ['dana shmidt', DANA],
    ['dnaa.schmidt@acme-mail.com', DANA],
    ['dana.schmidt@acem-mail.com', DANA],
    ['erope', DANA],
    ['betta', '4711'],
    ['beat', '4711'],
    ['bexa', '4711'],
    ['wniter', 'c-0815'],
    ['winer', 'c-0815'],
    ['wintter', 'c-0815'],
    ['wimter', 'c-0815'],
    ['lanuch winter', 'c-0815'],
    ['winter lauch', 'c-0815'],
    ['pirority', 'c-0815'],
    ['caffe', '9'],
  ] as const) {
    it(`finds ${wanted} though it is typed ${query}`, () => {
      assert.ok(ids(query).includes(wanted), ids(query).join());
    });
  }

  it('finds what has all words and nothing else', () => {
    assert.deepEqual(ids('dana winter'), []);
    assert.deepEqual(ids('dana eva'), []);
    assert.deepEqual(ids('zzzz'), []);
  });

  it('shows what has the word as it was typed before what resembles it', () => {
    assert.deepEqual(ids('schmid'), ['schmid@other.org', DANA]);
  });

  it('shows what begins with a word before what has it in the middle', () => {
    const accounts = [
      ...Array.from({ length: 700 }, (_, row) => account(`x${row}ana@x.com`)),
      account('ana@x.com'),
      account('ana.z@x.com'),
    ];
    const hits = search([indexOf(graphOf(accounts))], 'ana', 5).map(({ id }) => id);
    assert.deepEqual(hits.slice(0, 2).toSorted(), ['ana.z@x.com', 'ana@x.com']);
  });

  it('finds nothing for nothing', () => {
    for (const query of ['', ' ', '\t\n']) {
      assert.deepEqual(ids(query), []);
    }
    assert.deepEqual(search([], 'dana', 5), []);
    assert.deepEqual(search([indexOf(graphOf([]))], 'dana', 5), []);
  });

  it('takes signs and patterns for what they are', () => {
    for (const query of [
      '.*',
      '(',
      '[a-z]',
      '\\',
      '"',
      "'",
      '-',
      '--',
      '-dana',
      '-bob',
      '"dana',
      '+',
      '$',
      '😀',
      '\ud83d',
    ]) {
      assert.ok(
        ids(query).every((id) => id !== ''),
        query,
      );
    }
    assert.deepEqual(ids('zzzz -bob'), []);
    assert.deepEqual(ids('dana -bob'), []);
    assert.deepEqual(ids('('), []);
  });

  it('finds only the kinds that are asked for', () => {
    assert.deepEqual(ids('dana', 50, ['campaign']), ['9']);
    assert.deepEqual(ids('dana', 50, ['account']).toSorted(), [DANA, 'x@danalytics.com']);
    assert.deepEqual(new Set(search(indexes, 'dana', 50).map(({ kind }) => kind)), new Set(['account', 'campaign']));
    assert.deepEqual(ids('dana', 50, []), []);
    assert.deepEqual(ids('winter', 50, ['account']), []);
    const [hit] = search(indexes, 'winter', 1);
    assert.deepEqual(hit, { index: 0, kind: 'campaign', id: 'c-0815' });
  });

  it('gives each hit once, and at most as many as asked for', () => {
    const hits = search(indexes, 'dana', 50);
    assert.equal(new Set(hits.map(({ kind, id }) => `${kind} ${id}`)).size, hits.length);
    assert.equal(search(indexes, 'a', 2).length, 2);
    assert.equal(search(indexes, 'a', 0).length, 0);
  });

  it('searches several connections, and says which one a hit is of', () => {
    const other = indexOf(graphOf([account('dana@third.com')], [campaign('9', { name: 'Dana' })]));
    const hits = search([...indexes, indexOf(graphOf([])), other], 'dana', 50);
    assert.deepEqual(
      hits.map(({ index, id }) => `${index} ${id}`).toSorted(),
      [`0 ${DANA}`, '0 9', '0 x@danalytics.com', '2 9', '2 dana@third.com'].toSorted(),
    );
  });

  it('finds hits of every one of many connections that all have many', () => {
    const many = Array.from({ length: 12 }, (_, number) =>
      indexOf(graphOf(Array.from({ length: 100 }, (__, row) => account(`dana${row}@d${number}.com`)))),
    );
    const hits = search(many, 'dana', 500);
    assert.equal(new Set(hits.map(({ index }) => index)).size, 12);
  });

  it('also finds accounts and campaigns that only an edge names', () => {
    const named = graphOf([], [campaign('1', { listedSenders: ['gone@acme.com'] })]);
    assert.deepEqual(
      search([indexOf(named)], 'gone', 5).map(({ id }) => id),
      ['gone@acme.com'],
    );
  });

  it('keeps a name with line breaks in its line', () => {
    const index = indexOf(graphOf([account('a@x.com', { name: 'one\r\ntwo\nthree' }), account('b@x.com')]));
    assert.deepEqual(
      search([index], 'three one', 5).map(({ id }) => id),
      ['a@x.com'],
    );
  });

  it('finds the same while somebody types, and deletes again', () => {
    const typing = new Search(indexes);
    for (const query of [DANA, 'schmidt dana', 'shcmidt', 'lanuch winter', 'bob sao', 'dana cafe']) {
      const begun = Array.from(query, (_, letter) => query.slice(0, letter + 1));
      for (const typed of [...begun, ...begun.toReversed(), '', query]) {
        const found = atOnce(typing.find(typed, 50)).map(({ kind, id }) => `${kind} ${id}`);
        const fresh = search(indexes, typed, 50).map(({ kind, id }) => `${kind} ${id}`);
        assert.deepEqual(found.toSorted(), fresh.toSorted(), typed);
      }
    }
    assert.ok(typing.isOver(indexes));
    assert.ok(!typing.isOver([]) && !typing.isOver([indexOf(graph)]));
  });

  it('finds the same after a search that was left before its last step', () => {
    const many = [...indexes, indexOf(graphOf([account('dana@other.org'), account('bob@other.org')]))];
    const whole = (query: string) => [...new Search(many).find(query, 50)].length;
    for (const query of ['dan', 'other', 'shcmidt']) {
      for (let steps = 0; steps < whole(query); steps += 1) {
        const typing = new Search(many);
        atOnce(typing.find('da', 50));
        const left = typing.find(query, 50);
        for (let step = 0; step < steps; step += 1) {
          left.next();
        }
        for (const typed of ['other', 'dana', query]) {
          assert.deepEqual(atOnce(typing.find(typed, 50)), search(many, typed, 50), `${query} ${steps} ${typed}`);
        }
      }
    }
  });

  describe('among 2,000 accounts', () => {
    const random = numbers(5);
    const first = ['ana', 'ben', 'carla', 'dana', 'eva', 'felix', 'grace', 'hugo', 'iris', 'jonas'];
    const last = ['lee', 'meyer', 'novak', 'olsen', 'perez', 'quinn', 'rossi', 'silva', 'tanaka', 'young'];
    const domains = ['acme.com', 'getacme.com', 'acme-mail.io', 'tryacme.co'];
    const pick = (of: readonly string[]) => of[Math.floor(random() * of.length)]!;
    const emails = [
      ...new Set(
        Array.from({ length: 4000 }, () => `${pick(first)}.${pick(last)}${Math.floor(random() * 60)}@${pick(domains)}`),
      ),
    ].slice(0, 2000);
    const index = indexOf(graphOf(emails.map((email) => account(email, { name: email.split(/[.\d]/)[0] }))));
    const found = (query: string, limit: number) => search([index], query, limit).map(({ id }) => id);

    it('finds each first by its email', () => {
      assert.equal(emails.length, 2000);
      for (const email of emails) {
        assert.equal(found(email, 5)[0], email);
      }
    });

    it('finds each among the first by its parts in another order', () => {
      for (const email of emails.filter((_, row) => row % 20 === 0)) {
        const [name, domain] = email.split('@');
        const [given, family] = name!.split('.');
        assert.ok(found(`@${domain!} ${family!}@ ${given!}.`, 5).includes(email), email);
      }
    });

    it('finds each by its email with one typo in it', () => {
      for (const email of emails.filter((one, row) => row % 100 === 0 && !one.includes('.lee'))) {
        const at = email.indexOf('.') + 2;
        for (const typed of [
          email.slice(0, at) + email[at + 1]! + email[at]! + email.slice(at + 2),
          email.slice(0, at) + email.slice(at + 1),
          `${email.slice(0, at)}x${email.slice(at)}`,
        ]) {
          assert.ok(found(typed, 30).includes(email), `${typed} for ${email}`);
        }
      }
    });
  });
});

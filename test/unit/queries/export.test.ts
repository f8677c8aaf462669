import { atOnce } from '../../../src/transport/turns.ts';
import assert from 'node:assert/strict';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, type Options } from 'csv-parse/sync';
import fc from 'fast-check';
import { writeChosenFile } from '../../../src/files/chosenFile.ts';
import {
  accountExporter,
  campaignExporter,
  exportText as exported,
  withFindings,
  type ExportShape,
  type ExportSource,
  type Exporter,
} from '../../../src/queries/export.ts';
import { guard } from '../../../src/queries/csv.ts';
import type { Account, Campaign } from '../../../src/providers/model.ts';
import { account, campaign, graphOf } from '../../support/records.ts';

async function piecesOf<T>(...args: Parameters<typeof exported<T>>): Promise<string[]> {
  const pieces: string[] = [];
  for await (const piece of exported<T>(...args)) {
    pieces.push(piece);
  }
  return pieces;
}

async function exportText<T>(...args: Parameters<typeof exported<T>>): Promise<string> {
  return (await piecesOf<T>(...args)).join('');
}

const NASTY = [
  'plain',
  'a "quoted" word',
  '"',
  'one, two; three',
  'line\nbreak',
  'line\r\nbreak',
  'carriage\rreturn',
  '\r',
  '\n=1',
  '=HYPERLINK("http://x","y")',
  '+1',
  '-1',
  '@SUM(A1)',
  '\ttab',
  "'apostrophe",
  "''two",
  "'=1",
  '＝１',
  ' lead and trail ',
  '\ufeffmark',
  'é 日本 😀',
  '',
];

/** What a spreadsheet would take for a formula. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

const accounts: Account[] = NASTY.map((text, row) =>
  account(`a${row}@x.com`, {
    name: text,
    reason: text,
    statusWords: text,
    tags: [{ id: `t${row}`, label: text }],
    warmupScore: -row,
    dailyLimit: 0.5,
  }),
);
const campaigns: Campaign[] = NASTY.map((text, row) =>
  campaign(`c${row}`, {
    name: text,
    listedSenders: row === 0 ? accounts.map(({ key }) => key) : [`a${row}@x.com`],
    senderTagIds: row === 1 ? ['t1'] : [],
    parentId: 'c0',
    dailyLimit: -5,
  }),
);
const graph = graphOf(accounts, campaigns);
const connected = { connection: '=Main, "one"', service: 'Instantly', graph };
const byAccount: ExportSource<Account> = { ...connected, rows: accounts };
const byCampaign: ExportSource<Campaign> = { ...connected, rows: campaigns };

/** The same where a reader overlooks blanks, characters that are not seen, and quotes. */
const FORMULA_WHATEVER_IS_BEFORE = /^[\s\p{C}"]*[=+\-@＝＋－＠﹦]/u;

function fieldsOf(text: string, options: Options): string[] {
  return parse(text, options).flat();
}

/** What `guard` says that a reader does. */
function unguard(cell: string): string {
  return cell.replace(/^'/, '').replace(/(\r\n|[,;|\t\r\n])'/g, '$1');
}

function nothing(): void {
  // Nobody looks.
}

/** Objects of a CSV, as somebody reads them who knows of the apostrophes. */
async function csv<T>(exporter: Exporter<T>, source: ExportSource<T>, shape: ExportShape) {
  const text = await exportText(exporter, [source], shape, 'csv', nothing);
  const rows = parse(text, { columns: true }) as unknown as Record<string, string>[];
  return rows.map((row) => Object.fromEntries(Object.entries(row).map(([name, cell]) => [name, unguard(cell)])));
}

function asCells(cells: Readonly<Record<string, string | number | undefined>>): Record<string, string> {
  return Object.fromEntries(Object.entries(cells).map(([name, cell]) => [name, String(cell ?? '')]));
}

describe('export', () => {
  it('gives back every cell of every account exactly', async () => {
    const rows = await csv(accountExporter, byAccount, 'rows');
    assert.deepEqual(
      rows,
      accounts.map((one) => asCells(accountExporter.cells(byAccount, one))),
    );
    for (const [row, text] of NASTY.entries()) {
      assert.deepEqual([rows[row]!['name'], rows[row]!['reason'], rows[row]!['tags']], [text, text, text]);
      assert.equal(rows[row]!['connection'], '=Main, "one"');
      assert.equal(rows[row]!['email'], `a${row}@x.com`);
    }
    assert.equal(rows[1]!['campaigns'], '2');
    assert.equal(rows[1]!['campaign_ids'], 'c0; c1');
    assert.equal(rows[1]!['campaign_names'], 'plain; a "quoted" word');
    assert.deepEqual([rows[3]!['warmup_score'], rows[3]!['daily_limit'], rows[3]!['sent_today']], ['-3', '0.5', '']);
  });

  it('has what Health finds, where that is asked for', async () => {
    const [one, other] = [accounts[0]!, accounts[1]!];
    const found = [
      { finding: 'Disconnected', evidence: '=535, refused' },
      { finding: 'Idle', evidence: 'in no campaign' },
    ];
    const source = {
      ...byAccount,
      rows: [one, other],
      findingsOf: (account: Account) => (account === one ? found : []),
    };
    const rows = await csv(withFindings(accountExporter), source, 'rows');
    assert.deepEqual(
      rows.map(({ email, findings, evidence }) => [email, findings, evidence]),
      [
        [one.email, 'Disconnected; Idle', '=535, refused; in no campaign'],
        [other.email, '', ''],
      ],
    );
    const text = await exportText(withFindings(accountExporter), [source], 'rows', 'json', nothing);
    const records = JSON.parse(text) as { findings: unknown; campaigns: unknown[] }[];
    assert.deepEqual(
      records.map(({ findings }) => findings),
      [found, []],
    );
    assert.equal(records[0]!.campaigns.length, graph.campaignsOf(one.key).length);
    assert.deepEqual(
      await csv(withFindings(accountExporter), source, 'pairs'),
      await csv(accountExporter, source, 'pairs'),
    );
  });

  it('gives back every cell of every campaign exactly', async () => {
    const rows = await csv(campaignExporter, byCampaign, 'rows');
    assert.deepEqual(
      rows,
      campaigns.map((one) => asCells(campaignExporter.cells(byCampaign, one))),
    );
    for (const [row, text] of NASTY.entries()) {
      assert.equal(rows[row]!['campaign_name'], text);
    }
    assert.deepEqual([rows[0]!['senders'], rows[0]!['healthy_senders']], [String(NASTY.length), String(NASTY.length)]);
    assert.equal(rows[2]!['sender_emails'], 'a2@x.com');
    assert.equal(rows[2]!['subsequence_of'], 'c0');
  });

  it('gives a line for each pair of account and campaign, the same from both sides', async () => {
    const forth = await csv(accountExporter, byAccount, 'pairs');
    const back = await csv(campaignExporter, byCampaign, 'pairs');
    assert.equal(forth.length, atOnce(graph.countEdges()));
    assert.deepEqual(new Set(forth.map((row) => JSON.stringify(row))), new Set(back.map((row) => JSON.stringify(row))));
    for (const row of forth) {
      const [of, to] = [graph.account(row['account_id']!)!, graph.campaign(row['campaign_id']!)!];
      assert.deepEqual([row['email'], row['account_status']], [of.email, of.statusWords]);
      assert.deepEqual([row['campaign_name'], row['campaign_status']], [to.name, to.statusWords]);
    }
    const because = forth.filter((row) => row['campaign_id'] === 'c1').map((row) => row['because']);
    assert.deepEqual(because, ['listed; tag a "quoted" word']);
  });

  it('writes that an account has no daily limit', async () => {
    const rows = [account('a', { unlimited: true }), account('b', { dailyLimit: 0 }), account('c')];
    const written = await csv(accountExporter, { ...byAccount, graph: graphOf(rows), rows }, 'rows');
    assert.deepEqual(
      written.map((row) => row['daily_limit']),
      ['unlimited', '0', ''],
    );
  });

  it('leaves a count empty that is not known, and writes 0 where there are none', async () => {
    const [ofAccounts, ofCampaigns] = [[account('a')], [campaign('c')]];
    for (const [known, count] of [
      [false, ''],
      [true, '0'],
    ] as const) {
      const source = { ...connected, graph: graphOf(ofAccounts, ofCampaigns, { known }) };
      const [one] = await csv(accountExporter, { ...source, rows: ofAccounts }, 'rows');
      assert.deepEqual([one!['campaigns'], one!['active_campaigns']], [count, count]);
      const [other] = await csv(campaignExporter, { ...source, rows: ofCampaigns }, 'rows');
      assert.deepEqual([other!['senders'], other!['healthy_senders']], [count, count]);
    }
  });

  it('leaves out accounts without a campaign from the pairs, and writes them as rows', async () => {
    const rows = [account('alone@x.com')];
    const source = { ...byAccount, graph: graphOf(rows), rows };
    assert.deepEqual(await csv(accountExporter, source, 'pairs'), []);
    assert.deepEqual(
      (await csv(accountExporter, source, 'rows')).map((row) => row['campaigns']),
      ['0'],
    );
  });

  it('has no text that a spreadsheet takes for a formula', async () => {
    for (const shape of ['rows', 'pairs'] as const) {
      for (const text of [
        await exportText(accountExporter, [byAccount], shape, 'csv', nothing),
        await exportText(campaignExporter, [byCampaign], shape, 'csv', nothing),
      ]) {
        const cells = parse(text).flat();
        const formulas = cells.filter((cell) => FORMULA.test(cell) && Number.isNaN(Number(cell)));
        assert.deepEqual(formulas, []);
        assert.ok(cells.includes(`'=Main, "one"`));
      }
    }
  });

  it('quotes every cell with a line break in it, so that none begins a line', async () => {
    const text = await exportText(accountExporter, [byAccount], 'rows', 'csv', nothing);
    const unquoted = text.replaceAll(/"(?:[^"]|"")*"/g, '');
    assert.equal(unquoted.replaceAll('\r\n', '').search(/[\r\n]/), -1);
    assert.equal(unquoted.split('\r\n').length, NASTY.length + 2);
  });

  it('marks exactly what begins like a formula, or with an apostrophe, at the beginning and after a separator', () => {
    for (const text of NASTY.filter((nasty) => !nasty.startsWith('\n'))) {
      assert.equal(guard(text), FORMULA.test(text) || text.startsWith("'") ? `'${text}` : text);
    }
    for (const [text, guarded] of [
      ['a;=1', "a;'=1"],
      ['a; -b; c', "a;' -b; c"],
      ['a|@b', "a|'@b"],
      ['a, +b', "a,' +b"],
      ['a\t=1', "a\t'=1"],
      ['a\r\n=1', "a\r\n'=1"],
      ['\n=1', "'\n'=1"],
      ["a;'b", "a;''b"],
      ['a;"=1', 'a;\'"=1'],
      ['\ufeff=1', "'\ufeff=1"],
      [' \u0000\u200b＝1', "' \u0000\u200b＝1"],
      ['a; b - c', 'a; b - c'],
      ['a@b.c; d=e', 'a@b.c; d=e'],
    ] as const) {
      assert.equal(guard(text), guarded);
    }
  });

  it('takes no time for a cell of nothing but separators and blanks', () => {
    for (const filler of ['\t', ' ', '\r\n', ';', '; ', '\t ']) {
      const text = filler.repeat(500_000);
      assert.equal(unguard(guard(text)), text);
    }
  });

  it('has no formula in any field, and loses no text, whatever the texts and whatever separates the fields', async () => {
    const piece = fc.constantFrom(
      ...[';', ',', '|', '\t', '\n', '\r', '\r\n', '"', '""', "'", ' ', '\u00a0', '\ufeff', '\u0000', '\u200b'],
      ...['=', '+', '-', '@', '＝', '＋', '－', '＠', '﹦', '1', 'a', 'é', '😀', '=1+1', '; =', '";='],
    );
    const text = fc.oneof(
      fc.array(piece, { maxLength: 8 }).map((parts) => parts.join('')),
      fc.string({ unit: 'binary' }),
    );
    await fc.assert(
      fc.asyncProperty(text, text, text, text, async (label, name, reason, tag) => {
        const rows = [account('a', { name, reason, tags: [{ id: 't', label: tag }], warmupScore: -5, dailyLimit: -1 })];
        const feeds = [
          campaign('c', { name: tag, listedSenders: ['a'] }),
          campaign('d', { name, listedSenders: ['a'] }),
        ];
        const source = { connection: label, service: 'Instantly', graph: graphOf(rows, feeds), rows };
        const [line] = await csv(accountExporter, source, 'rows');
        assert.deepEqual(line, asCells(accountExporter.cells(source, rows[0]!)));
        const written = await exportText(accountExporter, [source], 'rows', 'csv', nothing);
        for (const delimiter of [',', ';', '\t', '|']) {
          // With the quotes as they are meant, with those in the middle of a field as text, and with all of them so.
          for (const reading of [{ relax_quotes: true }, { quote: null }]) {
            const options = { delimiter, relax_column_count: true, record_delimiter: ['\r\n', '\n', '\r'] };
            for (const field of fieldsOf(written, { ...options, ...reading })) {
              const formula = FORMULA_WHATEVER_IS_BEFORE.test(field) && Number.isNaN(Number(field));
              assert.ok(!formula, `${JSON.stringify(field)} with ${JSON.stringify(delimiter)}`);
            }
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  for (const [title, shape] of [
    ['rows', 'rows'],
    ['pairs', 'pairs'],
  ] as const) {
    it(`writes JSON of ${title} as JSON.stringify prints it`, async () => {
      const alone = account('alone@x.com');
      const many = { ...byAccount, graph: graphOf([...accounts, alone], campaigns), rows: [...accounts, alone] };
      const members = many.rows.flatMap((row): object[] => {
        const { record, list, members: listed } = accountExporter.json(many, row);
        return shape === 'rows' ? [{ ...record, [list]: [...listed] }] : [...accountExporter.pairs(many, row)];
      });
      const printed = members.map((member) => JSON.stringify(member, undefined, 2)).join(',\n');
      assert.equal(await exportText(accountExporter, [many], shape, 'json', nothing), `[\n${printed}\n]\n`);
      assert.equal(await exportText(accountExporter, [], shape, 'json', nothing), '[\n\n]\n');
    });
  }

  it('comes in pieces, however much is said of one record, and counts what is in them', async () => {
    const senders = Array.from({ length: 30_000 }, (_, row) => account(`a${row}@example.com`));
    const rows = [campaign('c', { listedSenders: senders.map(({ key }) => key) })];
    const source = { ...byCampaign, graph: graphOf(senders, rows), rows };
    for (const [shape, format] of [
      ['rows', 'json'],
      ['pairs', 'json'],
      ['pairs', 'csv'],
    ] as const) {
      let records = 0;
      const pieces = await piecesOf(campaignExporter, [source], shape, format, (_, count) => {
        records = count;
      });
      assert.equal(records, shape === 'rows' ? 1 : senders.length);
      assert.ok(pieces.length > 3);
      assert.ok(pieces.every(({ length }) => length < 300_000));
    }
  });

  it('starts with the names of the columns, also where there is nothing else', async () => {
    for (const exporter of [accountExporter, campaignExporter]) {
      for (const shape of ['rows', 'pairs'] as const) {
        const text = await exportText(exporter as Exporter<unknown>, [], shape, 'csv', nothing);
        assert.equal(text, `${exporter.columns[shape].join(',')}\r\n`);
        assert.deepEqual(JSON.parse(await exportText(exporter as Exporter<unknown>, [], shape, 'json', nothing)), []);
      }
    }
  });

  it('names every column that it fills, and fills every column that it names', () => {
    assert.deepEqual(Object.keys(accountExporter.cells(byAccount, accounts[0]!)), accountExporter.columns.rows);
    assert.deepEqual(Object.keys(campaignExporter.cells(byCampaign, campaigns[0]!)), campaignExporter.columns.rows);
    assert.deepEqual(
      Object.keys([...accountExporter.pairs(byAccount, accounts[0]!)][0]!),
      accountExporter.columns.pairs,
    );
    assert.deepEqual(
      Object.keys([...campaignExporter.pairs(byCampaign, campaigns[0]!)][0]!),
      campaignExporter.columns.pairs,
    );
  });

  it('writes JSON with everything that is known of an account, and its campaigns', async () => {
    const text = await exportText(
      accountExporter,
      [byAccount, { ...byAccount, connection: 'two' }],
      'rows',
      'json',
      nothing,
    );
    const rows = JSON.parse(text) as Record<string, unknown>[];
    assert.equal(rows.length, 2 * NASTY.length);
    assert.equal(rows.at(-1)!['connection'], 'two');
    const { campaigns: feeds, ...rest } = rows[1]!;
    assert.deepEqual(rest, { connection: '=Main, "one"', service: 'Instantly', ...accounts[1] });
    assert.deepEqual(feeds, [
      { id: 'c0', name: 'plain', statusWords: 'Active', reasons: [{ kind: 'listed' }] },
      {
        id: 'c1',
        name: NASTY[1],
        statusWords: 'Active',
        reasons: [{ kind: 'listed' }, { kind: 'tag', tag: { id: 't1', label: NASTY[1] } }],
      },
    ]);
  });

  it('writes JSON with everything that is known of a campaign, and its senders', async () => {
    const rows = JSON.parse(await exportText(campaignExporter, [byCampaign], 'rows', 'json', nothing)) as Record<
      string,
      unknown
    >[];
    const { senders, ...rest } = rows[2]!;
    const { listedSenders, senderTagIds, ...known } = campaigns[2]!;
    assert.deepEqual([listedSenders, senderTagIds], [['a2@x.com'], []]);
    assert.deepEqual(rest, { connection: '=Main, "one"', service: 'Instantly', ...known });
    assert.deepEqual(senders, [
      { key: 'a2@x.com', email: 'a2@x.com', statusWords: '"', reasons: [{ kind: 'listed' }] },
    ]);
  });

  it('writes pairs as JSON, texts as they are', async () => {
    const text = await exportText(accountExporter, [byAccount], 'pairs', 'json', nothing);
    const rows = JSON.parse(text) as Record<string, unknown>[];
    assert.deepEqual(
      rows,
      accounts.flatMap((one) => [...accountExporter.pairs(byAccount, one)]),
    );
    assert.ok(rows.every((row) => row['connection'] === '=Main, "one"'));
  });

  it('tells how many rows are done, up to all of them, over all sources', async () => {
    const rows = Array.from({ length: 1200 }, (_, row) => account(`a${row}`));
    const source = { ...byAccount, graph: graphOf(rows), rows };
    for (const format of ['csv', 'json'] as const) {
      for (const shape of ['rows', 'pairs'] as const) {
        const reported: number[] = [];
        await exportText(accountExporter, [source, byAccount], shape, format, (done) => reported.push(done));
        assert.deepEqual(
          reported.toSorted((a, b) => a - b),
          reported,
        );
        assert.ok(reported.length > 2);
        assert.equal(reported.at(-1), 1200 + NASTY.length);
      }
    }
  });

  it('gives others their turn, and ends where the listener throws', async () => {
    const rows = Array.from({ length: 5000 }, (_, row) => account(`a${row}`));
    const source = { ...byAccount, graph: graphOf(rows), rows };
    let cancelled = false;
    let last = 0;
    const exporting = exportText(accountExporter, [source], 'rows', 'csv', (done) => {
      last = done;
      if (cancelled) {
        throw new Error('cancelled');
      }
    });
    setImmediate(() => {
      cancelled = true;
    });
    await assert.rejects(exporting, /cancelled/);
    assert.ok(last < rows.length);
  });

  it('takes hundreds of thousands of pairs of one account', async () => {
    const many = Array.from({ length: 300_000 }, (_, row) => campaign(`c${row}`, { listedSenders: ['a@x.com'] }));
    const rows = [account('a@x.com')];
    const source = { ...byAccount, graph: graphOf(rows, many), rows };
    let count = 0;
    const pieces = exported(accountExporter, [source], 'pairs', 'json', (_, written) => {
      count = written;
    });
    for await (const piece of pieces) {
      assert.ok(piece.length > 0);
    }
    assert.equal(count, 300_000);
  });

  it('goes to a file piece by piece, and leaves neither a file nor a draft where it is cancelled', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sendmap-export-'));
    try {
      const rows = Array.from({ length: 5000 }, (_, row) => account(`a${row}`));
      const source = { ...byAccount, graph: graphOf(rows), rows };
      const path = join(folder, 'accounts.json');
      const cancelled = exported(accountExporter, [source], 'rows', 'json', (done) => {
        if (done > 3000) {
          throw new DOMException('cancelled', 'AbortError');
        }
      });
      await assert.rejects(writeChosenFile(path, cancelled), { name: 'AbortError' });
      assert.deepEqual(await readdir(folder), []);
      await writeChosenFile(path, exported(accountExporter, [source], 'rows', 'json', nothing));
      assert.deepEqual(await readdir(folder), ['accounts.json']);
      assert.equal(await readFile(path, 'utf8'), await exportText(accountExporter, [source], 'rows', 'json', nothing));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});

import assert from 'node:assert/strict';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { comparable, factsOf } from '../../src/documents/comparable.ts';
import { renderPreview } from '../../src/documents/preview.ts';
import { accountExporter, campaignExporter, exportText } from '../../src/queries/export.ts';
import { meaningOf, smtpMeaning } from '../../src/providers/codes.ts';
import { code, identifier, list, number, text } from '../../src/providers/fields.ts';
import { instantly } from '../../src/providers/instantly/info.ts';
import * as instantlyDecode from '../../src/providers/instantly/decode.ts';
import { rewriteJson } from '../../src/providers/json.ts';
import { decodePage } from '../../src/providers/page.ts';
import type { Path } from '../../src/providers/properties.ts';
import { smartlead } from '../../src/providers/smartlead/info.ts';
import * as smartleadDecode from '../../src/providers/smartlead/decode.ts';
import { wordsOf } from '../../src/transport/markup.ts';
import { isCredential, Redactor } from '../../src/transport/redaction.ts';
import { ageOf, clockOf, dateOf, durationOf, isoOf, weekdayOf } from '../../src/transport/times.ts';
import {
  hostileAccount,
  hostileCampaign,
  hostileNumber,
  hostileRecord,
  hostileText,
  hostileValue,
} from '../support/arbitraries.ts';
import { propertiesOf } from '../support/properties.ts';
import { graphOf } from '../support/records.ts';

/** Every text in a value, however deep. */
function textsIn(value: unknown): string[] {
  return typeof value === 'string'
    ? [value]
    : typeof value === 'object' && value !== null
      ? Object.values(value).flatMap(textsIn)
      : [];
}

/** A value without the properties that hold credentials, as `rewriteJson` leaves it. */
function withoutCredentials(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutCredentials);
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => !isCredential(name, member))
      .map(([name, member]) => [name, withoutCredentials(member)]),
  );
}

/** Whatever a service sends: nothing throws, nothing hangs, and what comes out is what it says it is. */
describe('whatever a service sends', function () {
  this.timeout(120_000);

  for (const [name, decode, record] of [
    ['an account of Instantly', instantlyDecode.decodeAccount, hostileRecord(instantly, 'account')],
    ['a campaign of Instantly', instantlyDecode.decodeCampaign, hostileRecord(instantly, 'campaign')],
    ['a mapping of Instantly', instantlyDecode.decodeMapping, fc.dictionary(hostileText, hostileValue)],
    ['an account of Smartlead', smartleadDecode.decodeAccount, hostileRecord(smartlead, 'account')],
    ['a campaign of Smartlead', smartleadDecode.decodeCampaign, hostileRecord(smartlead, 'campaign')],
  ] as const) {
    it(`decodes ${name}, or says what is wrong with it`, () => {
      fc.assert(
        fc.property(record, (item) => {
          const decoded = decode(item);
          assert.ok(textsIn(decoded).every((one) => one.isWellFormed()));
          if (typeof decoded === 'object') {
            assert.ok('key' in decoded ? decoded.key !== '' : decoded.id !== '');
          }
        }),
        { numRuns: 10_000 },
      );
    });
  }

  it('reads fields and pages', () => {
    fc.assert(
      fc.property(fc.array(hostileValue, { maxLength: 5 }), (items) => {
        const { items: rows, invalid } = decodePage(items, instantlyDecode.decodeAccount);
        assert.equal(rows.length + invalid.length, items.length);
        for (const item of items) {
          const value = number(item);
          assert.ok(value === undefined || Number.isFinite(value));
          text(item);
          identifier(item);
          list(item, text);
          meaningOf({}, code(item));
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it('reads the words of mail servers and of error pages', () => {
    fc.assert(
      fc.property(hostileText, (source) => {
        smtpMeaning(source);
        assert.ok(wordsOf(source).length <= source.length);
      }),
      { numRuns: 8_000 },
    );
  });

  it('has documents that say what it said, without credentials', () => {
    fc.assert(
      fc.property(hostileValue, fc.constantFrom('', '  ', '\t'), (value, indentation) => {
        const source = JSON.stringify(value);
        const written = rewriteJson(source, indentation);
        assert.ok(written !== undefined);
        const masked = /"(?:[^"\\]|\\.)*•••/.test(written);
        if (!masked) {
          assert.deepEqual(JSON.parse(written), withoutCredentials(JSON.parse(source)));
        }
      }),
      { numRuns: 12_000 },
    );
  });

  it('has documents that are compared', async () => {
    const properties = propertiesOf.instantly('campaign');
    const isVolatile = (path: Path) => instantly.isVolatile(properties, path);
    await fc.assert(
      fc.asyncProperty(hostileRecord(instantly, 'campaign'), async (value) => {
        const source = JSON.stringify(value);
        const printed = comparable(source, () => false);
        if (!printed.includes('•••')) {
          assert.deepEqual(JSON.parse(printed), withoutCredentials(JSON.parse(source)));
        }
        assert.equal(await factsOf(source, isVolatile), await factsOf(` ${source}`, isVolatile));
        JSON.parse(comparable(source, isVolatile));
      }),
      { numRuns: 2_000 },
    );
  });

  it('has emails that are previewed, with nothing in them that runs or is fetched', async () => {
    const step = fc.record(
      {
        seq_number: hostileValue,
        subject: hostileText,
        email_body: hostileText,
        seq_delay_details: hostileValue,
        sequence_variants: fc.oneof(
          hostileValue,
          fc.array(fc.record({ subject: hostileText, email_body: hostileText })),
        ),
        steps: hostileValue,
      },
      { requiredKeys: [] },
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 3 }), hostileText, async (steps, campaign) => {
        await instantly.emails.stepsOf({ sequences: [{ steps }] });
        const html = await renderPreview(await smartlead.emails.stepsOf(steps), campaign);
        assert.doesNotMatch(html, /<(?:script|iframe|img|link|object|embed|form)\b|\son\w+=|\b(?:src|href)=/i);
      }),
      { numRuns: 1_500 },
    );
  });

  it('has times that are shown, or none', () => {
    fc.assert(
      fc.property(hostileNumber, (time) => {
        for (const words of [clockOf(time), dateOf(time), weekdayOf(time, 'long'), ageOf(time), durationOf(time)]) {
          assert.ok(words === undefined || words !== '');
        }
        isoOf(time);
      }),
      { numRuns: 5_000 },
    );
  });

  it('is exported as CSV and JSON that can be read again', async () => {
    const unique = <T>(rows: readonly T[], keyOf: (row: T) => string) => [
      ...new Map(rows.map((row) => [keyOf(row), row])).values(),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.array(hostileAccount, { maxLength: 3 }),
        fc.array(hostileCampaign, { maxLength: 3 }),
        fc.constantFrom('rows' as const, 'pairs' as const),
        async (someAccounts, someCampaigns, shape) => {
          const accounts = unique(someAccounts, ({ key }) => key);
          const campaigns = unique(someCampaigns, ({ id }) => id);
          const graph = graphOf(accounts, campaigns);
          const source = { connection: 'C', service: 'S', graph };
          const all = async (pieces: AsyncIterable<string>) => {
            let whole = '';
            for await (const piece of pieces) {
              whole += piece;
            }
            return whole;
          };
          for (const format of ['csv', 'json'] as const) {
            const ignore = () => undefined;
            const [one, other] = [
              await all(exportText(accountExporter, [{ ...source, rows: accounts }], shape, format, ignore)),
              await all(exportText(campaignExporter, [{ ...source, rows: campaigns }], shape, format, ignore)),
            ];
            for (const output of [one, other]) {
              const records: unknown = format === 'csv' ? parse(output) : JSON.parse(output);
              assert.ok(Array.isArray(records));
            }
          }
        },
      ),
      { numRuns: 2_500 },
    );
  });

  it('is redacted of a key, whatever stands around it', () => {
    const key = 'k3y-51ab/77+de=';
    const redactor = new Redactor();
    redactor.add(key);
    fc.assert(
      fc.property(hostileText, hostileText, (before, after) => {
        for (const form of [key, encodeURIComponent(key), Buffer.from(key).toString('base64')]) {
          const result = redactor.redactForLog(`${before} ${form} ${after}`);
          assert.ok(!result.includes(form));
        }
        isCredential(before, after);
      }),
      { numRuns: 10_000 },
    );
  });
});

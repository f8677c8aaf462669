import assert from 'node:assert/strict';
import { smtpMeaning, type CodeTable } from '../../../src/providers/codes.ts';
import { isObject } from '../../../src/providers/fields.ts';
import { instantly } from '../../../src/providers/instantly/info.ts';
import { propertyAt, type Property } from '../../../src/providers/properties.ts';
import type { DocumentKind, ProviderInfo } from '../../../src/providers/provider.ts';
import { smartlead } from '../../../src/providers/smartlead/info.ts';
import { exchanges, openApi, sampleNames, sampleText } from '../../support/fixtures.ts';
import { propertiesOf } from '../../support/properties.ts';

type Service = 'instantly' | 'smartlead';
const services: Readonly<Record<Service, ProviderInfo>> = { instantly, smartlead };

/** A schema of OpenAPI, and where its properties stand in a document. */
type Place = readonly [service: Service, schema: string, kind: DocumentKind, prefix: string];

const PLACES: readonly Place[] = [
  ['instantly', 'Account', 'account', ''],
  ['instantly', 'Campaign', 'campaign', ''],
  ['instantly', 'Workspace', 'workspace', ''],
  ['instantly', 'CustomTag', 'tag', ''],
  ['instantly', 'CustomTag', 'account-tags', 'items.*.tag.'],
  ['instantly', 'CustomTag', 'campaign-tags', 'items.*.tag.'],
  ['instantly', 'CustomTagMapping', 'account-tags', 'items.*.'],
  ['instantly', 'CustomTagMapping', 'campaign-tags', 'items.*.'],
  ['instantly', 'AccountCampaignMapping', 'account-campaigns', 'items.*.'],
  ['smartlead', 'Campaign', 'campaign', ''],
  ['smartlead', 'Campaign', 'account-campaigns', 'campaigns.*.'],
  ['smartlead', 'EmailAccount', 'account', ''],
  ['smartlead', 'EmailAccountListItem', 'account', ''],
  ['smartlead', 'CampaignEmailAccount', 'campaign-senders', '*.'],
  ['smartlead', 'WarmupDetails', 'account', 'warmup_details.'],
  ['smartlead', 'SchedulerCron', 'campaign', 'scheduler_cron_value.'],
  ['smartlead', 'Tag', 'account', 'tags.*.'],
  ['smartlead', 'Tag', 'campaign', 'tags.*.'],
  ['smartlead', 'Sequence', 'campaign-sequences', '*.'],
];

/** Properties of the schemas that have no description, and why. */
const NOT_DESCRIBED: Readonly<Record<string, string>> = {
  'instantly plan_id_verification.quantity': 'no source says what it counts',
  'smartlead *.password': 'credentials never reach a document',
  'smartlead *.imap_password': 'credentials never reach a document',
  'smartlead password': 'credentials never reach a document',
  'smartlead imap_password': 'credentials never reach a document',
};

/** Enumerations of the schemas that have no codes, and why. */
const NO_CODES: Readonly<Record<string, string>> = {
  'instantly campaign_schedule.schedules.*.timezone': 'the 102 names of time zones speak for themselves',
};

/** Codes of our tables that no enumeration has, and why they are there. An entry that is not needed fails. */
const DIFFERENCES: Readonly<Record<string, { readonly codes: readonly string[]; readonly reason: string }>> = {
  'instantly tracking_domain_status': {
    codes: ['CTD_ACTIVE', 'CTD_PENDING', 'CTD_FAILED', 'CTD_EXPIRED'],
    reason: 'no enumeration; FACTS 2.1: the first is observed, a client tests the others',
  },
  'instantly autofix_failed': {
    codes: ['null'],
    reason: 'a nullable boolean; FACTS 2.1: each of the three has its meaning',
  },
  'instantly dfy_password_changed': {
    codes: ['true', 'false'],
    reason: 'a boolean of older documents, which this one has no more; FACTS 0',
  },
  'smartlead message_per_day': {
    codes: ['0'],
    reason: 'no enumeration, the description has it; FACTS 3.9',
  },
  'smartlead status': {
    codes: ['DRAFT'],
    reason: 'not among the known values; FACTS 3.14: a guide says DRAFT for DRAFTED',
  },
  'smartlead track_settings': {
    codes: ['DONT_EMAIL_OPEN', 'DONT_LINK_CLICK', 'DONT_REPLY_TO_AN_EMAIL'],
    reason: 'no enumeration, the description has them; FACTS 3.1',
  },
  'smartlead stop_lead_settings': {
    codes: ['REPLY_TO_AN_EMAIL', 'CLICK_ON_A_LINK', 'OPEN_AN_EMAIL', 'OPENED_EMAIL', 'CLICKED_LINK', 'NEVER'],
    reason: 'no enumeration, the description has them; FACTS 3.1',
  },
  'smartlead type': {
    codes: ['SMTP', 'GMAIL', 'OUTLOOK', 'ZOHO'],
    reason: 'no enumeration, the description has them; FACTS 3.14',
  },
  'smartlead smtp_port_type': {
    codes: ['SSL', 'TLS', 'STARTTLS'],
    reason: 'no enumeration, the description has them',
  },
  'smartlead imap_port_type': {
    codes: ['SSL', 'TLS', 'STARTTLS'],
    reason: 'neither enumeration nor description; the words of smtp_port_type',
  },
  'smartlead warmup_details.status': {
    codes: ['ACTIVE', 'INACTIVE', 'PAUSED'],
    reason: 'no enumeration, the description has them; FACTS 3.14',
  },
  'smartlead known_from.campaign_ids': {
    codes: ['fetch_campaigns'],
    reason: 'Sendmap writes it, not Smartlead',
  },
};

/** Properties of recorded samples that are not described, and why. An entry that is not needed fails. */
const UNKNOWN: Readonly<Record<string, string>> = {
  'smartlead campaign-senders success': 'the wrapper of a made-up example; live answers are bare lists (FACTS 3.7)',
  'smartlead campaign-senders ok': 'the wrapper of a made-up example (FACTS 3.7)',
  'smartlead campaign-senders data': 'the wrapper of a made-up example (FACTS 3.7)',
  'smartlead campaign-senders *.email_address': 'made up in the examples of April 2026 (FACTS 3.7)',
  'smartlead campaign-senders *.is_active': 'made up in the examples of April 2026 (FACTS 3.7)',
  'smartlead campaign-senders *.daily_limit': 'made up in the examples of April 2026 (FACTS 3.7)',
  'smartlead campaign-senders *.sent_today': 'made up in the examples of April 2026 (FACTS 3.7)',
};

/** What a schema says of one property. */
interface Declared {
  readonly path: string;
  /** The values that it lists; those of a boolean are two. */
  readonly codes: readonly string[];
  readonly boolean: boolean;
  readonly readOnly: boolean;
  readonly description: string;
}

const record = (value: unknown) => (isObject(value) ? value : {});

function schemasOf(service: Service): Record<string, unknown> {
  return record(record(openApi(service)['components'])['schemas']);
}

/** All properties of a schema, nested ones too; members of a list that are no objects belong to the list. */
function declaredIn(service: Service, name: string): Declared[] {
  const schemas = schemasOf(service);
  const resolve = (schema: Record<string, unknown>): Record<string, unknown> => {
    const reference = schema['$ref'];
    return typeof reference === 'string' ? resolve(record(schemas[reference.split('/').at(-1) ?? ''])) : schema;
  };
  const found: Declared[] = [];
  const walk = (given: unknown, path: string): void => {
    const schema = resolve(record(given));
    for (const choice of ['anyOf', 'oneOf', 'allOf'].flatMap((word) => schema[word] ?? [])) {
      walk(choice, path);
    }
    for (const [key, value] of Object.entries(record(schema['properties']))) {
      const property = resolve(record(value));
      const items = resolve(record(property['items']));
      const at = path === '' ? key : `${path}.${key}`;
      // A day of a schedule is described with the other days.
      const boolean = [property['type']].flat().includes('boolean') && !/\.days\.\d$/.test(at);
      const listed = [property, items].flatMap((holder) => holder['enum'] ?? holder['x-known-values'] ?? []);
      found.push({
        path: at,
        codes: [...listed, ...(boolean ? [true, false] : [])].map(String),
        boolean,
        readOnly: property['readOnly'] === true,
        description: typeof property['description'] === 'string' ? property['description'] : '',
      });
      walk(property, at);
      walk(items, `${at}.*`);
    }
  };
  walk(schemas[name], '');
  return found;
}

const segments = (path: string) => path.split('.').map((segment) => (segment === '*' ? 0 : segment));

/** The property at a path; a day that stands as a name belongs to the days around it, as in the documents. */
function described(service: Service, kind: DocumentKind, path: string): Property | undefined {
  const properties = propertiesOf[service](kind);
  const above = propertyAt(properties, segments(path).slice(0, -1));
  return propertyAt(properties, segments(path)) ?? (above?.weekdays ? above : undefined);
}

interface Row extends Declared {
  readonly service: Service;
  readonly kind: DocumentKind;
  /** The path in the document. */
  readonly full: string;
  readonly property: Property | undefined;
}

const rows: readonly Row[] = PLACES.flatMap(([service, schema, kind, prefix]) =>
  declaredIn(service, schema).map((declared) => {
    const full = prefix + declared.path;
    return { ...declared, service, kind, full, property: described(service, kind, full) };
  }),
);

const name = ({ service, kind, full }: Row) => `${service} ${kind} ${full}`;

/** All properties of all documents. */
const tables = (['instantly', 'smartlead'] as const).flatMap((service) =>
  [...services[service].documents].flatMap((kind) =>
    Object.entries(propertiesOf[service](kind)).map(([path, property]) => ({ service, kind, path, property })),
  ),
);

describe('properties of documents', () => {
  it('are known for every document, and for no other', () => {
    const kinds = new Set(Object.values(services).flatMap(({ documents }) => [...documents]));
    for (const { id, documents } of Object.values(services)) {
      const properties = propertiesOf[id];
      for (const kind of kinds) {
        assert.equal(Object.keys(properties(kind)).length > 0, documents.has(kind), `${id} ${kind}`);
      }
    }
  });

  it('are all that OpenAPI has', () => {
    assert.ok(rows.length > 300, String(rows.length));
    const missing = rows.filter(({ property }) => property === undefined);
    const allowed = (row: Row) => Object.hasOwn(NOT_DESCRIBED, `${row.service} ${row.full}`);
    assert.deepEqual(missing.filter((row) => !allowed(row)).map(name), []);
    assert.deepEqual(
      [...new Set(missing.filter(allowed).map(({ service, full }) => `${service} ${full}`))].sort(),
      Object.keys(NOT_DESCRIBED).sort(),
    );
  });

  it('have a meaning for every value that OpenAPI lists', () => {
    const missing = rows
      .filter(({ service, full }) => !Object.hasOwn(NO_CODES, `${service} ${full}`))
      .flatMap((row) =>
        row.codes
          .filter((code) => !Object.hasOwn(row.property?.codes ?? {}, code))
          .map((code) => `${name(row)}: ${code}`),
      );
    assert.deepEqual(missing, []);
    for (const exception of Object.keys(NO_CODES)) {
      assert.ok(
        rows.some(
          ({ service, full, codes, property }) =>
            `${service} ${full}` === exception && codes.length > 0 && property?.codes === undefined,
        ),
        exception,
      );
    }
  });

  it('have no other values than OpenAPI, except for a reason', () => {
    // Rows of lists and joins have the same properties as the document of their own.
    const ownOf = (path: string) => path.replace(/^(campaigns\.)?\*\./, '');
    const listed = (service: Service, kind: DocumentKind, path: string) =>
      rows
        .filter((row) => row.service === service)
        .filter((row) => (row.kind === kind && row.full === path) || (row.boolean && row.full === ownOf(path)))
        .flatMap((row) => row.codes);
    const used = new Set<string>();
    const extra: string[] = [];
    for (const { service, kind, path, property } of tables) {
      for (const code of Object.keys(property.codes ?? {})) {
        if (!listed(service, kind, path).includes(code)) {
          const own = `${service} ${ownOf(path)}`;
          if (DIFFERENCES[own]?.codes.includes(code)) {
            used.add(`${own} ${code}`);
          } else {
            extra.push(`${service} ${kind} ${path}: ${code}`);
          }
        }
      }
    }
    assert.deepEqual(extra, []);
    const needed = Object.entries(DIFFERENCES).flatMap(([own, { codes }]) => codes.map((code) => `${own} ${code}`));
    assert.deepEqual([...used].sort(), needed.sort());
  });

  it('of a boolean assert neither of its values', () => {
    const booleans = tables.filter(({ property }) => property.codes !== undefined && 'true' in property.codes);
    assert.ok(booleans.length > 30, String(booleans.length));
    for (const { service, kind, path, property } of booleans) {
      const meanings = ['true', 'false'].map((value) => property.codes?.[value]?.words());
      assert.equal(new Set([property.words(), ...meanings]).size, 3, `${service} ${kind} ${path}`);
    }
  });

  it('of fields that Instantly removed are there for older documents', () => {
    for (const path of ['timestamp_last_used', 'warmup_pool_id', 'dfy_password_changed']) {
      assert.match(described('instantly', 'account', path)?.trap?.() ?? '', /removed/, path);
    }
  });

  it('say of a number that is none what it means', () => {
    assert.equal(described('smartlead', 'account', 'message_per_day')?.codes?.['0']?.words(), 'Unlimited');
  });

  it('are read-only where OpenAPI says so, and nowhere else', () => {
    const wrong = rows.filter(
      ({ property, path, readOnly }) =>
        // A day has no entry of its own.
        property !== undefined && !/\.days\.\d$/.test(path) && (property.readOnly ?? false) !== readOnly,
    );
    assert.deepEqual(wrong.map(name), []);
  });

  it("are in our own words, not in the vendor's", () => {
    const plain = (words: string) =>
      words
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, ' ')
        .trim();
    const copied = rows.filter(
      ({ property, description }) =>
        property !== undefined &&
        description !== '' &&
        [property.words(), property.trap?.() ?? ''].some((words) => plain(words) === plain(description)),
    );
    assert.deepEqual(copied.map(name), []);
  });

  it('are sentences without a full stop, from a page of the API', () => {
    for (const { service, kind, path, property } of tables) {
      const at = `${service} ${kind} ${path}`;
      for (const words of [property.words(), ...(property.trap === undefined ? [] : [property.trap()])]) {
        assert.match(words, /^\S.*[^.\s]$/, at);
      }
      assert.match(property.source, service === 'instantly' ? /^GET \/api\/v2\/[a-z]/ : /^GET \/[a-z]/, at);
      const api = record(openApi(service)['paths']);
      const page = property.source.slice('GET '.length);
      assert.ok(record(api[page])['get'] !== undefined, `${at}: ${page}`);
    }
  });

  it('are all in the recorded samples of accounts and campaigns, except for a reason', () => {
    const used = new Set<string>();
    const missing = new Set<string>();
    const walk = (service: Service, kind: DocumentKind, value: unknown, path: string): void => {
      if (Array.isArray(value)) {
        value.forEach((member) => {
          walk(service, kind, member, path === '' ? '*' : `${path}.*`);
        });
      } else if (isObject(value)) {
        for (const [key, member] of Object.entries(value)) {
          const at = path === '' ? key : `${path}.${key}`;
          // The names of variables are the users' own.
          if (/(^|\.)(core|custom)_variables$/.test(path)) {
            continue;
          }
          if (described(service, kind, at) === undefined) {
            (Object.hasOwn(UNKNOWN, `${service} ${kind} ${at}`) ? used : missing).add(`${service} ${kind} ${at}`);
          }
          if (at === 'data' && service === 'smartlead') {
            walk(service, kind, member, '');
          } else {
            walk(service, kind, member, at);
          }
        }
      }
    };
    let read = 0;

    // Lists of Instantly hold the documents of their members, of which the paths begin anew.
    const documents: readonly (readonly [path: RegExp, kind: DocumentKind, rows: boolean])[] = [
      [/^\/api\/v2\/accounts$/, 'account', true],
      [/^\/api\/v2\/accounts\/[^/]+(@|%40)[^/]+(\/(pause|resume|mark-fixed))?$/, 'account', false],
      [/^\/api\/v2\/campaigns$/, 'campaign', true],
      [/^\/api\/v2\/campaigns\/[0-9a-f]{8}-[^/]+(\/(activate|pause))?$/, 'campaign', false],
      [/^\/api\/v2\/account-campaign-mappings\//, 'account-campaigns', false],
      [/^\/api\/v2\/custom-tags$/, 'tag', true],
      [/^\/api\/v2\/custom-tags\/[0-9a-f]{8}-/, 'tag', false],
    ];
    for (const sample of sampleNames('instantly')) {
      if (sample === 'errors.observed.json' || sample.includes('openapi-example')) {
        continue;
      }
      for (const { request, response } of exchanges(sample)) {
        const place = documents.find(([path]) => path.test(request.path));
        if (place === undefined || response.status !== 200) {
          continue;
        }
        const [, kind, list] = place;
        // A cursor is for paging and in no document; a campaign that is made is answered as itself.
        const body = Object.fromEntries(
          Object.entries(record(response.body)).filter(([key]) => key !== 'next_starting_after'),
        );
        for (const document of list && Array.isArray(body['items']) ? body['items'] : [body]) {
          walk('instantly', kind, document, '');
          read += 1;
        }
      }
    }
    assert.ok(read > 20, String(read));

    const files: readonly (readonly [prefix: string, kind: DocumentKind, rows: boolean])[] = [
      ['email-accounts-list', 'account', true],
      ['email-account-detail', 'account', false],
      ['campaigns-list', 'campaign', true],
      ['campaign-detail', 'campaign', false],
      ['campaign-email-accounts', 'campaign-senders', false],
      ['campaign-sequences', 'campaign-sequences', false],
    ];
    for (const [prefix, kind, list] of files) {
      const samples = sampleNames('smartlead').filter((file) => file.startsWith(prefix));
      assert.notEqual(samples.length, 0, prefix);
      for (const sample of samples) {
        const body: unknown = JSON.parse(sampleText('smartlead', sample));
        for (const document of list && Array.isArray(body) ? body : [body]) {
          walk('smartlead', kind, document, '');
        }
      }
    }

    assert.deepEqual([...missing], []);
    assert.deepEqual([...used].sort(), Object.keys(UNKNOWN).sort());
  });

  it('name what an id or an email is the key of', () => {
    const names = (service: Service, kind: DocumentKind, path: string) => described(service, kind, path)?.names;
    assert.equal(names('instantly', 'account', 'email'), 'account');
    assert.equal(names('instantly', 'campaign', 'email_list.*'), 'account');
    assert.equal(names('instantly', 'campaign', 'email_tag_list.*'), 'tag');
    assert.equal(names('instantly', 'campaign', 'cc_list.*'), undefined);
    assert.equal(names('instantly', 'account-tags', 'items.*.resource_id'), 'account');
    assert.equal(names('instantly', 'campaign-tags', 'items.*.resource_id'), 'campaign');
    assert.equal(names('instantly', 'account-campaigns', 'items.*.campaign_id'), 'campaign');
    assert.equal(names('instantly', 'campaign-senders', 'senders.*.email'), 'account');
    assert.equal(names('smartlead', 'campaign-senders', '*.id'), 'account');
    assert.equal(names('smartlead', 'campaign-senders', '*.from_email'), undefined);
    assert.equal(names('smartlead', 'account', 'campaign_ids.*'), 'campaign');
    assert.equal(names('smartlead', 'account-campaigns', 'campaigns.*.parent_campaign_id'), 'campaign');
    assert.equal(names('smartlead', 'account-campaigns', 'known_from.campaign_ids'), undefined);
  });

  it('describe the documents that Sendmap joins', () => {
    for (const [service, kind, paths] of [
      ['instantly', 'account-tags', ['items', 'items.*', 'items.*.tag']],
      [
        'instantly',
        'campaign-senders',
        [
          'campaign_id',
          'campaign_name',
          'email_tag_list.*.label',
          'senders.*.because.*',
          'senders.*.because.*.email_tag_list',
        ],
      ],
      [
        'smartlead',
        'account-campaigns',
        [
          'email_account_id',
          'known_from.campaign_ids',
          'known_from.campaigns_scanned',
          'known_from.campaigns_in_all',
          'known_from.scanned_at',
          'campaigns.*.scheduler_cron_value.days.*',
        ],
      ],
    ] as const) {
      for (const path of paths) {
        assert.ok(described(service, kind, path), `${service} ${kind} ${path}`);
      }
    }
  });

  it('say what people get wrong', () => {
    const trap = (service: Service, kind: DocumentKind, path: string) => described(service, kind, path)?.trap?.() ?? '';
    assert.match(trap('smartlead', 'account', 'message_per_day'), /0 means unlimited/);
    assert.match(trap('smartlead', 'account', 'campaign_count'), /Not usable/);
    assert.match(trap('smartlead', 'account', 'warmup_details.is_warmup_blocked'), /does not mean unblocked/);
    assert.match(trap('smartlead', 'account', 'warmup_details.warmup_reputation'), /keeps 100/);
    assert.match(trap('smartlead', 'campaign', 'scheduler_cron_value.days'), /0 is Sunday/);
    assert.match(trap('instantly', 'account', 'status'), /-3 only means/);
    assert.match(trap('instantly', 'account', 'provider_code'), /wrong/);
    assert.match(trap('instantly', 'account-tags', 'items.*.resource_type'), /wrong way round/);
    assert.match(trap('instantly', 'account', 'autofix_failed'), /not the same as absent/);
    assert.match(trap('instantly', 'campaign', 'sequences.*.steps.*.delay'), /NEXT/);
    assert.match(trap('instantly', 'campaign', 'sequences.*.steps.*.variants.*.subject'), /thread/);
  });
});

describe('codes', () => {
  it('mean something each', () => {
    const all = new Set<CodeTable>(tables.map(({ property }) => property.codes).filter((codes) => codes !== undefined));
    for (const codes of all) {
      for (const [code, meaning] of Object.entries(codes)) {
        assert.match(meaning.words(), /\S/, code);
      }
    }
  });
});

describe('the answer of a mail server', () => {
  for (const answer of [
    '550 5.1.1 The email account that you tried to reach does not exist',
    '535-5.7.8 Username and Password not accepted',
    'Invalid login: 535-5.7.8 Username and Password not accepted',
    '5.7.8',
    'Rejected (5.7.1).',
    '554: refused',
    'SMTP error 535',
    '550',
    'Could not send\n550 no such user',
  ]) {
    it(`is permanent: ${JSON.stringify(answer)}`, () => {
      assert.equal(smtpMeaning(answer), 'permanent');
    });
  }
  for (const answer of [
    '421 4.7.0 Try again later, closing connection',
    '550-5.4.5 Daily user sending limit exceeded. For more information on Gmai',
    'error: data command failed: 550-5.4.5 daily user sending limit exceeded',
    '550 5.4.5 Daily sending quota exceeded',
    '451-4.3.0 Mail server temporarily rejected message',
    '4.4.2 Timeout',
    'Message failed: 450 mailbox busy',
    '  421 Service not available',
    'response 421',
  ]) {
    it(`is transient: ${JSON.stringify(answer)}`, () => {
      assert.equal(smtpMeaning(answer), 'transient');
    });
  }
  for (const answer of [
    '',
    'Connection timed out',
    'connect ECONNREFUSED 192.0.2.5:465',
    'connect ETIMEDOUT 192.0.2.4:587',
    'No answer after 5000 ms',
    'gave up after 500 tries',
    'getaddrinfo ENOTFOUND 5.6.7.8',
    '250 2.0.0 OK',
    '354 go on',
    '5501 is no code',
    'Postfix 3.5.6',
  ]) {
    it(`tells neither: ${JSON.stringify(answer)}`, () => {
      assert.equal(smtpMeaning(answer), undefined);
    });
  }
});

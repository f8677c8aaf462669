import assert from 'node:assert/strict';
import { smtpMeaning, type CodeTable } from '../../../src/providers/codes.ts';
import { isObject } from '../../../src/providers/fields.ts';
import { providers } from '../../../src/providers/index.ts';
import { propertyAt, type Property } from '../../../src/providers/properties.ts';
import type { DocumentKind } from '../../../src/providers/provider.ts';
import type { Service } from '../../../src/sandbox/server.ts';
import { exchanges, openApi, sampleNames, sampleText } from '../../support/fixtures.ts';
import { propertiesOf } from '../../support/properties.ts';
import { services } from '../../support/services.ts';

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

/** Documents that have no schema: Sendmap joins them. */
const NO_SCHEMA: Readonly<Record<Service, readonly DocumentKind[]>> = {
  instantly: ['campaign-senders'],
  smartlead: [],
};

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

/** A path in the document of its own: rows of lists and joins have the same properties. */
const ownPath = (path: string) => path.replace(/^(campaigns\.)?\*\./, '');

/** What each boolean means where it is true and where it is false, by its path in its own document. */
const BOOLEANS: Readonly<Record<string, readonly [yes: string, no: string]>> = {
  'instantly setup_pending': ['Setup not finished', 'Set up'],
  'instantly is_managed_account': ['Managed', 'Not managed'],
  'instantly enable_slow_ramp': ['Slow ramp on', 'Slow ramp off'],
  'instantly warmup.advanced.warm_ctd': ['On', 'Off'],
  'instantly warmup.advanced.read_emulation': ['On', 'Off'],
  'instantly warmup.advanced.weekday_only': ['Weekdays only', 'Weekends too'],
  'instantly autofix_failed': ['Reconnect failed', 'Reconnected'],
  'instantly dfy_password_changed': ['Changed', 'Not changed'],
  'instantly is_evergreen': ['Evergreen', 'Not evergreen'],
  'instantly sequences.*.steps.*.variants.*.v_disabled': ['This version is not sent', 'This version is sent'],
  'instantly stop_on_reply': ['A lead who replies gets no more emails', 'A lead who replies goes on getting emails'],
  'instantly stop_on_auto_reply': [
    'An automatic reply ends the emails to that lead too',
    'An automatic reply does not end the emails to that lead',
  ],
  'instantly stop_for_company': [
    'A reply ends the emails to all leads of the same domain',
    'The other leads of the same domain go on getting emails',
  ],
  'instantly link_tracking': ['Clicks are tracked', 'Clicks are not tracked'],
  'instantly open_tracking': ['Opens are tracked', 'Opens are not tracked'],
  'instantly text_only': ['Emails go out as plain text', 'Emails may have HTML'],
  'instantly first_email_text_only': [
    'The first email to a lead goes out as plain text',
    'The first email to a lead is like the others',
  ],
  'instantly prioritize_new_leads': ['New leads have priority', 'New leads have no priority'],
  'instantly match_lead_esp': ['Leads are matched by their ESP', 'Leads are not matched by their ESP'],
  'instantly insert_unsubscribe_header': ['With the header', 'Without the header'],
  'instantly allow_risky_contacts': ['Risky contacts are allowed', 'Risky contacts are not allowed'],
  'instantly disable_bounce_protect': ['Bounce protection is off', 'Bounce protection is on'],
  'instantly add_unsub_to_block': ['Put on the block list', 'Not put on the block list'],
  'smartlead is_different_imap_account': ['A different sign-in', 'The same sign-in'],
  'smartlead is_smtp_success': ['It can send', 'It cannot send'],
  'smartlead is_imap_success': ['It can read', 'It cannot read'],
  'smartlead is_suspended': ['Suspended', 'Not suspended'],
  'smartlead use_whitelabel_credentials': ['Those of a white label', 'Not those of a white label'],
  'smartlead is_connected_to_campaign': ['In a campaign, as Smartlead says', 'In no campaign, as Smartlead says'],
  'smartlead warmup_details.is_warmup_blocked': ['Blocked', 'Not blocked'],
  'smartlead enable_ai_esp_matching': ['AI ESP matching is on', 'AI ESP matching is off'],
  'smartlead send_as_plain_text': ['Emails go out as plain text', 'Emails may have HTML'],
  'smartlead warmup_enabled': ['On', 'Off'],
  'smartlead sequence_variants.*.is_deleted': ['Deleted', 'Not deleted'],
};

/** Properties that are easily described by more than any source says: their words with the unit, and their traps. */
const PINNED: readonly (readonly [service: Service, kind: DocumentKind, path: string, words: string, trap?: string])[] =
  [
    ['instantly', 'account', 'warmup.limit', 'Limit of emails, in the settings of the warmup'],
    [
      'instantly',
      'account',
      'warmup.increment',
      'What is added to the sending limit each day, from 0 on, until it is the full daily limit',
    ],
    ['instantly', 'account', 'warmup.reply_rate', 'Reply rate, in the settings of the warmup'],
    [
      'instantly',
      'account',
      'warmup.warmup_custom_ftag',
      'Custom tag of the sending account, in the settings of the warmup',
    ],
    ['instantly', 'account', 'warmup.advanced.warm_ctd', 'Mode of the warmup that Instantly calls warm CTD'],
    ['instantly', 'account', 'warmup.advanced.open_rate', 'Open rate, in the finer settings of the warmup'],
    [
      'instantly',
      'account',
      'warmup.advanced.important_rate',
      'Rate of important emails, in the finer settings of the warmup',
    ],
    [
      'instantly',
      'account',
      'warmup.advanced.read_emulation',
      'Mode of the warmup that Instantly calls read emulation',
    ],
    [
      'instantly',
      'account',
      'warmup.advanced.spam_save_rate',
      'Rate of saves from spam, in the finer settings of the warmup',
    ],
    ['instantly', 'account', 'tracking_domain_name', 'Name of the tracking domain'],
    ['instantly', 'account', 'tracking_domain_status', 'State of the tracking domain'],
    ['instantly', 'account', 'timestamp_last_used', 'When the sending account was last in use'],
    ['instantly', 'account', 'warmup_pool_id', 'ID of the warmup pool that the sending account belonged to'],
    ['instantly', 'account', 'dfy_password_changed', 'Whether the DFY password was changed'],
    ['instantly', 'campaign', 'is_evergreen', 'Marks a campaign that Instantly calls evergreen'],
    ['instantly', 'campaign', 'random_wait_max', 'Longest random wait (minutes)'],
    ['instantly', 'campaign', 'cc_list', 'CC accounts of the emails'],
    ['instantly', 'campaign', 'bcc_list', 'BCC accounts of the emails'],
    ['instantly', 'campaign', 'prioritize_new_leads', 'Whether new leads have priority'],
    ['instantly', 'campaign', 'allow_risky_contacts', 'Whether risky contacts are allowed'],
    ['instantly', 'campaign', 'match_lead_esp', 'Whether leads are matched by their ESP'],
    ['instantly', 'campaign', 'core_variables', 'Core variables of the campaign'],
    ['instantly', 'campaign', 'custom_variables', 'Custom variables of the campaign'],
    ['instantly', 'campaign', 'sequences.*.steps.*.variants', 'Versions of the email'],
    ['instantly', 'campaign', 'provider_routing_rules', 'Rules about which ESPs send to which'],
    ['instantly', 'campaign', 'provider_routing_rules.*.action', 'Action of the rule'],
    ['instantly', 'campaign', 'provider_routing_rules.*.recipient_esp', 'ESPs of recipients in the rule'],
    ['instantly', 'campaign', 'provider_routing_rules.*.sender_esp', 'ESPs of senders in the rule'],
    ['instantly', 'campaign', 'limit_emails_per_company_override.mode', 'Mode of the replacement'],
    ['instantly', 'campaign', 'limit_emails_per_company_override.daily_limit', 'Daily limit of the replacement'],
    ['instantly', 'campaign', 'limit_emails_per_company_override.scope', 'Scope of the replacement'],
    ['smartlead', 'campaign', 'enable_ai_esp_matching', 'Whether AI ESP matching is on'],
    [
      'smartlead',
      'account',
      'expires_at',
      'Expiry time; what expires is not documented',
      'In lists only: one year after created_at on mailboxes that are connected by OAuth',
    ],
    [
      'smartlead',
      'account',
      'smtp_failure_error',
      'Why sending fails',
      'It may be null or empty; whether sending works is in is_smtp_success',
    ],
    [
      'smartlead',
      'account',
      'imap_failure_error',
      'Why reading fails',
      'It may be null or empty; whether reading works is in is_imap_success',
    ],
    [
      'smartlead',
      'account',
      'warmup_details.blocked_reason',
      'Why warmup is blocked',
      'In lists nothing else shows that it is blocked',
    ],
    ['smartlead', 'account', 'smtp_port_type', 'Type of the port for sending: SSL, TLS or STARTTLS'],
    ['smartlead', 'account', 'imap_port_type', 'Type of the port for receiving'],
    ['smartlead', 'account', 'custom_tracking_domain', 'Custom tracking domain: a host or a URL, or empty'],
    ['smartlead', 'campaign-sequences', '*.sequence_variants', 'Versions of the email'],
    [
      'smartlead',
      'campaign-sequences',
      '*.sequence_variants.*.variant_distribution_percentage',
      'Share of this version in the distribution (percent)',
    ],
  ];

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
const tables = services.flatMap((service) =>
  [...providers[service].documents].flatMap((kind) =>
    Object.entries(propertiesOf[service](kind)).map(([path, property]) => ({ service, kind, path, property })),
  ),
);

/** The recorded documents of each service, by their kinds. */
const recorded: Readonly<Record<Service, () => Iterable<readonly [kind: DocumentKind, document: unknown]>>> = {
  *instantly() {
    // Lists hold the documents of their members, of which the paths start over.
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
          yield [kind, document];
        }
      }
    }
  },
  *smartlead() {
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
          yield [kind, document];
        }
      }
    }
  },
};

describe('properties of documents', () => {
  it('are known for every document, and for no other', () => {
    const kinds = new Set(Object.values(providers).flatMap(({ documents }) => [...documents]));
    for (const { id, documents } of Object.values(providers)) {
      const properties = propertiesOf[id];
      for (const kind of kinds) {
        assert.equal(Object.keys(properties(kind)).length > 0, documents.has(kind), `${id} ${kind}`);
      }
    }
  });

  it('are compared with OpenAPI for every service, and for every kind of document that it has', () => {
    for (const service of services) {
      const kinds = new Set(PLACES.filter(([of]) => of === service).map(([, , kind]) => kind));
      const missing = [...providers[service].documents].filter((kind) => !kinds.has(kind));
      assert.deepEqual(missing, NO_SCHEMA[service], service);
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
    const listed = (service: Service, kind: DocumentKind, path: string) =>
      rows
        .filter((row) => row.service === service)
        .filter((row) => (row.kind === kind && row.full === path) || (row.boolean && row.full === ownPath(path)))
        .flatMap((row) => row.codes);
    const used = new Set<string>();
    const extra: string[] = [];
    for (const { service, kind, path, property } of tables) {
      for (const code of Object.keys(property.codes ?? {})) {
        if (!listed(service, kind, path).includes(code)) {
          const own = `${service} ${ownPath(path)}`;
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

  it('say of every boolean what true means and what false means', () => {
    const meanings = tables
      .filter(({ property }) => property.codes !== undefined && 'true' in property.codes)
      .map(({ service, path, property }) => [
        `${service} ${ownPath(path)}`,
        ['true', 'false'].map((value) => property.codes?.[value]?.words()),
      ]);
    assert.deepEqual(Object.fromEntries(meanings), BOOLEANS);
  });

  it('of a boolean assert neither of its values', () => {
    for (const { service, kind, path, property } of tables) {
      const meanings: readonly string[] = BOOLEANS[`${service} ${ownPath(path)}`] ?? [];
      assert.ok(!meanings.includes(property.words()), `${service} ${kind} ${path}`);
    }
  });

  for (const [service, kind, path, words, trap] of PINNED) {
    it(`say no more than a source does: ${service} ${path}`, () => {
      const property = described(service, kind, path);
      const unit = property?.unit?.();
      assert.equal(`${property?.words() ?? ''}${unit === undefined ? '' : ` (${unit})`}`, words);
      if (trap !== undefined) {
        assert.equal(property?.trap?.(), trap);
      }
    });
  }

  it('say nothing of a number that no source explains', () => {
    assert.equal(described('instantly', 'workspace', 'plan_id_verification.quantity'), undefined);
    assert.deepEqual(described('smartlead', 'account', 'smtp_port_type')?.codes, undefined);
  });

  it('say of rules of routing what the document lists', () => {
    const codes = (path: string) =>
      Object.entries(described('instantly', 'campaign', path)?.codes ?? {}).map(([code, { words }]) => [code, words()]);
    assert.deepEqual(codes('provider_routing_rules.*.action'), [
      ['send', 'Send'],
      ['do_not_send', 'Do not send'],
    ]);
    for (const side of ['recipient_esp', 'sender_esp']) {
      assert.deepEqual(codes(`provider_routing_rules.*.${side}`), [
        ['all', 'All'],
        ['google', 'Google'],
        ['outlook', 'Outlook'],
        ['other', 'Other'],
      ]);
    }
  });

  it('say of the increment of the warmup what its steps are', () => {
    const codes = described('instantly', 'account', 'warmup.increment')?.codes ?? {};
    assert.deepEqual(
      ['disabled', '0', '1', '2', '3', '4'].map((code) => codes[code]?.words()),
      ['Full limit from the first day', ...[0, 1, 2, 3, 4].map((more) => `${more} more each day`)],
    );
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
      assert.match(property.source, /^GET \/[a-z]/, at);
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
    for (const service of services) {
      const documents = [...recorded[service]()];
      assert.ok(documents.length >= 15, `${service}: ${documents.length}`);
      for (const [kind, document] of documents) {
        walk(service, kind, document, '');
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
    '550 5.4.50 Unknown',
    '550 5.7.1 blocked by Postfix 1.5.4.5',
    '550 5.7.1 refused, see 5.4.5',
    '550 5.7.1 This is not about the daily digest. There is no limit',
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
    '550-5.4.5 Daily SMTP relay limit exceeded for customer',
    '550 5.4.5 Daily SMTP relay sending limit exceeded',
    '550 Daily limit exceeded',
    '550 5.7.1 Your daily message limit has been reached',
    '550 5.4.5',
    '5.4.5',
    '550-5.4.5 anything else',
    'Message failed: 550-5.4.5 relay limit',
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

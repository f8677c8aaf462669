import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkRead } from '../../src/providers/checkRead.ts';
import type { CodeTable } from '../../src/providers/codes.ts';
import { meaningOf } from '../../src/providers/codes.ts';
import { expectDocument, expectRecord } from '../../src/providers/expect.ts';
import { code, identifier, isObject, list, object, text, type Json } from '../../src/providers/fields.ts';
import { providers, type ProviderId, type Providers } from '../../src/providers/index.ts';
import {
  domainOf,
  type Account,
  type Campaign,
  type Page,
  type Sender,
  type SenderList,
} from '../../src/providers/model.ts';
import { decodePage } from '../../src/providers/page.ts';
import { readByCursor } from '../../src/providers/paging.ts';
import { propertiesOf, type Properties } from '../../src/providers/properties.ts';
import type {
  DocumentKind,
  DocumentOptions,
  Mapping,
  PageOptions,
  Provider,
  ProviderInfo,
  ServiceDocument,
} from '../../src/providers/provider.ts';
import { segment } from '../../src/providers/segment.ts';
import { isTimeOrCounter } from '../../src/providers/volatile.ts';
import { pageOptions, type Client, type ReadOptions } from '../../src/transport/client.ts';
import { ServiceError } from '../../src/transport/errors.ts';
import { parseObject } from '../../src/transport/json.ts';

/*
 * A made-up service, as small as one can be and different from the real ones wherever they agree: keys of accounts are
 * words, a state is a letter, and each account lists its campaigns. It shows what a provider has to bring.
 */

const NAME = 'Acme';
export const acmeKey = 'planted-acme-key-03d1';

const states: CodeTable = {
  u: { words: () => 'Up', state: 'healthy' },
  d: { words: () => 'Down', state: 'error' },
};

const account: Properties = propertiesOf('GET /boxes/{box}', {
  box: { words: () => 'Key of the box', names: 'account' },
  state: { words: () => 'How the box is', codes: states },
  because: { words: () => 'Why it is down', smtp: true },
  feeds: { words: () => 'Campaigns that the box feeds', names: 'campaign' },
  seen: { words: () => 'When the box was last seen', time: true },
});
const campaign: Properties = propertiesOf('GET /drives/{drive}', {
  drive: { words: () => 'Id of the campaign', names: 'campaign' },
  mails: { words: () => 'Its emails' },
});

function decodeAccount(item: Json): Account | string {
  const key = text(item['box']);
  if (key === undefined) {
    return 'has no box';
  }
  const { words, state } = meaningOf(states, code(item['state']));
  const email = text(item['address']) ?? key;
  return {
    key,
    email,
    domain: domainOf(email),
    status: code(item['state']),
    statusWords: words,
    state,
    reason: text(item['because']),
    tags: [],
    campaignIds: list(item['feeds'], identifier) ?? [],
  };
}

function decodeCampaign(item: Json): Campaign | string {
  const id = text(item['drive']);
  const { words, state } = meaningOf(states, code(item['state']));
  return id === undefined
    ? 'has no drive'
    : { id, name: text(item['title']) ?? '', statusWords: words, state, tags: [] };
}

/** The paths behind the documents. */
function pathOf(kind: DocumentKind, id: string): string {
  return `/${kind === 'account' ? 'boxes' : 'drives'}/${segment(id, NAME)}`;
}

class AcmeProvider implements Provider {
  readonly changes = { send: () => Promise.reject(new TypeError('Acme changes nothing')) };
  readonly info: ProviderInfo;
  readonly client: Client;

  constructor(info: ProviderInfo, client: Client) {
    this.info = info;
    this.client = client;
  }

  async checkKey(options: ReadOptions = {}): Promise<{ name?: string }> {
    await this.client.get('/boxes', '/boxes', {}, options);
    return { name: 'Acme workshop' };
  }

  async *checkReads(options: ReadOptions = {}) {
    yield await checkRead('Boxes', undefined, () => this.client.get('/boxes', '/boxes', {}, options));
  }

  accountPages(options: PageOptions = {}): AsyncIterable<Page<Account>> {
    return this.#pages('/boxes', decodeAccount, options);
  }

  campaignPages(options: PageOptions = {}): AsyncIterable<Page<Campaign>> {
    return this.#pages('/drives', decodeCampaign, options);
  }

  async account(key: string, options: ReadOptions = {}): Promise<Account> {
    return expectRecord(NAME, decodeAccount(await this.#read('account', key, options)));
  }

  async campaign(id: string, options: ReadOptions = {}): Promise<Campaign> {
    return expectRecord(NAME, decodeCampaign(await this.#read('campaign', id, options)));
  }

  async mappingOf(accountKey: string, options: ReadOptions = {}): Promise<Mapping> {
    return { ids: (await this.account(accountKey, options)).campaignIds ?? [], invalid: [] };
  }

  async sendersOf(campaignId: string, options: ReadOptions = {}): Promise<SenderList> {
    const senders: Sender[] = [];
    for await (const { items } of this.accountPages(options)) {
      for (const one of items.filter(({ campaignIds }) => campaignIds?.includes(campaignId))) {
        senders.push({ account: one, reasons: [{ kind: 'reported' }] });
      }
    }
    return { senders, invalid: [] };
  }

  async document(kind: DocumentKind, id: string, options: DocumentOptions = {}): Promise<ServiceDocument> {
    return expectDocument(this.info, await this.#get(kind, id, options), options);
  }

  async #get(kind: DocumentKind, id: string, options: ReadOptions): Promise<string> {
    const route = kind === 'account' ? '/boxes/{box}' : '/drives/{drive}';
    return (await this.client.get(route, pathOf(kind, id), {}, options)).text;
  }

  async #read(kind: DocumentKind, id: string, options: ReadOptions): Promise<Json> {
    const record: unknown = parseObject(await this.#get(kind, id, options));
    if (!isObject(record)) {
      throw new ServiceError('malformed', { service: NAME });
    }
    return record;
  }

  async *#pages<T>(path: string, decode: (item: Json) => T | string, options: PageOptions): AsyncGenerator<Page<T>> {
    const read = async (cursor: string | undefined) => {
      const { text: source } = await this.client.get(
        path,
        path,
        { after: cursor },
        pageOptions(options, cursor === options.from),
      );
      const answer = object(parseObject(source));
      const items = list(answer?.['rows'], (row) => row) ?? [];
      const next = answer?.['after'];
      return { page: { ...decodePage(items, decode), next: text(next) }, count: items.length, next };
    };
    yield* readByCursor(NAME, read, options.from);
  }
}

/** What is known of Acme, which is reached at this URL. */
export function acmeAt(baseUrl: string): ProviderInfo {
  const info: ProviderInfo = {
    // The only name in the type of the registry that is not in the registry of the extension.
    id: 'acme' as ProviderId,
    icon: 'tools',
    name: NAME,
    keyPage: 'https://acme.example/keys',
    keyAdvice: () => 'Any key will do',
    defaultBaseUrl: baseUrl,
    profile: {
      name: NAME,
      baseUrlSetting: 'sendmap.acme.baseUrl',
      limits: [{ requests: 60_000, milliseconds: 60_000 }],
      concurrency: 4,
      authorize: (key, _url, headers) => {
        headers['x-acme-key'] = key;
      },
      messageOf: ({ text: body }) => text(object(parseObject(body))?.['trouble']),
    },
    documents: new Set<DocumentKind>(['account', 'campaign']),
    edgesFrom: 'accounts',
    sameKey: (key) => key,
    accountKeyPattern: /^box-[a-z]+$/,
    campaignIdPattern: /^drive-\d+$/,
    changes: {},
    emails: {
      kind: 'campaign',
      stepsOf: (document) =>
        Promise.resolve(
          (list(object(document)?.['mails'], text) ?? []).map((mail, index) => ({
            number: index + 1,
            delay: undefined,
            variants: [{ name: 'A', subject: mail, html: `<p>${mail}</p>`, disabled: false }],
          })),
        ),
    },
    nameProperties: ['title'],
    sampleLabel: () => 'Acme (sample)',
    reasonPath: (kind, path, value) =>
      kind === 'account' && path.join('.') === 'state' && value === 'd' ? ['because'] : undefined,
    isVolatile: (properties, path) => isTimeOrCounter(properties, path, new Set()),
    shellRequest: (kind, id) => ({ url: pathOf(kind, id), header: 'x-acme-key: $ACME_KEY' }),
    properties: (kind) => Promise.resolve(kind === 'account' ? account : campaign),
    campaignPage: (id) => `https://acme.example/drives/${segment(id, NAME)}`,
    connect: (client) => Promise.resolve(new AcmeProvider(info, client)),
  };
  return info;
}

/** The services of the extension, and Acme. */
export function withAcme(baseUrl: string): Providers {
  const registry = { ...providers, acme: acmeAt(baseUrl) };
  return registry;
}

const boxes = [
  { box: 'box-a', address: 'ann@acme.example', state: 'u', feeds: ['drive-1'], seen: '2026-01-02T03:04:05Z' },
  {
    box: 'box-b',
    address: 'bob@acme.example',
    state: 'd',
    because: '550 5.7.1 refused',
    feeds: ['drive-1', 'drive-2'],
  },
  { box: 'box-c', address: 'cyd@acme.example', state: 'x', feeds: [] },
];
const drives = [
  { drive: 'drive-1', title: 'Spring launch', state: 'u', mails: ['Hello {{name}}', 'Again'] },
  { drive: 'drive-2', title: 'Autumn', state: 'd', mails: [] },
];

/** Acme on a loopback port: one record a page, and no request without its key. */
export async function startAcme(): Promise<{ readonly baseUrl: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    const answer = answerTo(request);
    response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(answer ?? { trouble: 'no such thing' }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

function answerTo({ headers, url = '' }: IncomingMessage): object | undefined {
  const { pathname, searchParams } = new URL(url, 'http://acme.example');
  const [, route, id] = pathname.split('/');
  const rows: readonly object[] | undefined = route === 'boxes' ? boxes : route === 'drives' ? drives : undefined;
  if (headers['x-acme-key'] !== acmeKey || rows === undefined) {
    return undefined;
  }
  if (id !== undefined) {
    return rows.find((row) => Object.values(row)[0] === id);
  }
  const at = Number(searchParams.get('after') ?? 0);
  return { rows: rows.slice(at, at + 1), ...(at + 1 < rows.length ? { after: String(at + 1) } : {}) };
}

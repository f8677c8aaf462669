import type { ErrorObject } from 'ajv';
import { BodyChecks } from './bodies.ts';
import type { Clock } from './clock.ts';
import type { Json } from './instantlyWorld.ts';
import type { SandboxOptions } from './options.ts';
import { parsed, type Asked, type Reply } from './reply.ts';
import { writeAccount, writeTags } from './smartleadAccountWrites.ts';
import { accountBody, attachBody, detachBody, statusBody, tagBody } from './smartleadBodies.ts';
import { attach, deleteCampaign, detach, setStatus } from './smartleadCampaignWrites.ts';
import { invalid, noRoute, page, refusalOf, refuseUnknown } from './smartleadReplies.ts';
import type { SmartleadWorld } from './smartleadWorld.ts';
import type { Write } from './writes.ts';

/** What a write is done to and with. */
export interface SmartleadWriteContext {
  readonly world: SmartleadWorld;
  readonly quirks: SandboxOptions['smartlead']['quirks'];
  readonly clock: Clock;
}

interface Route {
  readonly method: string;
  /** Below the prefix; what it captures is an id. */
  readonly path: RegExp;
  /** What the validator calls the id. */
  readonly id?: string;
  /** Undefined: whatever is sent, nobody looks at it. */
  readonly body?: Json;
  readonly write: (context: SmartleadWriteContext, sent: Json, id: number) => Write | Reply;
}

const SENDERS = { path: /^\/campaigns\/([^/]+)\/email-accounts$/, id: 'campaign_id' };
const TAGS = { path: /^\/email-accounts\/tag-mapping$/, body: tagBody };

/** @param statusMethod the method that sets a status: it is not certain which one does (Smartlead FACTS 3.3). */
const routesWith = (statusMethod: 'POST' | 'PATCH'): readonly Route[] => [
  {
    method: statusMethod,
    path: /^\/campaigns\/([^/]+)\/status$/,
    id: 'campaign_id',
    body: statusBody,
    write: setStatus,
  },
  { method: 'DELETE', path: /^\/campaigns\/([^/]+)$/, id: 'campaign_id', write: deleteCampaign },
  { method: 'POST', ...SENDERS, body: attachBody, write: attach },
  { method: 'DELETE', ...SENDERS, body: detachBody, write: detach },
  { method: 'POST', ...TAGS, write: (context, sent) => writeTags(context, sent, 'assign') },
  { method: 'DELETE', ...TAGS, write: (context, sent) => writeTags(context, sent, 'remove') },
  // Documented without the slash at the end, and read with it (Smartlead FACTS 2, 3.9).
  {
    method: 'POST',
    path: /^\/email-accounts\/([^/]+)\/?$/,
    id: 'email_account_id',
    body: accountBody,
    write: writeAccount,
  },
];

// As Joi converts where nothing else is set.
const checks = new BodyChecks({ coerceTypes: true });

/** Checks a write below `/api/v1`, as celebrate does, in its words (Smartlead FACTS 2 and 4). */
export function writeSmartlead(
  context: SmartleadWriteContext,
  { method, path, query, key, contentType, text }: Asked,
): Write | Reply {
  const refused = refusalOf(key);
  if (refused !== undefined) {
    return refused;
  }
  const below = path.startsWith('/api/v1/') ? path.slice('/api/v1'.length) : '';
  const routes = routesWith(context.quirks.includes('statusByPatch') ? 'PATCH' : 'POST');
  const route = routes.find((one) => one.method === method && one.path.test(below));
  if (route === undefined) {
    return noRoute(method, path);
  }
  // Nothing sent, and what is not called JSON, is an empty object to Express.
  const sent = contentType.startsWith('application/json') && text !== '' ? parsed(text) : {};
  if (sent === null) {
    return page(400, 'SyntaxError: Unexpected token in JSON');
  }
  const id = Number(route.path.exec(below)?.[1]);
  if (route.id !== undefined && !Number.isInteger(id)) {
    return invalid('params', route.id, 'must be a number');
  }
  const unknown = refuseUnknown(query, []);
  if (unknown !== undefined) {
    return unknown;
  }
  const problem = route.body && checks.problemOf(route.body, sent);
  return problem === undefined ? route.write(context, sent as Json, id) : inWordsOfJoi(problem);
}

function inWordsOfJoi({ keyword, params, instancePath, message = '' }: ErrorObject): Reply {
  const inside = instancePath.split('/').slice(1);
  const named = params as { missingProperty?: string; additionalProperty?: string };
  const path = [...inside, ...[named.missingProperty ?? named.additionalProperty ?? []].flat()];
  const label = path.join('.').replaceAll(/\.(\d+)/g, '[$1]');
  const { type, limit, allowedValues } = params as { type?: unknown; limit?: unknown; allowedValues?: unknown[] };
  const words: Readonly<Record<string, string>> = {
    required: 'is required',
    additionalProperties: 'is not allowed',
    enum: `must be one of [${allowedValues?.join(', ') ?? ''}]`,
    minItems: `must contain at least ${String(limit)} items`,
    maxItems: `must contain less than or equal to ${String(limit)} items`,
    type: `must be ${TYPES[String(type)] ?? String(type)}`,
  };
  return invalid('body', label === '' ? 'value' : label, words[keyword] ?? message, path.join('.'));
}

const TYPES: Readonly<Record<string, string>> = {
  array: 'an array',
  boolean: 'a boolean',
  integer: 'an integer',
  'integer,null': 'an integer',
  object: 'of type object',
  string: 'a string',
};

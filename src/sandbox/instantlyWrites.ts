import { BodyChecks } from './bodies.ts';
import type { Clock } from './clock.ts';
import { writeAccount, writeAccounts, type AccountAction } from './instantlyAccountWrites.ts';
import { accountBody, campaignBody, noBody, pauseBody, tagBody } from './instantlyBodies.ts';
import { activateCampaign, deleteCampaign, patchCampaign, pauseCampaign } from './instantlyCampaignWrites.ts';
import { badRequest, noRoute, notFound, notUuid, refusalOf, UUID } from './instantlyReplies.ts';
import { toggleTags } from './instantlyTagWrites.ts';
import type { InstantlyWorld, Json } from './instantlyWorld.ts';
import type { SandboxOptions } from './options.ts';
import { parsed, type Asked, type Reply } from './reply.ts';
import type { Write } from './writes.ts';

/** What a write is done to and with. */
export interface InstantlyWriteContext {
  readonly world: InstantlyWorld;
  readonly quirks: SandboxOptions['instantly']['quirks'];
  readonly clock: Clock;
}

interface Route {
  readonly method: string;
  /** Below the prefix; what it captures is an id or an email, and then an action. */
  readonly path: RegExp;
  readonly scope: string;
  /** Undefined: whatever is sent, nobody looks at it. */
  readonly body?: Json;
  readonly write: (context: InstantlyWriteContext, sent: Json, id: string, action: string) => Write | Reply;
}

/** A write to one campaign, which has to be there. */
const ofCampaign =
  (write: (context: InstantlyWriteContext, campaign: Json, sent: Json) => Write): Route['write'] =>
  (context, sent, id) => {
    const campaign = context.world.campaigns.find((row) => row['id'] === id);
    return campaign === undefined ? notFound() : write(context, campaign, sent);
  };

const ONE_CAMPAIGN = /^\/campaigns\/([^/]+)$/;
const routes: readonly Route[] = [
  {
    method: 'PATCH',
    path: ONE_CAMPAIGN,
    scope: 'campaigns:update',
    body: campaignBody,
    write: ofCampaign(patchCampaign),
  },
  { method: 'DELETE', path: ONE_CAMPAIGN, scope: 'campaigns:delete', body: noBody, write: ofCampaign(deleteCampaign) },
  {
    method: 'POST',
    path: /^\/campaigns\/([^/]+)\/pause$/,
    scope: 'campaigns:update',
    write: ofCampaign(pauseCampaign),
  },
  {
    method: 'POST',
    path: /^\/campaigns\/([^/]+)\/activate$/,
    scope: 'campaigns:update',
    write: ofCampaign(activateCampaign),
  },
  {
    method: 'POST',
    path: /^\/accounts\/pause$/,
    scope: 'accounts:update',
    body: pauseBody,
    write: ({ world }, { emails }) => writeAccounts(world, emails as string[]),
  },
  {
    method: 'POST',
    path: /^\/accounts\/([^/]+)\/(pause|resume|mark-fixed)$/,
    scope: 'accounts:update',
    write: (context, sent, email, action) => writeAccount(context, email, action as AccountAction, sent),
  },
  {
    method: 'PATCH',
    path: /^\/accounts\/([^/]+)$/,
    scope: 'accounts:update',
    body: accountBody,
    write: (context, sent, email) => writeAccount(context, email, 'patch', sent),
  },
  {
    method: 'POST',
    path: /^\/custom-tags\/toggle-resource$/,
    scope: 'custom_tags:update',
    body: tagBody,
    write: (context, sent) => toggleTags(context, sent),
  },
];

// As Fastify checks where nothing else is set: what is unknown is dropped, and what can be converted is.
const converting = { coerceTypes: 'array', useDefaults: true } as const;
const checks = new BodyChecks({ ...converting, removeAdditional: true });
const strictChecks = new BodyChecks(converting);

/** Checks a write below `/api/v2`, as Fastify does, in its words (Instantly FACTS 1, 3.1 and 3.2). */
export function writeInstantly(context: InstantlyWriteContext, asked: Asked): Write | Reply {
  const { method, path, key, contentType, text } = asked;
  const below = path.startsWith('/api/v2/') ? path.slice('/api/v2'.length) : '';
  const route = routes.find((one) => one.method === method && one.path.test(below));
  const refused = refusalOf(key, route?.scope);
  if (refused !== undefined) {
    return refused;
  }
  if (route === undefined) {
    return noRoute(method, path);
  }
  const isJson = contentType.startsWith('application/json');
  if (isJson && text === '') {
    return badRequest("Body cannot be empty when content-type is set to 'application/json'");
  }
  const sent = isJson ? parsed(text) : text === '' ? null : text;
  if (isJson && sent === null && text.trim() !== 'null') {
    return badRequest("Body is not valid JSON but content-type is set to 'application/json'");
  }
  const [, rawId = '', action = ''] = route.path.exec(below) ?? [];
  const id = decodeURIComponent(rawId);
  if (below.startsWith('/campaigns/') && !UUID.test(id)) {
    return notUuid();
  }
  const problem =
    route.body && (context.quirks.includes('unknownRefused') ? strictChecks : checks).problemOf(route.body, sent);
  if (problem !== undefined) {
    return badRequest(`body${problem.instancePath} ${problem.message ?? ''}`);
  }
  return route.write(context, (sent ?? {}) as Json, id, action);
}

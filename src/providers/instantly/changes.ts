import { t } from '@vscode/l10n';
import type { Client } from '../../transport/client.ts';
import type { HttpAnswer, WriteMethod } from '../../transport/http.ts';
import { readFirst } from '../../transport/writer.ts';
import type { ChangeRequest, ServiceChanges } from '../changes.ts';
import { list, text } from '../fields.ts';
import { segment } from '../segment.ts';
import { malformed, objectIn } from './endpoints.ts';
import { API, profile } from './profile.ts';

const CAMPAIGN = `${API}/campaigns/{id}`;
const ACCOUNT = `${API}/accounts/{email}`;

/** What resources a tag is for: 1 accounts, 2 campaigns (Instantly FACTS 2.4; the prose of one page has it the other way). */
const RESOURCE_TYPES = { account: 1, campaign: 2 } as const;

/** Changes what a workspace of Instantly has (Instantly FACTS 2). */
export class InstantlyChanges implements ServiceChanges {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async send(request: ChangeRequest, signal: AbortSignal): Promise<readonly string[]> {
    switch (request.kind) {
      case 'activate-campaign':
        return this.#campaign(request.campaign, 'POST', '/activate', undefined, signal);
      case 'pause-campaign':
        return this.#campaign(request.campaign, 'POST', '/pause', undefined, signal);
      case 'delete-campaign':
        return this.#campaign(request.campaign, 'DELETE', '', undefined, signal);
      case 'edit-campaign':
        return this.#campaign(request.campaign, 'PATCH', '', request.properties, signal);
      case 'pause-account':
        return this.#pause(request.accounts, signal);
      case 'resume-account':
        return this.#account(request.accounts, 'POST', '/resume', undefined, signal);
      case 'mark-fixed':
        return this.#account(request.accounts, 'POST', '/mark-fixed', undefined, signal);
      case 'daily-limit':
        return this.#account(request.accounts, 'PATCH', '', { daily_limit: request.limit }, signal);
      case 'add-sender':
      case 'remove-sender':
        return this.#senders(request, signal);
      case 'assign-tag':
      case 'remove-tag':
        return this.#tag(request, signal);
      case 'stop-campaign':
        throw new TypeError(`${profile.name} has no ${request.kind}`);
    }
  }

  async #campaign(
    id: string,
    method: WriteMethod,
    action: string,
    body: object | undefined,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const path = `${API}/campaigns/${segment(id, profile.name)}${action}`;
    // What a PATCH replaces may have changed while a 429 holds it back.
    const once = method === 'PATCH';
    await this.#client.writer.send({ method, route: CAMPAIGN + action, path, body, once }, signal);
    return NONE;
  }

  async #account(
    [email = '']: readonly string[],
    method: WriteMethod,
    action: string,
    body: object | undefined,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const path = `${API}/accounts/${segment(email, profile.name)}${action}`;
    await this.#client.writer.send({ method, route: ACCOUNT + action, path, body }, signal);
    return NONE;
  }

  /** Up to 100 at once; the answer names those that it could not pause. There is no such route to resume them. */
  async #pause(emails: readonly string[], signal: AbortSignal): Promise<readonly string[]> {
    const route = `${API}/accounts/pause`;
    const answer = await this.#client.writer.send({ method: 'POST', route, path: route, body: { emails } }, signal);
    return list(objectIn(answer)['failed_emails'], text) ?? NONE;
  }

  /** The service replaces the whole list, so it is read right before, and everything else in it stays. */
  async #senders(
    { kind, campaign, accounts }: Extract<ChangeRequest, { kind: 'add-sender' | 'remove-sender' }>,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const path = `/campaigns/${segment(campaign, profile.name)}`;
    const listed = await readFirst(async () =>
      sendersIn(await this.#client.get(CAMPAIGN, API + path, {}, { signal, priority: 'background' })),
    );
    const changed = new Set(accounts.map(lower));
    const others = listed.filter((email) => !changed.has(lower(email)));
    const body = { email_list: kind === 'add-sender' ? [...others, ...accounts] : others };
    return this.#campaign(campaign, 'PATCH', '', body, signal);
  }

  async #tag(
    { kind, on, ids, tag }: Extract<ChangeRequest, { kind: 'assign-tag' | 'remove-tag' }>,
    signal: AbortSignal,
  ): Promise<readonly string[]> {
    const route = `${API}/custom-tags/toggle-resource`;
    // Not a toggle: `assign` says which way. Never `selected_all`, which is everything (Instantly FACTS 2.4).
    const body = {
      tag_ids: [tag],
      resource_type: RESOURCE_TYPES[on],
      resource_ids: ids,
      assign: kind === 'assign-tag',
    };
    await this.#client.writer.send({ method: 'POST', route, path: route, body }, signal);
    return NONE;
  }
}

/** The senders that a campaign names. @throws {ServiceError} `malformed` where not all can be read: none may get lost. */
function sendersIn(answer: HttpAnswer): readonly string[] {
  const listed = objectIn(answer)['email_list'] ?? [];
  const emails = list(listed, text);
  if (emails === undefined || emails.length < (listed as readonly unknown[]).length) {
    throw malformed(answer, t('the list of senders cannot be read'));
  }
  return emails;
}

const NONE: readonly string[] = [];

function lower(email: string): string {
  return email.toLowerCase();
}

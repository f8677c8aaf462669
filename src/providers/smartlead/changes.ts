import type { Client } from '../../transport/client.ts';
import { isServiceError } from '../../transport/errors.ts';
import type { WriteMethod } from '../../transport/http.ts';
import type { ChangeRequest, ServiceChanges } from '../changes.ts';
import { segment } from '../segment.ts';
import { profile } from './profile.ts';

/** The status that is written for each change; START is read back as ACTIVE (Smartlead FACTS 3.3). */
const STATUS = { 'activate-campaign': 'START', 'pause-campaign': 'PAUSED', 'stop-campaign': 'STOPPED' } as const;

/** Changes what a workspace of Smartlead has (Smartlead FACTS 3). */
export class SmartleadChanges implements ServiceChanges {
  readonly #client: Client;

  constructor(client: Client) {
    this.#client = client;
  }

  async send(request: ChangeRequest, signal: AbortSignal): Promise<readonly string[]> {
    switch (request.kind) {
      case 'activate-campaign':
      case 'pause-campaign':
      case 'stop-campaign':
        await this.#status(request.campaign, STATUS[request.kind], signal);
        break;
      case 'delete-campaign':
        await this.#write('DELETE', '/campaigns/{campaign_id}', request.campaign, undefined, signal);
        break;
      case 'daily-limit': {
        const [id = ''] = request.accounts;
        // It is read as `message_per_day`, and 0 means no limit at all (Smartlead FACTS 3.9).
        const body = { max_email_per_day: request.limit };
        await this.#write('POST', '/email-accounts/{email_account_id}', id, body, signal);
        break;
      }
      case 'add-sender':
      case 'remove-sender': {
        const method = request.kind === 'add-sender' ? 'POST' : 'DELETE';
        const body = { email_account_ids: request.accounts.map(Number) };
        await this.#write(method, '/campaigns/{campaign_id}/email-accounts', request.campaign, body, signal);
        break;
      }
      case 'assign-tag':
      case 'remove-tag': {
        const method = request.kind === 'assign-tag' ? 'POST' : 'DELETE';
        const route = '/email-accounts/tag-mapping';
        const body = { email_account_ids: request.ids.map(Number), tag_ids: [Number(request.tag)] };
        await this.#client.writer.send({ method, route, path: route, body }, signal);
        break;
      }
      case 'edit-campaign':
      case 'pause-account':
      case 'resume-account':
      case 'mark-fixed':
        throw new TypeError(`${profile.name} has no ${request.kind}`);
    }
    return [];
  }

  /**
   * With POST, or with PATCH where there is no such route: pages of the documentation disagree. An unknown route is HTML
   * and has done nothing (Smartlead FACTS 3.3, 4).
   */
  async #status(campaign: string, status: string, signal: AbortSignal): Promise<void> {
    const route = '/campaigns/{campaign_id}/status';
    try {
      await this.#write('POST', route, campaign, { status }, signal);
    } catch (error) {
      // The profile takes a 404 with HTML for a route that is not there, and one with JSON for a missing record.
      if (!isServiceError(error) || error.status !== 404 || error.kind !== 'malformed') {
        throw error;
      }
      await this.#write('PATCH', route, campaign, { status }, signal);
    }
  }

  async #write(
    method: WriteMethod,
    route: string,
    id: string,
    body: object | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    const path = route.replace(/\{\w+\}/, segment(id, profile.name));
    await this.#client.writer.send({ method, route, path, body }, signal);
  }
}

import type { ChangeRequest } from '../providers/changes.ts';
import type { Json } from '../providers/fields.ts';
import type { PlanItem } from './plan.ts';

/** One request for items that go together. */
export function requestOf(items: readonly PlanItem[]): ChangeRequest {
  const [first] = items;
  if (first === undefined) {
    throw new TypeError('a request is about something');
  }
  const ids = items.map(({ id }) => id);
  switch (first.kind) {
    case 'activate-campaign':
    case 'pause-campaign':
    case 'stop-campaign':
    case 'delete-campaign':
      return { kind: first.kind, campaign: first.id };
    case 'pause-account':
    case 'resume-account':
    case 'mark-fixed':
      return { kind: first.kind, accounts: ids };
    case 'daily-limit':
      return { kind: first.kind, accounts: ids, limit: Number(first.after) };
    case 'add-sender':
    case 'remove-sender':
      return { kind: first.kind, campaign: first.campaign?.id ?? '', accounts: ids };
    case 'assign-tag':
    case 'remove-tag':
      return { kind: first.kind, on: first.about, ids, tag: first.tag?.id ?? '' };
    case 'edit-campaign': {
      const properties: Json = Object.fromEntries(items.map(({ property = '', after }) => [property, after]));
      return { kind: first.kind, campaign: first.id, properties };
    }
  }
}

import { t } from '@vscode/l10n';
import type { Path } from '../properties.ts';
import type { DocumentKind, ProviderInfo } from '../provider.ts';
import { segment } from '../segment.ts';
import { isTimeOrCounter } from '../volatile.ts';
import { profile } from './profile.ts';

/** Times that people set, and limits that are called counts. */
const LASTING = new Set(['schedule_start_time', 'expires_at', 'warmup_min_count', 'warmup_max_count']);

/** The request behind each document, up to the key. */
function pathOf(kind: DocumentKind, rawId: string): string {
  const id = segment(rawId, profile.name);
  switch (kind) {
    case 'campaign':
      return `/campaigns/${id}?include_tags=true&api_key=`;
    case 'campaign-senders':
      return `/campaigns/${id}/email-accounts?include_tags=true&api_key=`;
    case 'campaign-sequences':
      return `/campaigns/${id}/sequences?api_key=`;
    default:
      return `/email-accounts/${id}/?fetch_campaigns=true&api_key=`;
  }
}

/** What the mail servers said, by what failed (Smartlead FACTS 3.8). */
const FAILURES: Readonly<Record<string, Path>> = {
  is_smtp_success: ['smtp_failure_error'],
  is_imap_success: ['imap_failure_error'],
};

/** What is known of Smartlead before anyone connects to it. */
export const smartlead: ProviderInfo = {
  id: 'smartlead',
  name: profile.name,
  icon: 'target',
  keyPage: 'https://app.smartlead.ai/app/settings/profile',
  keyAdvice: () => t('Smartlead keys have no scopes: any key of this account or of one client works'),
  defaultBaseUrl: 'https://server.smartlead.ai/api/v1',
  profile,
  documents: new Set<DocumentKind>([
    'account',
    'account-campaigns',
    'campaign',
    'campaign-senders',
    'campaign-sequences',
  ]),
  edgesFrom: 'accounts',
  // Ids are numbers, which have no other form.
  sameKey: (text) => text,
  // An email names no account, because emails repeat; its id does.
  accountKeyPattern: /^\d+$/,
  campaignIdPattern: /^\d+$/,
  // `campaign_activity_logs` are in the list of campaigns alone (Smartlead FACTS 3.1, 3.2).
  pauseReasonsInLists: true,
  changes: {
    'activate-campaign': { most: 1, becomes: 'ACTIVE' },
    'pause-campaign': { most: 1, becomes: 'PAUSED' },
    'stop-campaign': { most: 1, becomes: 'STOPPED' },
    'delete-campaign': { most: 1 },
    'daily-limit': { most: 1 },
    // One request may name as many as it likes; what is read back after it is kept to a size that people can follow.
    'add-sender': { most: 100 },
    'remove-sender': { most: 100 },
    // Smartlead FACTS 3.11.
    'assign-tag': { most: 25 },
    'remove-tag': { most: 25 },
  },
  // Smartlead FACTS 3.9.
  zeroIsUnlimited: true,
  emails: {
    kind: 'campaign-sequences',
    stepsOf: async (document) => (await import('./decode.ts')).decodeSteps(document),
  },
  nameProperties: ['name', 'from_email'],
  sampleLabel: () => t('Client: Fabrikam (sample)'),
  reasonPath: (kind, path, value) => (kind === 'account' && value === false ? FAILURES[path.join('.')] : undefined),
  isVolatile: (properties, path) => isTimeOrCounter(properties, path, LASTING),
  // The query string is the only place where Smartlead takes a key (Smartlead FACTS 2).
  shellRequest: (kind, id) => ({ url: pathOf(kind, id), urlEnd: '$SMARTLEAD_API_KEY' }),
  properties: async (kind) => (await import('./properties.ts')).properties(kind),
  campaignPage: (id) => `https://app.smartlead.ai/app/email-campaigns-v2/${segment(id, profile.name)}/analytics`,
  connect: async (client) => new (await import('./provider.ts')).SmartleadProvider(client),
};

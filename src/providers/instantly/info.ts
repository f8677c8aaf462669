import { t } from '@vscode/l10n';
import type { DocumentKind, ProviderInfo } from '../provider.ts';
import { lowerCaseOf } from '../lowerCase.ts';
import { segment } from '../segment.ts';
import { isTimeOrCounter } from '../volatile.ts';
import { API, profile } from './profile.ts';

/** The least scopes of a key that only reads (Instantly FACTS 1). */
const SCOPES = [
  'accounts:read',
  'campaigns:read',
  'account_campaign_mappings:read',
  'custom_tags:read',
  'custom_tag_mappings:read',
  'workspaces:read',
];

/** Emails and UUIDs: neither depends on case. */
export const sameKey = lowerCaseOf;
/** The most that one request changes: that of `POST /accounts/pause`, the only one with a limit (Instantly FACTS 2.1). */
const MOST = 100;
/** A time that people set. */
const LASTING = new Set(['scheduled_for_removal_at']);

const inPath = (id: string) => segment(id, profile.name);

/** The first request behind each document; lists go on with `starting_after`. */
const PATHS: Partial<Readonly<Record<DocumentKind, (id: string) => string>>> = {
  account: (id) => `/accounts/${inPath(id)}`,
  'account-campaigns': (id) => `/account-campaign-mappings/${inPath(id)}?limit=100`,
  'account-tags': (id) => `/custom-tag-mappings?limit=100&resource_ids=${inPath(id)}`,
  campaign: (id) => `/campaigns/${inPath(id)}`,
  'campaign-senders': (id) => `/campaigns/${inPath(id)}`,
  'campaign-tags': (id) => `/custom-tag-mappings?limit=100&resource_ids=${inPath(id)}`,
  tag: (id) => `/custom-tags/${inPath(id)}`,
  workspace: () => '/workspaces/current',
};

/** What is known of Instantly before anyone connects to it. */
export const instantly: ProviderInfo = {
  id: 'instantly',
  name: profile.name,
  icon: 'zap',
  keyPage: 'https://app.instantly.ai/app/settings/integrations',
  keyAdvice: () => t('An API v2 key with at least these scopes: {0}', SCOPES.join(', ')),
  defaultBaseUrl: 'https://api.instantly.ai',
  profile,
  edgesFrom: 'campaigns',
  sameKey,
  // Accounts have no id but their email (Instantly FACTS 2.1).
  accountKeyPattern: /^[^\s@]+@[^\s@]+$/,
  campaignIdPattern: /^[0-9a-f-]{36}$/i,
  changes: {
    // Without senders it is an error some minutes later (Instantly FACTS 2.3).
    'activate-campaign': { most: 1, scope: 'campaigns:update', becomes: 1, settles: 5 * 60_000 },
    'pause-campaign': { most: 1, scope: 'campaigns:update', becomes: 2 },
    'delete-campaign': { most: 1, scope: 'campaigns:delete' },
    'edit-campaign': {
      most: MOST,
      scope: 'campaigns:update',
      replaces: true,
      required: ['name', 'campaign_schedule', 'open_tracking'],
    },
    'pause-account': { most: MOST, scope: 'accounts:update', becomes: 2 },
    'resume-account': { most: 1, scope: 'accounts:update', becomes: 1 },
    'mark-fixed': { most: 1, scope: 'accounts:update', becomes: 1 },
    'daily-limit': { most: 1, scope: 'accounts:update' },
    'add-sender': { most: MOST, scope: 'campaigns:update', readsFirst: 1, replaces: true },
    'remove-sender': { most: MOST, scope: 'campaigns:update', readsFirst: 1, replaces: true },
    'assign-tag': { most: MOST, scope: 'custom_tags:update', campaigns: true, readsTag: true },
    'remove-tag': { most: MOST, scope: 'custom_tags:update', campaigns: true, readsTag: true },
  },
  capacityProperties: { dailyLimit: 'daily_limit', senders: 'email_list', senderTags: 'email_tag_list' },
  campaignSchema: async () => (await import('./campaign.schema.json', { with: { type: 'json' } })).default,
  emails: { kind: 'campaign', stepsOf: async (document) => (await import('./decode.ts')).decodeSteps(document) },
  nameProperties: ['name', 'campaign_name'],
  sampleLabel: () => t('Northwind outbound (sample)'),
  // What the mail server said stays after the account works again; only a negative status is trouble.
  reasonPath: (kind, path, value) =>
    kind === 'account' && path.join('.') === 'status' && Number(value) < 0 ? ['status_message', 'response'] : undefined,
  isVolatile: (properties, path) => isTimeOrCounter(properties, path, LASTING),
  documents: new Set<DocumentKind>([
    'account',
    'account-campaigns',
    'account-tags',
    'campaign',
    'campaign-senders',
    'campaign-tags',
    'tag',
    'workspace',
  ]),
  shellRequest: (kind, id) => ({
    url: `${API}${PATHS[kind]?.(id) ?? ''}`,
    header: 'Authorization: Bearer $INSTANTLY_API_KEY',
  }),
  properties: async (kind) => (await import('./properties.ts')).properties(kind),
  campaignPage: (id) => `https://app.instantly.ai/app/campaign/${inPath(id)}/analytics`,
  connect: async (client) => new (await import('./provider.ts')).InstantlyProvider(client),
};

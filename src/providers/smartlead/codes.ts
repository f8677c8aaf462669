import { t } from '@vscode/l10n';
import type { CodeTable } from '../codes.ts';

/** `status` of a campaign (Smartlead FACTS 3.14). Guides and aggregates use other words for the same states. */
export const campaignStatus: CodeTable = {
  DRAFTED: { words: () => t('Draft'), state: 'draft' },
  DRAFT: { words: () => t('Draft'), state: 'draft' },
  ACTIVE: { words: () => t('Active'), state: 'healthy' },
  STARTED: { words: () => t('Active'), state: 'healthy' },
  PAUSED: { words: () => t('Paused'), state: 'paused' },
  // It cannot be started again (Smartlead FACTS 3.3).
  STOPPED: { words: () => t('Stopped'), state: 'done' },
  COMPLETED: { words: () => t('Completed'), state: 'done' },
  ARCHIVED: { words: () => t('Archived'), state: 'done' },
};

/** `type` of an account (Smartlead FACTS 3.14). */
export const providerType: CodeTable = {
  SMTP: { words: () => t('Custom IMAP/SMTP'), state: 'healthy' },
  GMAIL: { words: () => t('Google'), state: 'healthy' },
  OUTLOOK: { words: () => t('Microsoft'), state: 'healthy' },
  ZOHO: { words: () => t('Zoho'), state: 'healthy' },
};

/** `warmup_details.status` (Smartlead FACTS 3.14). */
export const warmupStatus: CodeTable = {
  ACTIVE: { words: () => t('Active'), state: 'healthy' },
  INACTIVE: { words: () => t('Inactive'), state: 'paused' },
  PAUSED: { words: () => t('Paused'), state: 'paused' },
};

/** `message_per_day` of an account, the one number that is no number of emails (Smartlead FACTS 3.9). */
export const dailyCap: CodeTable = {
  0: { words: () => t('Unlimited'), state: 'healthy' },
};

/** `stop_lead_settings` of a campaign: the first three are seen, the others only documented (Smartlead FACTS 3.1). */
export const stopLead: CodeTable = {
  REPLY_TO_AN_EMAIL: { words: () => t('After a reply'), state: 'healthy' },
  CLICK_ON_A_LINK: { words: () => t('After a click'), state: 'healthy' },
  OPEN_AN_EMAIL: { words: () => t('After an open'), state: 'healthy' },
  CLICKED_LINK: { words: () => t('After a click'), state: 'healthy' },
  OPENED_EMAIL: { words: () => t('After an open'), state: 'healthy' },
  NEVER: { words: () => t('Never'), state: 'healthy' },
};

/** `track_settings` of a campaign, in the words that are read; those that are written differ (Smartlead FACTS 3.4). */
export const tracking: CodeTable = {
  DONT_EMAIL_OPEN: { words: () => t('Opens are not tracked'), state: 'healthy' },
  DONT_LINK_CLICK: { words: () => t('Clicks are not tracked'), state: 'healthy' },
  DONT_REPLY_TO_AN_EMAIL: { words: () => t('Replies are not tracked'), state: 'healthy' },
};

/** `known_from.campaign_ids` of Sendmap's own document on the campaigns of an account. */
export const knownFrom: CodeTable = {
  fetch_campaigns: { words: () => t('The account itself lists them'), state: 'healthy' },
};

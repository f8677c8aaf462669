import { t } from '@vscode/l10n';
import type { CodeTable } from '../codes.ts';

/** `status` of a campaign (Smartlead FACTS 3.14). Guides and aggregates use other words for the same states. */
export const campaignStatus: CodeTable = {
  DRAFTED: { words: () => t('Draft'), state: 'draft' },
  DRAFT: { words: () => t('Draft'), state: 'draft' },
  ACTIVE: { words: () => t('Active'), state: 'good' },
  STARTED: { words: () => t('Active'), state: 'good' },
  PAUSED: { words: () => t('Paused'), state: 'paused' },
  STOPPED: { words: () => t('Stopped'), state: 'paused' },
  COMPLETED: { words: () => t('Completed'), state: 'done' },
  ARCHIVED: { words: () => t('Archived'), state: 'done' },
};

/** `type` of an account (Smartlead FACTS 3.14). */
export const providerType: CodeTable = {
  SMTP: { words: () => t('Custom IMAP/SMTP'), state: 'good' },
  GMAIL: { words: () => t('Google'), state: 'good' },
  OUTLOOK: { words: () => t('Microsoft'), state: 'good' },
  ZOHO: { words: () => t('Zoho'), state: 'good' },
};

/** `warmup_details.status` (Smartlead FACTS 3.14). */
export const warmupStatus: CodeTable = {
  ACTIVE: { words: () => t('Active'), state: 'good' },
  INACTIVE: { words: () => t('Inactive'), state: 'paused' },
  PAUSED: { words: () => t('Paused'), state: 'paused' },
};

import { t } from '@vscode/l10n';
import type { CodeTable } from '../codes.ts';

/** `status` of an account (Instantly FACTS 2.1). */
export const accountStatus: CodeTable = {
  1: { words: () => t('Active'), state: 'good' },
  2: { words: () => t('Paused'), state: 'paused' },
  3: { words: () => t('Paused for maintenance, resumes by itself'), state: 'paused' },
  '-1': { words: () => t('Connection Error'), state: 'error' },
  '-2': { words: () => t('Soft Bounce Error'), state: 'error' },
  // Only says that the last send was rejected (Instantly FACTS 2.1, second trap).
  '-3': { words: () => t('Sending Error'), state: 'warning' },
};

/** `warmup_status` of an account (Instantly FACTS 2.1). */
export const warmupStatus: CodeTable = {
  0: { words: () => t('Paused'), state: 'paused' },
  1: { words: () => t('Active'), state: 'good' },
  '-1': { words: () => t('Banned'), state: 'error' },
  '-2': { words: () => t('Spam Folder Unknown'), state: 'warning' },
  '-3': { words: () => t('Permanent Suspension'), state: 'error' },
};

/** `provider_code` of an account (Instantly FACTS 2.1; the first-party skill page contradicts it and is wrong). */
export const providerType: CodeTable = {
  1: { words: () => t('Custom IMAP/SMTP'), state: 'good' },
  2: { words: () => t('Google'), state: 'good' },
  3: { words: () => t('Microsoft'), state: 'good' },
  4: { words: () => t('AWS'), state: 'good' },
  8: { words: () => t('AirMail'), state: 'good' },
  11: { words: () => t('Airmail Instant'), state: 'good' },
};

/** `not_sending_status` of a campaign (Instantly FACTS 2.3). */
export const notSendingStatus: CodeTable = {
  1: { words: () => t('Outside its schedule'), state: 'paused' },
  2: { words: () => t('Waiting for a lead'), state: 'paused' },
  3: { words: () => t('Daily limit of the campaign met'), state: 'paused' },
  4: { words: () => t('All accounts at their daily limit'), state: 'paused' },
  99: { words: () => t('Error'), state: 'error' },
};

/** `status` of a campaign (Instantly FACTS 2.3). */
export const campaignStatus: CodeTable = {
  0: { words: () => t('Draft'), state: 'draft' },
  1: { words: () => t('Active'), state: 'good' },
  2: { words: () => t('Paused'), state: 'paused' },
  3: { words: () => t('Completed'), state: 'done' },
  4: { words: () => t('Running Subsequences'), state: 'good' },
  '-1': { words: () => t('Accounts Unhealthy'), state: 'error' },
  '-2': { words: () => t('Bounce Protect'), state: 'error' },
  '-99': { words: () => t('Account Suspended'), state: 'error' },
};

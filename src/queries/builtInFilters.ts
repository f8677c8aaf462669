import { t } from '@vscode/l10n';

/** A filter that every view of its kind has. */
export interface BuiltInFilter {
  readonly id: string;
  readonly name: () => string;
  readonly source: string;
}

export const accountFilters: readonly BuiltInFilter[] = [
  { id: 'broken-in-active', name: () => t('Broken in active campaigns'), source: 'state:broken active:>0' },
  { id: 'idle', name: () => t('Idle'), source: 'state:healthy active:0' },
  { id: 'low-warmup', name: () => t('Warmup under 90'), source: 'warmup:<90' },
];

export const campaignFilters: readonly BuiltInFilter[] = [
  { id: 'no-healthy-sender', name: () => t('Active without healthy senders'), source: 'state:healthy healthy:0' },
];

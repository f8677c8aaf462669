import { t } from '@vscode/l10n';
import type { Campaign } from '../providers/model.ts';

/** The name of a campaign, which may be empty (Smartlead FACTS 3.1). */
export function campaignLabel({ id, name }: Pick<Campaign, 'id' | 'name'>): string {
  return name === '' ? t('Campaign {0}', id) : name;
}

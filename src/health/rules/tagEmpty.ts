import { t } from '@vscode/l10n';
import type { CampaignRule } from '../rule.ts';
import { isActive } from '../active.ts';

/** An active campaign with a tag in its list of sender tags that resolves to no account. */
export const tagEmpty: CampaignRule<'tag-empty'> = {
  id: 'tag-empty',
  about: 'campaign',
  severity: 'warning',
  cost: 'risk',
  title: () => t('Empty tag'),
  meaning: () => t('It selects senders by a tag that no account has.'),
  nextStep: () => t('Tag accounts, or remove the tag from the campaign.'),
  source: 'Instantly FACTS 2.3, 2.4 (email_tag_list)',
  reads: ['senderTagIds', 'state'],
  readsFacts: ['emptyTags'],
  fires: (campaign, { emptyTags }) => isActive(campaign) && (emptyTags()?.length ?? 0) > 0,
  evidence: (_, { emptyTags }) => t('no account is tagged {0}', (emptyTags() ?? []).join(', ')),
};

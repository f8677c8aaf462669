import { t } from '@vscode/l10n';
import { whatIf as whatIfOf, type CampaignChange, type WhatIf } from '../../health/whatIf.ts';
import { formatNumber } from '../../health/words.ts';
import type { Graph } from '../../map/graph.ts';
import { propertiesOf } from '../../providers/properties.ts';
import { bounded } from '../../queries/bounded.ts';
import { inTurns } from '../../transport/turns.ts';
import type { Report } from '../reports.ts';
import { assumptionsOf, rounded, totalsOf } from './capacity.ts';

/** The first accounts that stop are named, the others counted. */
const FIRST = 20;

/** What happens to active campaigns if accounts stop sending. */
export const whatIf: Report = {
  properties: propertiesOf('Sendmap', {
    answer: { words: () => t('What happens, in words') },
    next_step: { words: () => t('What can be done next') },
    'accounts.count': { words: () => t('Accounts that stop') },
    'accounts.first_accounts': { words: () => t('The first of them') },
    'accounts.first_accounts.*.key': { words: () => t('The account'), names: 'account' },
    'accounts.first_accounts.*.email': { words: () => t('Its email') },
    'campaigns_that_send_nothing.*.id': { words: () => t('The campaign'), names: 'campaign' },
    'campaigns_that_fall_below_their_limit.*.id': { words: () => t('The campaign'), names: 'campaign' },
    'other_campaigns_that_lose.*.id': { words: () => t('The campaign'), names: 'campaign' },
  }),
  build: async (session, id, { lists }) => {
    const keys = lists.get(id);
    if (keys === undefined) {
      // A window that was reloaded, or a list that newer ones replaced.
      return {
        answer: t('These accounts were remembered only until the window closed or others were chosen.'),
        next_step: t('Choose the accounts again, and run "What If These Accounts Stop…" on them.'),
      };
    }
    await session.map.readWhole();
    const { graph } = session.map;
    const result = await inTurns(whatIfOf(graph, keys));
    return {
      answer: answerOf(result),
      emails_a_day: { before: totalsOf(result.before), after: totalsOf(result.after) },
      campaigns_that_send_nothing: partsOf(graph, result.stopped),
      campaigns_that_fall_below_their_limit: partsOf(graph, result.belowLimit),
      other_campaigns_that_lose: partsOf(graph, result.less),
      accounts: {
        count: keys.length,
        first_accounts: keys.slice(0, FIRST).map((key) => ({ key, email: graph.account(key)?.email })),
      },
      assumptions: assumptionsOf(session, result.before),
    };
  },
};

function answerOf({ before, after, stopped, belowLimit }: WhatIf): string {
  const [lost, possible] = [formatNumber(before.possible - after.possible), formatNumber(before.possible)];
  return stopped.length + belowLimit.length === 0
    ? t('Active campaigns lose {0} of {1} emails a day. None falls below its limit.', lost, possible)
    : t(
        'Active campaigns lose {0} of {1} emails a day. Campaigns that stop: {2}. Campaigns that fall below their limit: {3}.',
        lost,
        possible,
        formatNumber(stopped.length),
        formatNumber(belowLimit.length),
      );
}

function partsOf(graph: Graph, changes: readonly CampaignChange[]): object[] | string {
  return changes.length === 0
    ? t('None')
    : changes.map(({ before, after, lost }) => ({
        id: before.id,
        name: bounded(graph.campaign(before.id)?.name ?? ''),
        wanted: before.wanted,
        before: rounded(before.expected),
        after: rounded(after.expected),
        lost: rounded(lost),
        senders_that_can_send: { before: before.sending, after: after.sending },
      }));
}

import { t } from '@vscode/l10n';
import { explainAccount, explainCampaign } from '../../health/explain.ts';
import type { Provider } from '../../providers/provider.ts';
import { propertiesOf, type Rows } from '../../providers/properties.ts';
import { plainValues } from '../../queries/bounded.ts';
import { mentions } from '../../queries/mentions.ts';
import { ServiceError } from '../../transport/errors.ts';
import type { Report } from '../reports.ts';
import { attempt } from './attempt.ts';
import { sharePart, shareProperties } from './capacity.ts';
import { READ } from './readWords.ts';

/** What findings say in documents. */
export const FINDING: Rows = {
  ...Object.fromEntries(Object.entries(READ).map(([name, row]) => [`read.${name}`, row])),
  rule: { words: () => t('The name of the rule, the same in every version') },
  severity: { words: () => t('How bad it is: critical, warning or info') },
  title: { words: () => t('What it has in common with others') },
  evidence: { words: () => t('What shows it') },
  costs: { words: () => t('What it costs in a day') },
  meaning: { words: () => t('What it means for sending') },
  next_step: { words: () => t('What to do next') },
  would_mean: { words: () => t('What it would mean for sending if it got there') },
  read: { words: () => t('What the rule looked at, as the map has it') },
};

const COMMON: Rows = {
  status: { words: () => t('The status, as the rows show it') },
  reason: { words: () => t("Why, in the service's words") },
  answer: { words: () => t('The worst of it in a sentence') },
  findings: { words: () => t('Findings, worst first') },
  agent_feed: { words: () => t("What the service's own agent says of it, as it says it, the newest first") },
  'agent_feed.not_read': { words: () => t('Why the feed of the agent could not be read') },
  near_misses: { words: () => t('Rules that it comes close to') },
  snoozed: { words: () => t('What would be a finding if it were not snoozed') },
  daily_limit: { words: () => t('Emails a day') },
};

const SOURCE = 'Sendmap';

/** Why an account is, or is not, in Health. */
export const accountExplanation: Report = {
  properties: {
    ...propertiesOf(SOURCE, COMMON),
    ...propertiesOf(SOURCE, FINDING, 'findings.*.'),
    ...propertiesOf(SOURCE, FINDING, 'near_misses.*.'),
    ...propertiesOf(SOURCE, FINDING, 'snoozed.*.'),
    ...propertiesOf(SOURCE, {
      account_key: { words: () => t('The account'), names: 'account' },
      'domain.name': { words: () => t('The domain of its email') },
      'domain.mailboxes': { words: () => t('Mailboxes of the domain') },
      'domain.burnt_by': { words: () => t('Failures that most mailboxes of the domain share') },
      active_campaigns: { words: () => t('Campaigns that send and that it feeds') },
      'campaigns.*.campaign_id': { words: () => t('A campaign that it feeds'), names: 'campaign' },
      more_campaigns: { words: () => t('Further campaigns, not listed here') },
    }),
  },
  build: async ({ map, provider, connection }, key, { health, signal }) => {
    await map.readWhole();
    const watched = await health(connection.id);
    const account = map.graph.account(key);
    if (watched === undefined || account === undefined) {
      throw unknown(provider.info.name, t('no list has this account; refresh the map'));
    }
    const names = [account.key, account.email, account.domain];
    return { ...explainAccount(map.graph, watched.health, account), ...(await agentPart(provider, names, signal)) };
  },
};

/** The same for a campaign. */
export const campaignExplanation: Report = {
  properties: {
    ...propertiesOf(SOURCE, COMMON),
    ...propertiesOf(SOURCE, FINDING, 'findings.*.'),
    ...propertiesOf(SOURCE, FINDING, 'near_misses.*.'),
    ...propertiesOf(SOURCE, FINDING, 'snoozed.*.'),
    ...propertiesOf(SOURCE, {
      campaign_id: { words: () => t('The campaign'), names: 'campaign' },
      senders: { words: () => t('Accounts that send for the campaign') },
      healthy_senders: { words: () => t('Those that are healthy') },
      senders_can_send_per_day: { words: () => t('Emails a day that those that can send may send together') },
      'senders_not_healthy.*.account': { words: () => t('A sender that is not healthy'), names: 'account' },
      more_senders: { words: () => t('Further senders, not listed here') },
      capacity: {
        words: () => t('What it can send a day, by a model: all active campaigns send and share their senders fairly'),
      },
    }),
    ...shareProperties('capacity'),
  },
  build: async ({ map, provider, connection }, id, { health, signal }) => {
    await map.readWhole();
    const watched = await health(connection.id);
    const campaign = map.graph.campaign(id);
    if (watched === undefined || campaign === undefined) {
      throw unknown(provider.info.name, t('no list has this campaign; refresh the map'));
    }
    return {
      ...explainCampaign(map.graph, watched.health, campaign),
      capacity: await sharePart(map.graph, campaign.id),
      ...(await agentPart(provider, [campaign.id], signal)),
    };
  },
};

/** What the service's own agent did or recommends; where the key may not read that, nothing is said. */
async function agentPart(
  provider: Provider,
  names: readonly (string | undefined)[],
  signal: AbortSignal,
): Promise<{ readonly agent_feed?: object }> {
  const { value, failure } = await attempt(() => provider.agentFeed?.({ signal }));
  if (failure !== undefined) {
    return { agent_feed: { not_read: failure } };
  }
  const wanted = new Set(names.filter((name) => name !== undefined).map((name) => name.toLowerCase()));
  const entries = (value ?? []).filter((entry) => mentions(entry, wanted));
  return entries.length === 0 ? {} : { agent_feed: entries.slice(0, MOST_ENTRIES).map(plainValues) };
}

/** Entries of the feed that an explanation shows. */
const MOST_ENTRIES = 20;

function unknown(service: string, serviceMessage: string): ServiceError {
  return new ServiceError('notFound', { service, serviceMessage });
}

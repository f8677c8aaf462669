import { isoOf } from '../transport/times.ts';
import type { AccountFacts, CampaignFacts } from './rule.ts';
import type { Thresholds } from './thresholds.ts';

/** What rules may read besides the record, by the names that explanations give it. */
type Readings<Facts> = Readonly<Record<string, (facts: Facts) => unknown>>;

export const accountReadings = {
  activeCampaigns: ({ campaigns }) => campaigns?.active,
  allCampaigns: ({ campaigns }) => campaigns?.all,
  earlierScore: ({ before }) => before?.score,
  earlierScoreAt: ({ before }) => (before?.score === undefined ? undefined : isoOf(before.scoreAt)),
  idleSince: ({ before }) => (before?.idleSince === undefined ? undefined : isoOf(before.idleSince)),
  lowScoreThreshold: threshold('lowScore'),
  scoreDropThreshold: threshold('scoreDrop'),
  advisedLimitThreshold: threshold('advisedLimit'),
  mostCampaignsThreshold: threshold('mostCampaigns'),
  shortestGapThreshold: threshold('shortestGap'),
} satisfies Readings<AccountFacts>;

export const campaignReadings = {
  senders: ({ senders }) => senders?.senders,
  healthySenders: ({ senders }) => senders?.healthy,
  sendersNotHealthy: ({ troubles }) => Object.fromEntries(troubles().map(({ words, count }) => [words, count])),
  sendersCanSendPerDay: ({ capacity }) => capacity(),
  emptyTags: ({ emptyTags }) => emptyTags(),
  bouncedPercent: ({ bounceRate }) => bounceRate,
  today: ({ today }) => today,
  unhealthyShareThreshold: threshold('unhealthyShare'),
  bounceRateThreshold: threshold('bounceRate'),
} satisfies Readings<CampaignFacts>;

export type AccountReading = keyof typeof accountReadings;
export type CampaignReading = keyof typeof campaignReadings;

function threshold(name: keyof Thresholds) {
  return ({ thresholds }: { readonly thresholds: Thresholds }) => thresholds[name];
}

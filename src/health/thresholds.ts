/** Where rules draw their lines. Each is a setting; these are the defaults. */
export interface Thresholds {
  /** A warmup score below this is low. */
  readonly lowScore: number;
  /** A warmup score that fell by this much within {@link SCORE_DAYS} is falling. */
  readonly scoreDrop: number;
  /** Emails a day that are advised at most for a mailbox at Google or Microsoft (Smartlead FACTS 7). */
  readonly advisedLimit: number;
  /** An account in more active campaigns than this is overused. */
  readonly mostCampaigns: number;
  /** Minutes between two emails of an account that is in several active campaigns, at least (Smartlead FACTS 7). */
  readonly shortestGap: number;
  /** Percent of a campaign's senders that may be unhealthy. */
  readonly unhealthyShare: number;
  /** Mailboxes of a domain with the same failure, and at least half of them all, that make it burnt. */
  readonly burntMailboxes: number;
  /** Percent of a campaign's emails that may bounce (Smartlead FACTS 7). */
  readonly bounceRate: number;
}

export const defaultThresholds: Thresholds = {
  lowScore: 80,
  scoreDrop: 10,
  advisedLimit: 50,
  mostCampaigns: 5,
  shortestGap: 10,
  unhealthyShare: 25,
  burntMailboxes: 3,
  bounceRate: 3,
};

/** The least and the most that the settings take; the manifest says the same. */
export const thresholdBounds: Readonly<Record<keyof Thresholds, readonly [least: number, most: number]>> = {
  lowScore: [1, 100],
  scoreDrop: [1, 100],
  advisedLimit: [1, Infinity],
  mostCampaigns: [1, Infinity],
  shortestGap: [1, Infinity],
  unhealthyShare: [1, 100],
  burntMailboxes: [2, Infinity],
  bounceRate: [0, 100],
};

/** A score is compared with the oldest one of the last so many days. */
export const SCORE_DAYS = 7;

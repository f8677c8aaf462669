import type { InstantlyWorld, Json } from './instantlyWorld.ts';

/** The code of each status that keeps a campaign from sending (Instantly FACTS 2.3). */
const STOPPED: Readonly<Record<number, readonly [code: string, message: string]>> = {
  0: ['campaign_draft', 'Campaign is a draft'],
  2: ['campaign_paused', 'Campaign is paused'],
  3: ['campaign_completed', 'Campaign is completed'],
  4: ['campaign_running_subsequences', 'Campaign is running subsequences'],
  [-1]: ['campaign_accounts_unhealthy', 'Campaign accounts are unhealthy'],
  [-2]: ['campaign_bounce_protect', 'Campaign was stopped by bounce protection'],
  [-99]: ['campaign_account_suspended', 'Account is suspended'],
};

/**
 * Why a campaign sends, or does not. Of drafts and of paused and unhealthy campaigns `diagnostics` is null and the
 * reason is in `summary` (Instantly FACTS 2.3).
 */
export function sendingStatus(world: InstantlyWorld, campaign: Json): Json {
  const updated = campaign['timestamp_updated'];
  const [stopped, message] = STOPPED[Number(campaign['status'])] ?? [];
  if (stopped !== undefined) {
    return {
      diagnostics: null,
      summary: { status: stopped, status_message: message, issue_started_at: updated, last_healthy_send_at: updated },
    };
  }
  const senders = [...world.campaignsOf].filter(([, campaigns]) => campaigns.includes(campaign));
  const rows = senders.map(([email]) => world.byEmail.get(email)?.row);
  const available = rows.filter((row) => row?.['status'] === 1).length;
  const disconnected = rows.filter((row) => row?.['status'] === -1).length;
  const status = available === 0 ? 'no_accounts_available' : 'healthy';
  const since = status === 'healthy' ? null : updated;
  return {
    diagnostics: {
      campaign_id: campaign['id'],
      last_updated: updated,
      status,
      issue_tracking: {
        current_status_code: status,
        issue_first_seen_at: since,
        consecutive_loops_with_issue: status === 'healthy' ? 0 : 12,
        last_healthy_send_at: updated,
      },
      accounts_summary: {
        total_connected: rows.length,
        available,
        unavailable: {
          daily_limit_hit: rows.length - available - disconnected,
          slow_ramp_limit_hit: 0,
          disconnected,
          global_gap_not_met: 0,
        },
      },
      campaign_daily_limit: { limit: Number(campaign['daily_limit'] ?? 0), sent: 0, limit_hit: false },
      schedule_status: { in_schedule: true },
      follow_ups_waiting: { count: 0, earliest_wait_time_seconds: null },
    },
    summary: {
      status,
      status_message:
        status === 'healthy' ? 'Campaign is sending normally' : 'No sending account of the campaign is available',
      issue_started_at: since,
      last_healthy_send_at: updated,
    },
  };
}

/** The numbers of campaigns: those without activity, such as drafts, are missing (Instantly FACTS 2.3). */
export function campaignAnalytics(world: InstantlyWorld, id: string | null): Json[] {
  return world.campaigns
    .map((campaign, index) => ({ campaign, index }))
    .filter(({ campaign }) => (id === null || campaign['id'] === id) && campaign['status'] !== 0)
    .map(({ campaign, index }) => {
      const planted = world.bounced.get(String(campaign['id']));
      const sent = planted === undefined ? 400 + ((index * 137) % 2000) : 1000;
      // Too many bounces are what bounce protection is for.
      const bounced = Math.round((sent * (planted ?? (campaign['status'] === -2 ? 6 : 1))) / 100);
      return {
        campaign_name: campaign['name'],
        campaign_id: campaign['id'],
        campaign_status: campaign['status'],
        campaign_is_evergreen: false,
        leads_count: 0,
        contacted_count: sent,
        emails_sent_count: sent,
        new_leads_contacted_count: sent,
        open_count: 0,
        open_count_unique: 0,
        open_count_unique_by_step: 0,
        reply_count: 0,
        reply_count_unique: 0,
        reply_count_unique_by_step: 0,
        reply_count_automatic: 0,
        reply_count_automatic_unique: 0,
        reply_count_automatic_unique_by_step: 0,
        link_click_count: 0,
        link_click_count_unique: 0,
        link_click_count_unique_by_step: 0,
        bounced_count: bounced,
        unsubscribed_count: 0,
        completed_count: 0,
        total_opportunities: 0,
        total_opportunity_value: 0,
      };
    });
}

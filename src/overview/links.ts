import { commands, type CommandId } from '../contributions.ts';
import { SCORE_BINS, type AccountState } from '../queries/figures.ts';

/** The commands that the page may run: no other link in it does anything. Each checks its argument. */
export const linked = [
  commands.openOverview,
  commands.filterAccounts,
  commands.revealInCampaigns,
  commands.whatChanged,
  commands.addConnection,
  commands.openSampleWorkspace,
  commands.replaceKey,
  commands.refresh,
] as const satisfies readonly CommandId[];

/** A link that runs a command on behalf of the person who clicks it. */
export function commandLink(command: (typeof linked)[number], request: Readonly<Record<string, unknown>> = {}): string {
  return `command:${command}?${encodeURIComponent(JSON.stringify([{ ...request, person: true }]))}`;
}

/** A link to the accounts that a filter lets through; with a connection, to its row. */
export function accountsLink(filter: string, connectionId: string | undefined): string {
  return commandLink(commands.filterAccounts, { filter, connectionId });
}

const STATES: Readonly<Record<AccountState, string>> = {
  error: 'broken',
  warning: 'risk',
  paused: 'paused',
  unknown: 'unknown',
  healthy: 'healthy',
};

export function stateFilter(state: AccountState): string {
  return `state:${STATES[state]}`;
}

export function domainFilter(domain: string): string {
  return `domain:"${domain.replaceAll('"', '')}"`;
}

/** The accounts that have no warmup score. */
export const UNSCORED = 'warmup:unscored';

/** The accounts of a range of warmup scores, as `accountFigures` counts them. */
export function scoreFilter(bin: number): string {
  const [from, to] = [bin * SCORE_BINS, (bin + 1) * SCORE_BINS];
  const limits = [...(bin === 0 ? [] : [`warmup:>=${from}`]), ...(bin === SCORE_BINS - 1 ? [] : [`warmup:<${to}`])];
  return limits.join(' ');
}

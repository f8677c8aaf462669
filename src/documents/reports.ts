import type { SessionHealth } from '../connections/healthKeeper.ts';
import type { Session } from '../connections/sessions.ts';
import type { Properties } from '../providers/properties.ts';
import type { DocumentKind } from '../providers/provider.ts';
import type { KeptLists } from './keptLists.ts';

/** What a report is built with besides the connection. */
export interface ReportOptions {
  /** Aborts where nobody waits for the report any more. */
  readonly signal: AbortSignal;
  /** The DNS servers that know the domains of the connection; undefined: those that this machine asks. */
  readonly dnsServers: () => Promise<readonly string[] | undefined>;
  /** What an identifier stands for where the report is about a list. */
  readonly lists: Pick<KeptLists, 'get'>;
  /** How the map of a connection is doing, once everything is evaluated; undefined where its session has ended. */
  readonly health: (connectionId: string) => Promise<SessionHealth | undefined>;
}

/** A document that Sendmap makes itself, from the map and from answers. */
export interface Report {
  /** What its properties mean, and which of its values name an account or a campaign. */
  readonly properties: Properties;
  /**
   * What the document says, as plain data with names in snake_case. Text from services stays as it came, but bounded.
   *
   * @throws {ServiceError} where nothing can be said; an AbortError where the signal ended it.
   */
  readonly build: (session: Session, id: string, options: ReportOptions) => Promise<object>;
}

/** How a report is found. This is read at activation, so what builds it is loaded when one is opened. */
interface ReportEntry {
  /** How its file name ends; says to a person what it is. */
  readonly ending: `.${string}.json`;
  readonly load: () => Promise<Report>;
}

/** All reports. Their paths stand below `reports/`, by which menus tell them from answers of a service. */
export const reports = {
  'account-explanation': {
    ending: '.explained.json',
    load: async () => (await import('./reports/explanation.ts')).accountExplanation,
  },
  'campaign-explanation': {
    ending: '.campaign-explained.json',
    load: async () => (await import('./reports/explanation.ts')).campaignExplanation,
  },
  changes: { ending: '.changes.json', load: async () => (await import('./reports/changes.ts')).changes },
  'campaign-sending': {
    ending: '.sending.json',
    load: async () => (await import('./reports/campaignSending.ts')).campaignSending,
  },
  domain: {
    ending: '.domain.json',
    load: async () => (await import('./reports/domain.ts')).domain,
  },
  capacity: {
    ending: '.capacity.json',
    load: async () => (await import('./reports/capacity.ts')).capacity,
  },
  'what-if': {
    ending: '.what-if.json',
    load: async () => (await import('./reports/whatIf.ts')).whatIf,
  },
} as const satisfies Readonly<Record<string, ReportEntry>>;

export type ReportKind = keyof typeof reports;

/** False for the kinds that a service answers. */
export function isReport(kind: DocumentKind | ReportKind): kind is ReportKind {
  return Object.hasOwn(reports, kind);
}

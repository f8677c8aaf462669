import * as vscode from 'vscode';
import type { Session } from '../connections/sessions.ts';
import { formatClock, formatNumber } from '../format.ts';
import { isServiceError, nextStep, type ServiceError } from '../transport/errors.ts';
import type { Node, NodeRegistry } from './nodes.ts';

const { t } = vscode.l10n;

/** Unreadable records get a row each, up to this many; the others are counted. */
const MOST_INVALID = 100;

/** Rows with a message: what is going on, what failed, what may be missing, and what to do next. */
export class Notices {
  readonly #nodes: NodeRegistry;

  constructor(nodes: NodeRegistry) {
    this.#nodes = nodes;
  }

  /** An error under a node, with the step that helps. */
  error(node: Node, name: string, error: unknown): Node {
    const known: ServiceError | undefined = isServiceError(error) ? error : undefined;
    const label = known?.message ?? String(error);
    const next = known === undefined ? undefined : nextStep(known);
    return this.#nodes.notice(node, name, {
      type: 'error',
      label,
      description: next?.words,
      tooltip: [label, next?.words].filter(Boolean).join('\n\n'),
      fix: next?.fix,
      accountKey: node.kind === 'account' ? node.accountKey : undefined,
      campaignId: node.kind === 'campaign' ? node.campaignId : undefined,
    });
  }

  /** The notices above the rows of a connection: below thousands of rows nobody would see them. */
  above(node: Node, { map }: Session): Node[] {
    const notices: Node[] = [];
    const errors = [map.accounts.error, map.campaigns.error].filter((error) => error !== undefined);
    for (const [index, error] of errors.entries()) {
      if (index === 0 || error.message !== errors[0]?.message) {
        notices.push(this.error(node, `error${index}`, error));
      }
    }
    if (map.accounts.status === 'stopped' || map.campaigns.status === 'stopped') {
      const [label, description] = [t('The sync was stopped'), t('Continue')];
      notices.push(this.#nodes.notice(node, 'stopped', { type: 'note', label, description, fix: 'resume' }));
    }
    const invalid = [...map.accounts.invalid.slice(0, MOST_INVALID), ...map.campaigns.invalid.slice(0, MOST_INVALID)];
    for (const [index, { label, problem }] of invalid.slice(0, MOST_INVALID).entries()) {
      notices.push(this.#nodes.notice(node, `invalid${index}`, { type: 'invalid', label, description: problem }));
    }
    const more = map.accounts.invalid.length + map.campaigns.invalid.length - MOST_INVALID;
    if (more > 0) {
      const label = t('{0} more records cannot be read', formatNumber(more));
      notices.push(this.#nodes.notice(node, 'invalid-more', { type: 'invalid', label }));
    }
    for (const [index, label] of map.gaps().slice(0, MOST_INVALID).entries()) {
      notices.push(this.#nodes.notice(node, `gap${index}`, { type: 'invalid', label, fix: 'retry' }));
    }
    for (const [name, { warnings }, label] of [
      ['accounts', map.accounts, t('Some accounts may be missing')],
      ['campaigns', map.campaigns, t('Some campaigns may be missing')],
    ] as const) {
      if (warnings.length > 0) {
        const description = warnings.join(', ');
        notices.push(
          this.#nodes.notice(node, `warning-${name}`, { type: 'invalid', label, description, fix: 'retry' }),
        );
      }
    }
    return notices;
  }

  /** What a connection shows where it has no rows. */
  empty(node: Node, { map, provider }: Session, filtered: boolean, emptyWords: string): Node {
    if (map.progress.running) {
      const waiting = provider.client.waitingUntil;
      const description = waiting === undefined ? undefined : t('waiting until {0}', formatClock(waiting));
      return this.#nodes.notice(node, 'busy', { type: 'busy', label: t('Reading…'), description });
    }
    const label = filtered ? t('Nothing here matches the filter') : emptyWords;
    return this.#nodes.notice(node, 'empty', { type: 'empty', label });
  }

  /** The row that continues reading where the settings stopped it. */
  more(node: Node): Node {
    return this.#nodes.notice(node, 'more', { type: 'more', label: t('Load more') });
  }
}

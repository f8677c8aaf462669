import * as vscode from 'vscode';
import { ruleWords, type Snooze } from '../connections/snoozes.ts';
import { commands } from '../contributions.ts';
import { formatNumber, formatTime } from '../format.ts';
import { showDone, showInformation } from '../messages.ts';
import { campaignLabel } from '../queries/campaignLabel.ts';
import type { Node } from '../tree/nodes.ts';
import { askChoice, valueOf } from './ask.ts';
import { register, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

const DAY = 24 * 3_600_000;
/** How long something may be snoozed, in days. */
const SNOOZES = [1, 3, 7, 14, 30] as const;

/** Leaving findings out of Health for some days. */
export function registerSnoozeCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    register(context, commands.snooze, ({ nodes }) => snooze(context, nodes)),
    register(context, commands.showSnoozed, () => showSnoozed(context)),
  );
}

/** Snoozes the accounts and campaigns of rows: for the finding under which they stand, or for all. */
async function snooze(context: CommandContext, nodes: readonly Node[]): Promise<void> {
  const { findings, snoozes } = context;
  const subjects: Omit<Snooze, 'until'>[] = [];
  for (const node of nodes) {
    const own = findings.has(node);
    const rule = own ? findings.ruleOf(node) : undefined;
    // A campaign below an account with a finding has none of that rule.
    const ruleAbout = (about: 'account' | 'campaign') => (rule?.about === about ? rule.id : undefined);
    const { connectionId } = node;
    if (own && rule !== undefined && findings.isRule(node)) {
      subjects.push({ connectionId, kind: 'finding', id: rule.id });
    } else if (own) {
      for (const { key } of await findings.accountsOf(node)) {
        subjects.push({ connectionId, kind: 'account', id: key, rule: ruleAbout('account') });
      }
      for (const { id } of await findings.campaignsOf(node)) {
        subjects.push({ connectionId, kind: 'campaign', id, rule: ruleAbout('campaign') });
      }
    } else if (node.kind === 'account') {
      subjects.push({ connectionId, kind: 'account', id: node.accountKey });
    } else if (node.kind === 'campaign') {
      subjects.push({ connectionId, kind: 'campaign', id: node.campaignId });
    }
  }
  if (subjects.length === 0) {
    void showInformation(t('Select an account, a campaign or a finding in Health first.'));
    return;
  }
  const answer = await askChoice(
    { title: t('Snooze'), placeholder: t('{0} selected; for how long?', formatNumber(subjects.length)) },
    SNOOZES.map((days) => ({
      label: days === 1 ? t('1 day') : t('{0} days', days),
      description: t('until {0}', formatTime(Date.now() + days * DAY)),
      value: days,
    })),
  );
  const days = valueOf(answer);
  if (days !== undefined) {
    const until = Date.now() + days * DAY;
    await snoozes.add(subjects.map((subject) => ({ ...subject, until })));
    showDone(subjects.length === 1 ? t('Snoozed 1') : t('Snoozed {0}', formatNumber(subjects.length)));
  }
}

/** Shows what is snoozed, and ends what is chosen. */
async function showSnoozed({ sessions, snoozes }: CommandContext): Promise<void> {
  const list = snoozes.list().filter(({ connectionId }) => sessions.store.get(connectionId) !== undefined);
  if (list.length === 0) {
    void showInformation(t('Nothing is snoozed.'));
    return;
  }
  const answer = await askChoice(
    { title: t('Snoozed'), placeholder: t('Choose what to show in Health again') },
    list.map((snoozed) => {
      const { connectionId, kind, id, until } = snoozed;
      const graph = sessions.peek(connectionId)?.map.graph;
      const rule = ruleWords(snoozed);
      const about =
        kind === 'account' ? (graph?.account(id)?.email ?? id) : campaignLabel(graph?.campaign(id) ?? { id, name: '' });
      return {
        label: kind === 'finding' ? (rule ?? id) : about,
        description: [
          kind === 'finding' ? sessions.store.get(connectionId)?.label : rule,
          t('until {0}', formatTime(until)),
        ]
          .filter(Boolean)
          .join(' · '),
        value: { connectionId, kind, id },
      };
    }),
  );
  const chosen = valueOf(answer);
  if (chosen !== undefined) {
    await snoozes.end([chosen]);
  }
}

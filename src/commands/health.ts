import * as vscode from 'vscode';
import type { SessionHealth } from '../connections/healthKeeper.ts';
import type { Snooze } from '../connections/snoozes.ts';
import { ruleWords } from '../connections/snoozes.ts';
import { commands, contextKeys, views } from '../contributions.ts';
import { formatNumber, formatTime } from '../format.ts';
import { severities, type Severity } from '../health/rule.ts';
import { createQuickPick, showDone, showInformation } from '../messages.ts';
import { divisions, type Division } from '../queries/divide.ts';
import { severityWords } from '../tree/healthItems.ts';
import { campaignLabel } from '../tree/items.ts';
import type { Node } from '../tree/nodes.ts';
import { askChoice, askConnection } from './ask.ts';
import { openDocument } from './documents.ts';
import { findAccount, findCampaign } from './pick.ts';
import { register, requested, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

const DAY = 24 * 3_600_000;
/** How long something may be snoozed, in days. */
const SNOOZES = [1, 3, 7, 14, 30] as const;

/** What a person can do with findings. */
export function registerHealthCommands(context: CommandContext): vscode.Disposable {
  const { state } = context.findings;
  const showFiltered = () => {
    void vscode.commands.executeCommand('setContext', contextKeys.healthFiltered, state.filtered);
  };
  showFiltered();
  return vscode.Disposable.from(
    state.onDidChange(showFiltered),
    register(context, commands.showHealth, () => vscode.commands.executeCommand(`${views.health}.focus`)),
    register(context, commands.explainAccount, async (call) => {
      const found = await findAccount(context, call, t('Explain account'), 'account');
      return (
        found &&
        openDocument(
          context,
          { kind: 'account-explanation', connectionId: found.connectionId, id: found.id },
          found.name,
        )
      );
    }),
    register(context, commands.explainCampaign, async (call) => {
      const found = await findCampaign(context, call, t('Explain campaign'), 'campaign');
      return (
        found &&
        openDocument(
          context,
          { kind: 'campaign-explanation', connectionId: found.connectionId, id: found.id },
          found.name,
        )
      );
    }),
    register(context, commands.whatChanged, (call) => whatChanged(context, call)),
    register(context, commands.divideHealth, () => divideBy(context)),
    register(context, commands.filterHealth, () => filter(context)),
    register(context, commands.clearHealthFilter, () => {
      state.filterBy(severities, []);
    }),
    register(context, commands.snooze, ({ nodes }) => snooze(context, nodes)),
    register(context, commands.showSnoozed, () => showSnoozed(context)),
  );
}

/** Opens what changed since the last sync, yesterday or another day that has a record. */
async function whatChanged(context: CommandContext, { node, request }: Call): Promise<vscode.Uri | undefined> {
  const id = node?.connectionId ?? requested(request, 'connectionId');
  const connection =
    id === undefined ? await askConnection(context, t('What changed')) : context.sessions.store.get(id);
  if (connection === undefined) {
    return undefined;
  }
  await context.sessions.get(connection.id);
  const watched = await context.health.evaluated(connection.id);
  const moments = watched === undefined ? [] : await momentsOf(watched);
  if (moments.length === 0) {
    void showInformation(t('There is nothing to compare with yet: the first record is made at the end of a sync.'));
    return undefined;
  }
  const since = requested(request, 'since');
  const answer =
    since === undefined
      ? await askChoice({ title: t('What changed'), placeholder: t('Compare with') }, moments)
      : moments.find(({ value }) => value === Number(since));
  if (answer === undefined && since !== undefined) {
    throw new Error(
      t('"{0}" in the argument of this command has to be the time of a record, in milliseconds.', 'since'),
    );
  }
  if (answer === undefined || !('value' in answer)) {
    return undefined;
  }
  context.findings.compareSince(connection.id, answer.value);
  return openDocument(
    context,
    { kind: 'changes', connectionId: connection.id, id: String(answer.value) },
    t('since {0}', formatTime(answer.value)),
  );
}

/** The moments that there is a record of, the newest first. The newest itself says what the map says. */
async function momentsOf(watched: SessionHealth) {
  const [newest, ...times] = await watched.recordTimes();
  const yesterday = new Date(Date.now() - DAY).toDateString();
  const lastOfYesterday = times.find((time) => new Date(time).toDateString() === yesterday);
  return (times.length === 0 && newest !== undefined ? [newest] : times).map((time, index) => ({
    label: time === lastOfYesterday ? t('Yesterday') : index === 0 ? t('The last sync') : formatTime(time),
    description: time === lastOfYesterday || index === 0 ? formatTime(time) : '',
    value: time,
  }));
}

async function divideBy({ findings }: CommandContext): Promise<void> {
  const words: Readonly<Record<Division, string>> = {
    domain: t('Domain'),
    client: t('Client'),
    tag: t('Tag'),
    campaign: t('Campaign'),
  };
  const answer = await askChoice(
    { title: t('Divide long findings by'), placeholder: t('Findings with more than 50 accounts are divided') },
    divisions.map((division) => ({
      label: words[division],
      description: division === findings.state.division ? t('current') : '',
      value: division,
    })),
  );
  if (answer !== undefined && 'value' in answer) {
    findings.state.divideBy(answer.value);
  }
}

interface FilterItem extends vscode.QuickPickItem {
  readonly severity?: Severity;
  readonly connectionId?: string;
}

/** Asks which severities and connections are shown. */
async function filter({ findings, sessions }: CommandContext): Promise<void> {
  const { state } = findings;
  const box = createQuickPick<FilterItem>();
  const connections = sessions.store.list();
  const items: FilterItem[] = [
    ...severities.map((severity) => ({ label: severityWords(severity), severity })),
    ...(connections.length > 1
      ? [
          { label: t('Connections'), kind: vscode.QuickPickItemKind.Separator },
          ...connections.map(({ id, label }) => ({ label, connectionId: id })),
        ]
      : []),
  ];
  box.title = t('Filter Health');
  box.placeholder = t('What is shown');
  box.canSelectMany = true;
  box.items = items;
  box.selectedItems = items.filter(
    ({ severity, connectionId }) =>
      (severity !== undefined && state.severities.includes(severity)) ||
      (connectionId !== undefined && state.shows(connectionId)),
  );
  try {
    await new Promise<void>((resolve) => {
      box.onDidAccept(() => {
        const chosen = box.selectedItems;
        const shown = new Set(chosen.map(({ connectionId }) => connectionId));
        const hidden = connections.length > 1 ? connections.filter(({ id }) => !shown.has(id)) : [];
        state.filterBy(
          chosen.flatMap(({ severity }) => severity ?? []),
          // No connection at all would leave nothing to see, and nothing to say why.
          hidden.length === connections.length ? [] : hidden.map(({ id }) => id),
        );
        resolve();
      });
      box.onDidHide(() => {
        resolve();
      });
      box.show();
    });
  } finally {
    box.dispose();
  }
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
  if (answer !== undefined && 'value' in answer) {
    const until = Date.now() + answer.value * DAY;
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
  if (answer !== undefined && 'value' in answer) {
    await snoozes.end([answer.value]);
  }
}

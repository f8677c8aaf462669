import * as vscode from 'vscode';
import type { SessionHealth } from '../connections/healthKeeper.ts';
import { commands, contextKeys, views } from '../contributions.ts';
import { formatTime } from '../format.ts';
import { severities, type Severity } from '../health/rule.ts';
import { createQuickPick, showInformation } from '../messages.ts';
import { divisions, type Division } from '../queries/divide.ts';
import { severityWords } from '../tree/healthItems.ts';
import { askChoice, connectionOf, valueOf } from './ask.ts';
import { openDocument, openFound } from './documents.ts';
import { register, requested, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

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
    register(context, commands.explainAccount, (call) =>
      openFound(context, call, 'account', 'account-explanation', t('Explain account')),
    ),
    register(context, commands.explainCampaign, (call) =>
      openFound(context, call, 'campaign', 'campaign-explanation', t('Explain campaign')),
    ),
    register(context, commands.whatChanged, (call) => whatChanged(context, call)),
    register(context, commands.divideHealth, () => divideBy(context)),
    register(context, commands.filterHealth, () => filter(context)),
    register(context, commands.clearHealthFilter, () => {
      state.filterBy(severities, []);
    }),
  );
}

/** Opens what changed since the last sync, yesterday or another day that has a record. */
async function whatChanged(context: CommandContext, call: Call): Promise<vscode.Uri | undefined> {
  const connection = await connectionOf(context, call, t('What changed'));
  if (connection === undefined) {
    return undefined;
  }
  await context.sessions.get(connection.id);
  const watched = await context.health.evaluated(connection.id);
  const moments = watched === undefined ? [] : await momentsOf(watched);
  if (moments.length === 0) {
    void showInformation(t('Nothing to compare with yet. The first record is made at the end of a sync.'));
    return undefined;
  }
  const since = requested(call.request, 'since');
  const moment = valueOf(
    since === undefined
      ? await askChoice({ title: t('What changed'), placeholder: t('Compare with') }, moments)
      : moments.find(({ value }) => value <= Number(since)),
  );
  if (moment === undefined && since !== undefined) {
    throw new Error(
      t('"{0}" in the argument of this command must be the time of a record or later, in milliseconds.', 'since'),
    );
  }
  if (moment === undefined) {
    return undefined;
  }
  context.findings.compareSince(connection.id, moment);
  return openDocument(
    context,
    { kind: 'changes', connectionId: connection.id, id: String(moment) },
    t('since {0}', formatTime(moment)),
  );
}

/** The moments that there is a record of, the newest first. The newest itself says what the map says. */
async function momentsOf(watched: SessionHealth) {
  const [newest, ...older] = await watched.recordTimes();
  const times = older.length === 0 && newest !== undefined ? [newest] : older;
  const now = new Date();
  // By the calendar: a day may have 23 hours, or 25.
  const yesterday = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1).toDateString();
  const lastOfYesterday = times.find((time) => new Date(time).toDateString() === yesterday);
  return times.map((time, index) => ({
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
  const division = valueOf(answer);
  if (division !== undefined) {
    findings.state.divideBy(division);
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

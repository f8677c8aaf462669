import * as vscode from 'vscode';
import type { HealthKeeper } from '../connections/healthKeeper.ts';
import { isOn } from '../connections/healthSettings.ts';
import type { Session, Sessions } from '../connections/sessions.ts';
import { commands, settings } from '../contributions.ts';
import { formatNumber } from '../format.ts';
import { severities, type Severity } from '../health/rule.ts';
import { createStatusItem, showInformation } from '../messages.ts';
import type { LazyView } from './lazy.ts';
import type { HealthView } from './healthView.ts';

const { t } = vscode.l10n;

/** Says how things are where no view is open: on the icon of Sendmap, in the status bar and, if wanted, once. */
export class HealthSignals implements vscode.Disposable {
  readonly #keeper: HealthKeeper;
  readonly #sessions: Sessions;
  readonly #view: LazyView<HealthView>;
  readonly #item: vscode.StatusBarItem;
  readonly #subscription: vscode.Disposable;
  /** What was shown last: findings change all the time during a sync, and mostly not in number. */
  #face = '';

  constructor(sessions: Sessions, keeper: HealthKeeper, view: LazyView<HealthView>) {
    this.#sessions = sessions;
    this.#keeper = keeper;
    this.#view = view;
    this.#item = createStatusItem('sendmap.health', 'Sendmap');
    this.#item.command = commands.showHealth;
    this.#subscription = vscode.Disposable.from(
      this.#item,
      keeper.onDidChange(() => {
        this.#show();
      }),
      keeper.onDidFind(({ connectionId, count }) => {
        void this.#notify(connectionId, count);
      }),
      sessions.store.onDidChange(() => {
        this.#show();
      }),
      sessions.onDidStart((session) => {
        this.#follow(session);
      }),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(settings.statusBar)) {
          this.#show();
        }
      }),
    );
    for (const session of sessions.ready()) {
      this.#follow(session);
    }
    this.#show();
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  /** That all is well is known when the last sync has ended, which need not change a finding. */
  #follow({ map }: Session): void {
    map.onDidProgress(() => {
      if (!map.progress.running) {
        this.#show();
      }
    });
  }

  #show(): void {
    const evaluated = this.#keeper.all().filter(({ health, session }) => health.evaluated && !session.map.empty);
    const [severity = 'critical', findings = 0] =
      severities
        .map((one) => [one, evaluated.reduce((sum, { health }) => sum + health.findingsOf(one), 0)] as const)
        .find(([, count]) => count > 0) ?? [];
    const words = findingWords(severity, findings);
    const connections = this.#sessions.store.list();
    // What is not read yet may be broken.
    const known = connections.every(({ id }) => this.#keeper.of(id)?.session.map.complete === true);
    const wanted = isOn(settings.statusBar, true) && connections.length > 0;
    const shown = wanted && evaluated.length > 0 && (findings > 0 || known);
    const face = JSON.stringify([severity, findings, shown]);
    if (face === this.#face) {
      return;
    }
    this.#face = face;
    this.#view.badge = severity === 'critical' && findings > 0 ? { value: findings, tooltip: words } : undefined;
    if (!shown) {
      this.#item.hide();
      return;
    }
    const icons = { critical: '$(error)', warning: '$(warning)', info: '$(info)' } as const;
    this.#item.text = findings === 0 ? `$(pass) ${t('All is well')}` : `${icons[severity]} ${words}`;
    this.#item.tooltip = t('Sendmap: open Health');
    this.#item.accessibilityInformation = { label: t('Sendmap: {0}', findings === 0 ? t('All is well') : words) };
    this.#item.show();
  }

  /** Only where a person asked for it. */
  async #notify(connectionId: string, count: number): Promise<void> {
    const connection = this.#sessions.store.get(connectionId);
    if (connection === undefined || !isOn(settings.notify, false)) {
      return;
    }
    const open = t('Open Health');
    const words =
      count === 1
        ? t('{0}: 1 new critical finding.', connection.label)
        : t('{0}: {1} new critical findings.', connection.label, formatNumber(count));
    if ((await showInformation(words, open)) === open) {
      await vscode.commands.executeCommand(commands.showHealth);
    }
  }
}

/** In three words. */
function findingWords(severity: Severity, count: number): string {
  const number = formatNumber(count);
  switch (severity) {
    case 'critical':
      return count === 1 ? t('1 critical finding') : t('{0} critical findings', number);
    case 'warning':
      return count === 1 ? t('1 warning') : t('{0} warnings', number);
    case 'info':
      return count === 1 ? t('1 note') : t('{0} notes', number);
  }
}

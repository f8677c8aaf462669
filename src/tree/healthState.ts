import * as vscode from 'vscode';
import { views, viewState } from '../contributions.ts';
import { severities, type Severity } from '../health/rule.ts';
import { object } from '../providers/fields.ts';
import { divisions, type Division } from '../queries/divide.ts';
import { severityWords } from './healthItems.ts';

const { t } = vscode.l10n;

/** What the Health view shows, and what divides its long lists; remembered. */
export class HealthState implements vscode.Disposable {
  readonly #memento: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  #division: Division;
  #severities: readonly Severity[];
  /** Connections that are left out. */
  #hidden: readonly string[];

  readonly onDidChange = this.#changed.event;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
    const kept = object(memento.get<unknown>(viewState(views.health)));
    this.#division = divisions.find((known) => known === kept?.['division']) ?? 'domain';
    this.#severities = listed(severities, kept?.['severities']) ?? severities;
    const hidden = kept?.['hidden'];
    this.#hidden = Array.isArray(hidden) ? hidden.filter((id) => typeof id === 'string') : [];
  }

  get division(): Division {
    return this.#division;
  }

  get severities(): readonly Severity[] {
    return this.#severities;
  }

  get filtered(): boolean {
    return this.#severities.length < severities.length || this.#hidden.length > 0;
  }

  /** What is left out, in words; empty where nothing is. */
  get words(): string {
    const hidden = this.#hidden.length;
    const parts = [
      this.#severities.length < severities.length ? this.#severities.map(severityWords).join(', ') : '',
      hidden === 0 ? '' : hidden === 1 ? t('1 connection hidden') : t('{0} connections hidden', hidden),
    ];
    return this.filtered ? t('Filtered: {0}', parts.filter(Boolean).join(' · ')) : '';
  }

  shows(connectionId: string): boolean {
    return !this.#hidden.includes(connectionId);
  }

  divideBy(division: Division): void {
    this.#division = division;
    this.#keep();
  }

  /** @param hidden connections that are left out. No severity at all means all of them. */
  filterBy(shown: readonly Severity[], hidden: readonly string[]): void {
    this.#severities = shown.length === 0 ? severities : severities.filter((severity) => shown.includes(severity));
    this.#hidden = hidden;
    this.#keep();
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #keep(): void {
    void this.#memento.update(viewState(views.health), {
      division: this.#division,
      severities: this.#severities,
      hidden: this.#hidden,
    });
    this.#changed.fire();
  }
}

/** Those that are known, in their order; undefined where none is. */
function listed<T extends string>(known: readonly T[], value: unknown): readonly T[] | undefined {
  const found = Array.isArray(value) ? known.filter((one) => value.includes(one)) : [];
  return found.length === 0 ? undefined : found;
}

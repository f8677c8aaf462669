import * as vscode from 'vscode';
import { contextKeys, snoozesState } from '../contributions.ts';
import { ruleOf, rules, type RuleId } from '../health/rules/index.ts';
import { isIdentifier, isObject } from '../providers/fields.ts';
import { timerDelay } from '../transport/time.ts';

/** Something that nobody wants to see for some days. */
export interface Snooze {
  readonly connectionId: string;
  readonly kind: 'account' | 'campaign' | 'finding';
  /** The account's key, the campaign's id, or the id of the rule. */
  readonly id: string;
  /** The rule, for an account or a campaign; undefined: all of them. */
  readonly rule?: RuleId | undefined;
  /** Milliseconds since the epoch. */
  readonly until: number;
}

/** Snoozed accounts, campaigns and findings, kept in the global state until each ends. */
export class Snoozes implements vscode.Disposable {
  readonly #memento: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  /** By connection and subject. */
  #bySubject: ReadonlyMap<string, readonly Snooze[]> = new Map();
  /** Rules that are snoozed as a whole, by connection. */
  #findings: ReadonlyMap<string, ReadonlySet<RuleId>> = new Map();
  #timer: NodeJS.Timeout | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
    this.#read();
  }

  list(): readonly Snooze[] {
    return [...this.#bySubject.values()].flat();
  }

  /** The rules that are snoozed for an account or a campaign. */
  of(connectionId: string, kind: 'account' | 'campaign', id: string): ReadonlySet<RuleId> | 'all' | undefined {
    const findings = this.#findings.get(connectionId);
    const found = this.#bySubject.size === 0 ? undefined : this.#bySubject.get(nameOf({ connectionId, kind, id }));
    if (found === undefined) {
      return findings;
    }
    return found.some(({ rule }) => rule === undefined)
      ? 'all'
      : new Set([...(findings ?? []), ...found.flatMap(({ rule }) => rule ?? [])]);
  }

  /** Adds snoozes; one for the same subject and rule is replaced. */
  async add(snoozes: readonly Snooze[]): Promise<void> {
    const fresh = new Set(snoozes.map(fullNameOf));
    await this.#write([...this.list().filter((snooze) => !fresh.has(fullNameOf(snooze))), ...snoozes]);
  }

  /** Ends snoozes, those of rules included. */
  async end(subjects: readonly Pick<Snooze, 'connectionId' | 'kind' | 'id'>[]): Promise<void> {
    const ended = new Set(subjects.map(nameOf));
    await this.#write(this.list().filter((snooze) => !ended.has(nameOf(snooze))));
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#changed.dispose();
  }

  async #write(snoozes: readonly Snooze[]): Promise<void> {
    await this.#memento.update(snoozesState, snoozes);
    this.#read();
    this.#changed.fire();
  }

  /** What is stored may have been written by a later version. */
  #read(): void {
    const stored = this.#memento.get<unknown>(snoozesState);
    const now = Date.now();
    const valid = (Array.isArray(stored) ? stored : []).filter(isSnooze).filter(({ until }) => until > now);
    const bySubject = new Map<string, Snooze[]>();
    for (const snooze of valid) {
      const name = nameOf(snooze);
      bySubject.set(name, [...(bySubject.get(name) ?? []), snooze]);
    }
    this.#bySubject = bySubject;
    const findings = new Map<string, Set<RuleId>>();
    for (const { connectionId, kind, id } of valid) {
      const rule = kind === 'finding' ? rules.find((known) => known.id === id) : undefined;
      if (rule !== undefined) {
        findings.set(connectionId, (findings.get(connectionId) ?? new Set()).add(rule.id));
      }
    }
    this.#findings = findings;
    void vscode.commands.executeCommand('setContext', contextKeys.snoozed, valid.length > 0);
    clearTimeout(this.#timer);
    const next = valid.reduce((first, { until }) => Math.min(first, until), Infinity);
    if (next < Infinity) {
      this.#timer = setTimeout(
        () => {
          this.#read();
          this.#changed.fire();
        },
        timerDelay(next - now),
      );
    }
  }
}

function nameOf({ connectionId, kind, id }: Pick<Snooze, 'connectionId' | 'kind' | 'id'>): string {
  return JSON.stringify([connectionId, kind, id]);
}

function fullNameOf(snooze: Snooze): string {
  return `${nameOf(snooze)} ${snooze.rule ?? ''}`;
}

function isSnooze(value: unknown): value is Snooze {
  return (
    isObject(value) &&
    isIdentifier(value['connectionId']) &&
    isIdentifier(value['id']) &&
    ['account', 'campaign', 'finding'].includes(String(value['kind'])) &&
    typeof value['until'] === 'number' &&
    (value['rule'] === undefined || rules.some(({ id }) => id === value['rule']))
  );
}

/** The rule of a snooze in words; undefined where all rules are snoozed. */
export function ruleWords({ kind, id, rule }: Snooze): string | undefined {
  const snoozed = kind === 'finding' ? rules.find((known) => known.id === id)?.id : rule;
  return snoozed === undefined ? undefined : ruleOf(snoozed).title();
}

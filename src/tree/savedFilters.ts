import * as vscode from 'vscode';
import { contextKeys, savedFilters, views, type ViewId } from '../contributions.ts';
import { isObject } from '../providers/fields.ts';
import type { SavedFilter } from '../queries/arrange.ts';
import type { BuiltInFilter } from '../queries/builtInFilters.ts';
import { parseFilter, type Facets, type Filter } from '../queries/filter.ts';

/** A filter that a person saved. */
export interface OwnFilter {
  readonly id: string;
  readonly name: string;
  readonly source: string;
}

/** The filters that a view shows as rows: those that everybody has, and a person's own in the order they were saved. */
export class SavedFilters<T> implements vscode.Disposable {
  readonly #memento: vscode.Memento;
  readonly #name: string;
  /** The context key that says whether there are any of a person's own. */
  readonly #key: string;
  readonly #facets: Facets<T>;
  readonly #builtIn: readonly BuiltInFilter[];
  readonly #read = new Map<string, Filter<T>>();
  readonly #changed = new vscode.EventEmitter<void>();

  readonly onDidChange = this.#changed.event;

  constructor(memento: vscode.Memento, view: ViewId, facets: Facets<T>, builtIn: readonly BuiltInFilter[]) {
    this.#memento = memento;
    this.#name = savedFilters(view);
    this.#key = view === views.accounts ? contextKeys.accountsFiltersSaved : contextKeys.campaignsFiltersSaved;
    this.#facets = facets;
    this.#builtIn = builtIn;
  }

  list(): readonly SavedFilter<T>[] {
    const builtIn = this.#builtIn.map(({ id, name, source }) => ({
      id: `built-in ${id}`,
      name: name(),
      filter: this.#filterOf(source),
      builtIn: true,
    }));
    const own = this.own().map(({ id, name, source }) => ({
      id,
      name,
      filter: this.#filterOf(source),
      builtIn: false,
    }));
    return [...builtIn, ...own];
  }

  /** Asked of the state each time, which another window may have changed. */
  own(): readonly OwnFilter[] {
    const kept = this.#memento.get<unknown>(this.#name);
    return Array.isArray(kept) ? kept.filter(isOwnFilter) : [];
  }

  async add(name: string, source: string): Promise<void> {
    await this.#keep([...this.own(), { id: crypto.randomUUID(), name, source }]);
  }

  async rename(id: string, name: string): Promise<void> {
    await this.#keep(this.own().map((filter) => (filter.id === id ? { ...filter, name } : filter)));
  }

  async remove(id: string): Promise<void> {
    await this.#keep(this.own().filter((filter) => filter.id !== id));
  }

  dispose(): void {
    this.#changed.dispose();
  }

  async #keep(own: readonly OwnFilter[]): Promise<void> {
    await this.#memento.update(this.#name, own);
    void vscode.commands.executeCommand('setContext', this.#key, own.length > 0);
    this.#changed.fire();
  }

  /** One that this version does not understand shows nothing, instead of too much. */
  #filterOf(source: string): Filter<T> {
    let filter = this.#read.get(source);
    if (filter === undefined) {
      const read = parseFilter(this.#facets, source);
      filter = read.problems.length === 0 ? read : { ...read, matches: () => false };
      this.#read.set(source, filter);
    }
    return filter;
  }
}

function isOwnFilter(value: unknown): value is OwnFilter {
  return isObject(value) && ['id', 'name', 'source'].every((name) => typeof value[name] === 'string');
}

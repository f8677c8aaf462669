import * as vscode from 'vscode';
import { viewState, type ViewId } from '../contributions.ts';
import { object, text } from '../providers/fields.ts';
import type { Facets, Filter } from '../queries/filter.ts';
import { parseFilter } from '../queries/filter.ts';

/** How one view groups, sorts and filters, which is remembered. */
export class ViewState<T, Grouping extends string, Sort extends string> implements vscode.Disposable {
  readonly groupings: readonly Grouping[];
  readonly sorts: readonly Sort[];
  readonly facets: Facets<T>;
  readonly #memento: vscode.Memento;
  readonly #name: string;
  readonly #filtered: string;
  readonly #changed = new vscode.EventEmitter<void>();
  #grouping: Grouping;
  #sort: Sort;
  #filter: Filter<T> | undefined;

  readonly onDidChange = this.#changed.event;

  constructor(
    memento: vscode.Memento,
    view: ViewId,
    choices: {
      readonly groupings: readonly [Grouping, ...Grouping[]];
      readonly sorts: readonly [Sort, ...Sort[]];
      readonly facets: Facets<T>;
      /** The context key that is true while the view is filtered. */
      readonly filtered: string;
    },
  ) {
    this.#memento = memento;
    this.#name = viewState(view);
    this.groupings = choices.groupings;
    this.sorts = choices.sorts;
    this.facets = choices.facets;
    this.#filtered = choices.filtered;
    const kept = object(memento.get<unknown>(this.#name));
    this.#grouping = this.groupings.find((known) => known === kept?.['grouping']) ?? choices.groupings[0];
    this.#sort = this.sorts.find((known) => known === kept?.['sort']) ?? choices.sorts[0];
    this.#filter = filterOf(this.facets, text(kept?.['filter']) ?? '');
    this.#tellMenus();
  }

  get grouping(): Grouping {
    return this.#grouping;
  }

  get sort(): Sort {
    return this.#sort;
  }

  get filter(): Filter<T> | undefined {
    return this.#filter;
  }

  group(grouping: Grouping): void {
    this.#grouping = grouping;
    this.#keep();
    this.#changed.fire();
  }

  sortBy(sort: Sort): void {
    this.#sort = sort;
    this.#keep();
    this.#changed.fire();
  }

  /** Filters by what a person typed; nothing, or only spaces, filters nothing. */
  filterBy(source: string): void {
    this.tryFilter(source);
    this.#keep();
  }

  /** Filters by what a person is typing, which is not remembered yet. */
  tryFilter(source: string): void {
    const before = this.#filter?.source;
    this.#filter = filterOf(this.facets, source);
    if (this.#filter?.source !== before) {
      this.#tellMenus();
      this.#changed.fire();
    }
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #keep(): void {
    const filter = this.#filter?.source;
    void this.#memento.update(this.#name, { grouping: this.#grouping, sort: this.#sort, filter });
  }

  #tellMenus(): void {
    void vscode.commands.executeCommand('setContext', this.#filtered, this.#filter !== undefined);
  }
}

function filterOf<T>(facets: Facets<T>, source: string): Filter<T> | undefined {
  const trimmed = source.trim();
  return trimmed === '' ? undefined : parseFilter(facets, trimmed);
}

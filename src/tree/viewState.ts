import * as vscode from 'vscode';
import { viewState, type ViewId } from '../contributions.ts';
import { object } from '../providers/fields.ts';
import type { Facets, Filter } from '../queries/filter.ts';
import { parseFilter } from '../queries/filter.ts';

/** How one view groups, sorts and filters. Grouping and sorting are remembered; a filter goes with the window. */
export class ViewState<T, Grouping extends string, Sort extends string> implements vscode.Disposable {
  readonly groupings: readonly Grouping[];
  readonly sorts: readonly Sort[];
  readonly facets: Facets<T>;
  readonly #memento: vscode.Memento;
  readonly #name: string;
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
    },
  ) {
    this.#memento = memento;
    this.#name = viewState(view);
    this.groupings = choices.groupings;
    this.sorts = choices.sorts;
    this.facets = choices.facets;
    const kept = object(memento.get<unknown>(this.#name));
    this.#grouping = this.groupings.find((known) => known === kept?.['grouping']) ?? choices.groupings[0];
    this.#sort = this.sorts.find((known) => known === kept?.['sort']) ?? choices.sorts[0];
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
  }

  sortBy(sort: Sort): void {
    this.#sort = sort;
    this.#keep();
  }

  /** Filters by what a person typed; nothing, or only spaces, filters nothing. */
  filterBy(source: string): void {
    const trimmed = source.trim();
    if (trimmed !== (this.#filter?.source ?? '')) {
      this.#filter = trimmed === '' ? undefined : parseFilter(this.facets, trimmed);
      this.#changed.fire();
    }
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #keep(): void {
    void this.#memento.update(this.#name, { grouping: this.#grouping, sort: this.#sort });
    this.#changed.fire();
  }
}

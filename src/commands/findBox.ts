import * as vscode from 'vscode';
import type { Connection } from '../connections/connection.ts';
import type { Session } from '../connections/sessions.ts';
import { formatNumber } from '../format.ts';
import { createQuickPick } from '../messages.ts';
import type { DocumentKind, ProviderInfo } from '../providers/provider.ts';
import { prepareSearch, Search, searchIndexesOf, type Hit } from '../queries/search.ts';
import { isAbort } from '../transport/errors.ts';
import { inTurns, type Steps } from '../transport/turns.ts';
import { campaignLabel } from '../queries/campaignLabel.ts';
import { showError, type CommandContext } from './register.ts';
import { reveal } from './reveal.ts';

const { t } = vscode.l10n;

/** An account or a campaign, as documents name it. */
export interface Found extends Hit {
  readonly connectionId: string;
  /** What a person calls it: the email or the campaign's name. */
  readonly name: string;
}

interface FoundItem extends vscode.QuickPickItem {
  readonly found?: Found;
}

interface SessionHit extends Hit {
  readonly session: Session | undefined;
}

/** What is picked from, and how it is asked for. */
export interface FindOptions {
  readonly title: string;
  readonly placeholder: string;
  readonly kinds: readonly Hit['kind'][];
  /** Only connections whose service has the documents that are wanted are searched. */
  readonly documents: (known: ReadonlySet<DocumentKind>) => boolean;
  /** What a typed text may name without being in the list. */
  readonly accepts: (info: ProviderInfo, text: string) => Hit['kind'] | undefined;
}

const NOTHING = new vscode.ThemeIcon('info');
/** Nobody reads more hits than this; typing more shows others. */
const MOST = 100;
/** While pages come in, hits are looked up again at most this often, in milliseconds. */
const REPAINT = 500;
/** Typing has paused after this long without a key, in milliseconds. */
const REST = 150;

/** A box that searches the maps of some connections while a person types. The caller disposes it. */
export class FindBox implements vscode.Disposable {
  readonly #context: CommandContext;
  readonly #options: FindOptions;
  readonly #connections: readonly Connection[];
  readonly #box = createQuickPick<FoundItem>();
  readonly #revealButton = { iconPath: new vscode.ThemeIcon('list-tree'), tooltip: t('Reveal in the sidebar') };
  /** The sessions that are up, in the order in which they came. */
  readonly #sessions: Session[] = [];
  readonly #subscriptions: { dispose(): void }[] = [];
  #search: Search;
  /** What was typed for the rows that are shown. */
  #shownFor = '';
  /** How often something was looked for. */
  #lookups = 0;
  /** Ends when what was looked for last is shown. */
  #looking: Promise<void> = Promise.resolve();
  #left = false;
  #repaint: NodeJS.Timeout | undefined;
  #rest: NodeJS.Timeout | undefined;

  constructor(context: CommandContext, options: FindOptions, connections: readonly Connection[]) {
    this.#context = context;
    this.#options = options;
    this.#connections = connections;
    this.#search = new Search([], options.kinds);
    this.#box.title = options.title;
    this.#box.placeholder = options.placeholder;
    this.#box.busy = true;
    this.#box.keepScrollPosition = true;
    this.#subscriptions.push(
      this.#box.onDidChangeValue(() => {
        this.#show(false);
      }),
    );
  }

  /** Shows the box. @returns what is chosen; undefined where the person leaves, or only reveals something. */
  async choose(): Promise<Found | undefined> {
    void this.#loadAll();
    return new Promise<Found | undefined>((resolve) => {
      this.#box.onDidAccept(() => {
        void this.#accepted().then((found) => {
          if (found !== undefined) {
            resolve(found);
          }
        });
      });
      this.#box.onDidTriggerItemButton(({ item }) => {
        if (item.found !== undefined) {
          reveal(this.#context, item.found).catch((error: unknown) => showError(this.#context, error));
          resolve(undefined);
        }
      });
      this.#box.onDidHide(() => {
        resolve(undefined);
      });
      this.#box.show();
    });
  }

  dispose(): void {
    this.#left = true;
    clearTimeout(this.#repaint);
    clearTimeout(this.#rest);
    for (const subscription of this.#subscriptions) {
      subscription.dispose();
    }
    this.#box.dispose();
  }

  /** What Enter means: the selected row, or the first of those that what is typed still has to find. */
  async #accepted(): Promise<Found | undefined> {
    let selected: FoundItem | undefined = this.#box.selectedItems[0];
    while (this.#shownFor !== this.#box.value.trim() && !this.#left) {
      selected = undefined;
      await this.#looking;
    }
    // An Enter right after typing may also choose a row of the list before this one, which VS Code does not know any more.
    return (selected ?? this.#box.items.find(({ found }) => found !== undefined))?.found;
  }

  async #loadAll(): Promise<void> {
    const results = await Promise.allSettled(this.#connections.map(({ id }) => this.#load(id)));
    if (this.#left) {
      return;
    }
    this.#box.busy = false;
    this.#show(false);
    for (const [index, result] of results.entries()) {
      if (result.status === 'rejected' && !isAbort(result.reason)) {
        void showError(this.#context, result.reason, this.#connections[index]);
      }
    }
  }

  async #load(connectionId: string): Promise<void> {
    const session = await this.#context.sessions.get(connectionId);
    await prepareSearch(session.map);
    if (this.#left) {
      return;
    }
    this.#sessions.push(session);
    this.#subscriptions.push(
      session.map.onDidChange(() => {
        this.#showSoon();
      }),
    );
    this.#show(false);
    if (session.map.empty) {
      await session.map.sync();
    }
  }

  #showSoon(): void {
    this.#repaint ??= setTimeout(() => {
      this.#repaint = undefined;
      // What is being looked for is shown first, or changes that keep coming would let nothing be shown.
      void Promise.all([this.#looking, ...this.#sessions.map(({ map }) => prepareSearch(map))]).then(() => {
        if (!this.#left) {
          this.#show(false);
        }
      });
    }, REPAINT);
  }

  /** Looks for what fits the typed text, and shows it. @param typos whether to look for what is typed with a typo, too. */
  #show(typos: boolean): void {
    clearTimeout(this.#rest);
    const typed = this.#box.value.trim();
    this.#lookups += 1;
    const lookup = this.#lookups;
    const hits = inTurns(unless(() => this.#left || lookup !== this.#lookups, this.#hitsOf(typed, typos)));
    this.#looking = hits.then((found) => {
      if (found !== undefined) {
        this.#showHits(typed, found, typos);
      }
    });
  }

  #showHits(typed: string, hits: readonly SessionHit[], typos: boolean): void {
    this.#shownFor = typed;
    if (hits.length === 0 && typed !== '' && !typos) {
      // Nothing matches exactly: when the typing pauses, typos are allowed.
      this.#rest = setTimeout(() => {
        this.#show(true);
      }, REST);
    }
    const items = hits.slice(0, MOST).flatMap((hit) => {
      return hit.session === undefined ? [] : [this.#itemOf(hit.session, hit)];
    });
    const more: FoundItem[] =
      hits.length <= MOST
        ? []
        : [{ label: t('Over {0} matches. Keep typing to narrow.', formatNumber(MOST)), alwaysShow: true }];
    const [active] = this.#box.activeItems;
    const found = [...this.#typedItems(typed), ...items, ...more];
    const nothing = found.length === 0 && typos && !this.#box.busy;
    this.#box.items = nothing ? [{ label: t('Nothing matches'), iconPath: NOTHING, alwaysShow: true }] : found;
    // New items must not take away the row that a person is about to choose.
    const same = this.#box.items.find(({ found }) => found !== undefined && sameFound(found, active?.found));
    if (same !== undefined && active !== undefined) {
      this.#box.activeItems = [same];
    }
  }

  /** What is found, with its session; without a text, what comes first. */
  *#hitsOf(typed: string, typos: boolean): Steps<readonly SessionHit[]> {
    const { kinds } = this.#options;
    // The indexes are made before anything is typed; which session each is of:
    const owners = this.#sessions.flatMap((session) => searchIndexesOf(session.map).map(() => session));
    const indexes = this.#sessions.flatMap(({ map }) => searchIndexesOf(map));
    if (!this.#search.isOver(indexes)) {
      this.#search = new Search(indexes, kinds);
    }
    if (typed === '') {
      return this.#sessions.flatMap((session) => firstOf(session, kinds).map((hit) => ({ session, ...hit })));
    }
    const found = yield* this.#search.find(typed, MOST + 1, typos);
    return found.map(({ index, ...hit }) => ({ session: owners[index], ...hit }));
  }

  #itemOf(session: Session, { kind, id }: Hit): FoundItem {
    const { graph } = session.map;
    const { id: connectionId } = session.connection;
    const label = this.#context.sessions.store.get(connectionId)?.label ?? session.connection.label;
    const [account, campaign] = kind === 'account' ? [graph.account(id)] : [undefined, graph.campaign(id)];
    const name = account?.email ?? (campaign === undefined ? id : campaignLabel(campaign));
    return {
      label: name,
      iconPath: new vscode.ThemeIcon(kind === 'account' ? 'mail' : 'megaphone'),
      description: [account?.name, (account ?? campaign)?.statusWords, label].filter(Boolean).join(' · '),
      // What was found with a typo, or by a tag, would be filtered away again.
      alwaysShow: true,
      buttons: [this.#revealButton],
      found: { kind, connectionId, id, name },
    };
  }

  /** What the typed text itself may name in each connection, where its map does not have it. */
  #typedItems(typed: string): FoundItem[] {
    return this.#connections.flatMap((connection) => {
      const info = this.#context.sessions.providers[connection.provider];
      const kind = this.#options.accepts(info, typed);
      const known = this.#context.sessions.peek(connection.id)?.map.graph;
      return kind === undefined || known?.[kind](typed) !== undefined
        ? []
        : [
            {
              label: typed,
              iconPath: new vscode.ThemeIcon('arrow-right'),
              description: t('in {0} ({1})', connection.label, info.name),
              alwaysShow: true,
              found: { kind, connectionId: connection.id, id: typed, name: typed },
            },
          ];
    });
  }
}

/** Work that is left as soon as nobody waits for it any more. @returns its result; undefined where it was left. */
function* unless<T>(left: () => boolean, work: Steps<T>): Steps<T | undefined> {
  while (!left()) {
    const step = work.next();
    if (step.done === true) {
      return step.value;
    }
    yield;
  }
  return undefined;
}

/** What is shown before anything is typed. */
function firstOf({ map }: Session, kinds: readonly Hit['kind'][]): Hit[] {
  const accounts = map.accounts.records.rows.slice(0, MOST).map(({ key }): Hit => ({ kind: 'account', id: key }));
  const campaigns = map.campaigns.records.rows.slice(0, MOST).map(({ id }): Hit => ({ kind: 'campaign', id }));
  return [...(kinds.includes('campaign') ? campaigns : []), ...(kinds.includes('account') ? accounts : [])];
}

function sameFound(a: Found, b: Found | undefined): boolean {
  return a.connectionId === b?.connectionId && a.id === b.id && a.kind === b.kind;
}

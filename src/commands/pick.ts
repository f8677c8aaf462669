import * as vscode from 'vscode';
import type { Session } from '../connections/sessions.ts';
import { prepareSearch, Search, searchIndexesOf, type Hit } from '../queries/search.ts';
import { providers } from '../providers/index.ts';
import type { DocumentKind } from '../providers/provider.ts';
import { formatNumber } from '../format.ts';
import { createQuickPick, showInformation } from '../messages.ts';
import { campaignLabel } from '../tree/items.ts';
import { isAbort } from '../transport/errors.ts';
import { requested, showError, type Call, type CommandContext } from './register.ts';
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

/** More hits than this nobody reads; whoever looks for another types on. */
const MOST = 100;
/** While pages come in, hits are looked up again at most this often, in milliseconds. */
const REPAINT = 500;
/** Typing rests after this long without a key, in milliseconds. */
const REST = 150;

/** The account of a row or a request, or the one that the person types or picks. */
export async function findAccount(
  context: CommandContext,
  { node, request }: Call,
  title: string,
  kind: DocumentKind,
): Promise<Found | undefined> {
  const connectionId = node?.connectionId ?? requested(request, 'connectionId');
  const key = node?.kind === 'account' ? node.accountKey : requested(request, 'account');
  if (connectionId !== undefined && key !== undefined) {
    const account = context.sessions.peek(connectionId)?.map.graph.account(key);
    return { kind: 'account', connectionId, id: key, name: account?.email ?? key };
  }
  return pick(context, {
    title,
    placeholder: t('Type an email, or pick an account'),
    kinds: ['account'],
    documents: (known) => known.has(kind),
    // On Smartlead an email names no account, because emails repeat there; its id does.
    accepts: (provider, text) =>
      (provider === 'instantly' ? /^[^\s@]+@[^\s@]+$/ : /^\d+$/).test(text) ? 'account' : undefined,
  });
}

/** The campaign of a row or a request, or the one that the person types or picks. */
export async function findCampaign(
  context: CommandContext,
  { node, request }: Call,
  title: string,
  kind: DocumentKind,
): Promise<Found | undefined> {
  const connectionId = node?.connectionId ?? requested(request, 'connectionId');
  const id = node?.kind === 'campaign' ? node.campaignId : requested(request, 'campaign');
  if (connectionId !== undefined && id !== undefined) {
    const campaign = context.sessions.peek(connectionId)?.map.graph.campaign(id);
    return { kind: 'campaign', connectionId, id, name: campaign === undefined ? id : campaignLabel(campaign) };
  }
  return pick(context, {
    title,
    placeholder: t('Type a campaign id, or pick a campaign'),
    kinds: ['campaign'],
    documents: (known) => known.has(kind),
    accepts: (provider, text) =>
      (provider === 'instantly' ? /^[0-9a-f-]{36}$/i : /^\d+$/).test(text) ? 'campaign' : undefined,
  });
}

/** What is picked from, and how it is asked for. */
interface PickOptions {
  readonly title: string;
  readonly placeholder: string;
  readonly kinds: readonly Hit['kind'][];
  /** Only connections whose service has the documents that are wanted are searched. */
  readonly documents: (known: ReadonlySet<DocumentKind>) => boolean;
  /** What a typed text may name without being in the list. */
  readonly accepts: (provider: string, text: string) => Hit['kind'] | undefined;
}

/** Lets a person search the connections and choose; undefined where they leave, or only wanted to see it in its view. */
export async function pick(context: CommandContext, options: PickOptions): Promise<Found | undefined> {
  const connections = context.sessions.store
    .list()
    .filter(({ provider }) => options.documents(providers[provider].documents));
  if (connections.length === 0) {
    void showInformation(t('There is no connection for this yet. Add one with "Sendmap: Add Connection…".'));
    return undefined;
  }
  const box = createQuickPick<FoundItem>();
  const sessions: Session[] = [];
  const subscriptions: { dispose(): void }[] = [box];
  const revealButton = { iconPath: new vscode.ThemeIcon('list-tree'), tooltip: t('Reveal in the sidebar') };
  let search = new Search([], options.kinds);
  let left = false;
  let timer: NodeJS.Timeout | undefined;
  let rest: NodeJS.Timeout | undefined;
  box.title = options.title;
  box.placeholder = options.placeholder;
  box.busy = true;
  box.keepScrollPosition = true;

  const itemOf = (session: Session, { kind, id }: Hit): FoundItem => {
    const { graph } = session.map;
    const label = context.sessions.store.get(session.connection.id)?.label ?? session.connection.label;
    const [account, campaign] = kind === 'account' ? [graph.account(id)] : [undefined, graph.campaign(id)];
    const name = account?.email ?? (campaign === undefined ? id : campaignLabel(campaign));
    return {
      label: name,
      iconPath: new vscode.ThemeIcon(kind === 'account' ? 'mail' : 'megaphone'),
      description: [account?.name, (account ?? campaign)?.statusWords, label].filter(Boolean).join(' · '),
      // What was found with a typo, or by a tag, would be filtered away again.
      alwaysShow: true,
      buttons: [revealButton],
      found: { kind, connectionId: session.connection.id, id, name },
    };
  };

  const direct = (typed: string): FoundItem[] =>
    connections.flatMap((connection) => {
      const kind = options.accepts(connection.provider, typed);
      const known = context.sessions.peek(connection.id)?.map.graph;
      return kind === undefined || known?.[kind](typed) !== undefined
        ? []
        : [
            {
              label: typed,
              iconPath: new vscode.ThemeIcon('arrow-right'),
              description: t('in {0} ({1})', connection.label, providers[connection.provider].name),
              alwaysShow: true,
              found: { kind, connectionId: connection.id, id: typed, name: typed },
            },
          ];
    });

  const show = (typos: boolean) => {
    clearTimeout(rest);
    const typed = box.value.trim();
    const [active] = box.activeItems;
    // Which session each index is of.
    const owners = sessions.flatMap((session) => searchIndexesOf(session.map).map(() => session));
    const indexes = sessions.flatMap(({ map }) => searchIndexesOf(map));
    if (!search.isOver(indexes)) {
      search = new Search(indexes, options.kinds);
    }
    const hits =
      typed === ''
        ? sessions.flatMap((session) => firstOf(session, options.kinds).map((hit) => ({ session, ...hit })))
        : search.find(typed, MOST + 1, typos).map(({ index, ...hit }) => ({ session: owners[index], ...hit }));
    if (hits.length === 0 && typed !== '' && !typos) {
      // Nothing has it as it is typed: when the typing rests, it may have a typo in it.
      rest = setTimeout(() => {
        show(true);
      }, REST);
    }
    const items = hits
      .slice(0, MOST)
      .flatMap(({ session, ...hit }) => (session === undefined ? [] : [itemOf(session, hit)]));
    const more: FoundItem[] =
      hits.length <= MOST
        ? []
        : [{ label: t('More than {0} matches: type on to see others', formatNumber(MOST)), alwaysShow: true }];
    box.items = [...direct(typed), ...items, ...more];
    // New items must not take away the row that a person is about to choose.
    const same = box.items.find(({ found }) => found !== undefined && sameFound(found, active?.found));
    if (same !== undefined && active !== undefined) {
      box.activeItems = [same];
    }
  };
  const showSoon = () => {
    timer ??= setTimeout(() => {
      timer = undefined;
      void Promise.all(sessions.map(({ map }) => prepareSearch(map))).then(() => {
        if (!left) {
          show(false);
        }
      });
    }, REPAINT);
  };

  const load = async (connectionId: string) => {
    const session = await context.sessions.get(connectionId);
    await prepareSearch(session.map);
    if (left) {
      return;
    }
    sessions.push(session);
    subscriptions.push(session.map.onDidChange(showSoon));
    show(false);
    if (session.map.empty) {
      await session.map.sync();
    }
  };

  subscriptions.push(
    box.onDidChangeValue(() => {
      show(false);
    }),
  );
  void Promise.allSettled(connections.map(({ id }) => load(id))).then((results) => {
    if (left) {
      return;
    }
    box.busy = false;
    for (const [index, result] of results.entries()) {
      if (result.status === 'rejected' && !isAbort(result.reason)) {
        void showError(context, result.reason, connections[index]);
      }
    }
  });
  try {
    return await new Promise<Found | undefined>((resolve) => {
      box.onDidAccept(() => {
        const [chosen] = box.selectedItems;
        if (chosen?.found !== undefined) {
          resolve(chosen.found);
        }
      });
      box.onDidTriggerItemButton(({ item }) => {
        if (item.found !== undefined) {
          reveal(context, item.found).catch((error: unknown) => showError(context, error));
          resolve(undefined);
        }
      });
      box.onDidHide(() => {
        resolve(undefined);
      });
      box.show();
    });
  } finally {
    left = true;
    clearTimeout(timer);
    clearTimeout(rest);
    for (const subscription of subscriptions) {
      subscription.dispose();
    }
  }
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

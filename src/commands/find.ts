import * as vscode from 'vscode';
import type { DocumentKind } from '../providers/provider.ts';
import type { Session } from '../connections/sessions.ts';
import { providers } from '../providers/index.ts';
import { campaignLabel } from '../tree/items.ts';
import { isAbort } from '../transport/errors.ts';
import { requested, showError, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

/** An account or a campaign, as documents name it. */
export interface Found {
  readonly connectionId: string;
  readonly id: string;
  /** What a person calls it: the email or the campaign's name. */
  readonly name: string;
}

interface FoundItem extends vscode.QuickPickItem {
  readonly found?: Found;
}

/** The account of a row or a request, or the one that the person types or picks. */
export async function findAccount(
  context: CommandContext,
  { node, request }: Call,
  title: string,
  kind: DocumentKind,
): Promise<Found | undefined> {
  if (node?.kind === 'account') {
    const account = context.view.accountOf(node);
    return { connectionId: node.connectionId, id: node.accountKey, name: account?.email ?? node.accountKey };
  }
  const connectionId = requested(request, 'connectionId');
  const key = requested(request, 'account');
  if (connectionId !== undefined && key !== undefined) {
    return { connectionId, id: key, name: nameOfAccount(context, connectionId, key) };
  }
  return find(context, {
    title,
    kind,
    placeholder: t('Type an email, or pick an account'),
    load: ({ map }) => map.accounts.load(),
    items: ({ connection, map }) =>
      [...map.accounts.records.values()].map((account) => ({
        label: account.email,
        description: context.sessions.store.get(connection.id)?.label ?? connection.label,
        found: { connectionId: connection.id, id: account.key, name: account.email },
      })),
    // On Smartlead an email names no account, because emails repeat there; its id does.
    accepts: (provider, text) => (provider === 'instantly' ? /^[^\s@]+@[^\s@]+$/.test(text) : /^\d+$/.test(text)),
  });
}

/** The campaign of a row or a request, or the one that the person types or picks. */
export async function findCampaign(
  context: CommandContext,
  { node, request }: Call,
  title: string,
  kind: DocumentKind,
): Promise<Found | undefined> {
  if (node?.kind === 'campaign') {
    const campaign = context.view.campaignOf(node);
    return {
      connectionId: node.connectionId,
      id: node.campaignId,
      name: campaign === undefined ? node.campaignId : campaignLabel(campaign),
    };
  }
  const connectionId = requested(request, 'connectionId');
  const id = requested(request, 'campaign');
  if (connectionId !== undefined && id !== undefined) {
    const campaign = context.sessions.peek(connectionId)?.map.campaigns.records.get(id);
    return { connectionId, id, name: campaign === undefined ? id : campaignLabel(campaign) };
  }
  return find(context, {
    title,
    kind,
    placeholder: t('Type a campaign id, or pick a campaign'),
    load: ({ map }) => map.campaigns.load(),
    items: ({ connection, map }) =>
      [...map.campaigns.records.values()].map((campaign) => ({
        label: campaignLabel(campaign),
        description: [campaign.statusWords, context.sessions.store.get(connection.id)?.label]
          .filter(Boolean)
          .join(' · '),
        found: { connectionId: connection.id, id: campaign.id, name: campaignLabel(campaign) },
      })),
    accepts: (provider, text) => (provider === 'instantly' ? /^[0-9a-f-]{36}$/i.test(text) : /^\d+$/.test(text)),
  });
}

function nameOfAccount(context: CommandContext, connectionId: string, key: string): string {
  return context.sessions.peek(connectionId)?.map.accounts.records.get(key)?.email ?? key;
}

interface FindOptions {
  readonly title: string;
  /** Only connections whose service has this document are searched. */
  readonly kind: DocumentKind;
  readonly placeholder: string;
  readonly load: (session: Session) => Promise<void>;
  readonly items: (session: Session) => FoundItem[];
  /** True where a typed text may name one without being in the list. */
  readonly accepts: (provider: string, text: string) => boolean;
}

/** Items are put into the list at most this often while pages come in, in milliseconds. */
const REPAINT = 500;

async function find(context: CommandContext, options: FindOptions): Promise<Found | undefined> {
  const connections = context.sessions.store
    .list()
    .filter(({ provider }) => providers[provider].documents.has(options.kind));
  if (connections.length === 0) {
    void vscode.window.showInformationMessage(
      t('There is no connection for this yet. Add one with "Sendmap: Add Connection…".'),
    );
    return undefined;
  }
  const pick = vscode.window.createQuickPick<FoundItem>();
  const sessions: Session[] = [];
  let known: FoundItem[] = [];
  pick.title = options.title;
  pick.placeholder = options.placeholder;
  pick.matchOnDescription = true;
  pick.busy = true;
  pick.keepScrollPosition = true;
  let left = false;
  const show = () => {
    const typed = pick.value.trim();
    const exact = known.some((item) => item.label === typed || item.found?.id === typed);
    const direct = exact
      ? []
      : connections
          .filter((connection) => options.accepts(connection.provider, typed))
          .map((connection): FoundItem => ({
            label: `$(arrow-right) ${typed}`,
            description: t('in {0} ({1})', connection.label, providers[connection.provider].name),
            alwaysShow: true,
            found: { connectionId: connection.id, id: typed, name: typed },
          }));
    // New items must not take away the row that a person is about to choose.
    const [active] = pick.activeItems;
    pick.items = [...direct, ...known];
    const same = pick.items.find((item) => item.found !== undefined && sameFound(item.found, active?.found));
    if (same !== undefined) {
      pick.activeItems = [same];
    }
  };
  const collect = () => {
    const before = known.length;
    known = sessions.flatMap(options.items);
    if (known.length !== before) {
      show();
    }
  };
  const load = async (connectionId: string) => {
    const session = await context.sessions.get(connectionId);
    sessions.push(session);
    collect();
    const timer = setInterval(() => {
      if (!left) {
        collect();
      }
    }, REPAINT);
    try {
      await options.load(session);
    } finally {
      clearInterval(timer);
    }
    if (!left) {
      collect();
    }
  };
  pick.onDidChangeValue(show);
  void Promise.allSettled(connections.map(({ id }) => load(id))).then((results) => {
    if (left) {
      return;
    }
    pick.busy = false;
    for (const [index, result] of results.entries()) {
      if (result.status === 'rejected' && !isAbort(result.reason)) {
        void showError(context, result.reason, connections[index]);
      }
    }
  });
  try {
    return await new Promise<Found | undefined>((resolve) => {
      pick.onDidAccept(() => {
        const [chosen] = pick.selectedItems;
        if (chosen?.found !== undefined) {
          resolve(chosen.found);
        }
      });
      pick.onDidHide(() => {
        resolve(undefined);
      });
      pick.show();
    });
  } finally {
    left = true;
    pick.dispose();
  }
}

function sameFound(a: Found, b: Found | undefined): boolean {
  return a.connectionId === b?.connectionId && a.id === b.id;
}

import * as vscode from 'vscode';
import { showInformation } from '../messages.ts';
import type { DocumentKind } from '../providers/provider.ts';
import { campaignLabel } from '../queries/campaignLabel.ts';
import { FindBox, type FindOptions, type Found } from './findBox.ts';
import { requested, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

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
    accepts: ({ accountKeyPattern }, text) => (accountKeyPattern.test(text) ? 'account' : undefined),
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
    placeholder: t('Type a campaign ID, or pick a campaign'),
    kinds: ['campaign'],
    documents: (known) => known.has(kind),
    accepts: ({ campaignIdPattern }, text) => (campaignIdPattern.test(text) ? 'campaign' : undefined),
  });
}

/** Lets a person search the connections and choose; undefined where they leave, or only wanted to see it in its view. */
export async function pick(context: CommandContext, options: FindOptions): Promise<Found | undefined> {
  const connections = context.sessions.store
    .list()
    .filter(({ provider }) => options.documents(context.sessions.providers[provider].documents));
  if (connections.length === 0) {
    void showInformation(t('There is no connection for this yet. Add one with "Sendmap: Add Connection…".'));
    return undefined;
  }
  const box = new FindBox(context, options, connections);
  try {
    return await box.choose();
  } finally {
    box.dispose();
  }
}

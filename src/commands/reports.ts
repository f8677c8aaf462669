import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { createQuickPick } from '../messages.ts';
import { dnsDomainOf, domainsOf } from '../queries/domain.ts';
import { ServiceError } from '../transport/errors.ts';
import { inTurns } from '../transport/turns.ts';
import { connectionOf } from './ask.ts';
import { openDocument, openFound } from './documents.ts';
import { ofDocument } from './find.ts';
import { findAccount } from './pick.ts';
import { register, requested, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

/** Documents that Sendmap makes itself, to answer a question. */
export function registerReportCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    register(context, commands.whyNotSending, (call) => whyNotSending(context, call)),
    register(context, commands.checkDomain, (call) => checkDomain(context, call)),
  );
}

/** Says why a campaign sends, or does not. @returns the URI of the document. @throws {ServiceError} */
function whyNotSending(context: CommandContext, call: Call): Promise<vscode.Uri | undefined> {
  const shown = ofDocument(call, 'campaign');
  const request = shown === undefined ? call.request : { connectionId: shown.connectionId, campaign: shown.id };
  return openFound(context, { ...call, request }, 'campaign', 'campaign-sending', t('Why is it not sending?'));
}

/**
 * Says what the DNS has about the domain of an account, or about one that is asked for.
 *
 * @returns the URI of the document.
 * @throws {ServiceError}
 */
async function checkDomain(context: CommandContext, call: Call): Promise<vscode.Uri | undefined> {
  const found = (await domainOfAccount(context, call)) ?? (await askDomain(context, call));
  return found && openDocument(context, { kind: 'domain', ...found }, found.id);
}

interface FoundDomain {
  readonly connectionId: string;
  readonly id: string;
}

/** The domain of the account that a row, a document or a request names; undefined where none does. */
async function domainOfAccount(context: CommandContext, call: Call): Promise<FoundDomain | undefined> {
  const domain = call.node && (context.findings.domainOf(call.node) ?? context.accounts.domainOf(call.node));
  if (call.node !== undefined && domain !== undefined) {
    return { connectionId: call.node.connectionId, id: expectDomain(domain) };
  }
  const shown = ofDocument(call, 'account');
  const isNamed = call.node?.kind === 'account' || requested(call.request, 'account') !== undefined;
  if (shown === undefined && !isNamed) {
    return undefined;
  }
  const found = shown ?? (await findAccount(context, call, t('Check domain'), 'account'));
  if (found === undefined) {
    return undefined;
  }
  const { map, provider } = await context.sessions.get(found.connectionId);
  const { email } = map.graph.account(found.id) ?? (await provider.account(found.id));
  return { connectionId: found.connectionId, id: expectDomain(email) };
}

/** The domain of a request, or the one that the person types or picks. */
async function askDomain(context: CommandContext, { request }: Call): Promise<FoundDomain | undefined> {
  const asked = requested(request, 'domain');
  const connection = await connectionOf(context, { node: undefined, request }, t('Check domain'));
  if (connection === undefined) {
    return undefined;
  }
  if (asked !== undefined) {
    return { connectionId: connection.id, id: expectDomain(asked) };
  }
  const typed = await pickDomain(context, connection.id);
  return typed === undefined ? undefined : { connectionId: connection.id, id: typed };
}

/** @throws {ServiceError} `notFound` */
function expectDomain(text: string): string {
  const domain = dnsDomainOf(text);
  if (domain === undefined) {
    throw new ServiceError('notFound', { service: 'Sendmap', serviceMessage: t('"{0}" is not a domain', text) });
  }
  return domain;
}

/** Domains that are offered: a list can show more, but nobody reads them. */
const MOST = 2000;

/** Lets a person type a domain, or pick one of the accounts; undefined where they leave. */
async function pickDomain(context: CommandContext, connectionId: string): Promise<string | undefined> {
  const box = createQuickPick<vscode.QuickPickItem & { readonly domain?: string }>();
  box.title = t('Check domain');
  box.placeholder = t('Type a domain, or pick one');
  box.busy = true;
  let known: readonly string[] = [];
  const show = () => {
    const typed = dnsDomainOf(box.value);
    const text = box.value.trim();
    const others = known.filter((domain) => domain !== typed);
    const isWrong = typed === undefined && !others.some((domain) => domain.includes(text.toLowerCase()));
    box.items = [
      ...(typed === undefined ? [] : [{ label: typed, domain: typed, alwaysShow: true }]),
      ...(isWrong && text !== ''
        ? [{ label: t('"{0}" is not a domain', text), iconPath: new vscode.ThemeIcon('error'), alwaysShow: true }]
        : []),
      ...others.map((domain) => ({ label: domain, domain })),
    ];
  };
  return new Promise<string | undefined>((resolve, reject) => {
    let left = false;
    box.onDidChangeValue(show);
    box.onDidAccept(() => {
      const [chosen] = box.selectedItems;
      if (chosen?.domain !== undefined) {
        resolve(chosen.domain);
        box.hide();
      }
    });
    box.onDidHide(() => {
      left = true;
      resolve(undefined);
      box.dispose();
    });
    box.show();
    const load = async () => {
      const { map } = await context.sessions.get(connectionId);
      known = await inTurns(domainsOf(map.graph, MOST));
      if (!left) {
        box.busy = false;
        show();
      }
    };
    load().catch((error: unknown) => {
      reject(error instanceof Error ? error : new Error(String(error)));
      box.hide();
    });
  });
}

import { setImmediate as nextTurn } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { Sessions } from '../connections/sessions.ts';
import { escapeMarkdown } from '../format.ts';
import { tagUseOf } from '../queries/tags.ts';
import { rangeOf, valueAt, valuesIn } from './positions.ts';
import { namedBy, nameOf, subjectOf, targetOf, type Named, type Subject } from './subjects.ts';
import { documentUri } from './uri.ts';

const { t } = vscode.l10n;

/** Values looked at before other work gets its turn: a document of megabytes must not hold up typing. */
const TURN = 2000;
const START = new vscode.Position(0, 0);

/** From an id or an email to its document, from there to everything that uses it. */
export class NavigationProvider
  implements vscode.DocumentLinkProvider, vscode.DefinitionProvider, vscode.ReferenceProvider
{
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  async provideDocumentLinks(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<vscode.DocumentLink[]> {
    const subject = await subjectOf(this.#sessions, document);
    if (subject === undefined) {
      return [];
    }
    const links: vscode.DocumentLink[] = [];
    let looked = 0;
    for (const value of valuesIn(subject.root, 0, Number.MAX_SAFE_INTEGER)) {
      looked += 1;
      if (looked % TURN === 0) {
        await nextTurn();
      }
      if (token.isCancellationRequested) {
        return [];
      }
      const named = namedBy(subject, value);
      const uri = named && uriOf(subject, named);
      if (named !== undefined && uri !== undefined && !isItself(subject, named)) {
        const link = new vscode.DocumentLink(rangeOf(document, value.node), uri);
        // VS Code turns it into the text of a Markdown link, in which commands are allowed.
        link.tooltip = escapeMarkdown(t('Open {0}', nameOf(subject, named)));
        links.push(link);
      }
    }
    return links;
  }

  async provideDefinition(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Location | undefined> {
    const { subject, named } = await this.#namedAt(document, position);
    const uri = token.isCancellationRequested ? undefined : subject && named && uriOf(subject, named);
    return uri && new vscode.Location(uri, START);
  }

  async provideReferences(
    document: vscode.TextDocument,
    position: vscode.Position,
    { includeDeclaration }: vscode.ReferenceContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.Location[]> {
    const { subject, named } = await this.#namedAt(document, position);
    if (subject === undefined || named === undefined || token.isCancellationRequested) {
      return [];
    }
    const { map } = subject.session;
    const { graph } = map;
    const users: Named[] = [];
    if (includeDeclaration) {
      users.push(named);
    }
    if (named.kind === 'account') {
      for (const { campaign } of graph.campaignsOf(named.id)) {
        users.push({ kind: 'campaign', id: campaign.id });
      }
    } else if (named.kind === 'campaign') {
      for (const id of graph.subsequencesOf(named.id)) {
        users.push({ kind: 'campaign', id });
      }
      for (const { account } of graph.sendersOf(named.id)) {
        users.push({ kind: 'account', id: account.key });
      }
    } else {
      const { accounts, campaigns } = await tagUseOf(map, named.id);
      for (const id of accounts) {
        users.push({ kind: 'account', id });
      }
      for (const id of campaigns) {
        users.push({ kind: 'campaign', id });
      }
    }
    return users
      .map((user) => uriOf(subject, user))
      .filter((uri) => uri !== undefined)
      .map((uri) => new vscode.Location(uri, START));
  }

  async #namedAt(document: vscode.TextDocument, position: vscode.Position) {
    const subject = await subjectOf(this.#sessions, document);
    const value = subject && valueAt(subject.root, document.offsetAt(position));
    return { subject, named: subject && value && namedBy(subject, value) };
  }
}

function uriOf(subject: Subject, named: Named): vscode.Uri | undefined {
  const target = targetOf(subject, named);
  return target && documentUri(target, nameOf(subject, named));
}

/** A document links to others, not to itself. */
function isItself({ target }: Subject, { kind, id }: Named): boolean {
  return target.kind === kind && target.id === id;
}

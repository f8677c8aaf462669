import * as vscode from 'vscode';
import type { Session, Sessions } from '../connections/sessions.ts';
import { commands } from '../contributions.ts';
import { formatClock, formatNumber } from '../format.ts';
import { plainText } from '../plainText.ts';
import { olderWords } from './currency.ts';
import type { Currency, DocumentFileSystem } from './fileSystem.ts';
import { conditionWords } from './subjects.ts';
import { documentTarget, isAnswer, type DocumentTarget } from './uri.ts';

const { t } = vscode.l10n;
const TOP = new vscode.Range(0, 0, 0, 0);

/** Above a document: when it was fetched, what the map knows besides, and the few next steps. */
export class LensProvider implements vscode.CodeLensProvider {
  readonly #sessions: Sessions;
  readonly #documents: DocumentFileSystem;

  constructor(sessions: Sessions, documents: DocumentFileSystem) {
    this.#sessions = sessions;
    this.#documents = documents;
  }

  async provideCodeLenses(document: vscode.TextDocument, token: vscode.CancellationToken): Promise<vscode.CodeLens[]> {
    const target = documentTarget(document.uri);
    if (target === undefined) {
      return [];
    }
    const currency = this.#documents.currencyOf(document.uri);
    const session = await this.#sessions.get(target.connectionId).catch(() => undefined);
    if (token.isCancellationRequested) {
      return [];
    }
    const steps: vscode.Command[] = [
      ...(currency === undefined ? [] : [currencyStep(currency, target, document.uri)]),
      ...(session === undefined ? [] : mapSteps(target, session)),
      ...(session === undefined ? [] : this.#stepsOf(target, session)),
      ...(isAnswer(target)
        ? [{ title: t('Compare with saved'), command: commands.compareWithSaved, arguments: [document.uri] }]
        : []),
      { title: t('Refresh'), command: commands.refreshDocument, arguments: [document.uri] },
    ];
    return steps.map((step) => new vscode.CodeLens(TOP, step));
  }

  #stepsOf({ kind, connectionId, id }: DocumentTarget, { map, provider }: Session): vscode.Command[] {
    // A failure is shown to the person, with what helps.
    const account = { connectionId, account: id, person: true };
    const campaign = { connectionId, campaign: id, person: true };
    switch (kind) {
      case 'account': {
        const count = map.graph.countOfCampaigns(id);
        return [
          {
            title:
              count === undefined
                ? t('Campaigns')
                : t('Campaigns ({0} active of {1})', formatNumber(count.active), formatNumber(count.all)),
            command: commands.openCampaignsOfAccount,
            arguments: [account],
          },
          ...(provider.info.documents.has('account-tags')
            ? [{ title: t('Tags'), command: commands.openTagsOfAccount, arguments: [account] }]
            : []),
        ];
      }
      case 'campaign': {
        const senders = map.graph.countOfSenders(id);
        return [
          {
            title: senders === undefined ? t('Senders') : t('Senders ({0})', formatNumber(senders.senders)),
            command: commands.openSendersOfCampaign,
            arguments: [campaign],
          },
          ...(provider.info.documents.has('campaign-sequences')
            ? [{ title: t('Sequences'), command: commands.openSequencesOfCampaign, arguments: [campaign] }]
            : []),
          { title: t('Preview emails'), command: commands.previewSequences, arguments: [campaign] },
          { title: t('Open in web app'), command: commands.openInWebApp, arguments: [campaign] },
        ];
      }
      case 'account-campaigns':
      case 'account-tags':
        return [{ title: t('Account'), command: commands.openAccount, arguments: [account] }];
      case 'campaign-senders':
      case 'campaign-tags':
      case 'campaign-sequences':
      case 'campaign-sending':
        return [{ title: t('Campaign'), command: commands.openCampaign, arguments: [campaign] }];
      default:
        return [];
    }
  }
}

/** When the document was fetched or, first of all, that it is not what the service says now, and why. */
function currencyStep(currency: Currency, target: DocumentTarget, uri: vscode.Uri): vscode.Command {
  const older = olderWords(currency);
  const at = formatClock(currency.fetchedAt);
  return older === undefined
    ? { title: isAnswer(target) ? t('Fetched at {0}', at) : t('Made at {0}', at), command: '' }
    : { title: `$(warning) ${older}`, command: commands.refreshDocument, arguments: [uri] };
}

/**
 * How the map has a campaign: its list may say more than its document, e.g. that bounce protection paused it (Smartlead
 * FACTS 3.1).
 */
function mapSteps({ kind, connectionId, id }: DocumentTarget, { map }: Session): vscode.Command[] {
  const campaign = kind === 'campaign' ? map.graph.campaign(id) : undefined;
  return campaign === undefined
    ? []
    : [
        {
          title: plainText(t('In the map: {0}', conditionWords(campaign))),
          command: commands.revealInCampaigns,
          arguments: [{ connectionId, campaign: id, person: true }],
        },
      ];
}

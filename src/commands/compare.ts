import * as vscode from 'vscode';
import { commands, contextKeys, scheme } from '../contributions.ts';
import { documentTarget, isAnswer, type AnswerTarget } from '../documents/uri.ts';
import { showInformation, withStatusProgress } from '../messages.ts';
import { campaignLabel } from '../queries/campaignLabel.ts';
import type { Node } from '../tree/nodes.ts';
import { register, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

/** An account or a campaign to be compared. */
interface Chosen {
  readonly target: AnswerTarget;
  readonly name: string;
}

/** Comparing two accounts or two campaigns, and a document with what it was. */
export function registerCompareCommands(context: CommandContext): vscode.Disposable {
  let chosen: Chosen | undefined;
  return vscode.Disposable.from(
    register(context, commands.compareSelected, async ({ nodes }) => {
      const [left, right, ...others] = nodes.map((node) => ofNode(context, node)).filter((one) => one !== undefined);
      if (left === undefined || right === undefined || others.length > 0 || left.target.kind !== right.target.kind) {
        void showInformation(t('Select two accounts, or two campaigns, to compare them.'));
        return;
      }
      await compare(context, left, right);
    }),
    register(context, commands.selectForCompare, (call) => {
      chosen = subjectOf(context, call);
      void vscode.commands.executeCommand('setContext', contextKeys.compareKind, chosen?.target.kind);
    }),
    register(context, commands.compareWithSelected, async (call) => {
      const other = subjectOf(context, call);
      if (chosen === undefined || other === undefined) {
        void showInformation(t('Run "Select for Compare" on one first, then "Compare with Selected" on another.'));
      } else if (chosen.target.kind !== other.target.kind) {
        void showInformation(
          isAbout(chosen, 'account') && isAbout(other, 'campaign')
            ? t("Can't compare an account with a campaign")
            : isAbout(chosen, 'campaign') && isAbout(other, 'account')
              ? t("Can't compare a campaign with an account")
              : t("Can't compare {0} with {1}", chosen.name, other.name),
        );
      } else {
        await compare(context, chosen, other);
      }
    }),
    register(context, commands.compareWithSaved, async ({ document }) => {
      const uri = document ?? vscode.window.activeTextEditor?.document.uri;
      if (uri?.scheme === scheme) {
        await context.comparisons.compareWithSaved(uri);
      }
    }),
  );
}

/** Whether one of two documents is an account or a campaign, or one about it. */
function isAbout({ target }: Chosen, kind: 'account' | 'campaign'): boolean {
  return target.kind.startsWith(kind);
}

async function compare(context: CommandContext, left: Chosen, right: Chosen): Promise<void> {
  await withStatusProgress(t('Comparing'), () =>
    context.comparisons.compare(left.target, right.target, left.name, right.name),
  );
}

/** What a row, the menu of a document, or the active document is about. */
function subjectOf(context: CommandContext, { node, document }: Call): Chosen | undefined {
  if (node !== undefined) {
    return ofNode(context, node);
  }
  const uri = document ?? vscode.window.activeTextEditor?.document.uri;
  const target = uri && documentTarget(uri);
  return target && isAnswer(target) ? { target, name: nameOf(context, target) } : undefined;
}

function ofNode(context: CommandContext, node: Node): Chosen | undefined {
  const { connectionId } = node;
  const target: AnswerTarget | undefined =
    node.kind === 'account'
      ? { kind: 'account', connectionId, id: node.accountKey }
      : node.kind === 'campaign'
        ? { kind: 'campaign', connectionId, id: node.campaignId }
        : undefined;
  return target && { target, name: nameOf(context, target) };
}

function nameOf(context: CommandContext, { connectionId, kind, id }: AnswerTarget): string {
  const graph = context.sessions.peek(connectionId)?.map.graph;
  const campaign = kind.startsWith('campaign') ? graph?.campaign(id) : undefined;
  return campaign === undefined ? (graph?.account(id)?.email ?? id) : campaignLabel(campaign);
}

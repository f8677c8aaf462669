import * as vscode from 'vscode';
import { confirmOne, showInformation } from '../messages.ts';
import { checkDraft, problemAt, refusedAt, type DraftProblem } from '../plans/draftCheck.ts';
import type { Draft, DraftTarget } from '../plans/draftFiles.ts';
import { propertyItems } from '../plans/make.ts';
import {
  changesOf,
  merge,
  withChanges,
  type MergedProperty,
  type Resolution,
  type Resolutions,
} from '../plans/merge.ts';
import { propertyWords, titleOf } from '../plans/words.ts';
import { campaignLabel } from '../queries/campaignLabel.ts';
import { changeable } from './changeTargets.ts';
import { liveCampaign } from './liveCampaign.ts';
import { propose, type ChangeResult } from './proposal.ts';
import type { CommandContext } from './register.ts';

const { t } = vscode.l10n;

/** What became of a draft. */
interface Applied {
  readonly change: ChangeResult;
  /** True where the service took all of it. */
  readonly complete: boolean;
  /** The text of the draft that was applied. */
  readonly text: string;
}

/**
 * Compares a draft with what the campaign is now, shows what would change, and sends that where the person says so.
 *
 * @returns undefined where the person declined, or there is nothing to send.
 * @throws {ServiceError} where the campaign may not be changed or cannot be read. @throws {Error} with a sentence, where
 * the draft is not there or cannot be sent; then its problems are in the draft.
 */
export async function applyDraft(
  context: CommandContext,
  uri: vscode.Uri,
  target: DraftTarget,
): Promise<Applied | undefined> {
  const { files, review } = context.drafts;
  const draft = await files.find(target);
  if (draft === undefined) {
    throw new Error(t('There is no such draft any more.'));
  }
  const session = await changeable(context, target.connectionId, 'edit-campaign');
  const { campaign, schema, values: live } = await liveCampaign(session, target.id);
  review.clear(uri);
  const checked = checkDraft(draft.text, schema, draft.base);
  if ('problems' in checked) {
    await review.report(uri, checked.problems);
    throw new Error(t('This draft cannot be applied: {0}', checked.problems[0]?.message ?? ''));
  }
  const merged = merge(draft.base, checked.values, live, Object.keys(schema.properties));
  const resolutions = await decide(context, uri, merged);
  if (resolutions === undefined) {
    return undefined;
  }
  const changes = changesOf(merged, resolutions);
  const name = campaignLabel(campaign);
  if (changes.length > 0) {
    await review.show(uri, live, withChanges(live, changes), t('{0}: now ↔ with the draft', name));
  }
  const items = propertyItems({ id: target.id, name }, changes);
  const change = await propose(context, session, {
    title: titleOf('edit-campaign', 1, name),
    items,
    note: notes(merged, resolutions).join('\n\n'),
  });
  if (change === undefined) {
    return undefined;
  }
  const complete = change.confirmed === changes.length;
  if (!complete) {
    await review.report(uri, await problemsOf(context, change, draft));
  }
  return { change, complete, text: draft.text };
}

/** Asks about each property that was changed here and there. @returns undefined where the person left. */
async function decide(
  { drafts }: CommandContext,
  uri: vscode.Uri,
  merged: readonly MergedProperty[],
): Promise<Resolutions | undefined> {
  const resolutions = new Map<string, Resolution>();
  const [compare, theirs, mine] = [t('Compare'), t('Take Theirs'), t('Overwrite')];
  for (const { property, base, draft, live } of merged.filter(({ kind }) => kind === 'conflict')) {
    const message = t('"{0}" was changed in the draft, and since then in the campaign too.', property);
    const detail = [
      t('When the draft was made: {0}', propertyWords(base)),
      t('In the campaign now: {0}', propertyWords(live)),
      t('In the draft: {0}', propertyWords(draft)),
    ].join('\n');
    let chosen = await confirmOne(message, detail, compare, theirs, mine);
    if (chosen === compare) {
      await drafts.review.show(
        uri,
        { [property]: live },
        { [property]: draft },
        t('{0}: theirs ↔ the draft', property),
      );
      // Not a dialog, which would stand before what it asks about.
      chosen = await showInformation(message, theirs, mine);
    }
    if (chosen !== theirs && chosen !== mine) {
      return undefined;
    }
    resolutions.set(property, chosen === mine ? 'mine' : 'theirs');
  }
  return resolutions;
}

/** What stays as it is in the campaign although the draft, or what it was made from, says something else. */
function notes(merged: readonly MergedProperty[], resolutions: Resolutions): readonly string[] {
  const named = (fits: (one: MergedProperty) => boolean) =>
    merged
      .filter(fits)
      .map(({ property }) => property)
      .join(', ');
  return [
    [named(({ kind }) => kind === 'there'), t('Changed in the campaign since the draft was made, and left so')],
    [named(({ kind }) => kind === 'same'), t('Changed in the campaign to what the draft says')],
    [named(({ kind }) => kind === 'omitted'), t('Not in the draft any more, and left as it is in the campaign')],
    [
      named(({ kind, property }) => kind === 'conflict' && resolutions.get(property) === 'theirs'),
      t('Changed on both sides, and left as it is in the campaign'),
    ],
    [
      named(({ kind, property }) => kind === 'conflict' && resolutions.get(property) === 'mine'),
      t('Changed on both sides, and overwritten'),
    ],
  ]
    .filter(([names]) => names !== '')
    .map(([names = '', what = '']) => t('{0}: {1}.', what, names));
}

/** What the service refused, or took for something else, at the properties of the draft. */
async function problemsOf({ changes }: CommandContext, { id }: ChangeResult, { text }: Draft): Promise<DraftProblem[]> {
  const record = await changes.journal.read(id);
  const items = record?.plan.items ?? [];
  const sent = items.map(({ property = '' }) => property);
  const problems = new Map<string, DraftProblem>();
  for (const [place, { property = '' }] of items.entries()) {
    const outcome = record?.items[place];
    if (outcome?.why === undefined || outcome.state === 'confirmed') {
      continue;
    }
    const { why } = outcome;
    const problem = outcome.shown !== undefined ? problemAt(why, text, property) : refusedAt(why, text, sent);
    if (problem !== undefined) {
      problems.set(JSON.stringify(problem), problem);
    }
  }
  return [...problems.values()];
}

import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { formatNumber } from '../format.ts';
import { showInformation } from '../messages.ts';
import { tagItems, type Items } from '../plans/make.ts';
import type { Tag } from '../providers/model.ts';
import { tagsKnown } from '../queries/tags.ts';
import { askSeveral } from './ask.ts';
import { titleFor } from './changes.ts';
import { accountTargets, campaignTargets } from './changeTargets.ts';
import { aboutCampaigns } from './rowsOfNodes.ts';
import { propose, type ChangeResult } from './proposal.ts';
import { register, requested, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

/** Tags on accounts and on campaigns. */
export function registerTagCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    register(context, commands.assignTags, (call) => changeTag(context, call, 'assign-tag')),
    register(context, commands.removeTags, (call) => changeTag(context, call, 'remove-tag')),
  );
}

async function changeTag(
  context: CommandContext,
  call: Call,
  kind: 'assign-tag' | 'remove-tag',
): Promise<ChangeResult | undefined> {
  const title = kind === 'assign-tag' ? t('Assign tags') : t('Remove tags');
  const campaigns = aboutCampaigns(context, call.nodes) || requested(call.request, 'campaign') !== undefined;
  const targets = campaigns
    ? await campaignTargets(context, call, kind, title)
    : await accountTargets(context, call, kind, title);
  if (targets === undefined) {
    return undefined;
  }
  const { session, rows } = targets;
  const { name, changes } = session.provider.info;
  if (campaigns && changes[kind]?.campaigns !== true) {
    throw new Error(t('{0} has no way to do this through its API.', name));
  }
  await session.map.readWhole();
  const known = await tagsKnown(session.map);
  const used = new Set(rows.flatMap(({ tags }) => tags.map(({ id }) => id)));
  const offered = kind === 'assign-tag' ? known : known.filter(({ id }) => used.has(id));
  if (offered.length === 0) {
    void showInformation(
      kind === 'assign-tag'
        ? t('There is no tag yet. Make one in the web app of the service.')
        : t('None of these has a tag.'),
    );
    return undefined;
  }
  const tags = await askSeveral<Tag>(
    { title, placeholder: t('Choose tags') },
    offered.map(({ id, label, accounts }) => ({
      label,
      description: accounts === 1 ? t('1 account') : t('{0} accounts', formatNumber(accounts)),
      value: { id, label },
    })),
  );
  if (tags === undefined) {
    return undefined;
  }
  const parts = tags.map((tag) => tagItems(kind, campaigns ? 'campaign' : 'account', rows, tag));
  const items = { items: parts.flatMap((part) => part.items), leftOut: parts.flatMap((part) => part.leftOut) };
  return propose(context, session, { title: tagTitle(kind, items, tags), items });
}

function tagTitle(kind: 'assign-tag' | 'remove-tag', items: Items, tags: readonly Tag[]): string {
  const [first, ...others] = tags;
  if (others.length === 0) {
    return titleFor(kind, items, first?.label);
  }
  const [count, things] = [tags.length, new Set(items.items.map(({ id }) => id)).size].map(formatNumber);
  return kind === 'assign-tag'
    ? t('Tag {1} with {0} tags', count ?? '', things ?? '')
    : t('Remove {0} tags from {1}', count ?? '', things ?? '');
}

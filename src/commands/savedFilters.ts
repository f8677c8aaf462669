import * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { confirm, showInformation } from '../messages.ts';
import type { OwnFilter } from '../tree/savedFilters.ts';
import { askChoice, askText, valueOf } from './ask.ts';
import { register, type Call, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

/** Filters that stand as rows in the two views. */
export function registerSavedFilterCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    register(context, commands.saveAccountsFilter, () => saveFilter(context.accounts)),
    register(context, commands.saveCampaignsFilter, () => saveFilter(context.campaigns)),
    register(context, commands.renameFilter, (call) => renameFilter(context, call)),
    register(context, commands.removeFilter, (call) => removeFilter(context, call)),
  );
}

type View = CommandContext['accounts' | 'campaigns'];

/** A filter that a person saved, and the filters of the view that it is one of. */
interface Chosen {
  readonly filter: OwnFilter;
  readonly saved: View['saved'];
}

/** Asks for a name for the filter of a view, which then stands as a row. The view shows everything again. */
async function saveFilter({ state, saved }: View): Promise<void> {
  const { filter } = state;
  if (filter === undefined) {
    await showInformation(t('This view has no filter to save. Filter it first.'));
    return;
  }
  const answer = await askText({
    title: t('Save Filter'),
    prompt: filter.source,
    placeholder: t('Name of the filter'),
    check: (name) => checkName(saved, name),
  });
  const name = valueOf(answer);
  if (name !== undefined) {
    await saved.add(name, filter.source);
    // Saved filters show what they find of everything.
    state.filterBy('');
  }
}

async function renameFilter(context: CommandContext, call: Call): Promise<void> {
  const chosen = await chosenFilter(context, call, t('Rename saved filter'));
  if (chosen === undefined) {
    return;
  }
  const { filter, saved } = chosen;
  const answer = await askText({
    title: t('Rename "{0}"', filter.name),
    prompt: filter.source,
    value: filter.name,
    check: (name) => checkName(saved, name, filter.id),
  });
  const name = valueOf(answer);
  if (name !== undefined) {
    await saved.rename(filter.id, name);
  }
}

async function removeFilter(context: CommandContext, call: Call): Promise<void> {
  const chosen = await chosenFilter(context, call, t('Remove saved filter'));
  if (chosen === undefined) {
    return;
  }
  const { filter, saved } = chosen;
  if (await confirm(t('Remove the saved filter "{0}"?', filter.name), filter.source, t('Remove'))) {
    await saved.remove(filter.id);
  }
}

/** The filter of a row, or the one that the person picks. */
async function chosenFilter(context: CommandContext, { node }: Call, title: string): Promise<Chosen | undefined> {
  const all = [context.accounts, context.campaigns].flatMap(({ saved }) =>
    saved.own().map((filter): Chosen => ({ filter, saved })),
  );
  if (node?.kind === 'filter') {
    return all.find(({ filter }) => filter.id === node.filterId);
  }
  if (all.length === 0) {
    await showInformation(t('You have no saved filters yet. Filter a view, then save its filter.'));
    return undefined;
  }
  const answer = await askChoice(
    { title, placeholder: t('Saved filter') },
    all.map((chosen) => ({ label: chosen.filter.name, description: chosen.filter.source, value: chosen })),
  );
  return valueOf(answer);
}

function checkName(saved: View['saved'], name: string, except?: string): Promise<string | undefined> {
  const taken = saved.own().some((filter) => filter.name === name && filter.id !== except);
  return Promise.resolve(
    name === '' ? t('Enter a name.') : taken ? t('A filter with this name already exists.') : undefined,
  );
}

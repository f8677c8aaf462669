import type * as vscode from 'vscode';
import { commands } from '../contributions.ts';
import { register, requested, type CommandContext } from './register.ts';

/** Opens the overview: as it was last, of the connection that a request names, or of all where it names none. */
export function registerOverviewCommands(context: CommandContext): vscode.Disposable {
  return register(context, commands.openOverview, async ({ request }) => {
    const overview = await context.overview.get();
    if (request !== undefined) {
      overview.choose(requested(request, 'connectionId'));
    }
    overview.open();
  });
}

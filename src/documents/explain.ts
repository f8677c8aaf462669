import * as vscode from 'vscode';
import type { Sessions } from '../connections/sessions.ts';
import type { DocumentFileSystem } from './fileSystem.ts';
import { HintsProvider } from './hints.ts';
import { PropertyHoverProvider } from './hover.ts';
import { LensProvider } from './lenses.ts';
import { NavigationProvider } from './navigation.ts';
import { documentTarget } from './uri.ts';

/** All that explains documents: what their properties mean, where their values lead, and what can be done next. */
export function createExplanations(sessions: Sessions, documents: DocumentFileSystem) {
  return {
    hints: new HintsProvider(sessions),
    hover: new PropertyHoverProvider(sessions),
    navigation: new NavigationProvider(sessions),
    lenses: new LensProvider(sessions, documents),
    showCampaigns,
  };
}

/** Whether the document of one of these campaigns is open. */
function showCampaigns(campaigns: ReadonlySet<string>): boolean {
  return (
    campaigns.size > 0 &&
    vscode.workspace.textDocuments.some(({ uri }) => {
      const target = documentTarget(uri);
      return target?.kind === 'campaign' && campaigns.has(target.id);
    })
  );
}

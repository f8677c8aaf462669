import * as vscode from 'vscode';
import type { SessionHealth } from '../connections/healthKeeper.ts';
import { formatNumber, formatShortDay } from '../format.ts';
import { campaignChangeKinds, changeKinds, changeLists, type Changed, type ChangeKind } from '../health/changeLists.ts';
import type { Entry } from './entries.ts';
import type { GroupNode } from './nodes.ts';

const { t } = vscode.l10n;

/** The value of the group that all changes of a connection stand under. */
export const CHANGES = 'changes';

interface Compared {
  readonly since: number;
  /** Of the map that was compared; undefined where a sync was running, so that some of it was newer than the rest. */
  readonly version: number | undefined;
  readonly lists: ReadonlyMap<ChangeKind, readonly Changed[]>;
}

interface Comparison {
  /** The moment that a person picked, in milliseconds since the epoch. */
  picked?: number;
  /** The record that it is compared with, as it was last looked up. */
  since?: number | undefined;
  compared?: Compared;
}

/** What changed in each connection since a record: the last section of the Health view. */
export class WhatChanged {
  readonly #comparisons = new Map<string, Comparison>();

  compareSince(connectionId: string, time: number): void {
    this.#of(connectionId).picked = time;
  }

  forget(connectionId: string): void {
    this.#comparisons.delete(connectionId);
  }

  /**
   * When the record was made that a connection is compared with, in milliseconds since the epoch: the one that was
   * picked, the last of an earlier day, or the one before the last, which is what a person saw before. Undefined where
   * there is none.
   */
  async sinceOf(watched: SessionHealth): Promise<number | undefined> {
    const comparison = this.#of(watched.session.connection.id);
    const times = await watched.recordTimes();
    const midnight = new Date().setHours(0, 0, 0, 0);
    comparison.since =
      times.find((time) => time === comparison.picked) ?? times.find((time) => time < midnight) ?? times[1];
    return comparison.since;
  }

  /** What stands under the section, or under one kind of change in it. */
  async entriesUnder({ value }: GroupNode, watched: SessionHealth): Promise<readonly Entry[]> {
    const lists = await this.#listsOf(watched);
    if (value === CHANGES) {
      return Array.from(lists, ([of, { length }]) => ({ kind: 'changes', of, count: length }));
    }
    const kind = changeKinds.find((known) => known === value);
    return (kind && lists.get(kind)) ?? [];
  }

  /** The row of the section. */
  sectionItem(node: GroupNode): vscode.TreeItem {
    const item = groupItem(node, t('What changed'), 'history', 'changes');
    const { since } = this.#of(node.connectionId);
    item.description = since === undefined ? '' : t('since {0}', formatShortDay(since));
    return item;
  }

  async #listsOf(watched: SessionHealth): Promise<Compared['lists']> {
    const { connection, map } = watched.session;
    const comparison = this.#of(connection.id);
    const since = await this.sinceOf(watched);
    const { compared } = comparison;
    const { running } = map.progress;
    // While pages come in, the lists stay as they were when the map was last whole.
    if (compared !== undefined && compared.since === since && (running || compared.version === map.version)) {
      return compared.lists;
    }
    const version = running ? undefined : map.version;
    const changes = since === undefined ? undefined : await watched.changesSince(since);
    if (changes === undefined) {
      return new Map();
    }
    const lists = changeLists(changes);
    comparison.compared = { since: changes.since, version, lists };
    return lists;
  }

  #of(connectionId: string): Comparison {
    let comparison = this.#comparisons.get(connectionId);
    if (comparison === undefined) {
      comparison = {};
      this.#comparisons.set(connectionId, comparison);
    }
    return comparison;
  }
}

const TITLES: Readonly<Record<ChangeKind, () => string>> = {
  newlyBroken: () => t('Newly broken'),
  recovered: () => t('Recovered'),
  scoreDrops: () => t('Warmup score fell'),
  campaignsPausedByService: () => t('Campaigns stopped by the service'),
  statusChanges: () => t('Account status changed'),
  campaignChanges: () => t('Campaign status changed'),
  joined: () => t('Joined a campaign'),
  left: () => t('Left a campaign'),
  accountsAdded: () => t('New accounts'),
  campaignsAdded: () => t('New campaigns'),
};

/** The row of one kind of change. */
export function changesItem(node: GroupNode, kind: ChangeKind, count: number): vscode.TreeItem {
  const about = campaignChangeKinds.has(kind) ? 'campaigns' : 'accounts';
  const item = groupItem(node, TITLES[kind](), 'diff', `group ${about}`);
  item.description = formatNumber(count);
  return item;
}

function groupItem(node: GroupNode, label: string, icon: string, contextValue: string): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  item.id = node.id;
  item.iconPath = new vscode.ThemeIcon(icon);
  item.contextValue = contextValue;
  return item;
}

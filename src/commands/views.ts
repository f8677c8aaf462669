import * as vscode from 'vscode';
import { commands, views, type ViewId } from '../contributions.ts';
import { completeFilter, parseFilter } from '../queries/filter.ts';
import { formatNumber } from '../format.ts';
import { createQuickPick } from '../messages.ts';
import type { MapView } from '../tree/mapView.ts';
import type { Node } from '../tree/nodes.ts';
import { inTurns } from '../transport/turns.ts';
import { register, requested, type CommandContext } from './register.ts';

const { t } = vscode.l10n;

/** Grouping, sorting and filtering of the two views. */
export function registerViewCommands(context: CommandContext): vscode.Disposable {
  const { accounts, campaigns } = context;
  return vscode.Disposable.from(
    register(context, commands.groupAccounts, () =>
      choose(t('Group accounts by'), accounts.state.groupings, accounts.state.grouping, GROUPINGS, (grouping) => {
        accounts.state.group(grouping);
      }),
    ),
    register(context, commands.sortAccounts, () =>
      choose(t('Sort accounts by'), accounts.state.sorts, accounts.state.sort, SORTS, (sort) => {
        accounts.state.sortBy(sort);
      }),
    ),
    register(context, commands.filterAccounts, ({ request }) => {
      const filter = requested(request, 'filter');
      return filter === undefined
        ? askFilter(accounts, t('Filter accounts'))
        : showFiltered(accounts, views.accounts, filter, requested(request, 'connectionId'));
    }),
    register(context, commands.showInAccounts, ({ node }) => showFinding(context, accounts, views.accounts, node)),
    register(context, commands.clearAccountsFilter, () => {
      accounts.state.filterBy('');
    }),
    register(context, commands.groupCampaigns, () =>
      choose(t('Group campaigns by'), campaigns.state.groupings, campaigns.state.grouping, GROUPINGS, (grouping) => {
        campaigns.state.group(grouping);
      }),
    ),
    register(context, commands.sortCampaigns, () =>
      choose(t('Sort campaigns by'), campaigns.state.sorts, campaigns.state.sort, SORTS, (sort) => {
        campaigns.state.sortBy(sort);
      }),
    ),
    register(context, commands.filterCampaigns, ({ request }) => {
      const filter = requested(request, 'filter');
      return filter === undefined
        ? askFilter(campaigns, t('Filter campaigns'))
        : showFiltered(campaigns, views.campaigns, filter, requested(request, 'connectionId'));
    }),
    register(context, commands.showInCampaigns, ({ node }) => showFinding(context, campaigns, views.campaigns, node)),
    register(context, commands.clearCampaignsFilter, () => {
      campaigns.state.filterBy('');
    }),
  );
}

/**
 * Shows a view with a filter, and in it a connection where one is named.
 *
 * @throws {Error} with a sentence that says what is wrong with the filter.
 */
async function showFiltered<Row extends object, Grouping extends string, Sort extends string>(
  view: MapView<Row, Grouping, Sort>,
  id: ViewId,
  filter: string,
  connectionId: string | undefined,
): Promise<void> {
  const [problem] = parseFilter(view.state.facets, filter).problems;
  if (problem !== undefined) {
    throw new Error(problem);
  }
  view.state.filterBy(filter);
  await vscode.commands.executeCommand(`${id}.focus`);
  if (connectionId !== undefined) {
    await view.revealConnection(connectionId);
  }
}

/** Shows what a finding is about in the view of such rows, where all that can be done with them is offered. */
async function showFinding<Row extends object, Grouping extends string, Sort extends string>(
  { findings }: CommandContext,
  view: MapView<Row, Grouping, Sort>,
  id: ViewId,
  node: Node | undefined,
): Promise<void> {
  const filter = node && findings.filterOf(node);
  if (node !== undefined && filter !== undefined) {
    await showFiltered(view, id, filter, node.connectionId);
  }
}

const GROUPINGS = {
  health: () => t('Health'),
  none: () => t('None'),
  domain: () => t('Domain'),
  status: () => t('Status'),
  type: () => t('Mailbox type'),
  tag: () => t('Tag'),
  client: () => t('Client'),
  campaign: () => t('Campaign'),
} as const;

const SORTS = {
  health: () => t('Health, worst first'),
  email: () => t('Email'),
  warmup: () => t('Warmup score, lowest first'),
  limit: () => t('Daily limit, highest first'),
  campaigns: () => t('Number of campaigns, most first'),
  created: () => t('Created, newest first'),
  name: () => t('Name'),
  senders: () => t('Number of senders, most first'),
} as const;

/** Asks for one of several choices, with the one that holds now marked and active. */
async function choose<T extends string>(
  title: string,
  choices: readonly T[],
  current: T,
  words: Readonly<Record<T, () => string>>,
  take: (choice: T) => void,
): Promise<void> {
  const box = createQuickPick<vscode.QuickPickItem & { readonly choice: T }>();
  box.title = title;
  box.items = choices.map((choice) => {
    const label = words[choice]();
    return { label: choice === current ? t('{0} (current)', label) : label, choice };
  });
  box.activeItems = box.items.filter(({ choice }) => choice === current);
  await new Promise<void>((resolve) => {
    box.onDidAccept(() => {
      const [chosen] = box.selectedItems;
      if (chosen !== undefined) {
        take(chosen.choice);
      }
      box.hide();
    });
    box.onDidHide(() => {
      box.dispose();
      resolve();
    });
    box.show();
  });
}

/** The view follows what is typed after this long, in milliseconds. */
const FOLLOW = 200;

interface FilterItem extends vscode.QuickPickItem {
  /** The filter with this completion; undefined: the filter as it is typed. */
  readonly source?: string;
}

/**
 * Asks for a filter. The view follows while it is typed; facets and their values are offered; leaving without Enter
 * brings back the filter that was there before.
 */
async function askFilter<Row extends object, Grouping extends string, Sort extends string>(
  view: MapView<Row, Grouping, Sort>,
  title: string,
): Promise<void> {
  const { state } = view;
  const before = state.filter?.source ?? '';
  const box = createQuickPick<FilterItem>();
  box.title = title;
  box.placeholder = t(
    'Words, or filters like {0}',
    state.facets.facets
      .slice(0, 3)
      .map(({ name }) => `${name}:`)
      .join(' '),
  );
  box.value = before === '' ? '' : `${before} `;
  box.keepScrollPosition = true;
  let timer: NodeJS.Timeout | undefined;
  let taken = false;
  /** Goes up with each time that the list is made: counting takes a while, and the last one is shown. */
  let turn = 0;

  const show = async () => {
    turn += 1;
    const mine = turn;
    const { problems } = parseFilter(state.facets, box.value.trim());
    const [counts, completions] = await Promise.all([
      view.filtered(),
      inTurns(completeFilter(state.facets, box.value, view.connections())),
    ]);
    if (mine !== turn) {
      return;
    }
    const apply: FilterItem = {
      label:
        counts === undefined
          ? t('Show all')
          : t('Show {0} of {1}', formatNumber(counts.shown), formatNumber(counts.total)),
      iconPath: new vscode.ThemeIcon('filter'),
      alwaysShow: true,
    };
    const wrong = problems.map((problem): FilterItem => ({
      label: problem,
      iconPath: new vscode.ThemeIcon('error'),
      alwaysShow: true,
    }));
    const offered = completions.map(({ source, label, description }): FilterItem => ({
      label,
      description,
      source,
      alwaysShow: true,
    }));
    box.items = [...wrong, apply, ...offered];
    box.activeItems = [apply];
    // What is near takes longer to find.
    const why = await view.whyNothing();
    if (mine === turn && why !== undefined) {
      const { activeItems } = box;
      box.items = [
        ...wrong,
        apply,
        { label: why, iconPath: new vscode.ThemeIcon('info'), alwaysShow: true },
        ...offered,
      ];
      box.activeItems = activeItems;
    }
  };
  const follow = () => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      state.tryFilter(box.value);
      void show();
    }, FOLLOW);
  };

  await new Promise<void>((resolve) => {
    box.onDidChangeValue(follow);
    box.onDidAccept(() => {
      const [chosen] = box.selectedItems;
      if (chosen?.source !== undefined) {
        box.value = chosen.source;
        void show();
        follow();
        return;
      }
      if (parseFilter(state.facets, box.value.trim()).problems.length > 0) {
        // It stays open with what is wrong until it is right.
        return;
      }
      taken = true;
      state.filterBy(box.value);
      box.hide();
    });
    box.onDidHide(() => {
      clearTimeout(timer);
      turn += 1;
      if (!taken) {
        state.tryFilter(before);
      }
      box.dispose();
      resolve();
    });
    void show();
    box.show();
  });
}

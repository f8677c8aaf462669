import * as vscode from 'vscode';
import type { Changes } from '../connections/changes.ts';
import { changesScheme } from '../contributions.ts';
import { formatTime } from '../format.ts';
import { isVerified } from '../plans/matches.ts';
import type { Expectation, ExpectedLoss, PlanItem } from '../plans/plan.ts';
import { countStates, type ItemRecord, type PlanRecord } from '../plans/record.ts';

const { t } = vscode.l10n;

/** Items of one change that the log names; all of them are in the change's own document. */
const NAMED = 50;

/** Which changes a log is about. */
export interface LogFilter {
  readonly connectionId?: string | undefined;
  /** True: those with something that failed, is not known or was not sent. */
  readonly open?: boolean | undefined;
}

export function changeLogUri({ connectionId, open }: LogFilter = {}): vscode.Uri {
  const query = new URLSearchParams();
  if (connectionId !== undefined) {
    query.set('connection', connectionId);
  }
  if (open === true) {
    query.set('open', '1');
  }
  return vscode.Uri.from({ scheme: changesScheme, path: `/${t('Change Log')}.json`, query: query.toString() });
}

/** The document of one change, before it is made and after. */
export function planUri(id: string, title: string): vscode.Uri {
  const name = title.replace(/[\\/\p{Cc}]+/gu, '-').slice(0, 80);
  return vscode.Uri.from({
    scheme: changesScheme,
    path: `/${name.toWellFormed()}.plan.json`,
    query: `id=${encodeURIComponent(id)}`,
  });
}

/** The change log and single changes as read-only documents. They need no connection: records outlive it. */
export class ChangeDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #changes: Changes;
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #subscription: vscode.Disposable;

  readonly onDidChange = this.#changed.event;

  constructor(changes: Changes) {
    this.#changes = changes;
    this.#subscription = changes.onDidChange(() => {
      for (const { uri } of vscode.workspace.textDocuments) {
        if (uri.scheme === changesScheme) {
          this.#changed.fire(uri);
        }
      }
    });
  }

  async provideTextDocumentContent({ query }: vscode.Uri): Promise<string> {
    const asked = new URLSearchParams(query);
    const id = asked.get('id');
    if (id !== null) {
      const record = await this.#changes.recordOf(id);
      const undone = record && (await this.#undone());
      return text(
        record === undefined
          ? { answer: t('This plan was not carried out, and was kept only until the window closed.') }
          : recordOf(record, undone, Infinity),
      );
    }
    const connectionId = asked.get('connection');
    const undone = await this.#undone();
    const records = (await this.#changes.journal.list()).filter(
      (record) =>
        (connectionId === null || record.plan.connectionId === connectionId) &&
        (asked.get('open') === null || !record.plan.items.every((item, place) => isDone(item, record.items[place]))),
    );
    return text({
      answer: records.length === 0 ? t('No change was sent yet from this machine.') : undefined,
      changes: records.map((record) => recordOf(record, undone, NAMED)),
    });
  }

  dispose(): void {
    this.#subscription.dispose();
    this.#changed.dispose();
  }

  /** The plans that took others back, by the plan that they took back. */
  async #undone(): Promise<ReadonlyMap<string, string>> {
    const undone = new Map<string, string>();
    for (const { plan } of await this.#changes.journal.list()) {
      if (plan.undoes !== undefined) {
        undone.set(plan.undoes, plan.id);
      }
    }
    return undone;
  }
}

/** @param most items that are named; the document of one change names them all, and what was expected of it. */
function recordOf(record: PlanRecord, undone: ReadonlyMap<string, string> | undefined, most: number): object {
  const { plan, items, end } = record;
  const counts = Object.entries(countStates(record)).filter(([, count]) => count > 0);
  return {
    id: plan.id,
    title: plan.title,
    at: formatTime(plan.at),
    connection: plan.connection,
    service: plan.service,
    outcome: Object.fromEntries(counts),
    ended: end && { how: end.how, at: formatTime(end.at), why: end.why },
    undoes: plan.undoes,
    undone_by: undone?.get(plan.id),
    expected: most === Infinity && plan.expects !== undefined ? expected(plan.expects) : undefined,
    items: plan.items.slice(0, most).map((item, place) => itemOf(item, items[place])),
    more_items: plan.items.length > most ? plan.items.length - most : undefined,
    left_out: plan.leftOut.length === 0 ? undefined : plan.leftOut.slice(0, most),
    more_left_out: plan.leftOut.length > most ? plan.leftOut.length - most : undefined,
  };
}

function expected({ writes, requests, seconds, percentOfHour, stopped, belowLimit, less }: Expectation): object {
  return {
    requests_that_change_something: writes,
    requests,
    seconds,
    percent_of_what_is_allowed_in_an_hour: percentOfHour,
    campaigns_that_send_nothing: lossesOf(stopped),
    campaigns_that_fall_below_their_limit: lossesOf(belowLimit),
    other_campaigns_that_lose: lossesOf(less),
    emails_a_day_are: t(
      'what each campaign can expect by the model of capacity, where shared mailboxes are shared fairly',
    ),
  };
}

function lossesOf(losses: readonly ExpectedLoss[]): object {
  return losses.map(({ id, name, before, after }) => ({ id, name, emails_a_day: { before, after } }));
}

function isDone(item: PlanItem, record: ItemRecord | undefined): boolean {
  return record !== undefined && isVerified(item, record);
}

/** A status in words; everything else as it is. */
function itemOf(item: PlanItem, record: ItemRecord | undefined): object {
  const { kind, id, label, campaign, tag, property, before, after, words } = item;
  return {
    change: kind,
    id,
    label: label === id ? undefined : label,
    campaign,
    tag,
    property,
    before: words?.before ?? before,
    after: words?.after ?? after,
    state: record?.state,
    at: record?.at === undefined ? undefined : formatTime(record.at),
    why: record?.why,
    verified: isDone(item, record) ? true : undefined,
    some_minutes_later: record?.later,
  };
}

function text(value: object): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

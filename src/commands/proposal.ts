import * as vscode from 'vscode';
import type { RunHandlers } from '../connections/changes.ts';
import type { Session } from '../connections/sessions.ts';
import { commands } from '../contributions.ts';
import { formatNumber } from '../format.ts';
import {
  confirmOne,
  showInformation,
  showWarning,
  withNotifiedProgress,
  withStatusProgress,
  type Report,
} from '../messages.ts';
import { planUri } from '../documents/changeLog.ts';
import { expectationOf } from '../plans/cost.ts';
import type { Items } from '../plans/make.ts';
import type { Expectation, ExpectedLoss, Plan, PlanItem } from '../plans/plan.ts';
import { countStates, type PlanRecord } from '../plans/record.ts';
import { canUndo } from '../plans/undo.ts';
import { changeLines } from '../plans/draftWords.ts';
import { valueWords } from '../plans/words.ts';
import { longestText, plainText } from '../plainText.ts';
import type { Campaign } from '../providers/model.ts';
import type { ProviderInfo } from '../providers/provider.ts';
import { bounded } from '../queries/bounded.ts';
import { inTurns } from '../transport/turns.ts';
import { askText, valueOf } from './ask.ts';
import { readMap } from './changeTargets.ts';
import type { CommandContext } from './register.ts';

const { t } = vscode.l10n;

/** What a person is asked to allow. */
export interface Proposal {
  /** What is done, e.g. "Pause 460 accounts". */
  readonly title: string;
  readonly items: Items;
  /** What changes, line by line; undefined: the items say it. */
  readonly lines?: readonly string[] | undefined;
  /** What a person has to know besides, first in the dialog. */
  readonly warning?: string | undefined;
  /** What is good to know, and comes last before what changes. */
  readonly note?: string | undefined;
  /** What has to be typed, where more than a click is asked for: what it is, and the text. */
  readonly typed?: { readonly prompt: string; readonly text: string } | undefined;
  /** The plan that this one takes back. */
  readonly undoes?: string | undefined;
}

/** What programs get. */
export interface ChangeResult {
  /** By which the change is in the change log. */
  readonly id: string;
  readonly confirmed: number;
  readonly failed: number;
  readonly unknown: number;
  readonly notSent: number;
}

/** More things than this are not changed by a click alone. */
const MANY = 100;
/** Properties, campaigns and reasons that a dialog names; more are in the plan. */
const NAMED = 5;

/**
 * Shows what a change will do, and does it where a person says so: no change is sent in any other way.
 *
 * @returns what became of it; undefined where the person declined, or there is nothing to do.
 * @throws {ServiceError} where nothing was sent, because it may not be, or cannot be written down.
 */
export async function propose(
  context: CommandContext,
  session: Session,
  proposal: Proposal,
): Promise<ChangeResult | undefined> {
  const { items, leftOut } = proposal.items;
  if (items.length === 0) {
    const lines = [t('There is nothing to change.'), leftOutLine(leftOut)];
    void showInformation(lines.filter((line) => line !== undefined).join(' '));
    return undefined;
  }
  const { changes } = context;
  await readMap(session);
  const expects = await expectation(session, items);
  const plan = changes.propose(session, proposal.title, proposal.items, { expects, undoes: proposal.undoes });
  try {
    if (!(await isConfirmed(session, plan, proposal, expects))) {
      return undefined;
    }
  } finally {
    changes.drop(plan);
  }
  return runOnScreen(session, plan, (handlers) => changes.begin(session, plan, handlers));
}

/** Goes on with what was never sent of a plan. */
export async function goOn(
  context: CommandContext,
  session: Session,
  before: PlanRecord,
): Promise<ChangeResult | undefined> {
  const { plan, items } = before;
  const left = plan.items.filter((_, place) => items[place]?.state === 'planned');
  if (left.some(({ kind }) => kind === 'delete-campaign')) {
    throw new Error(t('Delete the campaign again from its row: it is saved first, as it is now.'));
  }
  await readMap(session);
  const expects = await expectation(session, left);
  const title =
    left.length < plan.items.length
      ? t('{0}: the {1} that are left', plan.title, formatNumber(left.length))
      : plan.title;
  const rest = { ...plan, title, items: left, leftOut: [] };
  if (!(await isConfirmed(session, rest, { title, items: rest }, expects))) {
    return undefined;
  }
  return runOnScreen(session, rest, (handlers) => context.changes.resume(session, before, handlers));
}

/** Runs a plan with its progress in sight, where it can be cancelled, and says how it ended. */
async function runOnScreen(
  session: Session,
  { title, items }: Plan,
  run: (handlers: RunHandlers) => Promise<PlanRecord | undefined>,
): Promise<ChangeResult | undefined> {
  const record = await withNotifiedProgress(title, (report, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => {
      stop.abort();
    });
    return run({ signal: stop.signal, onProgress: progressOf(items.length, report) });
  });
  if (record === undefined) {
    sayIsBusy();
    return undefined;
  }
  void sayWhatBecameOf(session, record);
  return resultOf(record);
}

/** Says that nothing was done because another window does it. */
export function sayIsBusy(): void {
  void showInformation(t('Another window is at work on this change.'));
}

function expectation({ map, provider }: Session, items: readonly PlanItem[]): Thenable<Expectation> {
  return withStatusProgress(t('Planning'), () => inTurns(expectationOf(map.graph, items, provider.info)));
}

async function isConfirmed(
  { connection, provider, map }: Session,
  plan: Plan,
  proposal: Proposal,
  expects: Expectation,
): Promise<boolean> {
  const guard = guardOf(plan, provider.info);
  const message = t('{0}, in "{1}"?', plan.title, connection.label);
  const [first] = plan.items;
  const edited = first?.kind === 'edit-campaign' ? map.graph.campaign(first.id) : undefined;
  const lines = proposal.lines ?? itemLines(plan);
  const shown = linesThatFit(lines).join('\n');
  const above = joined([
    proposal.warning,
    guard?.warning,
    edited && sendingLine(edited),
    costLine(expects),
    map.complete ? undefined : t('The map is incomplete: what campaigns lose that it does not have is not counted.'),
    effortLine(expects, provider.info.name),
    leftOutLine(plan.leftOut),
    proposal.note,
  ]);
  // VS Code cuts what is too long, and what changes comes last: it keeps its room.
  const text = joined([bounded(above, longestText - shown.length - BETWEEN.length), shown]);
  const read = t('Read Plan');
  const actions = plan.items.length > 1 || lines.join().length > ROOM ? [plan.title, read] : [plan.title];
  let chosen = await confirmOne(message, text, ...actions);
  if (chosen === read) {
    await vscode.commands.executeCommand('vscode.open', planUri(plan.id, plan.title));
    // It stays while the plan is read; the dialog comes back after it.
    const go = t('Continue…');
    chosen =
      (await showInformation(message, go, t('Cancel'))) === go
        ? await confirmOne(message, text, plan.title)
        : undefined;
  }
  return chosen === plan.title && (await isTyped(plan, proposal.typed ?? guard?.typed, expects));
}

/** Between two paragraphs of a dialog. */
const BETWEEN = '\n\n';

function joined(paragraphs: readonly (string | undefined)[]): string {
  return paragraphs.filter((line) => line !== undefined && line !== '').join(BETWEEN);
}

/** Where a campaign that sends would send nothing, or many things change, the number of them is typed. */
async function isTyped(plan: Plan, typed: Proposal['typed'], { stopped }: Expectation): Promise<boolean> {
  const count = String(plan.items.length);
  const asked =
    typed ??
    (stopped.length > 0 || plan.items.length > MANY
      ? { prompt: t('Type {0}, the number of changes, to confirm', count), text: count }
      : undefined);
  if (asked === undefined) {
    return true;
  }
  const answer = await askText({
    title: plan.title,
    prompt: asked.prompt,
    check: (text) =>
      Promise.resolve(
        asSeen(text) === asSeen(asked.text) ? undefined : t('"{0}" is not "{1}".', bounded(text), asked.text),
      ),
  });
  return valueOf(answer) !== undefined;
}

/** A text as it is seen: a name may have characters that nobody can type. */
function asSeen(text: string): string {
  return plainText(text).replace(/\s+/g, ' ').trim();
}

/** What is said and asked besides of what cannot be taken back, or is more than it seems, also where a program began it. */
function guardOf(
  { items }: Plan,
  { name, zeroIsUnlimited }: ProviderInfo,
): Pick<Proposal, 'warning' | 'typed'> | undefined {
  if (items.some(({ kind }) => kind === 'stop-campaign')) {
    return { warning: t('A stopped campaign cannot be started again. To stop it for a while, pause it.') };
  }
  if (zeroIsUnlimited === true && items.some(({ kind, after }) => kind === 'daily-limit' && after === 0)) {
    const text = items.length > MANY ? `${UNLIMITED} ${items.length}` : UNLIMITED;
    return {
      warning: t('For {0} a limit of 0 is no limit: these accounts would send as much as they can.', name),
      typed: { prompt: t('Type "{0}" to send without a limit', text), text },
    };
  }
  return undefined;
}

const UNLIMITED = 'unlimited';
/** Characters of what changes that a dialog shows; a plan has all of it. */
const ROOM = 500;

/** Characters of a line that still say something. */
const LEAST = 80;

function linesThatFit(lines: readonly string[]): string[] {
  const fitting: string[] = [];
  let room = ROOM;
  for (const line of lines) {
    if (line.length + 1 > room) {
      const left = lines.length - fitting.length;
      const cut = left === 1 && room >= LEAST;
      return [...fitting, cut ? bounded(line, room) : t('and {0} more, in the plan', formatNumber(left))];
    }
    room -= line.length + 1;
    fitting.push(line);
  }
  return fitting;
}

/** What changes: of an edit each property, otherwise thing by thing where there are few. */
function itemLines(plan: Plan): readonly string[] {
  if (plan.items.every(({ kind }) => kind === 'edit-campaign')) {
    return plan.items.flatMap(({ property = '', before, after }) => changeLines({ property, before, after }));
  }
  if (plan.items.length > NAMED) {
    return [];
  }
  return plan.items.map((item) => {
    return t('{0}: {1} → {2}', placeOf(item), valueWords(item, item.before), valueWords(item, item.after));
  });
}

function sendingLine({ state, statusWords }: Campaign): string {
  return state === 'healthy'
    ? t('This campaign is sending right now: {0}. Emails that go out from now on are as the change says.', statusWords)
    : t('This campaign is not sending right now: {0}.', statusWords);
}

/** What an item is about, with the campaign or the tag that it is a sender of, or carries. */
function placeOf({ property, label, campaign, tag }: PlanItem): string {
  const whole = campaign?.name ?? tag?.label;
  return property ?? (whole === undefined ? shortened(label) : t('{0}, "{1}"', shortened(label), shortened(whole)));
}

/** A name, as long as a line has room for it. */
function shortened(name: string): string {
  return bounded(name, 60);
}

function leftOutLine(leftOut: Plan['leftOut']): string | undefined {
  const [first] = leftOut;
  if (first === undefined) {
    return undefined;
  }
  return leftOut.length === 1
    ? t('{0} is left out: {1}.', first.label, first.why)
    : t('{0} are left out, the first because {1}.', formatNumber(leftOut.length), first.why);
}

/** What active campaigns lose, by the model of capacity. */
function costLine({ stopped, belowLimit, less }: Expectation): string | undefined {
  const all = [...stopped, ...belowLimit, ...less];
  return all.length === 0
    ? undefined
    : t(
        'By the capacity model, active campaigns that send less: {0}; that fall below their limit: {1}; that send nothing: {2}.',
        counted(all),
        counted(belowLimit),
        counted(stopped),
      );
}

/** How many, with their names where they are few. */
function counted(losses: readonly ExpectedLoss[]): string {
  const names = losses.map(({ id, name }) => shortened(name.trim() === '' ? id : name));
  return names.length === 0 || names.length > NAMED
    ? formatNumber(names.length)
    : t('{0} ({1})', formatNumber(names.length), names.join('; '));
}

function effortLine({ requests, seconds, percentOfHour }: Expectation, service: string): string {
  return t(
    'Requests: {0}, about {1}; {2} % of what {3} allows in an hour.',
    formatNumber(requests),
    seconds < 90 ? t('{0} s', seconds) : t('{0} min', Math.ceil(seconds / 60)),
    formatNumber(percentOfHour),
    service,
  );
}

function progressOf(all: number, report: Report): RunHandlers['onProgress'] {
  let last = 0;
  return (done) => {
    report(((done - last) / all) * 100, t('{0} of {1}', formatNumber(done), formatNumber(all)));
    last = done;
  };
}

/** Says once how it ended, and offers what can be done next. */
export async function sayWhatBecameOf(session: Session, record: PlanRecord): Promise<void> {
  const { plan, end } = record;
  const { confirmed, failed, unknown, sent, planned } = countStates(record);
  const parts = [
    t('{0} done', formatNumber(confirmed)),
    failed > 0 ? t('{0} failed', formatNumber(failed)) : undefined,
    unknown + sent > 0 ? t('{0} unknown', formatNumber(unknown + sent)) : undefined,
    planned > 0 ? t('{0} not sent', formatNumber(planned)) : undefined,
  ];
  const counts = parts.filter((part) => part !== undefined).join(', ');
  const why =
    end?.why ?? record.items.find(({ state, why: reason }) => state !== 'confirmed' && reason !== undefined)?.why;
  const message = why === undefined ? t('{0}: {1}.', plan.title, counts) : t('{0}: {1}. {2}', plan.title, counts, why);
  const [undo, show] = [t('Undo…'), t('Show Details')];
  const actions = canUndo(record, session.provider.info.changes) ? [undo, show] : [show];
  const fine = confirmed === plan.items.length;
  const chosen = await (fine ? showInformation(message, ...actions) : showWarning(message, ...actions));
  if (chosen === undo) {
    await vscode.commands.executeCommand(commands.undoChange, { id: plan.id, person: true });
  } else if (chosen === show) {
    await vscode.commands.executeCommand('vscode.open', planUri(plan.id, plan.title));
  }
}

/** What programs get of a record. */
export function resultOf(record: PlanRecord): ChangeResult {
  const { confirmed, failed, unknown, sent, planned } = countStates(record);
  return { id: record.plan.id, confirmed, failed, unknown: unknown + sent, notSent: planned };
}

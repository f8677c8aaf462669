import type { ChangeKind } from '../providers/changes.ts';
import type { ProviderId } from '../providers/index.ts';

/** What a change is about, before or after it: a status, a limit, whether it is so, or a property as JSON. */
export type Value = unknown;

/** One thing that a plan changes: a fact about an account or a campaign. */
export interface PlanItem {
  readonly kind: ChangeKind;
  readonly about: 'account' | 'campaign';
  /** The key of the account, or the id of the campaign. */
  readonly id: string;
  /** The email or the name, for people. */
  readonly label: string;
  /** The campaign whose sender an account becomes or was. */
  readonly campaign?: { readonly id: string; readonly name: string } | undefined;
  readonly tag?: { readonly id: string; readonly label: string } | undefined;
  /** The property of a campaign that is edited. */
  readonly property?: string | undefined;
  readonly before: Value;
  readonly after: Value;
  /** The place in the plan of the item that has to be done before this one. */
  readonly needs?: number | undefined;
  /** A status is a code of the service: what it is called. */
  readonly words?: { readonly before: string; readonly after: string } | undefined;
}

/** Something that was asked for and is not part of a plan, and why. */
export interface LeftOut {
  readonly id: string;
  readonly label: string;
  readonly why: string;
}

/** A campaign that sends less by a plan, in emails a day by the model of capacity. */
export interface ExpectedLoss {
  readonly id: string;
  readonly name: string;
  readonly before: number;
  readonly after: number;
}

/** What a plan costs and takes, as far as it can be known before. */
export interface Expectation {
  /** Requests that change something, and all of them. */
  readonly writes: number;
  readonly requests: number;
  readonly seconds: number;
  /** Of what the service allows in an hour. */
  readonly percentOfHour: number;
  /** Active campaigns that send nothing then, that fall below their limit, and others that lose. */
  readonly stopped: readonly ExpectedLoss[];
  readonly belowLimit: readonly ExpectedLoss[];
  readonly less: readonly ExpectedLoss[];
}

/** What will be changed, before any of it is. Plain data: it is written down as it is. */
export interface Plan {
  /** Unique on this machine; later plans have greater ones. */
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly connectionId: string;
  /** What the connection was called then. */
  readonly connection: string;
  readonly service: ProviderId;
  /** What it does, e.g. "Pause 460 accounts". */
  readonly title: string;
  readonly items: readonly PlanItem[];
  /** What was asked for and is not changed. */
  readonly leftOut: readonly LeftOut[];
  /** What it was expected to cost and to take, when a person decided. */
  readonly expects?: Expectation | undefined;
  /** The plan whose changes this one takes back. */
  readonly undoes?: string | undefined;
}

/** Items that one request changes: neighbours of one kind, about the same campaign or tag. */
export function requestsOf(items: readonly PlanItem[], most: (kind: ChangeKind) => number): (readonly number[])[] {
  const requests: number[][] = [];
  let last: number[] = [];
  for (const [place, item] of items.entries()) {
    const before = items[last[0] ?? -1];
    if (before !== undefined && last.length < most(item.kind) && goTogether(before, item)) {
      last.push(place);
    } else {
      last = [place];
      requests.push(last);
    }
  }
  return requests;
}

function goTogether(a: PlanItem, b: PlanItem): boolean {
  return (
    a.kind === b.kind &&
    a.about === b.about &&
    a.campaign?.id === b.campaign?.id &&
    a.tag?.id === b.tag?.id &&
    // A limit that differs is another request; properties of one campaign go out together.
    (a.kind === 'edit-campaign' ? a.id === b.id : a.after === b.after)
  );
}

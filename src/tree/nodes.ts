import type { MapChange } from '../map/changeFeed.ts';
import { isIdentifier, isObject } from '../providers/fields.ts';
import type { Fix } from '../transport/errors.ts';

interface BaseNode {
  /** A path that is unique in the whole tree: the same campaign appears under many accounts. */
  readonly id: string;
  readonly connectionId: string;
}

export interface ConnectionNode extends BaseNode {
  readonly kind: 'connection';
}

/** Rows that have something in common. */
export interface GroupNode extends BaseNode {
  readonly kind: 'group';
  readonly value: string;
  /** True where its rows stand in no group beside it: it is then not in their paths. */
  readonly apart?: boolean | undefined;
}

/** What a saved filter lets through. */
export interface FilterNode extends BaseNode {
  readonly kind: 'filter';
  readonly filterId: string;
}

/** A part of a list that is too long to show at once. */
export interface RangeNode extends BaseNode {
  readonly kind: 'range';
  /** The number of the part, from 0. */
  readonly part: number;
}

export interface AccountNode extends BaseNode {
  readonly kind: 'account';
  readonly accountKey: string;
  /** The campaign that it is listed under as a sender. */
  readonly campaignId?: string | undefined;
}

export interface CampaignNode extends BaseNode {
  readonly kind: 'campaign';
  readonly campaignId: string;
  /** The account that it is listed under. */
  readonly accountKey?: string | undefined;
}

/** A row with a message: what is going on, what failed, or what to do next. */
export interface NoticeNode extends BaseNode {
  readonly kind: 'notice';
  readonly notice: Notice;
}

const noticeTypes = ['busy', 'empty', 'error', 'invalid', 'more', 'note'] as const;

export interface Notice {
  readonly type: (typeof noticeTypes)[number];
  readonly label: string;
  readonly description?: string | undefined;
  readonly tooltip?: string | undefined;
  /** What a click does. */
  readonly fix?: Fix | 'resume' | undefined;
  /** The account or campaign that the notice is about; absent where it is about the connection. */
  readonly accountKey?: string | undefined;
  readonly campaignId?: string | undefined;
}

export type Node = ConnectionNode | GroupNode | FilterNode | RangeNode | AccountNode | CampaignNode | NoticeNode;

/** True for a row with everything that a row of its kind has. Anyone can call a command with anything. */
export function isNode(value: unknown): value is Node {
  if (!isObject(value) || typeof value['id'] !== 'string' || !isIdentifier(value['connectionId'])) {
    return false;
  }
  switch (value['kind']) {
    case 'connection':
      return true;
    case 'group':
      return typeof value['value'] === 'string';
    case 'filter':
      return typeof value['filterId'] === 'string';
    case 'range':
      return Number.isSafeInteger(value['part']);
    case 'account':
      return isIdentifier(value['accountKey']) && isTextOrAbsent(value['campaignId']);
    case 'campaign':
      return isIdentifier(value['campaignId']) && isTextOrAbsent(value['accountKey']);
    case 'notice':
      return isNotice(value['notice']);
    default:
      return false;
  }
}

function isNotice(value: unknown): value is Notice {
  return (
    isObject(value) &&
    noticeTypes.some((type) => type === value['type']) &&
    typeof value['label'] === 'string' &&
    ['description', 'tooltip', 'fix'].every((name) => isTextOrAbsent(value[name])) &&
    ['accountKey', 'campaignId'].every((name) => value[name] === undefined || isIdentifier(value[name]))
  );
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || typeof value === 'string';
}

/** VS Code tracks elements by identity: the same thing must be the same object at every refresh. */
export class NodeRegistry {
  readonly #nodes = new Map<string, Node>();
  readonly #parents = new Map<string, Node>();
  /** The rows of one account or campaign, which may be in several groups and under several other rows. */
  readonly #rows = new Map<string, Set<AccountNode | CampaignNode>>();

  connection(connectionId: string): ConnectionNode {
    return this.#keep({ kind: 'connection', id: segment(connectionId), connectionId });
  }

  /** `apart`: the rows of this group stand in no group beside it, so that they keep their selection between them. */
  group(parent: Node, value: string, apart = false): GroupNode {
    const { connectionId } = parent;
    const id = `${this.#listAround(parent).id}/${apart ? 'd' : 'g'}:${segment(value)}`;
    return this.#keep({ kind: 'group', id, connectionId, value, apart }, parent);
  }

  filter(parent: Node, filterId: string): FilterNode {
    const { connectionId } = parent;
    return this.#keep({ kind: 'filter', id: `${parent.id}/f:${segment(filterId)}`, connectionId, filterId }, parent);
  }

  range(parent: Node, part: number): RangeNode {
    const { connectionId } = parent;
    return this.#keep({ kind: 'range', id: `${parent.id}/r:${part}`, connectionId, part }, parent);
  }

  account(parent: Node, accountKey: string): AccountNode {
    const { connectionId } = parent;
    const above = this.#anchor(parent);
    const campaignId = above.kind === 'campaign' ? above.campaignId : undefined;
    const id = `${above.id}/a:${segment(accountKey)}`;
    return this.#keep({ kind: 'account', id, connectionId, accountKey, campaignId }, parent);
  }

  campaign(parent: Node, campaignId: string): CampaignNode {
    const { connectionId } = parent;
    const above = this.#anchor(parent);
    const accountKey = above.kind === 'account' ? above.accountKey : undefined;
    const id = `${above.id}/c:${segment(campaignId)}`;
    return this.#keep({ kind: 'campaign', id, connectionId, campaignId, accountKey }, parent);
  }

  /** Notices carry their content, so an equal one keeps its object and a different one gets a new one. */
  notice(parent: Node, name: string, notice: Notice): NoticeNode {
    const id = `${parent.id}/!${name}`;
    const known = this.#nodes.get(id);
    if (known?.kind === 'notice' && JSON.stringify(known.notice) === JSON.stringify(notice)) {
      return known;
    }
    const node: NoticeNode = { kind: 'notice', id, connectionId: parent.connectionId, notice };
    this.#nodes.set(id, node);
    this.#parents.set(id, parent);
    return node;
  }

  /** Whether it is a row of this tree: two trees have rows with the same id. */
  has(node: Node): boolean {
    return this.#nodes.get(node.id) === node;
  }

  parentOf(node: Node): Node | undefined {
    return this.#parents.get(node.id);
  }

  /** The rows that show what changed. Those under one of them are left out: repainting a row repaints them too. */
  changedRows(connectionId: string, { accounts, campaigns }: Pick<MapChange, 'accounts' | 'campaigns'>): Node[] {
    const rows = new Set<Node>();
    for (const key of accounts) {
      this.#rows.get(rowName('account', connectionId, key))?.forEach((row) => rows.add(row));
    }
    for (const id of campaigns) {
      this.#rows.get(rowName('campaign', connectionId, id))?.forEach((row) => rows.add(row));
    }
    return [...rows].filter((row) => {
      const above = this.parentOf(row);
      return above === undefined || !rows.has(above);
    });
  }

  forget(connectionId: string): void {
    const prefix = segment(connectionId);
    for (const [id, node] of this.#nodes) {
      if (id === prefix || id.startsWith(`${prefix}/`)) {
        this.#nodes.delete(id);
        this.#parents.delete(id);
        if (node.kind === 'account' || node.kind === 'campaign') {
          this.#rows.delete(nameOf(node));
        }
      }
    }
  }

  /** What a list stands under, where it is in parts. */
  #listAround(parent: Node): Node {
    return parent.kind === 'range' ? (this.parentOf(parent) ?? parent) : parent;
  }

  /**
   * What is in the path of a row: parts of a list and groups that stand apart are not. The row keeps its selection when
   * it moves to another one.
   */
  #anchor(parent: Node): Node {
    const list = this.#listAround(parent);
    const above = list.kind === 'group' && list.apart === true ? this.parentOf(list) : undefined;
    return above === undefined ? list : this.#anchor(above);
  }

  #keep<T extends Node>(fresh: T, parent?: Node): T {
    if (parent !== undefined) {
      this.#parents.set(fresh.id, parent);
    }
    const known = this.#nodes.get(fresh.id);
    if (known !== undefined) {
      return known as T;
    }
    this.#nodes.set(fresh.id, fresh);
    if (fresh.kind === 'account' || fresh.kind === 'campaign') {
      const name = nameOf(fresh);
      const rows = this.#rows.get(name);
      if (rows === undefined) {
        this.#rows.set(name, new Set<AccountNode | CampaignNode>([fresh]));
      } else {
        rows.add(fresh);
      }
    }
    return fresh;
  }
}

function nameOf(node: AccountNode | CampaignNode): string {
  return rowName(node.kind, node.connectionId, node.kind === 'account' ? node.accountKey : node.campaignId);
}

function rowName(kind: 'account' | 'campaign', connectionId: string, key: string): string {
  return `${kind} ${segment(connectionId)} ${key}`;
}

function segment(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('/', '%2F');
}

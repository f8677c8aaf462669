import type { Fix } from '../transport/errors.ts';

interface BaseNode {
  /** A path that is unique in the whole tree: the same campaign stands under many accounts. */
  readonly id: string;
  readonly connectionId: string;
}

export interface ConnectionNode extends BaseNode {
  readonly kind: 'connection';
}

export interface AccountNode extends BaseNode {
  readonly kind: 'account';
  readonly accountKey: string;
}

export interface CampaignNode extends BaseNode {
  readonly kind: 'campaign';
  readonly accountKey: string;
  readonly campaignId: string;
}

/** A row that says something: what is going on, what failed, or how to go on. */
export interface NoticeNode extends BaseNode {
  readonly kind: 'notice';
  readonly notice: Notice;
}

export interface Notice {
  readonly type: 'busy' | 'empty' | 'error' | 'invalid' | 'more' | 'note';
  readonly label: string;
  readonly description?: string | undefined;
  readonly tooltip?: string | undefined;
  /** What a click does. */
  readonly fix?: Fix | undefined;
  /** The account whose campaigns the notice is about; absent where it is about the connection. */
  readonly accountKey?: string | undefined;
}

export type Node = ConnectionNode | AccountNode | CampaignNode | NoticeNode;

/** VS Code tracks elements by identity: the same thing must be the same object at every refresh. */
export class NodeRegistry {
  readonly #nodes = new Map<string, Node>();

  connection(connectionId: string): ConnectionNode {
    return this.#keep({ kind: 'connection', id: segment(connectionId), connectionId });
  }

  account(connectionId: string, accountKey: string): AccountNode {
    const id = path(connectionId, accountKey);
    return this.#keep({ kind: 'account', id, connectionId, accountKey });
  }

  campaign(connectionId: string, accountKey: string, campaignId: string): CampaignNode {
    const id = path(connectionId, accountKey, campaignId);
    return this.#keep({ kind: 'campaign', id, connectionId, accountKey, campaignId });
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
    return node;
  }

  parentOf(node: Node): Node | undefined {
    const end = node.id.lastIndexOf('/');
    return end < 0 ? undefined : this.#nodes.get(node.id.slice(0, end));
  }

  forget(connectionId: string): void {
    const prefix = segment(connectionId);
    for (const id of this.#nodes.keys()) {
      if (id === prefix || id.startsWith(`${prefix}/`)) {
        this.#nodes.delete(id);
      }
    }
  }

  #keep<T extends Node>(fresh: T): T {
    const known = this.#nodes.get(fresh.id);
    if (known !== undefined) {
      return known as T;
    }
    this.#nodes.set(fresh.id, fresh);
    return fresh;
  }
}

function path(...segments: string[]): string {
  return segments.map(segment).join('/');
}

function segment(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('/', '%2F');
}

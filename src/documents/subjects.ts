import type * as vscode from 'vscode';
import type { Session, Sessions } from '../connections/sessions.ts';
import { text } from '../providers/fields.ts';
import type { Account, Campaign } from '../providers/model.ts';
import { propertyAt, type Properties, type Property } from '../providers/properties.ts';
import { treeOf, type Value } from './positions.ts';
import { isReport, reports } from './reports.ts';
import { documentTarget, type DocumentTarget } from './uri.ts';

/** A document of Sendmap with what is known of its content. */
export interface Subject {
  readonly target: DocumentTarget;
  readonly root: NonNullable<ReturnType<typeof treeOf>>;
  readonly properties: Properties;
  readonly session: Session;
}

/** What a document is about; undefined for other documents, and where the connection is gone. */
export async function subjectOf(sessions: Sessions, document: vscode.TextDocument): Promise<Subject | undefined> {
  const target = documentTarget(document.uri);
  if (target === undefined || sessions.store.get(target.connectionId) === undefined) {
    return undefined;
  }
  const root = treeOf(document);
  const session = await sessions.get(target.connectionId).catch(() => undefined);
  return root && session && { target, root, session, properties: await propertiesOf(session, target) };
}

async function propertiesOf({ provider }: Session, { kind }: DocumentTarget): Promise<Properties> {
  return isReport(kind) ? (await reports[kind].load()).properties : provider.info.properties(kind);
}

export function propertyOf({ properties }: Subject, { path }: Value): Property | undefined {
  return propertyAt(properties, path);
}

/** The account, campaign or tag that a value names. */
export interface Named {
  readonly kind: 'account' | 'campaign' | 'tag';
  readonly id: string;
}

/** What a value names; undefined where it names nothing, or nothing that can be named. */
export function namedBy(subject: Subject, value: Value): Named | undefined {
  const kind = propertyOf(subject, value)?.names;
  const content: unknown = value.node.value;
  const id = typeof content === 'number' && Number.isSafeInteger(content) ? String(content) : text(content);
  return kind === undefined || id === undefined ? undefined : { kind, id };
}

/** The document of what is named; undefined where the service has none. */
export function targetOf({ session, target }: Subject, { kind, id }: Named): DocumentTarget | undefined {
  return session.provider.info.documents.has(kind) ? { kind, connectionId: target.connectionId, id } : undefined;
}

/** What a person calls it: the email or the name; the id where the map does not know it. */
export function nameOf({ session }: Subject, { kind, id }: Named): string {
  const { graph } = session.map;
  const name =
    kind === 'account' ? graph.account(id)?.email : kind === 'campaign' ? graph.campaign(id)?.name : undefined;
  return name === undefined || name === '' ? id : name;
}

/** The condition of an account or a campaign, why, and its other problems. */
export function conditionWords({ statusWords, reason, others = [] }: Account | Campaign): string {
  return [statusWords, reason, ...others].filter((words) => words !== undefined).join('; ');
}

import { findNodeAtLocation } from 'jsonc-parser';
import * as vscode from 'vscode';
import type { Sessions } from '../connections/sessions.ts';
import { smtpMeaning } from '../providers/codes.ts';
import { code, text } from '../providers/fields.ts';
import type { Account, Campaign } from '../providers/model.ts';
import type { Property } from '../providers/properties.ts';
import { tagUseOf } from '../queries/tags.ts';
import { escapeMarkdown, formatAge, formatCampaigns, formatNumber, formatTime } from '../format.ts';
import { codeIn, weekdayOf, weekdaysAbove } from './hints.ts';
import { rangeOf, valueAt, type Value } from './positions.ts';
import { isReport } from './reports.ts';
import { conditionWords, namedBy, nameOf, propertyOf, subjectOf, type Named, type Subject } from './subjects.ts';

const { t } = vscode.l10n;

/**
 * What a property means and what its value names. Everything from the service is escaped, and the Markdown is not
 * trusted: no links, no commands, no HTML.
 */
export class PropertyHoverProvider implements vscode.HoverProvider {
  readonly #sessions: Sessions;

  constructor(sessions: Sessions) {
    this.#sessions = sessions;
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const subject = await subjectOf(this.#sessions, document);
    const value = subject && valueAt(subject.root, document.offsetAt(position));
    if (subject === undefined || value === undefined || token.isCancellationRequested) {
      return undefined;
    }
    const property = propertyOf(subject, value) ?? weekdaysAbove(subject, value);
    const named = namedBy(subject, value);
    const parts = [
      ...(named === undefined ? [] : await namedWords(subject, named)),
      ...(property === undefined ? [] : propertyWords(value, property, reasonOf(subject, value))),
      ...(property === undefined ? [] : mapWords(subject, value, property)),
    ];
    return parts.length === 0
      ? undefined
      : new vscode.Hover(new vscode.MarkdownString(parts.join('\n\n')), rangeOf(document, value.name ?? value.node));
  }
}

/** What is known of the account, campaign or tag that a value names. */
async function namedWords(subject: Subject, named: Named): Promise<string[]> {
  const { map } = subject.session;
  const { graph } = map;
  const title = `**${escapeMarkdown(nameOf(subject, named))}**`;
  if (named.kind === 'account') {
    const account = graph.account(named.id);
    if (account === undefined) {
      return [`${title} · ${t('not in the map')}`];
    }
    const campaigns = graph.countOfCampaigns(named.id);
    return [
      [
        title,
        escapeMarkdown(account.statusWords),
        account.warmupScore === undefined ? '' : t('warmup {0}', account.warmupScore),
        campaigns === undefined ? '' : formatCampaigns(campaigns),
      ]
        .filter(Boolean)
        .join(' · '),
      ...reasonsOf(account),
    ];
  }
  if (named.kind === 'campaign') {
    const campaign = graph.campaign(named.id);
    if (campaign === undefined) {
      return [`${title} · ${t('not in the map')}`];
    }
    const counts = graph.countOfSenders(named.id);
    const senders =
      counts && t('senders: {0}, healthy: {1}', formatNumber(counts.senders), formatNumber(counts.healthy));
    return [[title, escapeMarkdown(campaign.statusWords), senders].filter(Boolean).join(' · '), ...reasonsOf(campaign)];
  }
  const { label, accounts } = await tagUseOf(map, named.id);
  return label === undefined
    ? []
    : [`**${escapeMarkdown(label)}** · ${t('tag on {0} accounts', formatNumber(accounts.length))}`];
}

/** What the map says of the campaign with this status, where that is more: only lists say why some are paused. */
function mapWords({ session, target }: Subject, { node }: Value, { codes }: Property): string[] {
  const campaign = target.kind === 'campaign' ? session.map.graph.campaign(target.id) : undefined;
  const isStatus = codes !== undefined && campaign?.status !== undefined && code(node.value) === campaign.status;
  return isStatus && (campaign.reason !== undefined || campaign.others !== undefined)
    ? [escapeMarkdown(t('In the map: {0}', conditionWords(campaign)))]
    : [];
}

/** Why it is in its state, and its other problems. */
function reasonsOf({ reason, others = [] }: Account | Campaign): string[] {
  return [...(reason === undefined ? [] : [reason]), ...others].map(escapeMarkdown);
}

/** What the mail server said, where the document says it elsewhere: a status alone does not say whether it lasts. */
function reasonOf({ root, session, target }: Subject, { path, node }: Value): string | undefined {
  const { kind } = target;
  const reason = isReport(kind) ? undefined : session.provider.info.reasonPath(kind, path, node.value);
  return reason && text(findNodeAtLocation(root, [...reason])?.value);
}

function propertyWords(value: Value, property: Property, reason: string | undefined): string[] {
  const day = property.weekdays ? weekdayOf(value) : undefined;
  const { node } = value;
  // A day that stands as a name is described by what holds it.
  const path = day !== undefined && typeof node.value === 'boolean' ? value.path.slice(0, -1) : value.path;
  const name = path.filter((segment) => typeof segment === 'string').at(-1) ?? '';
  const unit = property.unit?.();
  const parts = [
    `**${escapeMarkdown(name)}**: ${escapeMarkdown(property.words())}${unit === undefined ? '' : escapeMarkdown(` (${unit})`)}.`,
  ];
  if (property.time && typeof node.value === 'string' && !Number.isNaN(Date.parse(node.value))) {
    parts.push(escapeMarkdown(`${formatTime(node.value)}, ${formatAge(Date.parse(node.value))}`));
  }
  if (day !== undefined) {
    parts.push(escapeMarkdown(node.value === false ? t('{0}: off', day) : t('{0}: on', day)));
  }
  const answer = property.smtp && typeof node.value === 'string' ? node.value : reason;
  if (answer !== undefined) {
    const meaning = smtpMeaning(answer);
    if (reason !== undefined) {
      parts.push(escapeMarkdown(t('The mail server said: {0}', reason)));
    }
    if (meaning !== undefined) {
      parts.push(
        escapeMarkdown(
          meaning === 'permanent'
            ? t('Permanent: the mail server will refuse this again until something is changed.')
            : t('Temporary: the mail server asks to try again later.'),
        ),
      );
    }
  }
  if (property.codes !== undefined) {
    const current = codeIn(property.codes, node.value);
    const rows = Object.entries(property.codes).map(([code, { words }]) => {
      const meaning = escapeMarkdown(words());
      return `| ${escapeMarkdown(code)} &nbsp; | ${words() === current ? `**${meaning}**` : meaning} |`;
    });
    parts.push(`| | |\n|--:|:--|\n${rows.join('\n')}`);
  }
  if (property.trap !== undefined) {
    parts.push(`⚠ ${escapeMarkdown(property.trap())}`);
  }
  const facts = [property.readOnly ? t('read-only') : '', property.source].filter(Boolean);
  parts.push(`_${escapeMarkdown(facts.join(' · '))}_`);
  return parts;
}

import assert from 'node:assert/strict';
import fc from 'fast-check';
import * as vscode from 'vscode';
import type { Connection } from '../../src/connections/connection.ts';
import { commands } from '../../src/contributions.ts';
import type { Sessions } from '../../src/connections/sessions.ts';
import { HintsProvider } from '../../src/documents/hints.ts';
import { PropertyHoverProvider } from '../../src/documents/hover.ts';
import { NavigationProvider } from '../../src/documents/navigation.ts';
import { documentTarget, documentUri, tabName } from '../../src/documents/uri.ts';
import {
  escapeMarkdown,
  formatAge,
  formatClock,
  formatDuration,
  formatNumber,
  formatTime,
  formatWeekday,
} from '../../src/format.ts';
import { providers } from '../../src/providers/index.ts';
import type { Account, Campaign } from '../../src/providers/model.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import {
  accountItem,
  campaignItem,
  campaignWithSendersItem,
  filterItem,
  groupItem,
  itemOrProblem,
  noticeItem,
  plainItem,
  rangeItem,
  senderItem,
} from '../../src/tree/items.ts';
import { isServiceError } from '../../src/transport/errors.ts';
import { NodeRegistry, type Node } from '../../src/tree/nodes.ts';
import { accountTooltip, campaignTooltip } from '../../src/tree/tooltips.ts';
import { hostileAccount, hostileCampaign, hostileNumber, hostileRecord } from '../support/arbitraries.ts';
import { api, endWorld, startWorld } from './world.ts';

const TEXTS = [
  '',
  ' ',
  '\ud800',
  'a\udc00b',
  '\udc00\ud800',
  '%',
  '%E0%A4%A',
  '/\\..',
  '\0\u007f\u2028',
  '|`*<b>',
  'a\u00a0<command:x>',
  '$(flame)\u202E',
  '😀'.repeat(5000),
];
const NUMBERS = [0, -1, 0.5, 1e9, 1e15, 1e16, 1e30, -1e30, Number.MAX_VALUE, Infinity, -Infinity, Number.NaN];
const TIMES = [
  '',
  'soon',
  '2026-02-30T00:00:00Z',
  '+275760-09-13T00:00:00.001Z',
  '-271821-04-19T23:59:59.999Z',
  '99999',
];

/** What a service may send, in each of the places where a person sees it. */
export function describeHostile(): void {
  describe('what nobody would send', () => {
    const connection: Connection = { id: 'c', provider: 'smartlead', label: 'C', sample: false };
    const nodes = new NodeRegistry();
    const parent = nodes.connection('c');

    const account = (text: string, number: number): Account => ({
      key: text,
      email: text,
      domain: text,
      name: text,
      statusWords: text,
      state: 'error',
      reason: text,
      others: [text],
      providerType: text,
      warmupWords: text,
      warmupScore: number,
      dailyLimit: number,
      sentToday: number,
      sendingGap: number,
      warmupLimit: number,
      tags: [{ id: text, label: text }],
      clientId: text,
      createdAt: number,
      updatedAt: number,
      warmupStartedAt: number,
    });
    const campaign = (text: string, number: number, time: string): Campaign => ({
      id: text,
      name: text,
      statusWords: text,
      state: 'unknown',
      reason: text,
      others: [text],
      schedule: { days: [number], from: text, to: time, timezone: text },
      dailyLimit: number,
      newLeadsPerDay: number,
      parentId: text,
      tags: [{ id: text, label: text }],
      createdAt: number,
      updatedAt: number,
    });

    it('formats, whatever number or text it is', () => {
      for (const number of NUMBERS) {
        for (const format of [formatNumber, formatTime, formatClock, formatAge, formatDuration, formatWeekday]) {
          assert.equal(typeof format(number), 'string', `${format.name} ${number}`);
        }
        assert.equal(typeof formatAge(0, number), 'string');
      }
      for (const text of [...TEXTS, ...TIMES]) {
        assert.equal(typeof formatTime(text), 'string');
        assert.equal(typeof escapeMarkdown(text), 'string');
      }
      assert.equal(formatClock(1e30), 'unknown');
      assert.ok(escapeMarkdown('x'.repeat(1_000_000)).endsWith('…'));
    });

    it('becomes rows, tooltips and documents', () => {
      for (const text of TEXTS) {
        for (const number of NUMBERS) {
          for (const time of [text, ...TIMES]) {
            const one = account(text, number);
            const other = campaign(text, number, time);
            accountItem(nodes.account(parent, text), one, providers.instantly, { all: number, active: number });
            senderItem(nodes.account(parent, text), one, providers.instantly, [
              { kind: 'tag', tag: { id: text, label: text } },
            ]);
            const counts = { senders: number, healthy: -number };
            campaignItem(nodes.campaign(parent, text), other, providers.instantly, counts);
            campaignWithSendersItem(nodes.campaign(parent, text), other, providers.instantly, counts);
            accountTooltip(one, { all: number, active: number }, text);
            campaignTooltip(other, { scanned: number, total: number, failed: number }, counts);
          }
          const end = { label: text, tooltip: text };
          const list = { length: number, labelAt: () => end, nodeAt: (_: number, above: Node) => above };
          rangeItem(nodes.range(parent, number), list, true);
          const words = { short: text, full: text };
          groupItem(nodes.group(parent, text), { label: text }, words);
          filterItem(nodes.filter(parent, text), { name: text, builtIn: false, filter: { source: text } }, number);
        }
        noticeItem(nodes.notice(parent, text, { type: 'error', label: text, description: text }));
        for (const info of Object.values(providers)) {
          for (const make of [
            () => vscode.Uri.parse(info.campaignPage(text)).toString(),
            ...[...info.documents].map((kind) => () => info.shellRequest(kind, text)),
          ]) {
            try {
              make();
            } catch (error) {
              // What can be no identifier has no page and no request.
              assert.ok(isServiceError(error) && error.kind === 'notFound', String(error));
            }
          }
        }
      }
    });

    it('becomes rows and tooltips, as far as chance finds something', () => {
      fc.assert(
        fc.property(hostileAccount, hostileCampaign, hostileNumber, (one, other, number) => {
          const counts = { senders: number, healthy: number };
          const items = [
            accountItem(nodes.account(parent, 'a'), one, providers.instantly, { all: number, active: number }),
            senderItem(nodes.account(parent, 'a'), one, providers.instantly, [{ kind: 'listed' }]),
            campaignWithSendersItem(nodes.campaign(parent, 'c'), other, providers.instantly, counts),
          ].map(plainItem);
          for (const { label, description } of items) {
            assert.doesNotMatch(
              [label, description].filter((part) => typeof part === 'string').join('\n'),
              /[\u202A-\u202E\u2066-\u2069]|\$\(/,
            );
          }
          for (const tooltip of [
            accountTooltip(one, { all: number, active: number }),
            campaignTooltip(other, undefined, counts),
          ]) {
            assert.ok(tooltip.isTrusted !== true && tooltip.supportHtml !== true && tooltip.supportThemeIcons !== true);
            assert.doesNotMatch(tooltip.value, /(?<!\\)(?:\\\\)*\]\(/);
          }
        }),
        { numRuns: 4_000 },
      );
    }).timeout(60_000);

    it('is explained where it stands in a document, as far as chance finds something', async () => {
      const target = { kind: 'account' as const, connectionId: 'c', id: 'x' };
      const map = {
        graph: {
          account: () => undefined,
          campaign: () => undefined,
          tagLabel: () => undefined,
          accounts: [],
          campaigns: [],
        },
        version: 1,
      };
      for (const info of Object.values(providers)) {
        const sessions = {
          store: { get: () => connection },
          get: () => Promise.resolve({ connection, provider: { info }, map }),
        } as unknown as Sessions;
        const [hovers, hints] = [new PropertyHoverProvider(sessions), new HintsProvider(sessions)];
        const token = new vscode.CancellationTokenSource().token;
        await fc.assert(
          fc.asyncProperty(hostileRecord(info, 'account'), fc.nat(), async (record, place) => {
            const source = JSON.stringify(record);
            const document = {
              uri: documentUri(target),
              version: 1,
              getText: () => source,
              offsetAt: ({ character }: vscode.Position) => character,
              positionAt: (offset: number) => new vscode.Position(0, offset),
            } as unknown as vscode.TextDocument;
            const at = new vscode.Position(0, place % source.length);
            const hover = await hovers.provideHover(document, at, token);
            for (const part of hover?.contents ?? []) {
              assert.ok(part instanceof vscode.MarkdownString && part.isTrusted !== true && part.supportHtml !== true);
              assert.doesNotMatch(part.value, /(?<!\\)(?:\\\\)*\]\(/);
            }
            await hints.provideInlayHints(document, new vscode.Range(0, 0, 0, source.length), token);
          }),
          { numRuns: 2_000 },
        );
      }
    }).timeout(60_000);

    it('has a document with a URI that leads back', () => {
      for (const text of TEXTS.slice(1)) {
        for (const name of [undefined, ...TEXTS]) {
          const uri = documentUri({ kind: 'campaign', connectionId: 'c', id: text }, name);
          assert.equal(tabName(vscode.Uri.parse(uri.toString())), tabName(uri));
          assert.deepEqual(documentTarget(vscode.Uri.parse(uri.toString())), {
            kind: 'campaign',
            connectionId: 'c',
            id: text.toWellFormed(),
          });
          // In the hover of a link VS Code puts it into Markdown that may have commands.
          assert.doesNotMatch(uri.path, /<[a-z/!?]|(?! )\s|\$\(|[\u202A-\u202E]/i);
        }
      }
    });

    it('is text in the hover of a link, which VS Code puts into Markdown that may have commands', async () => {
      const info = providers.instantly;
      const sessions = {
        store: { get: () => connection },
        get: () => Promise.resolve({ connection, provider: { info }, map: { graph: { account: () => undefined } } }),
      } as unknown as Sessions;
      const email = '<command:x> [a](command:x) <b>\n# https://example.com';
      const source = JSON.stringify({ email_list: [email] });
      const document = {
        uri: documentUri({ kind: 'campaign', connectionId: 'c', id: 'x' }),
        version: 1,
        getText: () => source,
        positionAt: (offset: number) => new vscode.Position(0, offset),
      } as unknown as vscode.TextDocument;
      const token = new vscode.CancellationTokenSource().token;
      const [link] = await new NavigationProvider(sessions).provideDocumentLinks(document, token);
      assert.equal(link?.tooltip, `Open ${escapeMarkdown(email)}`);
      assert.doesNotMatch(escapeMarkdown(email), /<|\n|(?<!\\)[:[#]/);
    });

    it('becomes a row that says so where it cannot be made', () => {
      const node = nodes.account(parent, 'a');
      const item = itemOrProblem(node, () => {
        throw new RangeError('Invalid time value');
      });
      assert.equal(item.label, 'This row cannot be shown');
      assert.equal(item.description, 'RangeError: Invalid time value');
      assert.equal(item.id, node.id);
    });
  });

  describe('a document of 30 MB', () => {
    let sandbox: Sandbox;
    let request: { readonly connectionId: string; readonly account: string };
    let uri: vscode.Uri;

    before(async () => {
      sandbox = await startWorld();
      const { id } = (await api()).connections().find(({ provider }) => provider === 'instantly')!;
      const account = sandbox.instantly.accounts[3]!.email;
      request = { connectionId: id, account };
      uri = documentUri({ kind: 'account', connectionId: id, id: account });
      const items = Array.from({ length: 250_000 }, (_, row) => ({ row, password: 'planted', text: 'x'.repeat(80) }));
      sandbox.override({ path: /api\/v2\/accounts\//, reply: { status: 200, body: { email: account, items } } });
    });
    after(() => endWorld(sandbox));

    it('is refused for the editor in words', async () => {
      await assert.rejects(
        async () => vscode.commands.executeCommand(commands.openAccount, request),
        /This document is \d+ MB, too large for the editor\. Save it as a file instead\./,
      );
      await assert.rejects(async () => vscode.workspace.fs.readFile(uri), /too large for the editor/);
    });
  });
}

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { register, showError, type CommandContext, type Handler } from '../../src/commands/register.ts';
import type { Connection } from '../../src/connections/connection.ts';
import { commands, scheme, type CommandId } from '../../src/contributions.ts';
import type { Sandbox } from '../../src/sandbox/server.ts';
import { ServiceError } from '../../src/transport/errors.ts';
import { Redactor } from '../../src/transport/redaction.ts';
import { MemoryLog } from '../support/connect.ts';
import { api, endWorld, startWorld } from './world.ts';

/** The person who leaves every box as soon as it opens, and who keeps what is said. */
class Leaver {
  readonly said: string[] = [];
  readonly #restores: (() => void)[] = [];

  /** @param choice the action that the person chooses where a message offers it. */
  constructor(choice?: string) {
    const say = (message: string, ...actions: unknown[]) => {
      this.said.push(message);
      return Promise.resolve(actions.find((action) => action === choice));
    };
    for (const name of ['showErrorMessage', 'showWarningMessage', 'showInformationMessage'] as const) {
      this.#replace(vscode.window, name, say);
    }
    for (const name of ['showQuickPick', 'showInputBox', 'showSaveDialog'] as const) {
      this.#replace(vscode.window, name, () => Promise.resolve(undefined));
    }
    for (const name of ['createQuickPick', 'createInputBox'] as const) {
      this.#replace(vscode.window, name, closingBox);
    }
    this.#replace(vscode.env, 'openExternal', () => Promise.resolve(false));
  }

  leave(): void {
    for (const restore of this.#restores) {
      restore();
    }
  }

  #replace<T extends object>(owner: T, name: keyof T, value: unknown): void {
    const before = owner[name];
    this.#restores.push(() => {
      owner[name] = before;
    });
    owner[name] = value as T[keyof T];
  }
}

/** A box that closes when it opens. */
function closingBox(): object {
  const hidden = new vscode.EventEmitter<void>();
  const never = new vscode.EventEmitter<never>().event;
  const hide = () => {
    hidden.fire();
  };
  return {
    value: '',
    items: [],
    activeItems: [],
    selectedItems: [],
    onDidHide: hidden.event,
    onDidAccept: never,
    onDidChangeValue: never,
    onDidTriggerButton: never,
    onDidTriggerItemButton: never,
    show: hide,
    hide,
    dispose: () => undefined,
  };
}

/** What a person or a program can read: a sentence, and no words of the runtime. */
function assertSentence(text: string, where: string): void {
  assert.match(text, /^\S.*[.?…]$/s, `${where}: ${text}`);
  assert.doesNotMatch(
    text,
    /\b(Type|Range|Syntax)Error|undefined|NaN|is not (a function|iterable)|Cannot (read|set)|JSON|\[object|Symbol|Sendmap itself/,
    `${where}: ${text}`,
  );
}

const throwing = {
  get connectionId(): string {
    throw new TypeError('undefined is not a function');
  },
};
const circle: Record<string, unknown> = {};
circle['circle'] = circle;

/** What nobody should give to a command: the arguments of each call. */
function oddCalls(connectionId: string): unknown[][] {
  const row = { connectionId, id: 'y' };
  const connection = { kind: 'connection', ...row };
  const account = { kind: 'account', ...row, accountKey: 'nobody@example.com' };
  const campaign = { kind: 'campaign', ...row, campaignId: '../..' };
  const notice = { kind: 'notice', ...row, notice: { type: 'error', label: 'x', accountKey: 'nobody@example.com' } };
  const nothing = [[], [undefined], [null], [{}], [new Map()], [{ unheard: { of: [1, null] } }]];
  const noObject = [5, Number.NaN, 7n, 'x', '', true, [], [connectionId], [account], Symbol('x'), () => 5, new Date(0)];
  const noData = [
    throwing,
    { nested: throwing },
    circle,
    { connectionId: 5n },
    new Proxy({}, { get: () => assert.fail() }),
  ];
  const requests = [
    ...[null, 5, {}, [], true, ['x'], throwing].map((id) => ({ connectionId: id })),
    ...['nope', '__proto__', ' ', '\u0000', 'x'.repeat(10_000)].map((id) => ({ connectionId: id })),
    { connectionId: 'nope', person: true },
    { connectionId: 'nope', account: 'a@b.c', campaign: 'x' },
    ...[5, {}, null].flatMap((key) => [{ account: key }, { connectionId, account: key, campaign: key }]),
    { connectionId, account: 'nobody@example.com', campaign: 'nothing' },
    ...['', '.', '..', '\ud800'].map((id) => ({ connectionId, account: id, campaign: id })),
    ...[5, {}, null, 'mailchimp'].map((provider) => ({ provider, apiKey: 'planted-odd-key' })),
    { provider: 'instantly', apiKey: {} },
    { provider: 'instantly', apiKey: 'planted odd key' },
    { provider: 'instantly', apiKey: 'planted-odd-key', label: [] },
    { person: 'yes' },
  ];
  const foreign = [connection, account, campaign, notice].map((node) => ({ ...node, connectionId: 'nope' }));
  const damaged = [
    { kind: 'account', ...row },
    { kind: 'account', ...row, accountKey: 5 },
    { kind: 'account', ...row, accountKey: 'a@b.c', campaignId: {} },
    { kind: 'account', connectionId: 'x', id: 'y' },
    { kind: 'account', ...row, accountKey: '' },
    { kind: 'campaign', ...row },
    { kind: 'campaign', ...row, campaignId: '..' },
    { kind: 'campaign', ...row, campaignId: null },
    { kind: 'notice', ...row },
    { kind: 'notice', ...row, notice: null },
    { kind: 'notice', ...row, notice: { type: 'unheard', label: 'x' } },
    { kind: 'notice', ...row, notice: { type: 'error', label: 'x', accountKey: {} } },
    { kind: 'group', ...row },
    { kind: 'range', ...row, part: 'x' },
    { kind: 'unheard', ...row },
    { kind: 'connection', connectionId },
    { kind: 'connection', id: 'y' },
  ];
  const rows = [
    connection,
    account,
    campaign,
    notice,
    { kind: 'group', ...row, value: 'x' },
    { kind: 'range', ...row, part: 0 },
  ];
  const uris = [
    'https://example.com/x.json',
    'file:///x.json',
    `${scheme}:/`,
    `${scheme}:/nope/accounts/a@b.c.json`,
    `${scheme}:/${connectionId}/unheard/x.json`,
    `${scheme}:/${connectionId}/campaigns/%252E%252E.json`,
    `${scheme}:/${connectionId}/campaigns/nothing.json`,
  ].map((uri) => vscode.Uri.parse(uri));
  return [
    ...nothing,
    ...[...noObject, ...noData, ...requests, ...foreign, ...damaged, ...rows, ...uris].map((argument) => [argument]),
    [account, [campaign, account, 5, null, ...damaged, ...foreign]],
    [undefined, [connection, throwing]],
    [account, 'x'],
    [uris[0], uris],
  ];
}

export function describeArguments(): void {
  describe('commands with arguments that make no sense', () => {
    let sandbox: Sandbox;
    let instantly: string;
    let smartlead: string;
    let person: Leaver;

    before(async () => {
      sandbox = await startWorld();
      const connections = (await api()).connections();
      instantly = connections.find(({ provider }) => provider === 'instantly')!.id;
      smartlead = connections.find(({ provider }) => provider === 'smartlead')!.id;
    });
    after(() => endWorld(sandbox));
    beforeEach(() => {
      person = new Leaver();
    });
    afterEach(() => {
      person.leave();
    });

    for (const [number, [name, id]] of Object.entries(commands).entries()) {
      it(`${name} answers with a sentence, or asks`, async () => {
        const connections = (await api()).connections();
        // Both services have their turn; all calls on both would mostly wait for the pace of requests.
        const connectionId = number % 2 === 0 ? instantly : smartlead;
        for (const [index, args] of oddCalls(connectionId).entries()) {
          const where = `call ${index} of ${name}`;
          const rejection = await vscode.commands.executeCommand(id, ...args).then(
            () => undefined,
            (error: unknown) => error,
          );
          if (rejection !== undefined) {
            assert.ok(rejection instanceof Error, where);
            assertSentence(rejection.message, where);
          }
          for (const message of person.said.splice(0)) {
            assertSentence(message, where);
          }
        }
        if (id === commands.openSampleWorkspace) {
          await vscode.commands.executeCommand(commands.removeSampleWorkspace);
        }
        assert.deepEqual((await api()).connections(), connections);
      }).timeout(60_000);
    }

    const rejected = async (argument: unknown, sentence: RegExp) => {
      await assert.rejects(async () => vscode.commands.executeCommand(commands.openAccount, argument), sentence);
    };

    it('is given the property that is wrong and what it should be', async () => {
      await rejected('x', /must be an object of plain data, such as \{ "connectionId"/);
      await rejected({ connectionId: 5 }, /"connectionId" in the argument of this command must be a string\./);
      await rejected({ account: {} }, /"account" in the argument of this command must be a string\./);
      await rejected({ account: '..' }, /"account" in the argument of this command must be an identifier\./);
      await rejected({ person: 1 }, /"person" in the argument of this command must be true or false\./);
      assert.deepEqual(person.said, []);
    });

    it('does not run for a part of the rows that are selected', async () => {
      const row = { kind: 'account', connectionId: instantly, id: `${instantly}/a:x`, accountKey: 'x' };
      const lost = async (...args: unknown[]) => vscode.commands.executeCommand(commands.copyEmail, ...args);
      await assert.rejects(lost(row, [row, undefined]), /The list has just changed\. Choose the command again\./);
      await assert.rejects(lost(undefined, [undefined, row]), /The list has just changed/);
    });

    it('tells a program, and a person at a row, that there is no such connection', async () => {
      await rejected({ connectionId: 'nope', account: 'a@b.c' }, /there is no connection "nope"/);
      assert.deepEqual(person.said, []);
      const row = { kind: 'account', connectionId: 'gone', id: 'gone/a:x', accountKey: 'x' };
      await vscode.commands.executeCommand(commands.openAccount, row);
      await vscode.commands.executeCommand(commands.openAccount, { connectionId: 'gone', account: 'x', person: true });
      assert.match(person.said.join('\n'), /^.*no connection "gone".*\n.*no connection "gone".*$/);
    });
  });

  describe('the step that helps an error', () => {
    it('is for the connection of the error, and says what goes wrong to the person', async () => {
      const person = new Leaver('Replace key…');
      const context = { redactor: new Redactor() } as CommandContext;
      const gone: Connection = { id: 'gone', provider: 'instantly', label: 'Gone', sample: false };
      try {
        await showError(context, new ServiceError('badKey', { service: 'Instantly' }), gone);
        assert.equal(person.said.length, 2);
        assert.match(person.said[1]!, /there is no connection "gone"/);
      } finally {
        person.leave();
      }
    });
  });

  describe('an error that nobody foresaw in a command', () => {
    const log = Object.assign(new MemoryLog(), { show: () => undefined });
    const redactor = new Redactor();
    redactor.add('planted-odd-key');
    const context = { log, redactor, sessions: { connection: () => undefined, store: { get: () => undefined } } };

    async function run(handler: Handler, ...args: unknown[]): Promise<unknown> {
      const id = 'sendmap.test' as CommandId;
      const handlers: CommandContext['handlers'] = new Map();
      register({ ...context, handlers } as unknown as CommandContext, id, handler);
      const command = vscode.commands.registerCommand(id, handlers.get(id)!);
      try {
        return await vscode.commands.executeCommand(id, ...args);
      } finally {
        command.dispose();
      }
    }

    it('is a sentence to a person and to a program, and a stack without keys in the log', async () => {
      const person = new Leaver();
      const fails = () => {
        throw new TypeError("Cannot read properties of undefined (reading 'planted-odd-key')");
      };
      const sentence = /Something went wrong in Sendmap itself\. The log has the details\./;
      try {
        await run(fails);
        await assert.rejects(run(fails, { connectionId: 'x' }), sentence);
        assert.equal(person.said.length, 1);
        assert.match(person.said[0]!, sentence);
        const logged = log.lines.join('\n');
        assert.equal(logged.match(/TypeError: Cannot read.*\n\s+at /g)?.length, 2);
        assert.ok(!logged.includes('planted'));
      } finally {
        person.leave();
      }
    });
  });
}

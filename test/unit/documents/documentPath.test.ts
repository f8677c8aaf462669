import assert from 'node:assert/strict';
import fc from 'fast-check';
import {
  documentPath,
  isAnswer,
  targetOfPath,
  titleOfPath,
  type DocumentTarget,
} from '../../../src/documents/documentPath.ts';
import { reports, type ReportKind } from '../../../src/documents/reports.ts';
import { isIdentifier } from '../../../src/providers/fields.ts';
import { hostileText } from '../../support/arbitraries.ts';

const kinds = [
  'account',
  'account-campaigns',
  'account-tags',
  'campaign',
  'campaign-senders',
  'campaign-sequences',
  'campaign-tags',
  'tag',
] as const satisfies DocumentTarget['kind'][];

const reportKinds = Object.keys(reports) as ReportKind[];

const identifier = fc
  .oneof(hostileText, fc.string())
  .map((text) => text.toWellFormed())
  .filter(isIdentifier);
const target: fc.Arbitrary<DocumentTarget> = fc.record(
  {
    kind: fc.constantFrom<DocumentTarget['kind'][]>(...kinds, ...reportKinds),
    connectionId: identifier,
    id: identifier,
  },
  { noNullPrototype: true },
);

describe('the path of a document', () => {
  for (const [kind, path] of [
    ['account', '/c/accounts/a@b.c.json'],
    ['account-campaigns', '/c/account-campaigns/a@b.c.campaigns.json'],
    ['account-tags', '/c/account-tags/a@b.c.tags.json'],
    ['campaign', '/c/campaigns/a@b.c.json'],
    ['campaign-senders', '/c/campaign-senders/a@b.c.senders.json'],
    ['campaign-sequences', '/c/campaign-sequences/a@b.c.sequences.json'],
    ['campaign-tags', '/c/campaign-tags/a@b.c.tags.json'],
    ['tag', '/c/tags/a@b.c.tag.json'],
  ] as const) {
    it(`is ${path}`, () => {
      assert.equal(documentPath({ kind, connectionId: 'c', id: 'a@b.c' }), path);
    });
  }

  it('of a report is below a folder that no answer has, with an ending of its own', () => {
    const endings = reportKinds.map((kind) => reports[kind].ending);
    assert.equal(new Set(endings).size, reportKinds.length);
    for (const kind of reportKinds) {
      const target: DocumentTarget = { kind, connectionId: 'c', id: 'a@b.c' };
      assert.equal(documentPath(target), `/c/reports/${kind}/a@b.c${reports[kind].ending}`);
      assert.equal(isAnswer(target), false);
    }
    for (const kind of kinds) {
      assert.equal(isAnswer({ kind, connectionId: 'c', id: 'a' }), true);
      assert.doesNotMatch(documentPath({ kind, connectionId: 'c', id: 'a' }), /reports/);
    }
  });

  it('is without an identifier for the workspace', () => {
    const workspace = { kind: 'workspace', connectionId: 'a/b', id: '' } as const;
    assert.equal(documentPath(workspace), '/a%2Fb/workspace.json');
    assert.deepEqual(targetOfPath('/a%2Fb/workspace.json'), workspace);
  });

  it('names the document that it was made for, whatever is in its identifiers and its name', () => {
    fc.assert(
      fc.property(target, fc.option(hostileText, { nil: undefined }), (wanted, name) => {
        assert.deepEqual(targetOfPath(documentPath(wanted, name)), wanted);
      }),
      { numRuns: 20_000 },
    );
  });

  it('is another one for another document', () => {
    fc.assert(
      fc.property(target, target, hostileText, (one, other, name) => {
        const same = JSON.stringify(one) === JSON.stringify(other);
        assert.equal(documentPath(one) === documentPath(other), same);
        assert.equal(documentPath(one, name) === documentPath(other, name), same);
      }),
      { numRuns: 5_000 },
    );
  });

  it('has a title that people know', () => {
    const title = (id: string, name?: string) =>
      titleOfPath(documentPath({ kind: 'campaign-senders', connectionId: 'c', id }, name));
    assert.equal(title('a/b#c?d%2F@example.com'), 'a/b#c?d%2F@example.com.senders.json');
    assert.equal(title('7', 'Q4 launch, EU'), 'Q4 launch, EU.senders.json');
    assert.equal(title('7', 'a/b\\c\nd'), 'a-b-c-d.senders.json');
    assert.equal(title('7', '50% off'), '50% off.senders.json');
    assert.equal(title('7', ' \n'), '-.senders.json');
    assert.equal(title('7', '  '), '7.senders.json');
    assert.equal(title('7', '7'), '7.senders.json');
    assert.equal(title('7', '😀'.repeat(90)), `${'😀'.repeat(80)}.senders.json`);
  });

  it('is no other than what is made here', () => {
    for (const path of [
      '',
      '/',
      '/c',
      '/c/workspace.json/x',
      '/c/workspaces.json',
      '//accounts/a.json',
      '/c/accounts',
      '/c/accounts/',
      '/c/accounts/.json',
      '/c/accounts/a.txt',
      '/c/accounts//a.json',
      '/c/accounts/a/b/c.json',
      '/c/campaign-senders/a.json',
      '/c/nothing/a.json',
      '/c/constructor/a.json',
      '/c/reports',
      '/c/reports/a.json',
      '/c/reports/campaigns/a.json',
      '/c/reports/constructor/a.json',
      '/c/reports/workspace.json',
      '/c/campaign-sending/a.sending.json',
      '/c/reports/campaign-sending/a/b/c.sending.json',
    ]) {
      assert.equal(targetOfPath(path), undefined, path);
    }
  });

  it('is read without an error, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.oneof(
            hostileText,
            fc.constantFrom('c', 'accounts', 'tags', 'reports', 'campaign-sending', 'a.json', '%', '%E0%A4'),
          ),
        ),
        (parts) => {
          const path = `/${parts.join('/')}`;
          const found = targetOfPath(path);
          assert.ok(found === undefined || found.kind === 'workspace' || isIdentifier(found.id));
          assert.equal(typeof titleOfPath(path), 'string');
        },
      ),
      { numRuns: 5_000 },
    );
  });
});

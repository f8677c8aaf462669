import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { commands, contextKeys, scheme, settings, viewContainer, views } from '../../src/contributions.ts';
import { providers } from '../../src/providers/index.ts';
import { root } from '../support/paths.ts';

interface Manifest {
  readonly activationEvents: string[];
  readonly keywords: string[];
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Record<string, string>;
  readonly contributes: {
    readonly commands: { command: string; title: string; category: string }[];
    readonly menus: Record<string, { command: string; when?: string }[]>;
    readonly views: Record<string, { id: string }[]>;
    readonly viewsContainers: { activitybar: { id: string }[] };
    readonly viewsWelcome: { view: string }[];
    readonly configuration: { properties: Record<string, { scope: string; default: unknown }> };
  };
}

const text = readFileSync(`${root}/package.json`, 'utf8');
const manifest = JSON.parse(text) as Manifest;
const nls = JSON.parse(readFileSync(`${root}/package.nls.json`, 'utf8')) as Record<string, string>;
const { contributes } = manifest;
const sorted = (values: Iterable<string>) => [...new Set(values)].sort();

const SERVICES = new RegExp(Object.keys(providers).join('|'), 'i');

describe('the manifest and the code', () => {
  it('have the same commands', () => {
    assert.deepEqual(sorted(contributes.commands.map(({ command }) => command)), sorted(Object.values(commands)));
  });

  it('have the same views', () => {
    assert.deepEqual(
      sorted(
        Object.values(contributes.views)
          .flat()
          .map(({ id }) => id),
      ),
      sorted(Object.values(views)),
    );
    assert.deepEqual(
      contributes.viewsContainers.activitybar.map(({ id }) => id),
      [viewContainer],
    );
    assert.deepEqual(Object.keys(contributes.views), [viewContainer]);
    assert.ok(contributes.viewsWelcome.every(({ view }) => Object.values<string>(views).includes(view)));
  });

  it('have the same settings, none of which a workspace can change', () => {
    const { properties } = contributes.configuration;
    const baseUrls = Object.values(providers).map(({ profile }) => profile.baseUrlSetting);
    assert.deepEqual(sorted(Object.keys(properties)), sorted([...Object.values(settings), ...baseUrls]));
    for (const [name, { scope }] of Object.entries(properties)) {
      assert.equal(scope, 'application', name);
    }
  });

  it('have every service: the default of its base URL, a link to connect it, and its name among the keywords', () => {
    const { properties } = contributes.configuration;
    for (const { id, name, profile, defaultBaseUrl } of Object.values(providers)) {
      assert.equal(properties[profile.baseUrlSetting]?.default, defaultBaseUrl);
      const argument = encodeURIComponent(JSON.stringify({ provider: id }));
      assert.ok(
        nls['welcome.accounts']?.includes(`[Connect ${name}](command:${commands.addConnection}?${argument})`),
        id,
      );
      assert.ok(manifest.keywords.includes(id), id);
    }
  });

  it('have capabilities in menus, and no service', () => {
    for (const { when = '' } of Object.values(contributes.menus).flat()) {
      assert.doesNotMatch(when, SERVICES);
    }
  });

  it('activate for documents and nothing at startup', () => {
    assert.deepEqual(manifest.activationEvents, [`onFileSystem:${scheme}`]);
  });

  it('name in menus only commands that exist, each guarded', () => {
    const known = new Set(Object.values<string>(commands));
    for (const [menu, entries] of Object.entries(contributes.menus)) {
      for (const { command, when } of entries) {
        assert.ok(known.has(command), command);
        assert.ok(when !== undefined && when !== '', `${command} in ${menu}`);
        if (menu.startsWith('view/')) {
          assert.match(when, /^view (== sendmap\.(accounts|campaigns)|=~ \/\^sendmap\\\.\/)/);
        }
        for (const [key] of when.matchAll(/\bsendmap\.(?:has|syncing|\w+Filtered)\w*/g)) {
          assert.ok(Object.values<string>(contextKeys).includes(key), key);
        }
      }
    }
  });

  it('have words for everything, and none to spare', () => {
    const used = sorted([...text.matchAll(/"%([^%"]+)%"/g)].map(([, key]) => key!));
    assert.deepEqual(sorted(Object.keys(nls)), used);
    for (const { title, category } of contributes.commands) {
      assert.match(title, /^%.*%$/);
      assert.equal(category, 'Sendmap');
    }
  });

  it('mark with an ellipsis the commands that ask for more', () => {
    const asks =
      /^(add|replace|rename|remove)(Connection|Key)$|^open(Account|Campaign|CampaignsOf|SendersOf|SequencesOf|TagsOf|InWebApp)|^previewSequences$|^(group|sort|filter|export|revealIn)(Accounts|Campaigns)$|^save(Accounts|Campaigns)Filter$|^(rename|remove)Filter$|^find$|^saveJson$/;
    for (const [name, id] of Object.entries(commands)) {
      const title = nls[`command.${id.replace('sendmap.', '')}`] ?? '';
      assert.equal(title.endsWith('…'), asks.test(name), title);
    }
  });

  it('support the VS Code whose types they are written against', () => {
    assert.equal(manifest.engines.vscode, '^1.105.0');
    assert.match(manifest.devDependencies['@types/vscode'] ?? '', /^~1\.105\./);
  });
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import {
  commands,
  contextKeys,
  draftScheme,
  hasKey,
  healthSettings,
  overviewPanel,
  scheme,
  settings,
  viewContainer,
  views,
  type CommandId,
} from '../../src/contributions.ts';
import { thresholdBounds, type Thresholds } from '../../src/health/thresholds.ts';
import type { ChangeKind } from '../../src/providers/changes.ts';
import { providers } from '../../src/providers/index.ts';
import type { DocumentKind } from '../../src/providers/provider.ts';
import { checkBaseUrl } from '../../src/transport/baseUrl.ts';
import { root } from '../support/paths.ts';

interface Manifest {
  readonly activationEvents: string[];
  readonly keywords: string[];
  readonly engines: { readonly vscode: string };
  readonly devDependencies: Record<string, string>;
  readonly contributes: {
    readonly commands: { command: string; title: string; category: string; enablement?: string }[];
    readonly keybindings: { command: string; key: string; when: string; args?: { view: string } }[];
    readonly menus: Record<string, { command?: string; submenu?: string; when?: string }[]>;
    readonly submenus: { id: string; label: string }[];
    readonly views: Record<string, { id: string }[]>;
    readonly viewsContainers: { activitybar: { id: string }[] };
    readonly viewsWelcome: { view: string }[];
    readonly configuration: { properties: Record<string, Setting> };
  };
}

interface Setting {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly type: string;
  readonly scope: string;
  readonly default: unknown;
  readonly markdownDescription?: string;
  readonly patternErrorMessage?: string;
}

const text = readFileSync(`${root}/package.json`, 'utf8');
const manifest = JSON.parse(text) as Manifest;
const nls = JSON.parse(readFileSync(`${root}/package.nls.json`, 'utf8')) as Record<string, string>;
const { contributes } = manifest;
const sorted = (values: Iterable<string>) => [...new Set(values)].sort();

/** Commands that need a document or a change which not all services have. */
const commandNeeds: Readonly<Partial<Record<CommandId, DocumentKind | ChangeKind>>> = {
  [commands.openTagsOfAccount]: 'account-tags',
  [commands.pickTagsOfAccount]: 'account-tags',
  [commands.openTagsOfCampaign]: 'campaign-tags',
  [commands.pickTagsOfCampaign]: 'campaign-tags',
  [commands.openSequencesOfCampaign]: 'campaign-sequences',
  [commands.pickSequencesOfCampaign]: 'campaign-sequences',
  [commands.openWorkspace]: 'workspace',
  [commands.editCampaign]: 'edit-campaign',
  [commands.stopCampaign]: 'stop-campaign',
  [commands.pauseAccounts]: 'pause-account',
  [commands.resumeAccounts]: 'resume-account',
  [commands.markFixed]: 'mark-fixed',
};

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
    assert.deepEqual(
      sorted(Object.keys(properties)),
      sorted([...Object.values(settings), ...Object.values(healthSettings), ...baseUrls]),
    );
    for (const [name, { scope }] of Object.entries(properties)) {
      assert.equal(scope, 'application', name);
    }
  });

  it('have the thresholds of health within what they are read in', () => {
    for (const name of Object.keys(thresholdBounds) as (keyof Thresholds)[]) {
      const { minimum, maximum = Infinity } = contributes.configuration.properties[healthSettings[name]] ?? {};
      assert.deepEqual([minimum, maximum], thresholdBounds[name], name);
    }
  });

  it('have settings that refuse what their words say', () => {
    const { properties } = contributes.configuration;
    const check = (name: string, value: unknown) => new Ajv({ strict: false }).validate(properties[name] ?? {}, value);
    for (const [name, setting] of Object.entries(properties)) {
      assert.match(setting.markdownDescription ?? '', /^%settings\..+%$/, name);
      assert.ok(check(name, setting.default), name);
    }
    for (const [name, allowed, refused] of [
      [settings.refreshInterval, [0, 5, 60], [1, 4, -5, 2.5]],
      [settings.timeout, [1, 600], [0, 601, 1.5]],
      [settings.concurrency, [0, 16], [-1, 17]],
      [settings.requestsPerMinute, [0, 1000], [-1]],
      [settings.automaticPages, [0, 7], [-1, 0.5]],
    ] as const) {
      assert.deepEqual(
        [allowed.filter((value) => !check(name, value)), refused.filter((value) => check(name, value))],
        [[], []],
      );
    }
    for (const { profile } of Object.values(providers)) {
      const name = profile.baseUrlSetting;
      const checked = (url: string) => {
        try {
          checkBaseUrl(url, profile);
          return true;
        } catch {
          return false;
        }
      };
      for (const url of [
        'https://api.example.com',
        'https://api.example.com:8443/v1/',
        'http://localhost:8080',
        'http://127.0.0.1:8080/api',
        'http://[::1]:80',
        'http://api.example.com',
        'ftp://api.example.com',
        'https://user:secret@example.com',
        'https://example.com/?key=1',
        'https://example.com/#part',
        'https:',
        '',
      ]) {
        assert.equal(check(name, url), checked(url), url);
      }
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

  it('offer nothing for a report that only answers of a service have', () => {
    const answersOnly: readonly string[] = [
      commands.compareWithSaved,
      commands.selectForCompare,
      commands.compareWithSelected,
      commands.copyCurl,
    ];
    const { 'view/item/context': rows, ...menus } = contributes.menus;
    assert.ok(rows !== undefined);
    const offers = Object.values(menus)
      .flat()
      .filter(({ command = '', when }) => answersOnly.includes(command) && when !== 'false');
    assert.ok(offers.length >= answersOnly.length);
    for (const { command, when } of offers) {
      const path = /resourcePath =~ \/(.*)\/(?: |$)/.exec(when ?? '')?.[1];
      assert.ok(path !== undefined, command);
      const shown = new RegExp(path);
      assert.ok(shown.test('/c/campaigns/1.json') && !shown.test('/c/reports/campaign-sending/1.json'), when);
    }
  });

  it('activate for documents and the overview of an earlier session, and nothing at startup', () => {
    assert.deepEqual(manifest.activationEvents, [
      `onFileSystem:${scheme}`,
      `onFileSystem:${draftScheme}`,
      `onWebviewPanel:${overviewPanel}`,
    ]);
  });

  it('name in menus only commands that exist, each guarded', () => {
    const known = new Set(Object.values<string>(commands));
    const submenus = contributes.submenus.map(({ id }) => id);
    for (const [menu, entries] of Object.entries(contributes.menus)) {
      for (const { command, submenu, when } of entries) {
        const offered = command ?? submenu ?? '';
        assert.ok(command === undefined ? submenus.includes(offered) : known.has(offered), offered);
        assert.ok(when !== undefined && when !== '', `${offered} in ${menu}`);
        if (menu.startsWith('view/')) {
          assert.match(when, /^view (== sendmap\.(health|accounts|campaigns)|=~ \/\^sendmap\\\.\/)/);
        }
        for (const [key] of when.matchAll(/\bsendmap\.(?:has|syncing|\w+Filtered)\w*/g)) {
          assert.ok(Object.values<string>(contextKeys).includes(key), key);
        }
      }
    }
  });

  it('offer what only some services have where one of those is connected', () => {
    const all = Object.values(providers).map(
      (info) => new Set<string>([...info.documents, ...Object.keys(info.changes)]),
    );
    const some = new Set(
      all.flatMap((offered) => [...offered].filter((need) => !all.every((other) => other.has(need)))),
    );
    // What the document of an account has, and a document that no command opens.
    some.delete('tag');
    assert.deepEqual(sorted(new Set(Object.values(commandNeeds))), sorted(some));
  });

  it('offer what needs a connection only where there is one, or where that is not known yet', () => {
    const without = [
      'addConnection',
      'openSampleWorkspace',
      'removeSampleWorkspace',
      'openOverview',
      'showLog',
      'openChangeLog',
      'filterChangeLog',
      'exportChangeLog',
    ];
    for (const { command, enablement } of contributes.commands) {
      const need = commandNeeds[command as CommandId];
      const wanted = `${need === undefined ? contextKeys.hasConnections : hasKey(need)} || !${contextKeys.started}`;
      assert.equal(enablement, without.includes(command.slice('sendmap.'.length)) ? undefined : wanted, command);
    }
  });

  it('have no command in a title that acts on the row which VS Code passes to it', () => {
    const onRows = new Set((contributes.menus['view/item/context'] ?? []).map(({ command }) => command));
    const inTitles = (contributes.menus['view/title'] ?? []).map(({ command }) => command);
    assert.deepEqual(
      inTitles.filter((command) => onRows.has(command)),
      // It does the same wherever it is called.
      ['sendmap.removeSampleWorkspace'],
    );
  });

  it('have each command in the palette once, by its title', () => {
    const hidden = new Set(
      (contributes.menus['commandPalette'] ?? []).filter(({ when }) => when === 'false').map(({ command }) => command),
    );
    const titles = contributes.commands
      .filter(({ command }) => !hidden.has(command))
      .map(({ title }) => nls[title.slice(1, -1)]?.replace('…', ''));
    assert.deepEqual(titles, [...new Set(titles)]);
  });

  it('bind keys to commands that exist, for the view that has the focus and not while one types', () => {
    for (const { command, when, args } of contributes.keybindings) {
      assert.ok(Object.values<string>(commands).includes(command), command);
      assert.match(when, /^focusedView (== sendmap\.\w+|=~ \/\^sendmap\\\.\/) && listFocus && !inputFocus$/);
      assert.ok(args === undefined || when.startsWith(`focusedView == ${args.view} `), command);
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
      /^(add|replace|rename|remove)(Connection|Key)$|^pick|^(group|sort|filter|export)(Accounts|Campaigns)$|^(divide|filter)Health$|^snooze$|^showSnoozed$|^checkDomain$|^whatIf$|^save(Accounts|Campaigns)Filter$|^(rename|remove)Filter$|^exportRows$|^find$|^saveJson$|^deleteCampaign$|^setDailyLimit$|^(add|remove|move)Senders$|^(assign|remove)Tags$|^planChange$|^(filter|export)ChangeLog$|^(undo|resume)Change$|^editCampaign$/;
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

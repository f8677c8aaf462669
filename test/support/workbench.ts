import { deepStrictEqual } from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { installBuild } from './install.ts';
import { root, versions, type Version } from './paths.ts';
import { startServer, type Prepared, type Server, type ServerOptions } from './server.ts';
import { until } from './until.ts';

export interface WorkbenchOptions {
  readonly version?: Version;
  /** The package to install, where it is not the one that `SENDMAP_VSIX` names. */
  readonly vsix?: string;
  readonly settings?: ServerOptions['settings'];
  readonly commands?: readonly string[];
  /** True: {@link Workbench.ask} answers. */
  readonly watch?: boolean;
  readonly width?: number;
  readonly height?: number;
}

interface ClickOptions {
  readonly button?: 'left' | 'right';
  readonly count?: number;
  /** The key that is held meanwhile. */
  readonly holding?: 'Shift' | 'Control';
}

type ViewName = 'Health' | 'Accounts' | 'Campaigns';

/** A workbench as a person has it before them: what is clicked here is clicked, what is read here is on the screen. */
export class Workbench {
  readonly page: Page;
  readonly url: string;
  /** Milliseconds that activation took. */
  readonly activation: number;
  readonly #server: Server;
  readonly #browser: Browser;
  readonly #watchPort: number | undefined;

  private constructor(page: Page, url: string, { activation, port }: Prepared, server: Server, browser: Browser) {
    this.page = page;
    this.url = url;
    this.activation = activation;
    this.#watchPort = port;
    this.#server = server;
    this.#browser = browser;
  }

  static async open(options: WorkbenchOptions = {}): Promise<Workbench> {
    const vsix = options.vsix ?? process.env['SENDMAP_VSIX'];
    const build = await installBuild(options.version ?? versions.newest);
    const server = await startServer(build, {
      // The package as it ships where there is one, as in `npm test`; the build of the moment otherwise.
      ...(vsix === undefined ? { develop: root } : { install: vsix }),
      settings: {
        'workbench.startupEditor': 'none',
        'git.openRepositoryInParentFolders': 'never',
        // What comes after a while for people comes at once here, and nothing moves while it is clicked.
        'workbench.hover.delay': 0,
        'editor.hover.delay': 0,
        'workbench.reduceMotion': 'on',
        // An editor that has just opened takes the focus a moment later, and would close what is being typed into.
        'workbench.quickOpen.closeOnFocusLost': false,
        ...options.settings,
      },
      commands: ['workbench.action.closeAuxiliaryBar', ...(options.commands ?? [])],
      watch: options.watch,
    });
    const browser = await launchBrowser(options.watch);
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const url = server.url(`${root}/test/support/sample-folder`);
    await page.goto(url);
    return new Workbench(page, url, await server.prepared(), server, browser);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
  }

  /** Asks the companion extension, which watches the extension host, a question of its own. */
  async ask<T>(question: 'figures' | 'heap' | 'map' | 'run', ...values: readonly unknown[]): Promise<T> {
    const query = new URLSearchParams({ values: JSON.stringify(values) });
    const answer = await fetch(`http://127.0.0.1:${this.#watchPort ?? 0}/${question}?${query.toString()}`);
    if (!answer.ok) {
      throw new Error(await answer.text());
    }
    return (await answer.json()) as T;
  }

  /** True where the command ran that tests plant in texts from services. */
  ranPlanted(): boolean {
    return this.#server.ranPlanted();
  }

  /** Shows the Accounts view by a click on the icon in the activity bar. */
  async openView(): Promise<void> {
    const icon = this.page.locator('.activitybar .action-item', { has: this.page.locator('[aria-label^="Sendmap"]') });
    await icon.waitFor();
    if (
      (await icon.getAttribute('aria-selected')) !== 'true' &&
      !(await icon.getAttribute('class'))?.includes('checked')
    ) {
      await icon.click();
    }
    await this.page.locator('.sidebar .title-label', { hasText: /sendmap/i }).waitFor();
  }

  /** Reloads the window while the views are shown, which VS Code then shows again: a click would hide them. */
  async reload(): Promise<void> {
    await this.page.reload();
    await this.page.locator('.sidebar .title-label', { hasText: /sendmap/i }).waitFor();
  }

  /** All rows of a view that are on screen. */
  rows(view: ViewName = 'Accounts'): Locator {
    return this.page.locator(`.sidebar .pane:has(> .pane-header[aria-label^="${view}"]) .monaco-list-row`);
  }

  /** The first row of a view with this text. */
  row(label: string | RegExp, view: ViewName = 'Accounts'): Locator {
    return this.rows(view).filter({ hasText: label }).first();
  }

  async expand(row: Locator): Promise<void> {
    if ((await row.getAttribute('aria-expanded')) === 'false') {
      await this.click(row.locator('.monaco-tl-twistie'));
    }
  }

  /**
   * Clicks a part of a row where it stands, as a person does, who waits until it stands still. A list that is painted
   * again gives its elements to other rows, and a click on an element would go wherever that is by then.
   */
  async click(place: Locator, { button = 'left', count = 1, holding }: ClickOptions = {}): Promise<void> {
    await place.waitFor();
    await this.page.evaluate(stillRows, 300);
    await place.click({ trial: true });
    const box = await place.boundingBox();
    if (box === null) {
      throw new Error(`${String(place)} is no longer on screen.`);
    }
    if (holding !== undefined) {
      await this.page.keyboard.down(holding);
    }
    await this.page.mouse.click(box.x + box.width / 2, box.y + box.height / 2, { button, clickCount: count });
    if (holding !== undefined) {
      await this.page.keyboard.up(holding);
    }
  }

  /** Runs a command from the palette by its title; ends when the palette has closed. */
  async palette(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const { box, chosen } = this.quickInput;
    await box.fill(`>${title}`);
    await chosen(title).waitFor();
    await box.press('Enter');
    // What a command asks for is shown in the same widget: only what was typed tells the two apart.
    await this.page.waitForFunction(() => {
      const input = document.querySelector<HTMLInputElement>('.quick-input-widget .quick-input-box input');
      return !input?.checkVisibility() || !input.value.startsWith('>');
    });
  }

  /** Waits for the quick input with this title, and goes into its box; by the placeholder too, where steps share a title. */
  async asks(title: string | RegExp, placeholder?: string): Promise<void> {
    const { box, title: shown, widget } = this.quickInput;
    await shown.filter({ hasText: title }).waitFor();
    if (placeholder !== undefined) {
      await widget.getByPlaceholder(placeholder).waitFor();
    }
    await box.focus();
  }

  /** Adds a connection under the label that is offered, as a person does. */
  async connect(service: string, key: string): Promise<void> {
    const { box, rows } = this.quickInput;
    await this.palette('Sendmap: Add Connection…');
    await this.asks('1/3');
    await rows.filter({ hasText: service }).first().click();
    await this.asks('2/3');
    await box.fill(key);
    await box.press('Enter');
    await this.asks('3/3');
    await box.press('Enter');
  }

  /** Types into the open quick input and chooses the row with this text, when no other rows are left. */
  async pick(text: string): Promise<void> {
    const { box, rows, chosen } = this.quickInput;
    await box.fill(text);
    await rows.filter({ hasNotText: text }).first().waitFor({ state: 'detached' });
    await chosen(text).waitFor();
    await box.press('Enter');
  }

  /** The open quick input. */
  get quickInput() {
    const widget = this.page.locator('.quick-input-widget:visible');
    return {
      widget,
      title: widget.locator('.quick-input-title'),
      box: widget.locator('.quick-input-box input'),
      message: widget.locator('.quick-input-message'),
      rows: widget.locator('.monaco-list-row'),
      /** The row that an Enter chooses, where it has this text. */
      chosen: (text: string | RegExp) => widget.locator('.monaco-list-row.focused', { hasText: text }),
    };
  }

  tab(title: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab').filter({ hasText: title }).first();
  }

  /** The editor that takes what is typed: one that just opened takes the focus a moment after its text is there. */
  get focusedEditor(): Locator {
    return this.page.locator('.editor-instance .monaco-editor.focused').first();
  }

  get editorText(): Locator {
    return this.page.locator('.editor-instance .view-lines').first();
  }

  /** What the notification center holds. With the smoke test driver VS Code shows no toasts, but keeps them there. */
  async notifications(): Promise<string[]> {
    await this.palette('Notifications: Show Notifications');
    const center = this.page.locator('.notifications-center');
    await center.waitFor();
    const texts = await center.locator('.notification-list-item-message').allInnerTexts();
    await this.page.keyboard.press('Escape');
    await center.waitFor({ state: 'hidden' });
    // Git asks about the repository around the sample folder before any setting could tell it not to.
    return texts.filter((text) => !text.includes('git repository'));
  }

  /** Chooses an entry of a row's context menu. */
  async contextMenu(row: Locator, entry: string): Promise<void> {
    const label = new RegExp(`^${entry}`);
    await this.openMenu(row, label);
    await this.menuEntry(label);
  }

  /** Opens a row's context menu, which has this entry. */
  async openMenu(row: Locator, entry: RegExp): Promise<void> {
    const labels = this.page.locator('.monaco-menu .action-label');
    // What a command before this offers here reaches the workbench after it ended, and an open menu does not change. An
    // editor that has just opened takes the focus a moment later, which closes a menu.
    await until(async () => {
      await this.click(row, { button: 'right' });
      const opened = labels.first().waitFor({ timeout: 2000 });
      const shown = await opened.then(
        () => true,
        () => false,
      );
      const offered = (await labels.filter({ hasText: entry }).count()) > 0;
      if (shown && !offered) {
        await this.page.keyboard.press('Escape');
        await labels.first().waitFor({ state: 'detached' });
      }
      return offered;
    });
  }

  /** Chooses an entry of the submenu for changes of a row. @param picture its name, where one is taken. */
  async change(row: Locator, entry: RegExp, picture?: string): Promise<void> {
    const entries = this.page.locator('.monaco-menu .action-item');
    // What a change before this one did is painted after it ended, up to a rest between two repaints later, and VS Code
    // does not know rows meanwhile.
    await this.page.evaluate(stillRows, 1000);
    await this.click(row, { button: 'right' });
    await entries
      .filter({ hasText: /^Change$/ })
      .first()
      .hover();
    const chosen = entries.filter({ hasText: entry }).first();
    await chosen.waitFor();
    if (picture !== undefined) {
      await this.screenshot(picture);
    }
    await this.page.keyboard.press('ArrowRight');
    await chosen.hover();
    await this.page.locator('.monaco-menu .action-item.focused').filter({ hasText: entry }).waitFor();
    await this.page.keyboard.press('Enter');
    await entries.first().waitFor({ state: 'detached' });
  }

  /** The modal dialog that is open. */
  get dialog(): Locator {
    return this.page.locator('.monaco-dialog-box');
  }

  /** Chooses an entry of the open menu; with the keyboard, because a menu takes no click right after it opened. */
  async menuEntry(label: string | RegExp): Promise<void> {
    const entries = this.page.locator('.monaco-menu .action-item');
    const text = this.page.locator('.action-label', { hasText: label });
    await entries.filter({ has: text }).first().hover();
    await this.page.locator('.monaco-menu .action-item.focused').filter({ has: text }).waitFor();
    await this.page.keyboard.press('Enter');
    await entries.first().waitFor({ state: 'detached' });
  }

  async clipboard(): Promise<string> {
    return this.page.evaluate('navigator.clipboard.readText()');
  }

  /** Rests the pointer on something until its hover says this. */
  async hover(place: Locator, text: string | RegExp): Promise<Locator> {
    const hover = this.page.locator('.monaco-hover:visible', { hasText: text }).first();
    // A pointer that is there already makes no hover, and what is painted again under it takes its hover away.
    await until(async () => {
      await this.page.mouse.move(700, 20);
      await place.hover();
      return hover.waitFor({ timeout: 1000 }).then(
        () => true,
        () => false,
      );
    });
    return hover;
  }

  /**
   * Waits until what the workbench keeps in the browser names this: of its open editors, or of Sendmap's own state. They
   * are stored at different moments, and a reload loses what is not stored yet.
   */
  async hasStored(place: 'editors' | 'state', name: string): Promise<void> {
    const key = place === 'editors' ? 'memento/workbench.parts.editor' : 'sendmap.sendmap';
    await until(async () => (await this.page.evaluate(storedStates, key)).some((state) => state.includes(name)));
  }

  /** A picture for people, below `dist/screenshots/`. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(`${root}/dist/screenshots`, { recursive: true });
    await this.page.screenshot({ path: `${root}/dist/screenshots/${name}.png` });
  }
}

/** Runs in the page: waits until no row of the views came, went or changed for so many milliseconds. */
async function stillRows(quiet: number): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = () => {
      observer.disconnect();
      resolve();
    };
    let timer = setTimeout(done, quiet);
    const observer = new MutationObserver(() => {
      clearTimeout(timer);
      timer = setTimeout(done, quiet);
    });
    for (const views of document.querySelectorAll('.sidebar')) {
      observer.observe(views, { subtree: true, childList: true, characterData: true });
    }
  });
}

/** Runs in the page: what the databases of the workbench have under a key. */
async function storedStates(key: string): Promise<string[]> {
  const result = <T>(request: IDBRequest<T>) =>
    new Promise<T>((resolve, reject) => {
      request.onsuccess = () => {
        resolve(request.result);
      };
      request.onerror = () => {
        reject(new Error(request.error?.message));
      };
    });
  const states: string[] = [];
  for (const { name = '' } of await indexedDB.databases()) {
    if (name.startsWith('vscode-web-state-db-')) {
      const database = await result(indexedDB.open(name));
      const items = database.transaction('ItemTable').objectStore('ItemTable');
      const state = items.get(key) as IDBRequest<unknown>;
      states.push(String(await result(state)));
      database.close();
    }
  }
  return states;
}

/** Waits until something read from the screen is as expected; fails with what it was last. */
export async function eventually<T>(read: () => Promise<T>, expected: T): Promise<void> {
  let last: T | undefined;
  try {
    await until(async () => {
      last = await read();
      return isDeepStrictEqual(last, expected);
    });
  } finally {
    deepStrictEqual(last, expected);
  }
}

/** Ages are counted on in every view at the same moment: the begin of each minute. Milliseconds. */
const MINUTE = 60_000;
/** What most tests take, in milliseconds. */
const SHORT = 5000;

/**
 * Takes a picture of the screen after each test of a suite that fails. No test begins shortly before ages are counted on:
 * VS Code asks for all rows again then, and a click on one that it does not know at that moment goes nowhere.
 */
export function picturesOfFailures(workbench: () => Workbench): void {
  beforeEach(async () => {
    const left = MINUTE - (Date.now() % MINUTE);
    if (left < SHORT) {
      await workbench().page.waitForTimeout(left + 1000);
    }
  });
  afterEach(async function () {
    if (this.currentTest?.state === 'failed') {
      await workbench().screenshot(`failed-${this.currentTest.title.replace(/\W+/g, '-').slice(0, 60)}`);
    }
  });
}

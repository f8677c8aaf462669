import { deepStrictEqual } from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser } from './browser.ts';
import { installBuild } from './install.ts';
import { root, versions, type Version } from './paths.ts';
import { startServer, type Server, type ServerOptions } from './server.ts';

export interface WorkbenchOptions {
  readonly version?: Version;
  readonly settings?: ServerOptions['settings'];
  readonly commands?: readonly string[];
  readonly width?: number;
  readonly height?: number;
}

/** A workbench as a person has it before them: what is clicked here is clicked, what is read here is on the screen. */
export class Workbench {
  readonly page: Page;
  readonly url: string;
  /** Milliseconds that activation took. */
  readonly activation: number;
  readonly #server: Server;
  readonly #browser: Browser;

  private constructor(page: Page, url: string, activation: number, server: Server, browser: Browser) {
    this.page = page;
    this.url = url;
    this.activation = activation;
    this.#server = server;
    this.#browser = browser;
  }

  static async open(options: WorkbenchOptions = {}): Promise<Workbench> {
    const vsix = process.env['SENDMAP_VSIX'];
    const build = await installBuild(options.version ?? versions.newest);
    const server = await startServer(build, {
      // The package as it ships where there is one, as in `npm test`; the build of the moment otherwise.
      ...(vsix === undefined ? { develop: root } : { install: vsix }),
      settings: {
        'workbench.startupEditor': 'none',
        'git.openRepositoryInParentFolders': 'never',
        ...options.settings,
      },
      commands: ['workbench.action.closeAuxiliaryBar', ...(options.commands ?? [])],
    });
    const browser = await launchBrowser();
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const url = server.url(`${root}/test/support/sample-folder`);
    await page.goto(url);
    const { activation } = await server.prepared();
    return new Workbench(page, url, activation, server, browser);
  }

  async close(): Promise<void> {
    await this.#browser.close();
    await this.#server.close();
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

  /** All rows of a view that are on screen. */
  rows(view: 'Accounts' | 'Campaigns' = 'Accounts'): Locator {
    return this.page.locator(`.sidebar .pane:has(> .pane-header[aria-label^="${view}"]) .monaco-list-row`);
  }

  /** The first row of a view with this text. */
  row(label: string | RegExp, view: 'Accounts' | 'Campaigns' = 'Accounts'): Locator {
    return this.rows(view).filter({ hasText: label }).first();
  }

  async expand(row: Locator): Promise<void> {
    if ((await row.getAttribute('aria-expanded')) === 'false') {
      await row.locator('.monaco-tl-twistie').click();
    }
  }

  /** Runs a command from the palette by its title. */
  async palette(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget input');
    await input.fill(`>${title}`);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().waitFor();
    await this.page.keyboard.press('Enter');
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
    };
  }

  tab(title: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab').filter({ hasText: title }).first();
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
    await row.click({ button: 'right' });
    const item = this.page.locator('.monaco-menu .action-label', { hasText: new RegExp(`^${entry}`) }).first();
    await item.hover();
    // A menu takes no click right after it opened: that may be the end of the one that opened it.
    await this.page.waitForTimeout(300);
    await item.click();
  }

  async clipboard(): Promise<string> {
    return this.page.evaluate('navigator.clipboard.readText()');
  }

  /** Rests the pointer on something until its hover says this; a pointer that was there before makes no hover. */
  async hover(place: Locator, text: string | RegExp): Promise<Locator> {
    const hover = this.page.locator('.monaco-hover:visible', { hasText: text }).first();
    await place.waitFor();
    for (let turn = 0; turn < 10 && !(await hover.isVisible()); turn += 1) {
      await this.page.mouse.move(700, 20);
      await this.page.waitForTimeout(300);
      await place.hover();
      await this.page.waitForTimeout(1200);
    }
    await hover.waitFor();
    return hover;
  }

  /** A picture for people, below `dist/screenshots/`. */
  async screenshot(name: string): Promise<void> {
    mkdirSync(`${root}/dist/screenshots`, { recursive: true });
    await this.page.screenshot({ path: `${root}/dist/screenshots/${name}.png` });
  }
}

/** Waits until something read from the screen is as expected; fails with what it was last. */
export async function eventually<T>(read: () => Promise<T>, expected: T): Promise<void> {
  let last: T | undefined;
  for (let waited = 0; waited < 10_000; waited += 100) {
    last = await read();
    if (isDeepStrictEqual(last, expected)) {
      return;
    }
    await sleep(100);
  }
  deepStrictEqual(last, expected);
}

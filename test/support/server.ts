import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Build } from './install.ts';
import { root } from './paths.ts';

const run = promisify(execFile);
const companion = `${root}/test/support/companion`;

/** A running VS Code server with a profile of its own. */
export interface Server {
  readonly port: number;
  /** The address of the workbench on a folder; `payload` as the workbench takes it. */
  url(folder: string, payload?: readonly (readonly [string, string])[]): string;
  /**
   * Resolves when the settings are applied and the commands have run, after a page was opened.
   */
  prepared(): Promise<Prepared>;
  /** True where the command ran that tests plant in texts from services. */
  ranPlanted(): boolean;
  /** A path of this machine as the workbench names it. */
  remote(path: string): string;
  readonly userDataDir: string;
  close(): Promise<void>;
}

export interface Prepared {
  /** Milliseconds that Sendmap took to activate. */
  readonly activation: number;
  /** Where figures of the extension host can be asked for, with `watch`. */
  readonly port?: number;
}

export interface ServerOptions {
  /** User settings that the companion extension applies when the workbench has started. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Commands that it runs after that. */
  readonly commands?: readonly string[];
  /** True: the companion extension watches the extension host. */
  readonly watch?: boolean | undefined;
  /** The folder of an extension to load from source; the workbench takes one. */
  readonly develop?: string;
  /** A packaged extension to install before the start. */
  readonly install?: string | undefined;
  /** False: without the driver of VS Code's own tests, which makes it silent; people see toasts then. */
  readonly driver?: boolean;
  readonly extensionsDir?: string;
  readonly port?: number;
  readonly onOutput?: (text: string) => void;
}

/** Starts a server on loopback. Its user data goes to a temporary folder and is deleted at the end. */
export async function startServer(build: Build, options: ServerOptions = {}): Promise<Server> {
  const { settings = {}, commands = [], watch = false, develop, driver = true } = options;
  const userDataDir = await mkdtemp(join(tmpdir(), 'sendmap-vscode-'));
  const done = join(userDataDir, 'companion-done');
  const extensionsDir = options.extensionsDir ?? join(userDataDir, 'extensions');
  // Folders that are there at the first start count as installed.
  await cp(companion, join(extensionsDir, 'sendmap.sendmap-companion-0.0.1'), { recursive: true });
  if (options.install !== undefined) {
    const cli = [
      join(build.root, 'out/server-main.js'),
      '--accept-server-license-terms',
      '--install-extension',
      options.install,
    ];
    await run(build.node, [...cli, `--server-data-dir=${userDataDir}`, `--extensions-dir=${extensionsDir}`], {
      env: cleanEnvironment(),
    });
  }
  const port = options.port ?? (await freePort());
  const child = spawn(
    build.node,
    [
      join(build.root, 'out/server-main.js'),
      '--host=127.0.0.1',
      `--port=${port}`,
      '--without-connection-token',
      '--accept-server-license-terms',
      `--server-data-dir=${userDataDir}`,
      `--extensions-dir=${extensionsDir}`,
      '--telemetry-level=off',
      '--disable-workspace-trust',
      ...(driver ? ['--enable-smoke-test-driver'] : []),
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...cleanEnvironment(),
        SENDMAP_COMPANION: JSON.stringify({ settings, commands, watch, done }),
        // Where the extension's storage is: tests look at what it wrote there.
        SENDMAP_USER_DATA: join(userDataDir, 'data'),
      },
    },
  );
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (data: Buffer) => {
      output.push(data.toString());
      options.onOutput?.(data.toString());
    });
  }
  await untilUp(child, port, output);
  const authority = `127.0.0.1:${port}`;
  const remote = (path: string) => `vscode-remote://${authority}${remotePath(path)}`;
  return {
    port,
    remote,
    userDataDir,
    ranPlanted: () => existsSync(`${done}.planted`),
    url: (folder, payload = []) => {
      const query = new URLSearchParams({ folder: remotePath(folder) });
      const extension = develop === undefined ? [] : [['extensionDevelopmentPath', remote(develop)]];
      query.set('payload', JSON.stringify([['skipWelcome', 'true'], ...extension, ...payload]));
      return `http://${authority}/?${query.toString()}`;
    },
    async prepared() {
      for (let waited = 0; !existsSync(done); waited += 50) {
        if (waited > 60_000) {
          throw new Error('The companion extension did not finish.');
        }
        await sleep(50);
      }
      return JSON.parse(readFileSync(done, 'utf8')) as Prepared;
    },
    async close() {
      child.kill();
      await Promise.race([new Promise((resolve) => child.once('exit', resolve)), sleep(5000)]);
      child.kill('SIGKILL');
      await rm(userDataDir, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A path as URIs have it, which begins with a slash on Windows too: `/c:/folder`. */
function remotePath(path: string): string {
  return sep === '/' ? path : `/${path.replaceAll(sep, '/')}`;
}

/** Without the variables of an editor this may itself run in, and of npm. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(VSCODE_|ELECTRON_|npm_|NODE_OPTIONS)/.test(name)),
  );
}

async function untilUp(child: ChildProcess, port: number, output: readonly string[]): Promise<void> {
  const deadline = Date.now() + 60_000;
  while (Date.now() < deadline) {
    if (child.exitCode !== null) {
      break;
    }
    try {
      const answer = await fetch(`http://127.0.0.1:${port}/version`);
      if (answer.ok) {
        return;
      }
    } catch {
      // Not listening yet.
    }
    await sleep(100);
  }
  child.kill('SIGKILL');
  throw new Error(`VS Code's server did not start:\n${output.join('')}`);
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cache, type Version } from './paths.ts';

const run = promisify(execFile);

/** A VS Code server build: the same workbench and Node extension host as the desktop's, from the npm registry. */
export interface Build {
  readonly version: Version;
  /** The folder with `out/server-main.js`. */
  readonly root: string;
  /** The Node that this version of VS Code ships with, by its major version. */
  readonly node: string;
}

/** Versions of the npm package and the Node major of the VS Code in it. */
const PACKAGES: Readonly<Record<Version, { readonly package: string; readonly node: string }>> = {
  '1.105.1': { package: 'code-server@4.105.1', node: 'node@22' },
  '1.139.1': { package: 'code-server@4.139.1', node: 'node@24' },
};

/** Installs a version into the cache, once. Nothing is compiled and nothing but the npm registry is asked. */
export async function installBuild(version: Version): Promise<Build> {
  const home = join(cache, `server-${version}`);
  const build: Build = {
    version,
    root: join(home, 'node_modules/code-server/lib/vscode'),
    node: join(home, 'node_modules/node/bin', process.platform === 'win32' ? 'node.exe' : 'node'),
  };
  if (existsSync(home)) {
    return build;
  }
  process.stderr.write(`Installing VS Code ${version} from the npm registry, once…\n`);
  await mkdir(cache, { recursive: true });
  const temporary = await mkdtemp(join(cache, 'install-'));
  await writeFile(join(temporary, 'package.json'), JSON.stringify({ private: true, allowScripts: { node: true } }));
  const { package: name, node } = PACKAGES[version];
  await npm(temporary, ['--ignore-scripts', name]);
  await npm(temporary, [node]);
  const inner = join(temporary, 'node_modules/code-server/lib/vscode');
  const manifestPath = join(inner, 'package.json');
  const manifest = JSON.parse(await readFile(manifestPath, 'utf8')) as { dependencies: Record<string, string> };
  if (manifest.dependencies['@parcel/watcher']?.includes('#')) {
    // The oldest version names a git commit here, which the registry does not have.
    manifest.dependencies['@parcel/watcher'] = '^2.5.1';
    await writeFile(manifestPath, JSON.stringify(manifest));
    await rm(join(inner, 'npm-shrinkwrap.json'), { force: true });
  }
  await npm(inner, ['--omit=dev', '--ignore-scripts']);
  await rename(temporary, home);
  return build;
}

async function npm(folder: string, args: readonly string[]): Promise<void> {
  const environment = Object.fromEntries(
    // npm tells its children its own configuration; this install must not inherit that of the project.
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(config_(local_prefix|global_prefix|ignore_scripts)|package_)/i.test(name),
    ),
  );
  const install = ['install', '--no-audit', '--no-fund', '--loglevel=error', ...args];
  const options = { cwd: folder, env: environment, maxBuffer: 64 * 1024 * 1024 };
  // npm says where it is to all that it starts. On Windows it is a script that only a shell can start otherwise.
  const cli = process.env['npm_execpath'];
  if (cli?.endsWith('npm-cli.js')) {
    await run(process.execPath, [cli, ...install], options);
  } else {
    await run('npm', install, { ...options, shell: process.platform === 'win32' });
  }
}

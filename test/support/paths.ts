import { fileURLToPath } from 'node:url';

/** The root of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** Where VS Code builds are kept between runs, one folder a version. */
export const cache = `${root}/.vscode-test`;

/** The oldest VS Code that Sendmap supports, and the newest that was tried. */
export const versions = { oldest: '1.105.1', newest: '1.139.1' } as const;

export type Version = (typeof versions)[keyof typeof versions];

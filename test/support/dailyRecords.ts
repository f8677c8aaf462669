import { readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';

const DAY = 24 * 3_600_000;

/** Makes what the workbench has recorded a day older. */
export function moveRecordsBack(): void {
  const records = readdirSync(tmpdir())
    .filter((folder) => folder.startsWith('sendmap-vscode-'))
    .flatMap((folder) =>
      readdirSync(join(tmpdir(), folder), { recursive: true, encoding: 'utf8' }).map((path) =>
        join(tmpdir(), folder, path),
      ),
    )
    .filter((path) => path.endsWith('.record'));
  for (const path of records) {
    const time = parseInt(basename(path), 10);
    const bytes = readFileSync(path);
    // The first line is JSON in plain text, and says when.
    const at = bytes.indexOf(String(time));
    bytes.write(String(time - DAY), at);
    writeFileSync(path, bytes);
    renameSync(path, join(dirname(path), `${time - DAY}.record`));
  }
}

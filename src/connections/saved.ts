import { join } from 'node:path';
import { answersFolder, mapsFolder } from '../contributions.ts';
import { SnapshotFiles } from '../map/snapshotFiles.ts';
import type { Log } from '../transport/log.ts';
import { AnswerFiles } from './answers.ts';
import { MapKeeper } from './mapKeeper.ts';

/**
 * Keeps maps and answers below a folder.
 *
 * @param allowed whether there may be files of a connection now.
 * @param language of the words in the maps.
 */
export function keeperIn(
  folder: string,
  log: Log,
  allowed: (connectionId: string) => boolean,
  language: string,
): MapKeeper {
  const files = new SnapshotFiles(join(folder, mapsFolder), log, allowed);
  return new MapKeeper(files, new AnswerFiles(join(folder, answersFolder), log, allowed), language);
}

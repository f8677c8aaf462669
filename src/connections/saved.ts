import { join } from 'node:path';
import { answersFolder, mapsFolder, recordsFolder } from '../contributions.ts';
import { RecordFiles } from '../health/recordFiles.ts';
import { SnapshotFiles } from '../map/snapshotFiles.ts';
import type { Log } from '../transport/log.ts';
import { AnswerFiles } from './answers.ts';
import { MapKeeper } from './mapKeeper.ts';

/**
 * Keeps maps, answers and records of what maps said below a folder.
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
  const answers = new AnswerFiles(join(folder, answersFolder), log, allowed);
  const records = new RecordFiles(join(folder, recordsFolder), log, allowed);
  return new MapKeeper(files, answers, records, language);
}

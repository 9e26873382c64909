import { closeSync, openSync } from 'node:fs';
import { UserError } from '../../errors.ts';
import type { ProgramStream, ProgramStreams } from '../../processes/measured-target.ts';
import type { CommandStreams, StreamPlace } from './bench-command.ts';

/**
 * Opens what a run reads and writes; a file that is written is emptied first.
 * @returns to be closed once the program has started
 * @throws {UserError} a file cannot be opened
 */
export function openStreams({ input, output, errors }: CommandStreams): {
  readonly streams: ProgramStreams;
  close(): void;
} {
  const files: number[] = [];
  const close = (): void => {
    for (const file of files.splice(0)) closeSync(file);
  };
  const stream = (place: StreamPlace, flags: 'r' | 'w', option: string): ProgramStream => {
    if (place === 'null') return 'ignore';
    if (typeof place === 'string') return place;
    try {
      const file = openSync(place.file, flags);
      files.push(file);
      return file;
    } catch (error) {
      close();
      throw new UserError(`${option} ${place.file}: it cannot be opened (${(error as NodeJS.ErrnoException).code})`, {
        hint: 'check the path',
        cause: error,
      });
    }
  };
  const streams: ProgramStreams = [
    stream(input, 'r', '--input'),
    stream(output, 'w', '--output'),
    stream(errors, 'w', '--output'),
  ];
  return { streams, close };
}

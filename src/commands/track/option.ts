import { type Command as CommanderCommand, Option } from 'commander';
import { UserError } from '../../errors.ts';
import type { Progress } from '../../terminal/progress.ts';

export interface TrackOption {
  /** Keep the results in a history: its place, or true = the repository's own. */
  readonly track?: string | true;
}

/** Adds `--track` to a command whose `--json` a history can keep. */
export function addTrackOption(command: CommanderCommand): CommanderCommand {
  const option = new Option(
    '--track [place]',
    'keep the results in the history of track: its own, or the one at place',
  );
  // The place stands behind `=` alone, as the word after it is a file to be measured: the command line looks at this
  option.flags = '--track[=place]';
  return command.addOption(option.argParser((place) => place || true));
}

/** @param other a way of working that leaves nothing to keep @throws {UserError} `--track` with it */
export function checkTracked({ track }: TrackOption, other: string | undefined): void {
  if (track === undefined || other === undefined) return;
  throw new UserError(`--track keeps one result: ${other} has none`, {
    hint: 'give track the files: pforge-prof track RESULT.json',
  });
}

/**
 * Keeps what was measured, where it was asked for. What reads results is loaded only then.
 * @param json what the command's `--json` writes
 * @throws {UserError} 125: the history cannot be written
 */
export async function keepIfAsked(
  { track }: TrackOption,
  json: () => string | object,
  progress: Progress,
): Promise<void> {
  if (track === undefined) return;
  const { keepMeasured } = await import('./keep-results.ts');
  const result = json();
  await keepMeasured(typeof result === 'string' ? result : JSON.stringify(result), track, progress);
}

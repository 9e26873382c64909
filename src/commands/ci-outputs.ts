import type { Command as CommanderCommand } from 'commander';
import type { CheckReport } from '../history/check-report.ts';
import type { World } from '../world.ts';

/** Files for continuous integration; `check` and `track` have them all. */
export interface CiOptions {
  readonly junit?: string;
  readonly comment?: string;
  readonly gitlab?: string;
  readonly bmf?: string;
  readonly dataJs?: string;
  readonly maxItems?: number;
}

/** Adds the options of {@link CiOptions}. */
export function addCiOptions(command: CommanderCommand): CommanderCommand {
  return command;
}

/** What was opened, before anything is measured. */
export interface CiOutputs {
  /** Writes all that was asked for, and tells GitHub where it runs us. @returns what was written, for the person */
  write(report: CheckReport): Promise<readonly string[]>;
}

/** @throws {UserError} one of the files cannot be written */
export function ciOutputs(_options: CiOptions, _world: World): CiOutputs {
  return { write: async () => [] };
}

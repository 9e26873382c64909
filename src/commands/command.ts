import type { Command as CommanderCommand } from 'commander';
import type { World } from '../world.ts';

/** The words of one call, already split at the first `--`. */
export interface Call {
  readonly world: World;
  /** What follows `--`: the program and its arguments; undefined without a `--`. */
  readonly program: readonly string[] | undefined;
  readonly shared: SharedOptions;
}

/** Options that every command has. */
export interface SharedOptions {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Whether stderr gets colour. */
  readonly color: boolean;
}

/** One subcommand, in a module of its own that is loaded only when it runs. */
export interface Command {
  /** Adds arguments, options and examples; what the parser makes of them reaches `run`. */
  configure(command: CommanderCommand): void;
  /**
   * @returns the exit code
   * @throws {UserError} everything that a person can mend
   */
  run(call: Call, args: readonly string[], options: Readonly<Record<string, unknown>>): Promise<number>;
}

import { commands } from './commands/registry.ts';
import { EXIT } from './errors.ts';
import { packageVersion } from './package-root.ts';
import { firstSteps, rootHelp } from './root-help.ts';
import { wrapHelp } from './terminal/wrap-help.ts';
import type { World } from './world.ts';

/**
 * The whole command line: finds the command, loads it alone, maps errors to exit codes.
 * @returns the exit code
 */
export async function main(world: World): Promise<number> {
  const [first, second] = world.argv.slice(2);
  // A reader that goes away (`| head`), a terminal that is closed: never a crash.
  for (const stream of [world.stdout, world.stderr]) stream.on('error', () => {});
  if (first === '--version' || first === '-V') {
    world.stdout.write(`${packageVersion()}\n`);
    return EXIT.ok;
  }
  if (first === '--help' || first === '-h' || (first === 'help' && second === undefined)) {
    world.stdout.write(wrapHelp(rootHelp(commands), world.stdout));
    return EXIT.ok;
  }
  if (first === undefined) {
    world.stderr.write(wrapHelp(firstSteps(), world.stderr));
    return EXIT.badInput;
  }
  const { runCommand } = await import('./run-command.ts');
  return runCommand(world);
}

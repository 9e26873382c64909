import { commands } from './commands/registry.ts';
import { EXIT } from './errors.ts';
import { packageVersion } from './package-root.ts';
import { firstSteps, rootHelp } from './root-help.ts';
import { wrapHelp } from './terminal/wrap-help.ts';
import { mayBeTerminal, type World, write } from './world.ts';

/**
 * The whole command line: finds the command, loads it alone, maps errors to exit codes.
 * @returns the exit code
 */
export async function main(world: World): Promise<number> {
  const [first, second] = world.argv.slice(2);
  if (first === '--version' || first === '-V') {
    write(world, 'stdout', `${packageVersion()}\n`);
    return EXIT.ok;
  }
  if (first === '--help' || first === '-h' || (first === 'help' && second === undefined)) {
    writeHelp(world, 'stdout', rootHelp(commands));
    return EXIT.ok;
  }
  if (first === undefined) {
    writeHelp(world, 'stderr', firstSteps());
    return EXIT.badInput;
  }
  const { runCommand } = await import('./run-command.ts');
  return runCommand(unbreakable(world));
}

function writeHelp(world: World, to: 'stdout' | 'stderr', text: string): void {
  write(world, to, mayBeTerminal(world, to) ? wrapHelp(text, world[to]) : text);
}

/** A reader that goes away (`| head`), a terminal that is closed: never a crash. Streams are made when they are asked for. */
function unbreakable(world: World): World {
  const known = new Set<NodeJS.WritableStream>();
  const guarded = <Stream extends NodeJS.WritableStream>(stream: Stream): Stream => {
    if (!known.has(stream)) stream.on('error', () => {});
    known.add(stream);
    return stream;
  };
  return {
    argv: world.argv,
    env: world.env,
    get stdin() {
      return world.stdin;
    },
    get stdout() {
      return guarded(world.stdout);
    },
    get stderr() {
      return guarded(world.stderr);
    },
  };
}

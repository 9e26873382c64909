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
  const streams = new Set<NodeJS.WritableStream>();
  const code = await runCommand(unbreakable(world, streams));
  // Else node takes the engine apart, bit by bit. What waits in a stream would be lost, or what a program of the person's has said
  if (world === process && streams.size === 0 && !world.argv.includes('--')) process.exit(code);
  return code;
}

function writeHelp(world: World, to: 'stdout' | 'stderr', text: string): void {
  write(world, to, mayBeTerminal(world, to) ? wrapHelp(text, world[to]) : text);
}

/**
 * A reader that goes away (`| head`), a terminal that is closed: never a crash. Streams are made when they are asked for.
 * @param known gets those that were
 */
function unbreakable(world: World, known: Set<NodeJS.WritableStream>): World {
  const guarded = <Stream extends NodeJS.WritableStream>(stream: Stream): Stream => {
    if (!known.has(stream)) stream.on('error', () => {});
    known.add(stream);
    return stream;
  };
  return {
    argv: world.argv,
    env: world.env,
    ofProcess: world === process,
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

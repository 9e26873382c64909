import { readFileSync } from 'node:fs';
import nodeModule from 'node:module';
import { join } from 'node:path';
import { commands } from './commands/registry.ts';
import { EXIT } from './errors.ts';
import { packageRoot } from './package-root.ts';
import { rootHelp } from './root-help.ts';
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
    world.stdout.write(`${version()}\n`);
    return EXIT.ok;
  }
  if (first === '--help' || first === '-h' || (first === 'help' && second === undefined)) {
    world.stdout.write(rootHelp(commands));
    return EXIT.ok;
  }
  if (first === undefined) {
    world.stderr.write(rootHelp(commands));
    return EXIT.badInput;
  }
  useCompileCache(world.env);
  const { runCommand } = await import('./run-command.ts');
  return runCommand(world);
}

/** Node 22 keeps compiled code between runs, when asked. */
function useCompileCache(env: NodeJS.ProcessEnv): void {
  const cache = env.XDG_CACHE_HOME ?? (env.HOME === undefined ? undefined : join(env.HOME, '.cache'));
  const { enableCompileCache } = nodeModule as { enableCompileCache?: (folder: string) => unknown };
  if (cache !== undefined) enableCompileCache?.(join(cache, 'pforge-prof'));
}

function version(): string {
  const manifest: unknown = JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8'));
  return (manifest as { version: string }).version;
}

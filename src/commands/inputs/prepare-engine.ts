import { glanceAt } from '../../formats/glance.ts';
import { tuneEngine } from '../../tune-engine.ts';
import { needsNoStreams, type World } from '../../world.ts';

/**
 * Tunes the engine to read an input once. What reading and writing need of node is loaded before, where it can be told.
 * @param input undefined where there are several
 */
export async function prepareEngine(input: string | undefined, world: World): Promise<void> {
  const glance = input === undefined ? undefined : glanceAt(input);
  if (glance?.gzip) await import('node:zlib');
  tuneEngine(glance?.bytes, glance?.gzip === false && needsNoStreams(world));
}

import { setFlagsFromString } from 'node:v8';

/**
 * WebAssembly of our own needs no check before each function is compiled, for which V8 waits until several threads have had
 * a turn; and the little that a recording leaves is not worth that V8 begins to look for garbage beside everything else.
 * Functions of it are compiled a second time, for speed, when they have run for some ten milliseconds: by default a recording
 * of a few hundred kilobytes pays for that and is read before it is ready, a fifth of all processor time that it takes.
 */
const ALWAYS = '--wasm-lazy-validation --wasm-tiering-budget=50000000 --no-incremental-marking';
/** For a large recording: what draws it runs for less than that, function by function. About V8's default; a thread beside ours compiles. */
const FOR_MUCH = '--wasm-tiering-budget=2000000';

/**
 * Flags of V8 by its major version: those of node 20, 22 and 24. The first two optimise a function when it has run some
 * eight times longer than by default: most runs are over before optimised code has saved the time that it takes to make,
 * a sixth of all. The third has a compiler in between.
 */
const FLAGS = new Map([
  ['11', `${ALWAYS} --interrupt-budget=500000`],
  ['12', `${ALWAYS} --invocation-count-for-turbofan=25000`],
  ['13', ALWAYS],
]);

/** Less than this is read before optimised code has saved what it takes to make: bytes, and how V8 is told to wait longer. */
const LITTLE = 8 << 20;
const FLAGS_FOR_LITTLE = new Map([
  // The second keeps it from optimising functions of node that are a few lines long after their first two thousand calls
  ['11', '--interrupt-budget=3000000 --max-bytecode-size-for-early-opt=0'],
  ['12', '--invocation-count-for-turbofan=150000'],
]);

/**
 * Prepares the engine to read a recording once. Called when what a command needs of node is loaded: V8 takes no code of
 * node's own that was compiled with other flags.
 * @param bytes how much there is to read, where that is known
 * @param bare nothing of what follows needs node's streams: then they are not loaded here either
 */
export function tuneEngine(bytes = Number.POSITIVE_INFINITY, bare = false): void {
  const version = process.versions.v8.split('.')[0]!;
  const setFlags = (bare ? withoutStreams() : undefined) ?? setFlagsFromString;
  const flags = FLAGS.get(version);
  if (flags === undefined) return;
  setFlags(flags);
  const more = bytes < LITTLE ? FLAGS_FOR_LITTLE.get(version) : Number.isFinite(bytes) ? FOR_MUCH : undefined;
  if (more !== undefined) setFlags(more);
}

/**
 * What `setFlagsFromString` calls, by an old way of node's: node:v8 has all of node's streams loaded, which takes a twentieth of the
 * time that a small recording does. Undefined where node has no such way any more.
 */
function withoutStreams(): typeof setFlagsFromString | undefined {
  const { binding } = process as {
    binding?(name: string): { readonly setFlagsFromString?: typeof setFlagsFromString };
  };
  const { noDeprecation } = process;
  try {
    // It is nothing that the person who runs us could change
    process.noDeprecation = true;
    return binding?.('v8').setFlagsFromString;
  } catch {
    return undefined;
  } finally {
    process.noDeprecation = noDeprecation ?? false;
  }
}

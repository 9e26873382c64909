import { ChildProcess } from 'node:child_process';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { basename, isAbsolute, join, resolve } from 'node:path';
import { appendOption } from './node-options.ts';
import { SETTINGS_VARIABLE, type Settings } from './settings.ts';

/** What node hands to its native `spawn`, for all ways to start a child. */
interface SpawnOptions {
  readonly file: string;
  readonly args: readonly string[] | undefined;
  readonly cwd: string | null | undefined;
  /** `NAME=value` */
  readonly envPairs: readonly string[] | undefined;
}

type Spawn = (this: unknown, ...parameters: unknown[]) => unknown;

const NODE = /^node(js)?[\d.-]*$/;

/** Programs that start node by themselves. Most are scripts, seen by their first line; these may be anything. */
const STARTS_NODE = new Set(
  'sh bash dash zsh ksh mksh ash fish busybox npm npx pnpm pnpx yarn corepack volta fnm nvm make gmake ninja just'.split(
    ' ',
  ),
);

/** Programs that start the command among their arguments. */
const LAUNCHERS = new Set(
  'env timeout nice nohup setsid taskset time stdbuf xargs ionice chrt setpriv unshare tini dumb-init flock strace ltrace perf valgrind watch script'.split(
    ' ',
  ),
);

/**
 * Gives our preload to children of this process that are, or may start, node; all others get the environment that the
 * program gives them. Works below `child_process`, at the native calls that every function of it ends in, so that no
 * function the program can see changes.
 */
export function profileNodeChildren(settings: Settings): void {
  // A handle that is never spawned: only its prototype is of interest.
  const handle = (new ChildProcess() as unknown as { _handle: { spawn: Spawn } })._handle;
  wrap(Object.getPrototypeOf(handle), settings);
  const sync = internalBinding('spawn_sync');
  if (sync !== undefined) wrap(sync, settings);
}

function wrap(holder: { spawn: Spawn }, settings: Settings): void {
  const { spawn } = holder;
  holder.spawn = function (...parameters) {
    try {
      adapt(parameters, settings);
    } catch {
      // The child is the program's business, profiled or not.
    }
    return spawn.apply(this, parameters);
  };
}

/** Changes the environment in the parameters of a native `spawn` where the child starts node. */
function adapt(parameters: unknown[], settings: Settings): void {
  if (typeof parameters[0] === 'string') {
    // Since node 24, for asynchronous children.
    const [file, args, cwd, envPairs] = parameters as [string, ...never[]];
    if (startsNode({ file, args, cwd, envPairs })) parameters[3] = withSettings(envPairs ?? [], settings);
  } else {
    // A copy: the program can get at node's object.
    const options = parameters[0] as SpawnOptions;
    if (startsNode(options)) parameters[0] = { ...options, envPairs: withSettings(options.envPairs ?? [], settings) };
  }
}

function withSettings(pairs: readonly string[], settings: Settings): string[] {
  const name = 'NODE_OPTIONS=';
  const nodeOptions = pairs.find((pair) => pair.startsWith(name))?.slice(name.length);
  if (nodeOptions?.includes(settings.nodeOption)) return [...pairs];
  return [
    ...pairs.filter((pair) => !pair.startsWith(name) && !pair.startsWith(`${SETTINGS_VARIABLE}=`)),
    name + appendOption(nodeOptions, settings.nodeOption),
    `${SETTINGS_VARIABLE}=${JSON.stringify(settings)}`,
  ];
}

function startsNode({ file, args, cwd, envPairs }: SpawnOptions): boolean {
  if (file === process.execPath || wordStartsNode(file)) return true;
  // args[0] is the name of the program itself.
  if (LAUNCHERS.has(basename(file))) return args?.slice(1).some(wordStartsNode) ?? false;
  const path = envPairs?.find((pair) => pair.startsWith('PATH='))?.slice('PATH='.length) ?? '';
  const candidates = file.includes('/') ? [file] : path.split(':').map((folder) => join(folder, file));
  for (const candidate of candidates) {
    const line = firstLine(isAbsolute(candidate) ? candidate : resolve(cwd ?? '.', candidate));
    // `#!/usr/bin/env -S node --flag`, `#! /bin/sh`
    if (line !== undefined) return line.startsWith('#!') && line.slice(2).split(/\s+/).some(wordStartsNode);
  }
  return false;
}

function wordStartsNode(word: string): boolean {
  const name = basename(word);
  return NODE.test(name) || STARTS_NODE.has(name);
}

/** The first 128 bytes up to the line's end; undefined where there is no such file. */
function firstLine(path: string): string | undefined {
  let descriptor: number;
  try {
    // A FIFO would keep the program waiting.
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
  try {
    const bytes = Buffer.alloc(128);
    return bytes.toString('latin1', 0, readSync(descriptor, bytes)).split('\n', 1)[0]!;
  } finally {
    closeSync(descriptor);
  }
}

/** One of node's native bindings; undefined where this node does not give it out. */
function internalBinding(name: string): { spawn: Spawn } | undefined {
  // process.binding is deprecated: under --pending-deprecation the program would seem to be the one that uses it.
  const { noDeprecation } = process;
  process.noDeprecation = true;
  try {
    return (process as unknown as { binding(name: string): { spawn: Spawn } }).binding(name);
  } catch {
    return undefined;
  } finally {
    if (noDeprecation === undefined) delete process.noDeprecation;
    else process.noDeprecation = noDeprecation;
  }
}

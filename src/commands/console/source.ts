import type { WatchOptions } from '../../console/node/settings.ts';
import { openRecording } from '../../console/recording.ts';
import { Replay } from '../../console/replay.ts';
import type { ConsoleSource } from '../../console/source.ts';
import { UserError } from '../../errors.ts';
import type { Call } from '../command.ts';
import type { ConsoleOptions } from './options.ts';

/** What is to be watched: exactly one of these. */
export type Watched =
  | { readonly kind: 'program'; readonly program: readonly string[] }
  | { readonly kind: 'pid'; readonly pid: number }
  | { readonly kind: 'tokio'; readonly url: string }
  | { readonly kind: 'recording'; readonly path: string };

/** @throws {UserError} nothing, or more than one thing, is to be watched */
export function watchedOf(call: Call, inputs: readonly string[], options: ConsoleOptions): Watched {
  const { program } = call;
  const { pid, tokio } = options;
  const [path, ...more] = inputs;
  if (program?.length === 0)
    throw new UserError('no program follows --', { hint: 'pforge-prof console -- node app.js' });
  if (more.length > 0) {
    throw new UserError(`one recording at a time, not also ${more.join(' ')}`, {
      hint: 'a program to start goes after --: pforge-prof console -- node app.js',
    });
  }
  const given: Watched[] = [];
  if (program !== undefined) given.push({ kind: 'program', program });
  if (pid !== undefined) given.push({ kind: 'pid', pid });
  if (tokio !== undefined) given.push({ kind: 'tokio', url: tokio });
  if (path !== undefined) given.push({ kind: 'recording', path });
  if (given.length > 1) throw new UserError('give only one of: a program after --, --pid, --tokio, a recording');
  if (given.length === 0) {
    throw new UserError('nothing to watch', {
      hint: 'give a program after --, --pid, --tokio, or a recording; see pforge-prof console --help',
    });
  }
  const one = given[0]!;
  if (options.log !== undefined && one.kind !== 'program') {
    throw new UserError('--log is for what a program prints that is started here', { hint: 'put it after --' });
  }
  if (options.record !== undefined && one.kind === 'recording') throw new UserError(`${one.path} is recorded already`);
  if (options.all && (one.kind === 'tokio' || one.kind === 'recording'))
    throw new UserError('--all is for node programs');
  return one;
}

/**
 * Begins to watch.
 * @param printed gets what the program prints that is started here
 * @param hasScreen our standard input is for keys: such a program has none
 * @throws {UserError} as the source
 */
export async function openSource(
  watched: Watched,
  options: ConsoleOptions,
  printed: (bytes: Buffer) => void,
  hasScreen: boolean,
): Promise<ConsoleSource> {
  switch (watched.kind) {
    case 'recording':
      return new Replay(openRecording(watched.path));
    case 'tokio': {
      const { connectTokio } = await import('../../console/tokio/source.ts');
      return connectTokio(watched.url, { retainFor: options.retainFor, longPoll: options.blockThreshold });
    }
    case 'pid': {
      const { attachConsole } = await import('../../console/node/attach.ts');
      return attachConsole(watched.pid, watchOptions(options));
    }
    default: {
      const { startConsole } = await import('../../console/node/start.ts');
      const input = hasScreen ? 'ignore' : 'inherit';
      return startConsole({ program: watched.program, output: printed, input, ...watchOptions(options) });
    }
  }
}

function watchOptions({ all, blockThreshold }: ConsoleOptions): WatchOptions {
  return { blockingMs: blockThreshold, ...(all === undefined ? {} : { all }) };
}

import { createWriteStream, type WriteStream } from 'node:fs';
import { PrintedLines } from '../console/printed-lines.ts';
import { openRecording, startRecording } from '../console/recording.ts';
import type { ConsoleSnapshot } from '../console/snapshot.ts';
import type { SourceEnd } from '../console/source.ts';
import { EXIT, UserError } from '../errors.ts';
import { openOutput } from '../output.ts';
import { startProgress } from '../terminal/progress.ts';
import type { World } from '../world.ts';
import type { Call, Command } from './command.ts';
import { drawAsync, flameOf } from './console/flame.ts';
import { readOnce, tellVerdicts, watchOnce } from './console/once.ts';
import { type ConsoleOptions, configureConsole } from './console/options.ts';
import { showScreen } from './console/screen.ts';
import { openSource, watchedOf } from './console/source.ts';

/** A live view of what an asynchronous program is doing. */
export const consoleCommand: Command = {
  configure: configureConsole,

  async run(call, inputs, rawOptions) {
    const options = rawOptions as unknown as ConsoleOptions;
    const { world, shared } = call;
    const watched = watchedOf(call, inputs, options);
    const hasScreen = wantsScreen(call, options, watched.kind === 'recording');
    const flame = flameOf(options, world);
    const progress = startProgress(world, shared.quiet);
    if (watched.kind === 'recording' && !hasScreen) {
      const read = await readOnce(call, openRecording(watched.path), options, progress);
      if (flame !== undefined) await drawAsync(flame, read.last, options, world, progress.say);
      return tellVerdicts(read.verdicts, progress) ? EXIT.ok : EXIT.gateFailed;
    }
    const recording = options.record === undefined ? undefined : startRecording(options.record);
    const printed = watched.kind === 'program' && hasScreen ? new PrintedLines() : undefined;
    const log = options.log === undefined ? undefined : openLog(options.log, call);
    let last: ConsoleSnapshot | undefined;
    const see = (snapshot: ConsoleSnapshot): void => {
      last = snapshot;
      recording?.write(snapshot);
    };
    const print = (bytes: Buffer): void => {
      log?.write(bytes);
      if (printed === undefined) world.stderr.write(bytes);
      else printed.add(bytes);
    };
    const source = await openSource(watched, options, print, hasScreen);
    let end: SourceEnd | undefined;
    let isKept = true;
    try {
      if (hasScreen) {
        end = await showScreen(source, world, { color: options.color, seconds: options.for, printed, recording, see });
      } else {
        const watching = await watchOnce(call, source, options, see, progress);
        end = watching.end;
        isKept = tellVerdicts(watching.verdicts, progress);
      }
    } finally {
      // A program that is busy may take a while to hear that it shall end
      progress.show(watched.kind === 'program' ? 'ending the program' : 'leaving');
      await source.close();
      progress.end();
      recording?.close();
      log?.end();
    }
    if (end !== undefined && watched.kind !== 'recording') progress.say(end.text);
    if (flame !== undefined && last !== undefined) await drawAsync(flame, last, options, world, progress.say);
    if (recording !== undefined) {
      progress.say(`wrote ${recording.path}; pforge-prof console ${recording.path} plays it`);
    }
    if (end?.exitCode) return end.exitCode;
    if (!isKept) return EXIT.gateFailed;
    return end?.how === 'lost' ? EXIT.cannotCollect : EXIT.ok;
  },
};

/** @throws {UserError} the screen is wanted where there is no terminal, or what only fits a screen is not */
function wantsScreen({ world, shared }: Call, { once, assert, flame }: ConsoleOptions, isReplay: boolean): boolean {
  const isPlain = once === true || shared.json || (flame !== undefined && isReplay);
  const isTerminal = world.stdin.isTTY === true && world.stdout.isTTY === true && world.env.TERM !== 'dumb';
  if (isPlain || (flame !== undefined && !isTerminal)) return false;
  if (assert !== undefined) throw new UserError('--assert is for --once or --json', { hint: 'give one of them' });
  if (isTerminal) return true;
  throw new UserError(`the screen needs a terminal, and ${lacking(world)}`, {
    hint: '--once prints one snapshot as text, --json as data, --flame FILE draws async stacks',
  });
}

function lacking({ stdin, stdout }: World): string {
  if (stdout.isTTY !== true) return 'standard output is none';
  return stdin.isTTY === true ? 'this one (TERM=dumb) cannot be drawn on' : 'standard input is none';
}

function openLog(path: string, { world }: Call): WriteStream {
  // It grows while the program runs: here nothing is renamed
  openOutput(path, world, { option: '--log' });
  const stream = createWriteStream(path, { mode: 0o600 });
  stream.on('error', () => {});
  return stream;
}

import { FormatError, type Input } from '../format.ts';
import { textLines } from '../text/lines.ts';
import type { LogModule } from '../v8-ticks/table.ts';

/** What a log says of itself, found without V8's help. */
export interface V8LogFacts {
  /** `11.3.244`. */
  readonly version: string;
  readonly ticks: number;
  readonly modules: readonly LogModule[];
  /** Nanoseconds between ticks. */
  readonly interval?: number;
  /** The last line has no end. */
  readonly cut: boolean;
}

/** Larger than any program; node's reader would walk a broken line's range page by page for hours. */
const LARGEST_MODULE = 2 ** 36;

/**
 * Reads over a whole log.
 * @param input how messages name it
 * @throws {FormatError} no version, or a module that cannot be
 */
export async function scanV8Log(input: Input, log: Input): Promise<V8LogFacts> {
  const modules: LogModule[] = [];
  let version: string | undefined;
  let interval: number | undefined;
  let ticks = 0;
  let lineNumber = 0;
  let cut = false;
  const ends: Input = { ...log, chunks: () => watched(log, (last) => (cut = last !== 10)) };
  for await (const lines of textLines(ends)) {
    for (const line of lines) {
      lineNumber++;
      if (lineNumber === 1) {
        version = /^v8-version,(\d+,\d+,\d+),/.exec(line)?.[1]?.replaceAll(',', '.');
        if (version === undefined)
          throw new FormatError(input, 'line 1', 'this is no version of V8', 'the file was cut');
      }
      if (line.startsWith('tick,')) ticks++;
      else if (line.startsWith('shared-library,')) modules.push(moduleOf(input, lineNumber, line));
      else if (line.startsWith('profiler,')) {
        const micros = /^profiler,"?begin"?,(\d{1,9})$/.exec(line)?.[1];
        if (micros !== undefined) interval = Number(micros) * 1000;
      }
    }
  }
  return { version: version!, ticks, modules, ...(interval === undefined ? {} : { interval }), cut };
}

async function* watched(log: Input, seen: (last: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of log.chunks()) {
    if (chunk.length > 0) seen(chunk[chunk.length - 1]!);
    yield chunk;
  }
}

/** `shared-library,/usr/bin/node,0x400000,0xb71000,0`; names may be in quotes, commas in them are `\x2C`. */
function moduleOf(input: Input, lineNumber: number, line: string): LogModule {
  const [, path, start, end] = /^shared-library,"?([^",]*)"?,0x([0-9a-f]+),0x([0-9a-f]+)(?:,|$)/.exec(line) ?? [];
  const module = {
    path: (path ?? '').replaceAll('\\x2C', ','),
    start: Number.parseInt(start ?? '', 16),
    end: Number.parseInt(end ?? '', 16),
  };
  const size = module.end - module.start;
  if (!(size >= 0 && size <= LARGEST_MODULE))
    throw new FormatError(input, `line ${lineNumber}`, 'this is no library in memory');
  return module;
}

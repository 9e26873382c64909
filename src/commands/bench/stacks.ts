import { readFileSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Failure } from '../../bench/runner/failure.ts';
import { SourceMap } from '../../symbols/source-map.ts';

/** A place in a line of a stack that V8 has written. */
const PLACE = /(file:\/\/\/[^\s()]+|\/[^\s():]+):(\d+):(\d+)/;
/** What runs the benchmark: nothing that the person wrote. */
const OURS = /bench-worker\.cjs|node:internal/;

/** The failure with the places of its stack as they were written, relative to a folder. */
export function originalStack<F extends Failure>(failure: F, folder: string): F {
  const maps = new Map<string, SourceMap | undefined>();
  const lines = failure.stack.split('\n').filter((line) => !OURS.test(line));
  const stack = lines.map((line) =>
    line.replace(PLACE, (whole, file: string, row: string, column: string) => {
      const path = file.startsWith('file:') ? fileURLToPath(file) : file;
      if (!maps.has(path)) maps.set(path, mapOf(path));
      const original = maps.get(path)?.originalAt(Number(row), Number(column));
      const place = original ?? { file: path, line: Number(row), column: Number(column) };
      if (!place.file.startsWith('/')) return whole;
      const short = relative(folder, place.file);
      return `${short.startsWith('..') ? place.file : short}:${place.line}:${place.column}`;
    }),
  );
  return { ...failure, stack: stack.join('\n') };
}

/** Only what we have bundled has its map beside it under this very name; others are shown as they are. */
function mapOf(script: string): SourceMap | undefined {
  try {
    return new SourceMap(readFileSync(`${script}.map`, 'utf8'), dirname(script));
  } catch {
    return undefined;
  }
}

import type { FrameWords } from '../../profile/builder.ts';
import type { PlaceFrame } from '../../symbols/object-source.ts';
import { withoutParameters } from '../frames/cpp-names.ts';
import { symbolFrames } from '../perf-script/frame-line.ts';
import type { NamedPlace } from './place-names.ts';

/**
 * The frames of a place, caller first: the function, and those that were inlined there.
 * @param address part of the name of a frame without one; '' = not
 * @param context frames get file and line, as far as they are known
 */
export function placeFrames({ symbol, module, source }: NamedPlace, address: string, context: boolean): FrameWords[] {
  const [outermost, ...inlined] = source ?? [];
  // The symbol table knows a function itself best: a part of it is called `f.cold`
  const words = symbolFrames(symbol || outermost?.name || '[unknown]', module, address);
  if (outermost === undefined || words.length > 1) return words;
  return [
    { ...words[0]!, ...(context ? lineOf(outermost) : {}) },
    ...inlined.map(
      (frame): FrameWords => ({
        name: withoutParameters(frame.name) || '[unknown]',
        module,
        kind: 'inlined',
        ...(context ? lineOf(frame) : {}),
      }),
    ),
  ];
}

function lineOf({ file, line }: PlaceFrame): { file?: string; line?: number } {
  return file === '' || line === 0 || line > 0x7fffffff ? {} : { file, line };
}

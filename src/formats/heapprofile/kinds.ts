import { jsKind } from '../../profile/kind.ts';
import type { Kind } from '../../profile/profile.ts';

/** Allocations without a JavaScript stack, by V8's state at the time (`SamplingHeapProfiler::AddStack`). */
const stateKinds: ReadonlyMap<string, Kind> = new Map([
  ['(GC)', 'gc'],
  ...['PARSER', 'COMPILER', 'BYTECODE_COMPILER', 'V8 API', 'EXTERNAL', 'LOGGING', 'IDLE', 'JS'].map(
    (state): [string, Kind] => [`(${state})`, 'native'],
  ),
]);

/**
 * What code a frame of a heap profile is of.
 * @param file '' where the profile has none: scripts that are gone have lost theirs
 * @param scripted it had a script; what never had one is built in
 */
export function heapKind(name: string, file: string, scripted: boolean): Kind {
  if (file !== '') return jsKind(file);
  return stateKinds.get(name) ?? (scripted || name === '(root)' ? 'unknown' : 'builtin');
}

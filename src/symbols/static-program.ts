import { openElf } from './elf-file.ts';

const SEGMENT_INTERPRETER = 3;

/**
 * Whether a program is linked statically: it names no loader (System V gABI, chapter 5: PT_INTERP), so no library can be
 * put under it.
 */
export function isStaticProgram(path: string): boolean {
  const file = openElf(path);
  if (file === undefined) return false;
  file.close();
  return !file.segments.some(({ type }) => type === SEGMENT_INTERPRETER);
}

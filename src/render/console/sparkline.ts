const BLOCKS = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const;
const PLAIN = ['_', '.', ',', '-', '=', '+', '*', '#'] as const;

/**
 * The last values as one row of columns, each as high as its part of `top`.
 * @param top what a full column stands for; at least the largest value
 */
export function sparkline(values: readonly number[], width: number, top: number, ascii: boolean): string {
  const levels = ascii ? PLAIN : BLOCKS;
  const shown = width <= 0 ? [] : values.slice(-width);
  const text = shown.map((value) => {
    const level = top > 0 ? Math.round((Math.min(value, top) / top) * (levels.length - 1)) : 0;
    return levels[level]!;
  });
  return text.join('').padStart(width);
}

const PARTS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const;

/** A bar of `part` (0 to 1) of `width` columns, an eighth of a column exact; something is always seen of what is not 0. */
export function bar(part: number, width: number, ascii: boolean): string {
  const eighths = Math.round(Math.max(0, Math.min(1, part)) * width * 8);
  if (ascii) return '#'.repeat(part > 0 ? Math.max(1, Math.round(eighths / 8)) : 0);
  const text = '█'.repeat(Math.floor(eighths / 8)) + PARTS[eighths % 8]!;
  return text === '' && part > 0 ? '▏' : text;
}

import type pc from 'picocolors';
import type { Kind } from '../profile/profile.ts';

export type Colors = ReturnType<typeof pc.createColors>;

/** The colour of a kind in the terminal: one of the theme's own sixteen, so that it can be read on any background. */
export function kindPaint(colors: Colors, kind: Kind): (text: string) => string {
  switch (kind) {
    case 'app':
    case 'inlined':
      return colors.yellow;
    case 'dependency':
    case 'jit':
      return colors.cyan;
    case 'runtime':
    case 'builtin':
      return colors.green;
    case 'native':
    case 'wasm':
      return colors.blue;
    case 'kernel':
      return colors.magenta;
    case 'gc':
      return colors.red;
    default:
      return colors.dim;
  }
}

import pc from 'picocolors';

/** How a text about a snapshot is laid out. */
export interface HeapLook {
  /** Columns that a line may take. Default: 100 */
  readonly width?: number;
  /** Default: false */
  readonly color?: boolean;
  /** Rows of tables. Default: 20 */
  readonly limit?: number;
}

export type Colors = ReturnType<typeof pc.createColors>;

/** Every value of a look. */
export function fullLook({ width = 100, color = false, limit = 20 }: HeapLook): {
  readonly width: number;
  readonly limit: number;
  readonly colors: Colors;
} {
  return { width, limit, colors: pc.createColors(color) };
}

/**
 * The tables, for servers from 18.16 on. Frames and stacks are stored once for all services, under the first 8 bytes of a
 * SHA-256; a sample names its stack. Rows that are pushed twice are equal in their sorting key, so that the engine drops one
 * of them some day, and queries do so until then.
 */
export const TABLES = {
  frames: `pforge_prof_frames (
  hash UInt64, name String, file String, line UInt32, column UInt32, module String, kind String, tier String
) ENGINE = ReplacingMergeTree() ORDER BY hash`,

  stacks: `pforge_prof_stacks (
  hash UInt64, frames Array(UInt64)
) ENGINE = ReplacingMergeTree() ORDER BY hash`,

  samples: `pforge_prof_samples (
  service String, type String, unit String, from_last UInt8, host String,
  label_names Array(String), label_values Array(String), tool String, push UInt64,
  time DateTime('UTC'), process String, thread String, stack UInt64, value Float64
) ENGINE = ReplacingMergeTree() PARTITION BY toYYYYMM(time)
ORDER BY (service, type, unit, time, push, from_last, process, thread, stack)`,
} as const;

/** Columns in the order in which rows of RowBinary have them. */
export const COLUMNS = {
  frames: 'hash, name, file, line, column, module, kind, tier',
  stacks: 'hash, frames',
  samples:
    'service, type, unit, from_last, host, label_names, label_values, tool, push, time, process, thread, stack, value',
} as const;

export type TableName = keyof typeof TABLES;

/** A text as SQL has it. */
export function literal(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&').replaceAll('\0', '\\0')}'`;
}

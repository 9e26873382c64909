import { closeSync, constants, fstatSync, openSync, readSync, type Stats, statSync } from 'node:fs';

/** Bytes that are read where they are wanted: of a file, or of memory. Nothing here throws. */
export interface ByteSource {
  readonly size: number;
  /** The same for the same bytes: device, inode, size and time of a file; '' of memory. */
  readonly identity: string;
  /**
   * The part of `offset` .. `offset + length` that is there; empty where nothing is, or it cannot be read.
   * @param into room for it: whoever reads a lot bit by bit saves the kernel from giving new pages each time
   */
  read(offset: number, length: number, into?: Buffer): Buffer;
  close(): void;
}

/** More than this is never read at once: far above any symbol table, far below what an engine can hold. */
const MAX_READ = 1 << 30;
const NOTHING = Buffer.alloc(0);

/**
 * Opens a regular file, and nothing else: a FIFO would wait for a writer, and to open a device can be to act on it.
 * @returns undefined when it is none or cannot be opened
 */
export function openRegularFile(path: string): ByteSource | undefined {
  let file: number | undefined;
  try {
    if (!statSync(path).isFile()) return undefined;
    // It may have been exchanged meanwhile: opened without waiting, and looked at once more.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const status = fstatSync(file);
    if (!status.isFile()) {
      closeSync(file);
      return undefined;
    }
    return fileSource(file, status);
  } catch {
    if (file !== undefined) closeSync(file);
    return undefined;
  }
}

/** What stands in memory, as a source; nothing is copied. */
export function memorySource(bytes: Buffer): ByteSource {
  return {
    size: bytes.length,
    identity: '',
    read(offset, length, into) {
      const size = readable(bytes.length, offset, length, into);
      if (size === 0) return NOTHING;
      if (into === undefined) return bytes.subarray(offset, offset + size);
      return into.subarray(0, bytes.copy(into, 0, offset, offset + size));
    },
    close() {},
  };
}

function fileSource(file: number, { dev, ino, size, mtimeMs, ctimeMs }: Stats): ByteSource {
  let open = true;
  return {
    size,
    identity: [dev, ino, size, mtimeMs, ctimeMs].join(':'),
    read(offset, length, into) {
      const wanted = open ? readable(size, offset, length, into) : 0;
      if (wanted === 0) return NOTHING;
      try {
        const bytes = into ?? Buffer.allocUnsafe(wanted);
        let filled = 0;
        while (filled < wanted) {
          const count = readSync(file, bytes, filled, wanted - filled, offset + filled);
          if (count === 0) break;
          filled += count;
        }
        return bytes.subarray(0, filled);
      } catch {
        return NOTHING;
      }
    },
    close() {
      if (open) closeSync(file);
      open = false;
    },
  };
}

/** How many of `length` bytes at `offset` there are; numbers out of hostile files may be anything. */
function readable(size: number, offset: number, length: number, into: Buffer | undefined): number {
  if (!(offset >= 0 && offset < size && length > 0)) return 0;
  return Math.min(length, size - offset, into?.length ?? MAX_READ);
}

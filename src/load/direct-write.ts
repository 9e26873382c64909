import type { Socket } from 'node:net';
import { getSystemErrorName } from 'node:util';

/** What node's sockets are made of (`src/stream_base.h`), as far as it is needed here. */
interface StreamBinding {
  readonly streamBaseState: Int32Array;
  readonly kReadBytesOrError: number;
  readonly kLastWriteWasAsync: number;
  /** A write that the system could not take at once. */
  readonly WriteWrap: new () => WriteRequest;
}

interface WriteRequest {
  oncomplete?: (status: number) => void;
}

interface StreamHandle {
  /** Called for each read; what came is in `streamBaseState`. */
  onread: (this: StreamHandle, bytes: unknown) => unknown;
  /** @returns 0, or an error of libuv; the request belongs to the stream afterwards where the write was not done at once */
  writeLatin1String(request: WriteRequest, text: string): number;
}

const binding = streamBinding();

/**
 * Reads and writes of a connected socket without what a `Duplex` does for each: a queue, callbacks in a later tick, a
 * time-out, half of what a request costs in node's own code. Opening, errors and the end stay with the socket.
 * Node has no public way to that; where its inside has another shape, the socket is used as anybody would.
 * @param read told of each read into the socket's own buffer (`onread`), by the number of bytes
 * @returns what writes bytes, given as a latin1 string; undefined where this node's sockets have another shape
 */
export function directWrite(socket: Socket, read: (length: number) => void): ((text: string) => void) | undefined {
  const handle = (socket as unknown as { readonly _handle?: Partial<StreamHandle> | null })._handle;
  if (binding === undefined || !isStream(handle)) return undefined;
  const { streamBaseState: state, kReadBytesOrError, kLastWriteWasAsync, WriteWrap } = binding;
  const ofSocket = handle.onread;
  handle.onread = function (bytes) {
    const length = state[kReadBytesOrError]!;
    // Errors and the end are the socket's business
    if (length <= 0) return ofSocket.call(this, bytes);
    read(length);
    return undefined;
  };
  const failed = (status: number): void => {
    if (status === 0 || socket.destroyed) return;
    const code = getSystemErrorName(status);
    socket.destroy(Object.assign(new Error(`write ${code}`), { code }));
  };
  let request = new WriteWrap();
  return (text) => {
    // Of a socket that was destroyed it is an error, which nobody needs to hear
    const status = handle.writeLatin1String(request, text);
    if (status !== 0) failed(status);
    else if (state[kLastWriteWasAsync] !== 0) {
      // The system's buffer is full: libuv holds on to the request and the bytes until they are written
      request.oncomplete = failed;
      request = new WriteWrap();
    }
  };
}

function isStream(handle: Partial<StreamHandle> | null | undefined): handle is StreamHandle {
  return typeof handle?.onread === 'function' && typeof handle.writeLatin1String === 'function';
}

function streamBinding(): StreamBinding | undefined {
  try {
    const found = (process as unknown as { binding(name: string): Partial<StreamBinding> }).binding('stream_wrap');
    const numbers = [found.kReadBytesOrError, found.kLastWriteWasAsync];
    const known = numbers.every(Number.isInteger) && typeof found.WriteWrap === 'function';
    return known && found.streamBaseState instanceof Int32Array ? (found as StreamBinding) : undefined;
  } catch {
    return undefined;
  }
}

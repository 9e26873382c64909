import { ProtocolError } from './message-reader.ts';

/** Flag and length. */
const HEADER_BYTES = 5;
/** console-subscriber keeps below 4 MiB (tonic's limit); more than this is no message of it. */
const LONGEST = 64 * 2 ** 20;

/** A message with gRPC's prefix: not compressed, its length as 4 bytes. */
export function framed(message: Uint8Array): Buffer {
  const frame = Buffer.alloc(HEADER_BYTES + message.length);
  frame.writeUInt32BE(message.length, 1);
  frame.set(message, HEADER_BYTES);
  return frame;
}

/** Takes messages out of a stream of bytes that is cut anywhere (gRPC over HTTP/2, "Length-Prefixed-Message"). */
export class MessageFrames {
  private pieces: Buffer[] = [];
  private held = 0;
  /** Bytes that the message that is being read has, its prefix included; until that is there, those of the prefix. */
  private wanted = HEADER_BYTES;

  /**
   * @returns the messages that are complete now
   * @throws {ProtocolError} what stands where a message should begin is none, or it is too long, or compressed
   */
  *push(bytes: Buffer): Iterable<Buffer> {
    this.pieces.push(bytes);
    this.held += bytes.length;
    while (this.held >= this.wanted) {
      const all = this.pieces.length === 1 ? this.pieces[0]! : Buffer.concat(this.pieces);
      this.pieces = [all];
      if (this.wanted === HEADER_BYTES) this.wanted += lengthIn(all);
      if (this.held < this.wanted) break;
      const message = all.subarray(HEADER_BYTES, this.wanted);
      this.pieces = [all.subarray(this.wanted)];
      this.held -= this.wanted;
      this.wanted = HEADER_BYTES;
      yield message;
    }
  }

  /** Whether the bytes end within a message. */
  get isCut(): boolean {
    return this.held > 0;
  }
}

function lengthIn(header: Buffer): number {
  const flag = header[0]!;
  if (flag === 1) throw new ProtocolError('it sent a compressed message, which was not asked for');
  if (flag !== 0) throw new ProtocolError(`it sent no gRPC message: it begins with byte ${flag}`);
  const length = header.readUInt32BE(1);
  if (length > LONGEST)
    throw new ProtocolError(`it announced a message of ${length} bytes, and ${LONGEST} are the most`);
  return length;
}

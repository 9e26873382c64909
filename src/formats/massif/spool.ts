import { appendFileSync, closeSync, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { makePrivateDir, removePrivateDir } from '../../processes/private-dir.ts';

/** Text up to this size stays in memory. */
const IN_MEMORY = 16 << 20;
const PIECE = 1 << 16;

/** Keeps a text that is written before it can be printed: a long one on disk. */
export class Spool {
  private text = '';
  private pieces: Buffer[] = [];
  private inMemory = 0;
  private file: number | undefined;
  private folder: string | undefined;

  /** @param text each character is a byte (latin1) */
  add(text: string): void {
    this.text += text;
    if (this.text.length >= PIECE) this.flush();
  }

  private flush(): void {
    const piece = Buffer.from(this.text, 'latin1');
    this.text = '';
    if (this.file !== undefined) {
      appendFileSync(this.file, piece);
      return;
    }
    this.pieces.push(piece);
    this.inMemory += piece.length;
  }

  /** To be waited for now and then while much is added: moves it to the disk. */
  async breathe(): Promise<void> {
    if (this.inMemory < IN_MEMORY || this.file !== undefined) return;
    this.folder = await makePrivateDir();
    this.file = openSync(join(this.folder, 'text'), 'w+', 0o600);
    for (const piece of this.pieces.splice(0)) appendFileSync(this.file, piece);
  }

  /** All of it; a piece is valid until the next one. */
  *chunks(): Iterable<Uint8Array> {
    yield* this.pieces;
    if (this.file !== undefined) {
      const room = Buffer.allocUnsafe(PIECE);
      for (let at = 0; ; ) {
        const length = readSync(this.file, room, 0, PIECE, at);
        if (length === 0) break;
        at += length;
        yield room.subarray(0, length);
      }
    }
    if (this.text !== '') yield Buffer.from(this.text, 'latin1');
  }

  async dispose(): Promise<void> {
    if (this.file !== undefined) closeSync(this.file);
    if (this.folder !== undefined) await removePrivateDir(this.folder);
  }
}

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const PEERS = resolve(import.meta.dirname, '../../../../shared/peer-data');

export interface PeerRecording {
  readonly name: string;
  readonly path: string;
  /** What ms_print made of it, and the options it was given. */
  readonly printed: readonly { readonly text: Buffer; readonly options: readonly string[] }[];
}

const OPTIONS = new Map([
  ['ms_print.txt', []],
  ['ms_print.t5.x100.y10.txt', ['--threshold=5', '--x=100', '--y=10']],
  ['ms_print.t0.x20.y5.txt', ['--threshold=0', '--x=20', '--y=5']],
]);

/** Recordings of other people's programs with the text of the real ms_print; none where they are not on this machine. */
export const peerRecordings: readonly PeerRecording[] = ['massif', 'massif-edge'].flatMap((folder) => {
  const all = join(PEERS, folder);
  if (!existsSync(all)) {
    console.log(`skipped: ${all} is not here`);
    return [];
  }
  return readdirSync(all).map((name) => ({
    name: `${folder}/${name}`,
    path: join(all, name, 'massif.out'),
    printed: [...OPTIONS].flatMap(([file, options]) => {
      const path = join(all, name, file);
      return existsSync(path) ? [{ text: readFileSync(path), options }] : [];
    }),
  }));
});

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const PEERS = resolve(import.meta.dirname, '../../../../shared/peer-data/dhat');

export interface PeerRecording {
  readonly name: string;
  readonly path: string;
  /** What dh_view made of it, by the place of the sort in its menu. */
  readonly views: readonly { readonly sort: number; readonly text: string }[];
  /** What valgrind printed when it was recorded. */
  readonly summary?: string;
}

function viewsOf(prefix: string, folder: string): PeerRecording['views'] {
  return readdirSync(folder).flatMap((file) => {
    if (!file.startsWith(prefix)) return [];
    const sort = /^dh_view\.metric(\d+)\.txt$/.exec(file.slice(prefix.length))?.[1];
    return sort === undefined ? [] : [{ sort: Number(sort), text: readFileSync(join(folder, file), 'utf8') }];
  });
}

function peersIn(folder: string): PeerRecording[] {
  return readdirSync(folder).flatMap((name) => {
    const inside = join(folder, name);
    if (name === 'rust-real') {
      return readdirSync(inside)
        .filter((file) => file.endsWith('.json'))
        .map((file) => ({ name: file, path: join(inside, file), views: viewsOf(`${file}.`, inside) }));
    }
    const summary = readFileSync(join(inside, 'summary.txt'), 'utf8');
    return [{ name, path: join(inside, 'dhat.out'), views: viewsOf('', inside), summary }];
  });
}

/** Recordings of other people's programs with the text of the real dh_view; none where they are not on this machine. */
export const peerRecordings: readonly PeerRecording[] = existsSync(PEERS) ? peersIn(PEERS) : [];
if (peerRecordings.length === 0) console.log(`skipped: ${PEERS} is not here`);

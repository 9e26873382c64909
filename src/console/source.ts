import type { ConsoleSnapshot } from './snapshot.ts';

/** Where snapshots come from: a node program, a tokio program, a recording that is played again. */
export interface ConsoleSource {
  /** Calls a function with each snapshot, about once a second, and a last time when the program has ended. */
  onSnapshot(listener: (snapshot: ConsoleSnapshot) => void): void;
  /** Stops and resumes watching (not the program), where the source can. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /**
   * Names the one task whose histograms the snapshots shall have from now on; undefined: none. Where a source always
   * has all (node) it is absent.
   */
  details?(task: string | undefined): void;
  /** Resolves when no snapshot will come any more: why, in words for a person; never rejects. */
  readonly ended: Promise<SourceEnd>;
  /** Leaves the program as it was found. May be called again. */
  close(): Promise<void>;
}

export interface SourceEnd {
  /** `left`: close() was called; `lost`: the connection broke and did not come back; `over`: the recording is at its end. */
  readonly how: 'left' | 'exited' | 'lost' | 'over';
  /** One sentence: `process 4711 was killed by SIGKILL`. */
  readonly text: string;
  /** Of a program that we started. */
  readonly exitCode?: number;
}

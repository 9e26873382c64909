import { type Profiler, Session } from 'node:inspector';

/** Places in a bundle are below this, so a place and a length fit into one exact number. */
const MOST_TEXT = 2 ** 26;

/** Which blocks of the code have run, by node's inspector. What is measured runs slower, so this has a thread of its own. */
export class Coverage {
  private readonly session = new Session();
  private readonly url: string;

  /** @param url of the script whose blocks count */
  constructor(url: string) {
    this.url = url;
    this.session.connect();
    this.session.post('Profiler.enable');
    this.session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
  }

  /** The blocks that ran since the last call: where each starts, and how long it is. */
  take(): Set<number> {
    let result: Profiler.ScriptCoverage[] = [];
    // Within one thread the answer comes before this returns
    this.session.post('Profiler.takePreciseCoverage', (error, taken) => {
      if (error) throw error;
      result = taken.result;
    });
    const blocks = new Set<number>();
    for (const { functions } of result.filter(({ url }) => url === this.url)) {
      for (const { ranges } of functions) {
        for (const { startOffset, endOffset, count } of ranges) {
          if (count > 0) blocks.add(startOffset * MOST_TEXT + (endOffset - startOffset));
        }
      }
    }
    return blocks;
  }
}

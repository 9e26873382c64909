import { EXIT } from '../errors.ts';
import { onInterrupts } from '../processes/interrupts.ts';
import type { Progress } from '../terminal/progress.ts';
import { followByAsking } from '../view-server/follow-by-asking.ts';
import { followFiles, stateOf } from '../view-server/follow-files.ts';
import { type Picture, startViewServer } from '../view-server/server.ts';
import type { Call } from './command.ts';
import { showUrl } from './opening.ts';

/** A page of the browsers of this machine. */
export interface Served {
  /** Of the page; plain text. */
  readonly title: string;
  /** What the page is of, to the person. */
  readonly subject: string;
  /** Draws anew what the files hold. */
  readonly draw: () => Promise<Picture>;
  /** It is drawn again when these change; undefined = every few seconds, as no file tells of changes. */
  readonly files: readonly string[] | undefined;
  /** What the picture links to. */
  readonly beside?: (path: string) => Picture | undefined;
  /** For programs, beside the address. */
  readonly json?: object;
  /** 0 = any that is free. */
  readonly port: number;
  /** Opens the browser. */
  readonly open: boolean;
}

/** Serves a page that follows its files until Ctrl-C. */
export async function servePage(call: Call, served: Served, { say }: Progress): Promise<number> {
  const { title, subject, draw, files, beside, json, port, open } = served;
  const { world, shared } = call;
  const since = stateOf(files ?? []);
  const first = await draw();
  const server = await startViewServer(title, first, port, beside);
  const ended = new AbortController();
  const release = onInterrupts(({ count }) => (count === 1 ? ended.abort() : process.exit(EXIT.ok)));
  try {
    const { url } = server;
    world.stdout.write(`${shared.json ? JSON.stringify({ url, port: server.port, ...json }) : url}\n`);
    say(`serving ${subject} to browsers of this machine until Ctrl-C`);
    if (open) await showUrl(url, call, say);
    const failed = (error: unknown): void => {
      const problem = error instanceof Error ? error.message : String(error);
      server.tell(problem);
      say(problem);
    };
    const { signal } = ended;
    if (files === undefined) {
      const isSame = (a: Picture, b: Picture): boolean => Buffer.compare(a.body, b.body) === 0;
      await followByAsking(first, { ask: draw, isSame, show: (next) => server.show(next), failed, signal });
    } else {
      const renew = async (): Promise<void> => server.show(await draw());
      await followFiles(files, files.length === 0 ? '' : since, { renew, failed, signal });
    }
  } finally {
    release();
    await server.close();
  }
  return EXIT.ok;
}

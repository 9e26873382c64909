import { spawn } from 'node:child_process';
import { isAbsolute } from 'node:path';
import { findTool } from './executables.ts';

/** xdg-open tells within this time that it found no browser; a browser that is started in its place runs on. */
const FAILS_WITHIN_MS = 1_500;

/**
 * Opens a URL in the person's browser: a command of $BROWSER (a list with `:` between, `%s` stands for the URL), else
 * xdg-open. No shell; the browser lives on when we end, and prints nothing into our terminal.
 * @returns false when nothing could be started, or it said at once that it failed
 */
export async function openInBrowser(url: string, env: NodeJS.ProcessEnv = process.env): Promise<boolean> {
  for (const [command, ...args] of browserCommands(url, env)) {
    const path = isAbsolute(command!) ? command : findTool(command!, env.PATH);
    if (path !== undefined && (await starts(path, args, env))) return true;
  }
  return false;
}

function browserCommands(url: string, env: NodeJS.ProcessEnv): string[][] {
  const own = (env.BROWSER ?? '').split(':').map((command) => command.split(/\s+/).filter((word) => word !== ''));
  return [...own.filter((words) => words.length > 0), ['xdg-open']].map((words) =>
    words.some((word) => word.includes('%s')) ? words.map((word) => word.replaceAll('%s', () => url)) : [...words, url],
  );
}

function starts(path: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<boolean> {
  return new Promise((done) => {
    const child = spawn(path, args, { detached: true, stdio: 'ignore', env });
    const timer = setTimeout(() => done(true), FAILS_WITHIN_MS);
    const end = (started: boolean): void => {
      clearTimeout(timer);
      done(started);
    };
    child.once('error', () => end(false));
    child.once('exit', (code) => end(code === 0));
    child.unref();
  });
}

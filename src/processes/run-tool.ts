import type { Readable } from 'node:stream';

/** How a helper tool (perf script, perf --version) ended, with what it printed. */
export interface ToolResult {
  /** undefined when a signal ended it. */
  readonly code: number | undefined;
  readonly signal: string | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

/** How long a tool that is to end may take before it is asked to: milliseconds. */
const OWN_END_MS = 500;

/**
 * Runs a helper tool to its end in the C locale.
 * @param path absolute
 * @param timeoutMs the tool is killed after this time
 * @param input for its standard input. Default: nothing
 * @param endsWith asks the tool to end, by SIGINT
 */
export async function runTool(
  path: string,
  args: readonly string[],
  timeoutMs = 10_000,
  { input, endsWith }: { readonly input?: string; readonly endsWith?: AbortSignal } = {},
): Promise<ToolResult> {
  const { execa } = await import('execa');
  const tool = execa(path, args, {
    ...(input === undefined ? { stdin: 'ignore' } : { input }),
    reject: false,
    timeout: timeoutMs,
    env: { LC_ALL: 'C' },
    stripFinalNewline: false,
  });
  const end = (): void => {
    // A Ctrl-C of the terminal has reached the tool too, and a second one kills some before they have printed
    setTimeout(() => tool.kill('SIGINT'), OWN_END_MS).unref();
  };
  if (endsWith?.aborted) end();
  endsWith?.addEventListener('abort', end, { once: true });
  const result = await tool;
  endsWith?.removeEventListener('abort', end);
  return {
    code: result.exitCode,
    signal: result.signal,
    stdout: String(result.stdout ?? ''),
    stderr: String(result.stderr ?? ''),
  };
}

/** A helper tool whose output is read while it runs. */
export interface StreamingTool {
  readonly stdout: Readable;
  /** Resolves when it has ended; `stdout` of the result is empty. */
  readonly ended: Promise<ToolResult>;
  kill(): void;
}

/**
 * Starts a helper tool and gives its standard output as a stream, which keeps what is printed until somebody reads it. One that cannot
 * be started ends without a code.
 * @param env variables of its own, beside ours
 */
export async function streamTool(
  path: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<StreamingTool> {
  const { execa } = await import('execa');
  const child = execa(path, args, {
    stdin: 'ignore',
    reject: false,
    buffer: { stdout: false, stderr: true },
    maxBuffer: 1_000_000,
    env: { LC_ALL: 'C', ...env },
  });
  // What cannot be started has streams as well, and ends at once
  const stdout = child.stdout!;
  // Else execa throws away whatever comes before the first reader, who may be some turns of the event loop away
  stdout.pause();
  return {
    stdout,
    ended: child.then((result) => ({
      code: result.exitCode,
      signal: result.signal,
      stdout: '',
      stderr: String(result.stderr ?? ''),
    })),
    kill: () => child.kill('SIGKILL'),
  };
}

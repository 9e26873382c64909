import type { Answer, Stage } from '../../preload/bench/messages.ts';
import type { ConversationEnd } from '../../processes/conversation.ts';

/** Why a benchmark has no result. */
export interface Failure {
  /** One line: what happened. */
  readonly what: string;
  /** What the person does next. */
  readonly hint: string;
  /** Where it was thrown; '' = unknown. Names of files as V8 gives them, see `originalStack`. */
  readonly stack: string;
  /** What killed its process. */
  readonly signal?: NodeJS.Signals;
  /** It was killed because its time was over. */
  readonly timedOut?: true;
}

const DOING: Record<Stage, string> = {
  load: 'the file threw when it was loaded',
  before: '`before` threw',
  run: 'it threw',
  teardown: '`teardown` threw',
};

/** The tool was installed elsewhere, and no esbuild is there that could put the API in. */
const NO_API = /^Cannot find (package|module) 'pforge-prof['/]/;

/** What came of a process that did not answer as it should have. @param seconds how long it could take */
export function failureOf(
  end: ConversationEnd,
  thrown: Extract<Answer, { kind: 'thrown' }> | undefined,
  seconds: number,
): Failure {
  if (thrown !== undefined) {
    const { name, stack } = thrown.error;
    const message = thrown.error.message.trim().replace(/\s*\n\s*/g, ' ');
    return {
      what: `${DOING[thrown.stage]}: ${name}: ${message}`,
      hint: NO_API.test(message) ? 'npm install --save-dev pforge-prof' : 'mend it, or leave it out with --filter',
      stack,
    };
  }
  const { code, signal } = end.exit;
  if (end.timedOut) {
    return {
      what: `it had not ended after ${seconds} s and was killed`,
      hint: 'does it end at all? --timeout gives it longer',
      stack: '',
      timedOut: true,
    };
  }
  if (/heap out of memory|Out of memory|bad_alloc/i.test(end.printed) || signal === 'SIGABRT') {
    return {
      what: 'its process ran out of memory',
      hint: 'does it keep what it allocates? NODE_OPTIONS=--max-old-space-size=8192 gives it more',
      stack: '',
    };
  }
  if (signal !== undefined) {
    const killer = signal === 'SIGKILL' ? ' (by the kernel, for want of memory?)' : '';
    return {
      what: `its process was killed by ${signal}${killer}`,
      hint: 'run its file alone to see why',
      stack: '',
      signal,
    };
  }
  if (code === 0 || code === 13) {
    return {
      what: 'its process ended before it was measured',
      hint: 'does it call process.exit, or wait for a promise that nobody resolves?',
      stack: '',
    };
  }
  const said = lastLine(end.printed);
  return {
    what: `its process ended with exit code ${code}${said === '' ? '' : `: ${said}`}`,
    hint: 'does it call process.exit?',
    stack: '',
  };
}

/** What it said of its end: the line of an error, else the last one. */
function lastLine(text: string): string {
  const lines = text.split('\n').filter((line) => line.trim() !== '' && !/^(Node\.js v|\s+at )/.test(line));
  return (lines.findLast((line) => /^\w*Error\b/.test(line)) ?? lines.at(-1) ?? '').slice(0, 200);
}

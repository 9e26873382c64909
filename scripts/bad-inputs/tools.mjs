// Who reads recordings: how each is given one, and what came of it.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Of the processor, so that a busy machine makes nobody hang; the other is for who waits for ever. */
const SECONDS_OF_CPU = 10;
export const MOST_SECONDS = 60;

/**
 * `status` null: it had to be ended. `said`: what a person is told. `made`: what is at the place of the result.
 * @typedef {{ status: number | null, said: string, made: Uint8Array | undefined }} Outcome
 */

/** Runs a command that reads one file. */
export function run(words, options = {}) {
  const limited = [`--cpu=${SECONDS_OF_CPU}`, '--', ...words];
  const child = spawnSync('prlimit', limited, { timeout: MOST_SECONDS * 1000, maxBuffer: 2e9, ...options });
  return { status: child.status, stdout: child.stdout, said: `${child.stderr}` };
}

/** @returns {Outcome} */
export function pforgeProf(input, folder) {
  const output = join(folder, 'output.svg');
  const { status, said } = run([process.execPath, 'bin/pforge-prof.js', 'flame', input, '-o', output]);
  return { status, said, made: existsSync(output) ? readFileSync(output) : undefined };
}

/** What a user of a collapser and a drawer has: each reads the one before, and an output is where the shell puts it. */
export function pipeline(collapse, draw) {
  return (input, _folder, kind) => {
    let stdin = readFileSync(input);
    let before = '';
    if (kind === 'perf script') {
      const { status, stdout, said } = run(collapse, { input: stdin });
      if (status !== 0) return { status, said, made: undefined };
      [stdin, before] = [stdout, said];
    }
    const { status, stdout, said } = run(draw, { input: stdin });
    return { status, said: before + said, made: stdout.length > 0 ? stdout : undefined };
  };
}

/** It writes a page beside the profile, whatever folder it is given. */
export function zeroX(program) {
  return (input, folder) => {
    const words = [process.execPath, program, '--visualize-cpu-profile', input];
    const { status, stdout, said } = run(words, { cwd: folder });
    const page = join(dirname(input), 'flamegraph.html');
    // What it has to say is on standard output as well; its progress is not
    const told = `${said}${stdout}`.replace(
      /\x1b\[[0-9;]*[A-Za-z]|🔥[^\n]*\n?|file:\/\/\S+|Creating flamegraph[^\n]*\n?/g,
      '',
    );
    return { status, said: told, made: existsSync(page) ? readFileSync(page) : undefined };
  };
}

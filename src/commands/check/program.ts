import { Writable } from 'node:stream';
import { Command as CommanderCommand } from 'commander';
import { readResults } from '../../bench/import/registry.ts';
import { JsonValue } from '../../bench/json-value.ts';
import { EXIT, UserError } from '../../errors.ts';
import type { Measurements } from '../../history/measurements.ts';
import { addCommandRunOptions } from '../bench/command-options.ts';
import { benchCommands, type CommandBenchOptions } from '../bench/commands.ts';
import type { Call } from '../command.ts';
import { benchMeasurements } from '../measured/bench.ts';

/** How often the program is run. */
export interface ProgramRuns {
  readonly runs?: number;
  readonly warmup?: number;
}

/**
 * Measures the program of the call as `bench -- program` does.
 * @param metric `instructions` counts those instead, which is slow
 * @throws {UserError} 1: it failed, and how long a failure takes is nothing to judge
 */
export async function measuredProgram(
  call: Call,
  { runs, warmup }: ProgramRuns,
  metric: 'auto' | 'instructions',
): Promise<Measurements> {
  const pieces: Buffer[] = [];
  const stdout = new Writable({
    write(chunk: Buffer, _encoding, done) {
      pieces.push(chunk);
      done();
    },
  });
  const words = [
    ...(runs === undefined ? [] : ['--runs', String(runs)]),
    ...(warmup === undefined ? [] : ['--warmup', String(warmup)]),
    '--metric',
    metric,
  ];
  const options = addCommandRunOptions(new CommanderCommand()).parse(words, { from: 'user' }).opts();
  const asked = { ...call, shared: { ...call.shared, json: true }, world: { ...call.world, stdout } };
  const code = await benchCommands(asked, options as CommandBenchOptions);
  const name = call.program!.join(' ');
  if (code !== EXIT.ok) {
    throw new UserError(`${name} failed, so that no budget of it can be kept`, {
      hint: `pforge-prof bench --show-output -- ${name} shows what it prints`,
      exitCode: EXIT.gateFailed,
    });
  }
  const text = Buffer.concat(pieces).toString();
  const measured = benchMeasurements(readResults(text, name), new JsonValue(JSON.parse(text), name));
  if (metric === 'auto') return measured;
  // What is counted is of the whole command, too
  const subjects = measured.subjects.map((subject) => ({ ...subject, kind: 'run' }));
  return { ...measured, subjects };
}

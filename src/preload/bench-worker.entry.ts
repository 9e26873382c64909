/**
 * Runs one benchmark in a process of its own: `node bench-worker.cjs` with a task on file descriptor 3, see
 * bench/messages.ts. Nothing of it stands in the arguments or the environment that the benchmark sees.
 */
import { declared } from './bench/definitions.ts';
import { measure } from './bench/measure.ts';
import type { Listed, Stage, Task, Thrown } from './bench/messages.ts';
import { answer, receive } from './bench/wire.ts';

let stage: Stage = 'load';

async function work(task: Task): Promise<void> {
  await import(task.file);
  const { definitions } = declared();
  if (task.kind === 'list') {
    const benchmarks: Listed[] = definitions.map(({ group, name, value, throughput, options }, index) => {
      const { warmUpTime, measurementTime, sampleSize, noiseThreshold, significanceLevel, timeout } = options;
      return {
        index,
        group,
        name,
        value,
        batch: options.batch,
        throughput,
        options: Object.fromEntries(
          Object.entries({
            warmUpTime,
            measurementTime,
            sampleSize,
            noiseThreshold,
            significanceLevel,
            timeout,
          }).filter(([, given]) => given !== undefined),
        ),
      };
    });
    answer({ kind: 'listed', benchmarks });
    return;
  }
  const definition = definitions[task.index];
  if (definition === undefined)
    throw new Error(`the file declares ${definitions.length} benchmarks, not ${task.index + 1}`);
  await measure(task, definition, (next) => {
    stage = next;
  });
}

function thrown(error: unknown): Thrown {
  const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
  // Anybody may put anything there
  return { name: String(name), message: String(message), stack: String(stack ?? '') };
}

function fail(error: unknown): void {
  answer({ kind: 'thrown', stage, error: thrown(error) });
  process.exit(1);
}

process.on('uncaughtException', fail);
work(receive() as Task).then(() => process.exit(0), fail);

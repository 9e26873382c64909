/** So short that the machine is the same in the next process's turn: what disturbs a processor lasts for tens of milliseconds. Nanoseconds. */
const TURN_TIME = 4_000_000n;
/** Of this many samples the first may be left out, which finds the caches full of what the other process has worked on. */
const ENOUGH = 4;

/** Takes samples for one turn. @returns nanoseconds of each; one at least */
export async function oneTurn(sample: () => number | Promise<number>): Promise<number[]> {
  const end = process.hrtime.bigint() + TURN_TIME;
  const times: number[] = [];
  do times.push(await sample());
  while (process.hrtime.bigint() < end);
  return times.length < ENOUGH ? times : times.slice(1);
}

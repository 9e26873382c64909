import { FormatError, type Input } from '../format.ts';
import { textLines } from '../text/lines.ts';

/**
 * What callgrind counted in one process, by event: the sums that it wrote itself, exact to the last instruction.
 * Every part of a file (`--dump-every-bb`, threads) has its own `totals:`; they are added up.
 * @throws {FormatError} no totals, as in a file that was cut off
 */
export async function callgrindTotals(input: Input): Promise<Map<string, number>> {
  let events: readonly string[] = [];
  const sums = new Map<string, number>();
  let number = 0;
  for await (const lines of textLines(input)) {
    for (const line of lines) {
      number++;
      if (line.startsWith('events:')) events = line.slice('events:'.length).trim().split(/\s+/);
      if (!line.startsWith('totals:')) continue;
      const costs = line.slice('totals:'.length).trim().split(/\s+/).map(Number);
      if (costs.length > events.length || costs.some((cost) => !Number.isSafeInteger(cost) || cost < 0)) {
        throw new FormatError(input, `line ${number}`, `totals of ${events.length} events expected`);
      }
      // Zeros at the end are left out
      for (const [i, event] of events.entries()) sums.set(event, (sums.get(event) ?? 0) + (costs[i] ?? 0));
    }
  }
  if (sums.size > 0) return sums;
  throw new FormatError(input, '', 'no totals in it', 'callgrind writes them at the end: was it cut off?');
}

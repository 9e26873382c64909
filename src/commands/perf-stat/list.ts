import pc from 'picocolors';
import { hasHardwareCounters } from '../../collectors/hardware-counters.ts';
import { KNOWN_EVENTS } from '../../collectors/perf-stat-events.ts';
import { probeKnown } from '../../collectors/perf-stat-probe.ts';
import { EXIT } from '../../errors.ts';
import { wantsColor } from '../../terminal/color.ts';
import type { Call } from '../command.ts';

const TITLES = {
  software: 'software events: the kernel counts them, everywhere',
  hardware: 'hardware events: the processor counts them',
  caches: 'caches and address translation: the processor counts them, a few at once',
} as const;

/** `--list`: which events can be counted here, grouped and explained. */
export async function listEvents({ world, shared }: Call): Promise<number> {
  const found = await probeKnown(KNOWN_EVENTS.map(({ event }) => event));
  const works = new Map([...found].map(([name, counted]) => [name.replace(/:u$/, ''), counted]));
  const events = KNOWN_EVENTS.map((known) => ({ ...known, works: works.get(known.event) === true }));
  if (shared.json) {
    world.stdout.write(`${JSON.stringify({ version: 1, events }, null, 2)}\n`);
    return EXIT.ok;
  }
  const paint = pc.createColors(wantsColor(world.stdout, world.env));
  const widest = Math.max(...events.map(({ event }) => event.length));
  const lines: string[] = [];
  for (const [group, title] of Object.entries(TITLES)) {
    const here = events.filter((event) => event.group === group);
    const counted = here.filter((event) => event.works);
    lines.push('', paint.bold(title));
    for (const { event, meaning } of counted) lines.push(`  ${event.padEnd(widest)}  ${meaning}`);
    const missing = here.filter((event) => !event.works).map(({ event }) => event);
    if (counted.length === 0) {
      const why = hasHardwareCounters()
        ? 'this processor has none of them'
        : 'no hardware counters here (a virtual machine?)';
      lines.push(paint.dim(`  none: ${why}`));
    } else if (missing.length > 0) lines.push(paint.dim(`  not here: ${missing.join(', ')}`));
  }
  lines.push(
    '',
    'Count them with -e, see where they come from with pforge-prof flame -e.',
    'Tracepoints and the events of this processor model alone: perf list',
    '',
  );
  world.stdout.write(lines.join('\n').replace(/^\n/, ''));
  return EXIT.ok;
}

import { groupTotals } from '../group-totals.ts';
import type { Profile, StackTable } from '../profile.ts';

/**
 * Where Linux enters its code for an interrupt: x86 since 5.8 (`asm_sysvec_*`) and before (`apic_timer_interrupt`), the
 * exit path where a process is preempted, and arm64 (`el0t_64_irq`, `el1_irq`).
 */
const ENTRY =
  /^(?:(?:asm_)?(?:sysvec_\w+|(?:common|spurious)_interrupt)|(?:smp_)?(?:apic_timer|reschedule|call_function(?:_single)?|irq_work)_interrupt|ret_from_intr|do_IRQ|irqentry_\w+|_*irq_exit\w*|el[01]\w*_irq\w*|gic_handle_irq)$/;

/**
 * Which paths lie in the kernel's code for interrupts. They come when the machine wants it, for whomever, so that two
 * recordings of one program differ there by what else was going on.
 * @returns 1 where one does; undefined where none does
 */
export function interruptedPaths({
  stacks,
  frames,
  strings,
}: Pick<Profile, 'stacks' | 'frames' | 'strings'>): Uint8Array | undefined {
  const entry = Uint8Array.from({ length: frames.length }, (_, i) => (ENTRY.test(strings[frames.name[i]!]!) ? 1 : 0));
  if (!entry.includes(1)) return undefined;
  const interrupted = new Uint8Array(stacks.length);
  for (let stack = 0; stack < interrupted.length; stack++) {
    const caller = stacks.parent[stack]!;
    interrupted[stack] = entry[stacks.frame[stack]!]! | (caller < 0 ? 0 : interrupted[caller]!);
  }
  return interrupted;
}

/** Which functions have most of their weight there. @param total inclusive, of each path @param functions of each function */
export function interruptedFunctions(
  stacks: StackTable,
  interrupted: Uint8Array,
  total: Float64Array,
  functions: Float64Array,
): Uint8Array {
  const each = Int32Array.from(functions.keys());
  const there = groupTotals(
    stacks,
    each,
    total.map((weight, path) => (interrupted[path] === 1 ? weight : 0)),
    functions.length,
  );
  return Uint8Array.from(there, (weight, row) => (weight > functions[row]! / 2 ? 1 : 0));
}

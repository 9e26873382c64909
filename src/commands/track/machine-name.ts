import { surroundings } from '../../bench/runner/stored.ts';

/** What a machine is called that nobody has named: numbers of other processors are other series. */
export function machineName(): string {
  const { processor, processors, architecture } = surroundings(process.version);
  return `${processors} x ${processor || architecture}`;
}

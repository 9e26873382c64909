/**
 * Does something again and again, and less often where it costs much: it never takes more than a part of a processor.
 * @param every milliseconds between two times, at best
 * @param share of a processor that it may take: 0.01 is a hundredth
 * @returns stops it
 */
export function unhurriedly(every: number, share: number, work: () => void): () => void {
  let timer: NodeJS.Timeout;
  const again = (): void => {
    const started = performance.now();
    const before = process.cpuUsage();
    work();
    // On a busy machine much time may pass in which we did nothing
    const { user, system } = process.cpuUsage(before);
    const took = performance.now() - started;
    timer = setTimeout(again, Math.max(every - took, (user + system) / 1000 / share - took, 0));
  };
  timer = setTimeout(again, every);
  return () => clearTimeout(timer);
}

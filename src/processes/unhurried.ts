/**
 * Does something again and again, and less often where it takes long: it never takes more than a part of the time.
 * @param every milliseconds between two times, at best
 * @param share of the time that it may take: 0.01 is a hundredth
 * @returns stops it
 */
export function unhurriedly(every: number, share: number, work: () => void): () => void {
  let timer: NodeJS.Timeout;
  const again = (): void => {
    const started = performance.now();
    work();
    const took = performance.now() - started;
    timer = setTimeout(again, Math.max(every - took, took / share - took, 0));
  };
  timer = setTimeout(again, every);
  return () => clearTimeout(timer);
}

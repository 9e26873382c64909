/** Calls `read` until it has read so many. @returns whether it could */
export function readThrough(count: number, read: () => number): boolean {
  for (let done = 0; done < count; ) {
    const more = read();
    if (more < 0) return false;
    done += more;
  }
  return true;
}

/**
 * A random 32-bit integer, to start hashes with: what a file's author cannot know. Not for secrets: the engine's own
 * generator is seeded at random in each run, and its cryptography takes long to load.
 */
export function randomWord(): number {
  return (Math.random() * 2 ** 32) | 0;
}

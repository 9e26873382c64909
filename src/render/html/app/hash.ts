/** The words after the # of the page's address. */
export function readHash(): URLSearchParams {
  return new URLSearchParams(location.hash.slice(1));
}

/**
 * Puts words after the # of the page's address.
 * @param words pairs of key and word; '' and undefined are left out
 * @param asNewPage whether the Back button shall come back to what was there before
 */
export function writeHash(words: readonly (readonly [string, string | undefined])[], asNewPage: boolean): void {
  const given = new URLSearchParams();
  for (const [key, word] of words) if (word) given.set(key, word);
  const hash = `#${given}`;
  if (hash === (location.hash || '#')) return;
  try {
    if (asNewPage) history.pushState(null, '', hash);
    else history.replaceState(null, '', hash);
  } catch {
    // A browser may forbid it for files: the page works without.
  }
}

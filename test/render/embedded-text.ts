/** The profile in a picture, in the place of which goldens have nothing: its bytes depend on the version of zlib. */
export const EMBEDDED_TEXT = /(<metadata id="pforge-prof-profile" data-version="1">)[^<]+/;

/** Characters that XML 1.0 does not allow at all (§2.2), and the ones that reorder the text around them. */
const UNSAFE =
  /[&<>"'\u0000-\u0008\u000b\u000c\r\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

const NAMED = new Map([
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['"', '&quot;'],
  ["'", '&#39;'],
  // Kept as a reference: a bare one would be read back as a newline.
  ['\r', '&#13;'],
]);

function escapeCharacter(character: string): string {
  const named = NAMED.get(character);
  if (named !== undefined) return named;
  const code = character.charCodeAt(0);
  // U+2400.. are the pictures of the control characters: a name keeps its length and stays readable.
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  if (code >= 0xd800) return '\ufffd';
  return `\\u${code.toString(16).padStart(4, '0')}`;
}

/**
 * Text for an XML text node or a quoted attribute. The result is always well-formed XML 1.0: control characters become
 * their pictures (U+2400...), lone surrogates and U+FFFE/F become U+FFFD, bidirectional controls become `\u202e` and
 * the like, so that a function's name can neither break nor reorder the picture.
 */
export function escapeXml(text: string): string {
  return text.replace(UNSAFE, escapeCharacter);
}

/** Characters that would break, hide or reorder text where markup means nothing. */
const INVISIBLE =
  /[\u0000-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\u200e\u200f\u061c\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Text that is set as text (`textContent`, on a canvas): what {@link escapeXml} makes visible is visible, markup stays. */
export function visibleText(text: string): string {
  return text.replace(INVISIBLE, (character) => (character === '\r' ? '\u240d' : escapeCharacter(character)));
}

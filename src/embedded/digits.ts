/**
 * Whole numbers as text without separators: digits of base 44, the low ones first; a number's last digit is of another
 * alphabet than those before it. Both alphabets together are printable ASCII without `" & ' < > \` and blank, so the text
 * stands in JSON, XML and HTML as it is. 0..43 take one character, up to 1,979 two, up to 87,163 three.
 */
const BASE = 44;
/** What is read back is put together from above: more would be no number on the way. */
const LARGEST = 2 ** 1000;
/** Characters that a number takes at most. */
const LONGEST = 200;
const ALPHABET = Array.from({ length: 94 }, (_, i) => 0x21 + i).filter(
  (code) => !'"&\'<>\\'.includes(String.fromCharCode(code)),
);
const LAST = Uint8Array.from(ALPHABET.slice(0, BASE));
const MORE = Uint8Array.from(ALPHABET.slice(BASE));

/** Collects numbers; one is filled again and again. */
export class DigitWriter {
  private bytes = new Uint8Array(1 << 14);
  private length = 0;

  /** @param value a whole number, 0 or more: exact to 2^53, above as near as a double can be */
  put(value: number): void {
    if (value > Number.MAX_SAFE_INTEGER) {
      this.putHuge(value);
      return;
    }
    if (this.length + 12 > this.bytes.length) this.grow();
    let rest = value;
    while (rest >= BASE) {
      const quotient = rest < 0x7fffffff ? (rest / BASE) | 0 : Math.floor(rest / BASE);
      this.bytes[this.length++] = MORE[rest - quotient * BASE]!;
      rest = quotient - 1;
    }
    this.bytes[this.length++] = LAST[rest]!;
  }

  /** Of a rounded quotient what is left may be no digit any more: the nearest one stands for it. */
  private putHuge(value: number): void {
    while (this.length + LONGEST > this.bytes.length) this.grow();
    let rest = Math.min(value, LARGEST);
    while (rest > Number.MAX_SAFE_INTEGER) {
      const quotient = Math.floor(rest / BASE);
      this.bytes[this.length++] = MORE[Math.max(0, Math.min(BASE - 1, rest - quotient * BASE))]!;
      rest = quotient - 1;
    }
    this.put(rest);
  }

  private grow(): void {
    const larger = new Uint8Array(this.bytes.length * 2);
    larger.set(this.bytes);
    this.bytes = larger;
  }

  /** The text so far; the next one starts empty. */
  take(): string {
    const text = latin1.decode(this.bytes.subarray(0, this.length));
    this.length = 0;
    return text;
  }
}

const latin1 = new TextDecoder('latin1');

/** Of each character code: its digit, with {@link BASE} added where more digits follow. */
const DIGIT = new Uint8Array(128);
for (let i = 0; i < BASE; i++) {
  DIGIT[LAST[i]!] = i;
  DIGIT[MORE[i]!] = i + BASE;
}

/** Reads what {@link DigitWriter} wrote. */
export class DigitReader {
  private at = 0;
  private readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.at >= this.text.length;
  }

  next(): number {
    let digit = DIGIT[this.text.charCodeAt(this.at++)]!;
    if (digit < BASE) return digit;
    let value = 0;
    let place = 1;
    while (digit >= BASE) {
      value += (digit - BASE) * place;
      place *= BASE;
      value += place;
      digit = DIGIT[this.text.charCodeAt(this.at++)]!;
    }
    return value + digit * place;
  }
}

// A pprof file to time readers with (github.com/google/pprof, proto/profile.proto), as Go's runtime shapes them.
import { writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { xorshift } from './xorshift.mjs';

const LOCATIONS = 300_000;
const FUNCTIONS = 60_000;

/**
 * Writes a gzipped profile of samples with some 12 locations and two values each; the same for the same options.
 * @param {string} path where it is written; the inflated file beside it, as `PATH.raw`
 * @param {{ samples: number }} options how many samples; each takes some 40 bytes, inflated
 */
export function makePprof(path, { samples }) {
  const random = xorshift(samples);
  // The most that each takes: 18 locations a sample; a function has two texts of up to 70 bytes
  const out = new Bytes(samples * 72 + LOCATIONS * 32 + FUNCTIONS * 192 + 1024);
  for (const [type, unit] of [
    [1, 2],
    [3, 4],
  ]) {
    out.message(1, () => out.fields([type, unit]));
  }
  for (let i = 0; i < samples; i++) {
    const locations = [];
    const depth = 6 + random(13);
    for (let level = 0, at = 0; level < depth; level++) {
      // Few callers, many callees: a random walk whose steps widen
      at = (at * 31 + random(level < 5 ? 3 : 9) * 7 + level) % LOCATIONS;
      locations.push(at + 1);
    }
    const count = 1 + random(40);
    out.message(2, () => {
      out.message(1, () => {
        for (let level = depth - 1; level >= 0; level--) out.varint(locations[level]);
      });
      out.message(2, () => {
        out.varint(count);
        out.varint(count * 10_000_000);
      });
    });
  }
  out.message(3, () => out.fields([1, 0, 0, 0, 5]));
  for (let id = 1; id <= LOCATIONS; id++) {
    out.message(4, () => {
      out.fields([id, 1, 0x400000 + id * 16]);
      out.message(4, () => out.fields([1 + ((id * 7919) % FUNCTIONS), 1 + (id % 900)]));
    });
  }
  for (let id = 1; id <= FUNCTIONS; id++) {
    out.message(5, () => out.fields([id, 5 + 2 * id, 5 + 2 * id, 6 + 2 * ((id >> 4) + 1), 1 + (id % 700)]));
  }
  const words = ['', 'samples', 'count', 'cpu', 'nanoseconds', '/srv/bin/server', ''];
  for (let id = 1; id <= FUNCTIONS; id++) {
    words.push(`github.com/acme/server/internal/pkg${id >> 6}.(*Handler${id >> 3}).serve${id}`);
    words.push(`/src/github.com/acme/server/internal/pkg${id >> 6}/file${id}.go`);
  }
  for (const word of words) out.text(6, word);
  out.varint(12 * 8);
  out.varint(10_000_000);
  writeFileSync(`${path}.raw`, out.done());
  writeFileSync(path, gzipSync(out.done()));
}

/** Protobuf bytes; a message's length is put in front of it afterwards. */
class Bytes {
  constructor(size) {
    this.bytes = Buffer.alloc(size);
    this.at = 0;
  }

  varint(value) {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.bytes[this.at++] = 0x80 | (rest % 0x80);
    this.bytes[this.at++] = rest;
  }

  /** Numbers as fields 1, 2, ...; those that are 0 are left out. */
  fields(values) {
    values.forEach((value, i) => {
      if (value === 0) return;
      this.varint((i + 1) * 8);
      this.varint(value);
    });
  }

  text(field, word) {
    this.varint(field * 8 + 2);
    this.varint(Buffer.byteLength(word));
    this.at += this.bytes.write(word, this.at);
  }

  message(field, write) {
    this.varint(field * 8 + 2);
    const start = this.at;
    write();
    const body = Buffer.from(this.bytes.subarray(start, this.at));
    this.at = start;
    this.varint(body.length);
    this.at += body.copy(this.bytes, this.at);
  }

  done() {
    return this.bytes.subarray(0, this.at);
  }
}

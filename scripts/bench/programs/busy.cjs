// Busy for SECONDS (argv[2]) with what servers do: parsing, sorting, matching, hashing; then says when it was done.
const { createHash } = require('node:crypto');
const { writeFileSync } = require('node:fs');

const end = Date.now() + Number(process.argv[2]) * 1000;
const rows = Array.from({ length: 3000 }, (_, i) => ({
  id: i,
  name: `row ${(i * 7919) % 3000}`,
  tags: ['a', 'b', `t${i % 17}`],
}));

function encode() {
  return JSON.stringify(rows);
}

function decode(text) {
  return JSON.parse(text);
}

function order(list) {
  return list.slice().sort((a, b) => (a.name < b.name ? -1 : 1));
}

function match(list) {
  return list.filter(({ name }) => /^row (?:1|2)\d*5$/.test(name)).map(({ tags }) => tags.join('-'));
}

class Counter {
  constructor() {
    this.counts = new Map();
  }
  add(words) {
    for (const word of words) this.counts.set(word, (this.counts.get(word) ?? 0) + 1);
  }
}

let digest = '';
while (Date.now() < end) {
  const text = encode();
  const counter = new Counter();
  counter.add(match(order(decode(text))));
  digest = createHash('sha256').update(text).update(digest).digest('hex');
}
process.on('exit', () => writeFileSync(process.env.DONE_FILE, String(process.hrtime.bigint())));

// Fills a heap with what programs keep and writes a snapshot of it: node mixed-heap.cjs SCALE OUT (1: some 33 MB)
'use strict';
const { EventEmitter } = require('node:events');
const { writeHeapSnapshot } = require('node:v8');

const [scale, out] = [Number(process.argv[2]), process.argv[3]];

class User {
  constructor(id, parent) {
    this.id = id;
    this.name = `user-${id}`;
    this.tags = [`group-${id % 50}`, 'person'];
    this.score = id * 1.5;
    this.parent = parent;
  }
}

class Session {
  constructor(user, time) {
    this.user = user;
    this.started = new Date(time);
    this.describe = () => user.name + this.started;
  }
}

const kept = {
  sessions: new Map(),
  texts: [],
  events: new EventEmitter().setMaxListeners(0),
  leaked: [],
  states: new WeakMap(),
};
globalThis.kept = kept;
for (let i = 0; i < 34_000 * scale; i++) {
  const user = new User(i, kept.sessions.get(i - 1)?.user ?? null);
  const session = new Session(user, i);
  kept.sessions.set(i, session);
  if (i % 4 === 0) kept.texts.push(Buffer.from(`a text that is there ${i % 97} times`).toString('latin1'));
  if (i % 100 === 0) kept.events.on('change', () => user);
  if (i % 10 === 0) kept.leaked.push({ i, nested: { deep: { list: [i, i + 1, user, undefined, null, true] } } });
  if (i % 500 === 0) kept.states.set(session, { seen: i });
  if (i % 1000 === 0) kept.leaked.push(new Float64Array(256));
}
writeHeapSnapshot(out);

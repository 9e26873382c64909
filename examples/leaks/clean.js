// Leaks nothing, though it keeps much: a cache that throws out the oldest, listeners and timers that are taken back, a
// counter for each of a few pages.
//
//     pforge-prof heap leak --load http://127.0.0.1:3000/ -- node examples/leaks/clean.js
import { randomUUID } from 'node:crypto';
import { EventEmitter } from 'node:events';
import { createServer } from 'node:http';

const MOST = 100;
const cache = new Map();
const visits = new Map();
const changes = new EventEmitter();
changes.setMaxListeners(0);

createServer((request, response) => {
  const page = { id: randomUUID(), url: request.url, parts: request.url.split('/') };
  cache.set(page.id, page);
  if (cache.size > MOST) cache.delete(cache.keys().next().value);
  visits.set(request.url, (visits.get(request.url) ?? 0) + 1);
  const changed = () => page.parts.push('changed');
  changes.on('change', changed);
  const timer = setTimeout(() => {
    changes.off('change', changed);
    response.end(`${page.id}\n`);
  }, 1);
  response.on('close', () => {
    clearTimeout(timer);
    changes.off('change', changed);
  });
}).listen(Number(process.env.PORT ?? 3000), '127.0.0.1', function () {
  console.log(`listening on http://127.0.0.1:${this.address().port}`);
});

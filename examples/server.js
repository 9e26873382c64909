// A small shop API that is slower than it should be: something to profile.
//
//     node examples/server.js                 listen on 127.0.0.1:3000 until Ctrl-C
//     node examples/server.js --load 4        put it under load from a worker thread for four seconds, then end
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';

const words = ['amber', 'birch', 'cedar', 'delta', 'ember', 'fjord', 'grove', 'heath', 'inlet', 'juniper'];

const catalogue = Array.from({ length: 2_000 }, (_, id) => ({
  id,
  name: `${words[(id * 7) % 10]} ${words[(id * 3) % 10]} ${id}`,
  price: ((id * 7919) % 10_000) / 100,
  tags: [words[id % 10], words[(id * 11) % 10]],
}));

function findProducts(query) {
  const pattern = new RegExp(query.split('').join('.*'), 'i');
  return catalogue.filter((product) => pattern.test(product.name));
}

function sortByName(products) {
  return [...products].sort((a, b) => a.name.localeCompare(b.name));
}

function renderPage(products) {
  let page = '<ul>';
  for (const product of products) page += `<li>${product.name}: <b>${product.price.toFixed(2)}</b></li>`;
  return `${page}</ul>`;
}

function searchPage(query) {
  return gzipSync(renderPage(sortByName(findProducts(query))));
}

function priceReport() {
  const copy = JSON.parse(JSON.stringify(catalogue));
  const totals = new Map();
  for (const product of copy) {
    for (const tag of product.tags) totals.set(tag, (totals.get(tag) ?? 0) + product.price);
  }
  return JSON.stringify([...totals].sort((a, b) => b[1] - a[1]));
}

function fingerprint(text) {
  let digest = text;
  for (let round = 0; round < 300; round++) digest = createHash('sha256').update(digest).digest('hex');
  return digest;
}

function answer(url) {
  if (url.pathname === '/search') return searchPage(url.searchParams.get('q') ?? 'e');
  if (url.pathname === '/report') return priceReport();
  if (url.pathname === '/etag') return fingerprint(url.search);
  return 'try /search?q=em, /report or /etag\n';
}

const server = createServer((request, response) => {
  response.end(answer(new URL(request.url, 'http://localhost')));
});

const loadFlag = process.argv.indexOf('--load');
const seconds = loadFlag < 0 ? 0 : Number(process.argv[loadFlag + 1] ?? 4);

server.listen(seconds > 0 ? 0 : Number(process.env.PORT ?? 3000), '127.0.0.1', () => {
  const { port } = server.address();
  if (seconds === 0) {
    console.log(`listening on http://127.0.0.1:${port}`);
    return;
  }
  const load = new Worker(new URL('./load.js', import.meta.url), { workerData: { port, seconds } });
  load.on('message', (requests) => console.log(`answered ${requests} requests in ${seconds} s`));
  load.on('exit', () => server.close());
});

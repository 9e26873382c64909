// Asks the example server for pages, a few at a time, for so many seconds; runs in a worker thread.
import { Agent, get } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

const { port, seconds } = workerData;
const agent = new Agent({ keepAlive: true });
const paths = ['/search?q=em', '/report', '/etag?v=1', '/search?q=r1', '/'];
const end = performance.now() + seconds * 1000;
let requests = 0;
let connections = 4;

function ask() {
  if (performance.now() >= end) {
    // The last one has its answer
    if (--connections === 0) agent.destroy();
    return;
  }
  const path = paths[requests++ % paths.length];
  get({ port, path, host: '127.0.0.1', agent }, (response) => {
    response.resume();
    response.on('end', ask);
  });
}

for (let connection = connections; connection > 0; connection--) ask();
process.on('exit', () => parentPort.postMessage(requests));

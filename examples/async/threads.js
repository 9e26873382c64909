// A worker thread whose callbacks hold its own event loop, beside a main thread that has nothing to do.
//
//     pforge-prof console -- node examples/async/threads.js           each thread is watched; rows say which
import { isMainThread, Worker } from 'node:worker_threads';

function compute() {
  const end = Date.now() + 80;
  while (Date.now() < end);
}

if (isMainThread) {
  new Worker(new URL(import.meta.url));
  setInterval(() => {}, 1000);
  console.log('a thread computes');
} else {
  setInterval(compute, 300);
}

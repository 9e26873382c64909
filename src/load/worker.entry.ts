/** A thread of a load: says that it is there, begins when it is told, and tells what it counted, window by window. */
import { parentPort, workerData } from 'node:worker_threads';
import { Generator } from './generator.ts';
import type { LoadShare, WorkerMessage, WorkerOrder } from './share.ts';
import { prepareSockets } from './socket.ts';

const port = parentPort!;
const tell = (message: WorkerMessage): void => {
  port.postMessage(message);
  if (message.kind === 'end') port.close();
};
const share = workerData as LoadShare;
const generator = new Generator(share, tell);
port.on('message', (order: WorkerOrder) => {
  if (order === 'go') generator.start();
  else generator.stop(true);
});
prepareSockets(share).then(() => tell({ kind: 'ready' }));

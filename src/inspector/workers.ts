import { EXIT, UserError } from '../errors.ts';
import { type InspectorTarget, ProtocolChannel } from './protocol.ts';

/** A worker thread of a process that is attached to, by node's NodeWorker domain. */
export interface WorkerTarget extends InspectorTarget {
  /** Node's number of the thread. */
  readonly threadId: number;
  /** The person's name for it, or its file. */
  readonly name: string;
  /** Nothing can be had from it any more. */
  readonly ended: boolean;
}

interface WorkerInfo {
  /** `[worker 3] name`, or `Worker 3` of older versions */
  readonly title: string;
  readonly url: string;
}

/**
 * Reaches the worker threads that the main thread has, and will have.
 * @param started called for each: at once for those that run
 */
export async function followWorkers(main: InspectorTarget, started: (worker: WorkerTarget) => void): Promise<void> {
  const channels = new Map<string, ProtocolChannel>();
  main.on<{ sessionId: string; workerInfo: WorkerInfo }>(
    'NodeWorker.attachedToWorker',
    ({ sessionId, workerInfo: { title, url } }) => {
      const channel = new ProtocolChannel((message) => {
        main
          .send('NodeWorker.sendMessageToWorker', { sessionId, message })
          .catch((error: UserError) => channel.fail(error));
      });
      channels.set(sessionId, channel);
      const [, id = '', name = ''] = /^\[?worker (\d+)\]?\s*(.*)$/i.exec(title) ?? [];
      started({
        threadId: Number(id),
        name: name || url.slice(url.lastIndexOf('/') + 1),
        get ended() {
          return !channels.has(sessionId);
        },
        send: (method, params) => channel.send(method, params),
        on: (event, listener) => channel.on(event, listener),
      });
    },
  );
  main.on<{ sessionId: string; message: string }>('NodeWorker.receivedMessageFromWorker', ({ sessionId, message }) => {
    channels.get(sessionId)?.receive(message);
  });
  main.on<{ sessionId: string }>('NodeWorker.detachedFromWorker', ({ sessionId }) => {
    const channel = channels.get(sessionId);
    channels.delete(sessionId);
    channel?.fail(new UserError('the worker thread has ended', { exitCode: EXIT.cannotCollect }));
  });
  await main.send('NodeWorker.enable', { waitForDebuggerOnStart: false });
}

import { test } from 'vitest';
import { connectTokio } from '../../../src/console/tokio/source.ts';
import { recordedDetails, recordedUpdates } from './recording.ts';
import { replay, send, startSubscriber } from './subscriber.ts';

test('look', async () => {
  const server = await startSubscriber({
    WatchUpdates: replay(recordedUpdates(), 200),
    WatchTaskDetails: (s) => send(s, recordedDetails()),
  });
  const source = await connectTokio(server.url);
  source.details!('13');
  let n = 0;
  await new Promise<void>((resolve) =>
    source.onSnapshot((s) => {
      n++;
      console.log(n, s.time, s.target, s.state, s.tasks.length, s.resources.length, s.notes);
      if (n === 8) {
        for (const t of s.tasks)
          console.log(
            t.id,
            t.name,
            t.kind,
            t.state,
            (t.total / 1e9).toFixed(2),
            (t.busy / 1e9).toFixed(2),
            (t.scheduled / 1e9).toFixed(3),
            t.polls,
            t.longestPoll / 1e6,
            JSON.stringify(t.wakes),
            JSON.stringify(t.warnings),
            t.place?.file,
            JSON.stringify(t.fields),
            t.pollTimes?.bounds.length,
          );
        for (const r of s.resources)
          console.log(
            r.id,
            r.parent,
            r.kind,
            r.type,
            r.live,
            r.age / 1e9,
            r.place?.file,
            r.place?.line,
            JSON.stringify(r.attributes),
            JSON.stringify(r.operations),
          );
        resolve();
      }
    }),
  );
  console.log(server.calls);
  await source.close();
  console.log(await source.ended);
});

// Leaks: every request starts a timer that repeats, and nobody clears it.
//
//     pforge-prof heap leak --load http://127.0.0.1:3000/ -- node examples/leaks/timers.js
import { createServer } from 'node:http';

createServer((request, response) => {
  const visit = { url: request.url, seen: new Date() };
  setInterval(function expireVisit() {
    visit.seen = new Date();
  }, 60_000);
  response.end('hello\n');
}).listen(Number(process.env.PORT ?? 3000), '127.0.0.1', function () {
  console.log(`listening on http://127.0.0.1:${this.address().port}`);
});

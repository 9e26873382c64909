// Leaks: every request leaves a session in a Map, and nobody takes it out again.
//
//     pforge-prof heap leak --load http://127.0.0.1:3000/ -- node examples/leaks/growing-map.js
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:http';

class Session {
  constructor(url) {
    this.token = randomUUID();
    this.url = url;
    this.visits = [Date.now()];
  }
}

const sessions = new Map();

createServer((request, response) => {
  const session = new Session(request.url);
  sessions.set(session.token, session);
  response.end(`hello ${session.token}\n`);
}).listen(Number(process.env.PORT ?? 3000), '127.0.0.1', function () {
  console.log(`listening on http://127.0.0.1:${this.address().port}`);
});

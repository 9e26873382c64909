// Leaks: two closures of one function share what they close over. The one that is kept holds what only the other one
// uses: the answer before, which holds the one before it, and so on.
//
//     pforge-prof heap leak --load http://127.0.0.1:3000/ -- node examples/leaks/closures.js
import { createServer } from 'node:http';

let lastAnswer;

function answer(url) {
  const before = lastAnswer;
  const compare = () => before?.text === url;
  lastAnswer = {
    text: `answer to ${url} at ${process.hrtime.bigint()}`,
    describe: () => url.length,
  };
  return compare() ? 'the same\n' : 'another\n';
}

createServer((request, response) => response.end(answer(request.url))).listen(
  Number(process.env.PORT ?? 3000),
  '127.0.0.1',
  function () {
    console.log(`listening on http://127.0.0.1:${this.address().port}`);
  },
);

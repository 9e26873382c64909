// Makes a promise every few milliseconds that nobody will ever resolve.
//
//     pforge-prof console -- node examples/async/promise-leak.js      the group of waitForever grows and grows
const waiting = [];

function waitForever() {
  return new Promise(() => {});
}

setInterval(() => {
  for (let i = 0; i < 20; i++) waiting.push(waitForever());
}, 5);
console.log('leaking promises');

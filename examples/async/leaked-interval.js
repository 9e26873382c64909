// Is done with its work and does not end: an interval that nobody clears keeps it alive.
//
//     pforge-prof console -- node examples/async/leaked-interval.js   resources: which one keeps the program alive
function startHeartbeat() {
  setInterval(() => {}, 1000);
}

startHeartbeat();
console.log('the work is done');

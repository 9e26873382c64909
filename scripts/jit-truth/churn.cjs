// Code comes and goes: functions are made, get hot, are optimised, and are dropped, so that V8 uses their memory again.
//     node churn.cjs SECONDS
const end = Date.now() + 1000 * Number(process.argv[2]);
let made = 0;
let sink = 0;

/** A function of a few others that call each other; every one has a name of its own. */
function makeModule() {
  const id = made++;
  const width = 2 + (id % 4);
  let source = '';
  for (let i = 0; i < width; i++) {
    const steps = Array.from(
      { length: 1 + ((id * 7 + i * 3) % 9) },
      (_, k) => `s = (s * ${k + 3} + x + ${id}) & 65535;`,
    );
    const call = i > 0 ? `s += f${id}_${i - 1}(s & 255);` : '';
    source += `function f${id}_${i}(x) { let s = x; for (let i = 0; i < 30; i++) { ${steps.join(' ')} } ${call} return s; }\n`;
  }
  return new Function(`${source}return f${id}_${width - 1};`)();
}

// A large program collects its old garbage, code among it, several times in a minute; a small one is asked to.
require('node:v8').setFlagsFromString('--expose-gc');
const collect = require('node:vm').runInNewContext('gc');

while (Date.now() < end) {
  const modules = Array.from({ length: 12 }, makeModule);
  for (let round = 0; round < 12; round++) {
    for (const run of modules) for (let i = 0; i < 300; i++) sink = (sink + run(i)) & 0xfffff;
  }
  collect();
}
console.log(`${made} modules, ${sink}`);

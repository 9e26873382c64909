// Holds the event loop in five ways, one after the other, every 400 ms.
//
//     pforge-prof console -- node examples/async/blocked-loop.js      view 3 tells which function, how often, how long
import { execSync } from 'node:child_process';
import { pbkdf2Sync } from 'node:crypto';

const text = JSON.stringify(Array.from({ length: 200_000 }, (_, id) => ({ id, name: `name ${id}` })));

function addUp() {
  const count = 12e6;
  let sum = 0;
  for (let i = 0; i < count; i++) sum += Math.sqrt(sum + 1);
  return sum;
}

function matchSlowly() {
  return /^(a+)+$/.test(`${'a'.repeat(25)}b`);
}

function hashPassword() {
  return pbkdf2Sync('secret', 'salt', 250_000, 64, 'sha512');
}

function runTool() {
  return execSync('sleep 0.15');
}

function parseAll() {
  return JSON.parse(text).length;
}

const ways = [addUp, matchSlowly, hashPassword, runTool, parseAll];
let turn = 0;
setInterval(() => ways[turn++ % ways.length](), 400);
console.log('holding the loop');

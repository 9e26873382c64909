import { Session } from 'node:inspector/promises';
import { afterAll, describe, expect, test } from 'vitest';
import { functionWord } from '../../src/symbols/function-word.ts';

/** Functions as minifiers write them, and what each is called by V8; the value of the last line is all of them. */
const SCRIPT = `'use strict';(()=>{
function a(b,c){return b}async function d(){}function*e(){}
var f=function(g){return g},h=g=>g,i=async()=>1,j=async function(){},k=function l(){},m;m??=()=>2;
var o={p(){},q:function(){},async r(){},get s(){return 1},t:u=>u},y=(z)=>({z});
class A{constructor(b){this.b={b};class C{constructor(){}}this.C=C}D(){return{}}static E(){}static*F(){}G=I=>I}
var J=class{constructor(){}},K=class extends A{a(){} constructor(){super({})}},M=class extends A{};
class ö extends A{constructor(){super()}}
class N{}
return [a,d,e,f,h,i,j,k,m,o.p,o.q,o.r,o.t,y,A,new A().C,A.prototype.D,A.E,A.F,new A().G,J,K,M,ö,N,
[function(){},x=>x,Object.getOwnPropertyDescriptor(o,'s').get]].flat()})()`;

const session = new Session();
session.connect();
afterAll(() => session.disconnect());

/** Name and start of each function of the script, by V8: as it gives them to profilers. */
async function functions(): Promise<[name: string, at: number][]> {
  const { result } = await session.post('Runtime.evaluate', { expression: SCRIPT });
  const { result: list } = await session.post('Runtime.getProperties', {
    objectId: result.objectId!,
    ownProperties: true,
  });
  const found: [string, number][] = [];
  for (const { value } of list.filter(({ name }) => /^\d+$/.test(name))) {
    const objectId = value!.objectId!;
    const { result: own, internalProperties } = await session.post('Runtime.getProperties', { objectId });
    const place = internalProperties?.find(({ name }) => name === '[[FunctionLocation]]')?.value?.value;
    const lines = SCRIPT.split('\n').slice(0, place.lineNumber);
    const at = lines.reduce((sum, line) => sum + line.length + 1, 0) + place.columnNumber;
    found.push([own.find(({ name }) => name === 'name')?.value?.value ?? '', at]);
  }
  return found;
}

describe('the word that names a function', () => {
  test('is found for all that V8 names by a word', async () => {
    const all = await functions();
    expect(all).toHaveLength(28);
    const seen = all.map(([name, at]) => {
      const bare = name.replace(/^get /, '');
      const word = functionWord(SCRIPT, at, bare);
      return `${name}: ${word < 0 ? 'none' : SCRIPT.slice(word, word + bare.length + 1)}`;
    });
    expect(seen).toEqual([
      ...['a: a(', 'd: d(', 'e: e(', 'f: f=', 'h: h=', 'i: i=', 'j: j=', 'l: l(', 'm: m?', 'p: p(', 'q: q:', 'r: r('],
      ...['t: t:', 'y: y=', 'A: A{', 'C: C{', 'D: D(', 'E: E(', 'F: F(', 'G: G=', 'J: J=', 'K: K=', 'M: M=', 'ö: ö '],
      ...['N: N{', ': none', ': none', 'get s: s('],
    ]);
  });

  test('is none that only looks like it', () => {
    const none: readonly [string, string][] = [
      ['xa(', 'a'],
      ['b.c(', 'a'],
      ['class B{constructor(', 'A'],
      ['class A{}constructor(', 'A'],
      ['a+(', 'a'],
      ['a==(', 'a'],
      ['a?b:(', 'a'],
      ['', 'a'],
      ['a(', '<anonymous>'],
    ];
    for (const [before, name] of none)
      expect([before, functionWord(`${before}b)`, before.length - 1, name)]).toEqual([before, -1]);
  });

  test('words of a chain start where the chain does', () => {
    expect(functionWord('x;a.b.c=function(){}', 16, 'a.b.c')).toBe(2);
  });
});

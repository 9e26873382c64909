import { expect, test } from 'vitest';
import { withoutParameters } from '../../../src/formats/frames/cpp-names.ts';

test.each([
  ['main', 'main'],
  ['f(int)', 'f'],
  ['f(int) const', 'f'],
  ['f(int) [clone .cold]', 'f'],
  ['std::map<int, void (*)(int)>::operator[](int const&)', 'std::map<int, void (*)(int)>::operator[]'],
  ['(anonymous namespace)::f(int)', '(anonymous namespace)::f'],
  ['a::(anonymous namespace)::f<int>(int)', 'a::(anonymous namespace)::f<int>'],
  ['main::{lambda(int)#1}::operator()(int) const', 'main::{lambda(int)#1}::operator()'],
  ['operator()(int)', 'operator()'],
  ['operator new(unsigned long)', 'operator new'],
  ['S::operator bool() const', 'S::operator bool'],
  ['bool operator< <int>(S<int> const&)', 'bool operator< <int>'],
  ['std::ostream& operator<<(std::ostream&, S const&)', 'std::ostream& operator<<'],
  ['S::operator->() const', 'S::operator->'],
  ['S::operator->*(int)', 'S::operator->*'],
  ['S::operator>>=(int)', 'S::operator>>='],
  ['my_operator(int)', 'my_operator'],
  ['decltype (f(1)) g<int>(int)', 'decltype (f(1)) g<int>'],
  ['std::function<int (int, int)>::operator()(int, int) const', 'std::function<int (int, int)>::operator()'],
  ['net/http.(*Client).Do', 'net/http.(*Client).Do'],
  ['pkg.(*T[...]).Do(x)', 'pkg.(*T[...]).Do'],
  ['Lio/netty/Channel;.write(Ljava/lang/Object;)V', 'Lio/netty/Channel;.write'],
  ['<alloc::vec::Vec<T> as core::ops::Drop>::drop', '<alloc::vec::Vec<T> as core::ops::Drop>::drop'],
  ['(program)', '(program)'],
  ['f(', 'f'],
  ['f<(', 'f<('],
  [`a${'('.repeat(100_000)}`, 'a'],
  [`${'a<'.repeat(50_000)}(`, `${'a<'.repeat(50_000)}(`],
])('%#: the parameters go, all other brackets stay', (name, expected) => {
  expect(withoutParameters(name)).toBe(expected);
});

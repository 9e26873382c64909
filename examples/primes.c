/* A native program to profile:  gcc -O2 -g -fno-omit-frame-pointer examples/primes.c -o /tmp/primes */
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline)) static int divides(long candidate, long number) { return number % candidate == 0; }

__attribute__((noinline)) static int is_prime(long number) {
  for (long candidate = 2; candidate * candidate <= number; candidate++)
    if (divides(candidate, number)) return 0;
  return number > 1;
}

__attribute__((noinline)) static long count_primes(long limit) {
  long count = 0;
  for (long number = 0; number < limit; number++) count += is_prime(number);
  return count;
}

int main(int argc, char **argv) {
  long limit = argc > 1 ? atol(argv[1]) : 3000000;
  printf("%ld primes below %ld\n", count_primes(limit), limit);
  return 0;
}

/*
 * A program of which it is known what became slower:  program ROUNDS ORDER SLOWED PERCENT
 *     ORDER   rounds (all stages again and again) or phases (one stage after the other)
 *     SLOWED  the function that does PERCENT more work: hash, blend, scan; or none
 * It does the same each time it runs. Shares: hash 45 %, mix 5 %, blend 20 %, copy 5 %, scan 10 %, sum 15 %.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SIZE 4096
static uint32_t table[SIZE], moved[SIZE];
static const char *slowed;
static int percent;
static uint64_t sink;
/* Parts of a round differ in length, so that they never run in step with the profiler's clock. */
static long portion;

static long work(const char *name, long steps) {
  steps = steps * portion / 100;
  return strcmp(name, slowed) == 0 ? steps + steps * percent / 100 : steps;
}

__attribute__((noinline)) static uint64_t hash(long steps) {
  uint64_t state = 1469598103934665603u;
  for (long i = 0; i < steps; i++) state = (state ^ table[i % SIZE]) * 1099511628211u;
  return state;
}

__attribute__((noinline)) static uint64_t mix(long steps) {
  uint64_t state = 88172645463325252u;
  for (long i = 0; i < steps; i++) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
  }
  return state;
}

__attribute__((noinline)) static uint64_t blend(long steps) {
  uint32_t state = 1;
  for (long i = 0; i < steps; i++) state = state * 3 + table[i % SIZE] * 5 + (state >> 7);
  return state;
}

__attribute__((noinline)) static uint64_t copy(long steps) {
  for (long i = 0; i < steps; i++) moved[i * 7 % SIZE] = table[i % SIZE] + (uint32_t)i;
  return moved[11];
}

__attribute__((noinline)) static uint64_t scan(long steps) {
  uint64_t found = 0;
  for (long i = 0; i < steps; i++) found += table[i * 31 % SIZE] % 3 == 0;
  return found;
}

__attribute__((noinline)) static uint64_t sum(long steps) {
  double total = 0;
  for (long i = 0; i < steps; i++) total += table[i % SIZE] * 0.5;
  return (uint64_t)total;
}

__attribute__((noinline)) static void digest(void) {
  sink += hash(work("hash", 11100));
  sink += mix(work("mix", 950));
}

__attribute__((noinline)) static void arrange(void) {
  sink += blend(work("blend", 4800));
  sink += copy(work("copy", 1200));
}

__attribute__((noinline)) static void summarize(void) {
  sink += scan(work("scan", 1800));
  sink += sum(work("sum", 1250));
}

static void (*const stages[])(void) = {digest, arrange, summarize};

__attribute__((noinline)) static void run(long rounds, int phases) {
  uint32_t dice = 1;
  for (long i = 0; i < rounds * 3; i++) {
    dice = dice * 1664525u + 1013904223u;
    portion = 50 + (dice >> 16) % 101;
    stages[phases ? i / rounds : i % 3]();
    sink++;
  }
}

int main(int argc, char **argv) {
  if (argc < 5) return 2;
  slowed = argv[3];
  percent = atoi(argv[4]);
  uint32_t state = 12345;
  for (int i = 0; i < SIZE; i++) table[i] = state = state * 1664525u + 1013904223u;
  run(atol(argv[1]), strcmp(argv[2], "phases") == 0);
  printf("%llu\n", (unsigned long long)sink);
  return 0;
}

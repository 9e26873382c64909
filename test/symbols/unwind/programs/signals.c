/* Signal handlers, some on a stack of their own, in two threads. */
#include <math.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/time.h>
#include <time.h>

static volatile double sum;

__attribute__((noinline)) static void work(int count) {
  for (int i = 0; i < count; i++) sum += sin(i + sum);
}

static void handler(int number) { work(20000 + number); }

__attribute__((noinline)) static int deep(int depth, int count) {
  char bytes[500];
  memset(bytes, depth, sizeof bytes);
  if (depth == 0) work(count);
  return depth == 0 ? bytes[3] : deep(depth - 1, count) + bytes[7];
}

static void *other(void *end) {
  while (clock() < *(clock_t *)end) deep(20, 3000);
  return 0;
}

int main(int count, char **words) {
  clock_t end = clock() + CLOCKS_PER_SEC / 2;
  struct sigaction action = {.sa_handler = handler, .sa_flags = count > 1 ? SA_ONSTACK : 0};
  stack_t own = {.ss_sp = malloc(65536), .ss_size = 65536};
  sigaltstack(&own, 0);
  sigaction(SIGPROF, &action, 0);
  struct itimerval often = {{0, 4000}, {0, 4000}};
  setitimer(ITIMER_PROF, &often, 0);
  pthread_t thread;
  pthread_create(&thread, 0, other, &end);
  while (clock() < end) deep(10, 2000);
  pthread_join(thread, 0);
  return words[0][0] == 0;
}

/* A program that misbehaves in the way that its first argument names. Busy loops count CPU time, not wall time. */
#define _GNU_SOURCE
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static volatile long sink;

__attribute__((noinline)) static void hot_loop(double seconds) {
  struct timespec used;
  do {
    for (int i = 0; i < 20000; i++) sink += i;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
  } while (used.tv_sec + used.tv_nsec / 1e9 < seconds);
}

static void *thread_main(void *unused) {
  hot_loop(0.05);
  return unused;
}

static void exit_in_handler(int number) {
  (void)number;
  _exit(4);
}

static void start_daemon(void) {
  if (fork() != 0) return;
  setsid();
  if (fork() != 0) _exit(0);
  hot_loop(0.2);
  _exit(0);
}

/** Removes a folder of files. */
static void delete_folder(const char *path) {
  char *words[] = {"rm", "-rf", (char *)path, NULL};
  pid_t child = fork();
  if (child == 0) execvp("rm", words);
  waitpid(child, NULL, 0);
}

int main(int count, char **words) {
  const char *way = count > 1 ? words[1] : "ok";
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  char *kept = malloc(4096);
  memset(kept, count, 4096);
  if (!strcmp(way, "short")) return 0;
  if (!strcmp(way, "idle")) return usleep(300000);
  hot_loop(0.08);
  if (!strcmp(way, "ok")) return 0;
  if (!strcmp(way, "exit")) return atoi(words[2]);
  if (!strcmp(way, "signal")) {
    signal(atoi(words[2]), SIG_DFL);
    raise(atoi(words[2]));
    return 98;
  }
  if (!strcmp(way, "segv")) *(volatile int *)8 = 1;
  if (!strcmp(way, "fork")) {
    for (int i = 0; i < 3; i++)
      if (fork() == 0) {
        hot_loop(0.05);
        _exit(0);
      }
    while (wait(NULL) > 0) continue;
    return 0;
  }
  if (!strcmp(way, "doublefork")) {
    int done[2];
    if (pipe(done) != 0) return 97;
    if (fork() == 0) {
      if (fork() == 0) hot_loop(0.05);
      _exit(0);
    }
    wait(NULL);
    close(done[1]);
    return (int)read(done[0], kept, 1);
  }
  if (!strcmp(way, "daemon")) {
    start_daemon();
    return 0;
  }
  if (!strcmp(way, "stubborn")) {
    signal(SIGTERM, SIG_IGN);
    puts("ready");
    fflush(stdout);
    for (;;) hot_loop(1e9);
  }
  if (!strcmp(way, "deaf")) {
    signal(SIGTERM, SIG_IGN);
    signal(SIGINT, SIG_IGN);
    signal(SIGHUP, SIG_IGN);
    puts("ready");
    fflush(stdout);
    for (;;) hot_loop(1e9);
  }
  if (!strcmp(way, "endless")) {
    puts("ready");
    fflush(stdout);
    for (;;) hot_loop(1e9);
  }
  if (!strcmp(way, "family")) {
    for (int i = 0; i < 3; i++)
      if (fork() == 0) for (;;) pause();
    puts("ready");
    fflush(stdout);
    for (;;) hot_loop(1e9);
  }
  if (!strcmp(way, "handler")) {
    signal(SIGINT, exit_in_handler);
    signal(SIGTERM, exit_in_handler);
    puts("ready");
    fflush(stdout);
    for (;;) hot_loop(1e9);
  }
  if (!strcmp(way, "closeerr")) {
    close(2);
    close(1);
    hot_loop(0.12);
    return 0;
  }
  if (!strcmp(way, "print")) {
    static char piece[1 << 20];
    memset(piece, 'x', sizeof piece);
    for (int i = 0; i < 1024; i++)
      for (size_t at = 0; at < sizeof piece;) {
        ssize_t written = write(1, piece + at, sizeof piece - at);
        if (written < 0) return 96;
        at += (size_t)written;
      }
    return 0;
  }
  if (!strcmp(way, "stdin")) {
    int read_so_far = 0;
    while (getchar() != EOF) read_so_far++;
    return read_so_far == atoi(words[2]) ? 0 : 95;
  }
  if (!strcmp(way, "tty")) return isatty(0) && isatty(1) && isatty(2) ? 0 : 94;
  if (!strcmp(way, "chdir")) {
    if (chdir("/") != 0) return 93;
    hot_loop(0.12);
    return 0;
  }
  if (!strcmp(way, "delete")) {
    delete_folder(words[2]);
    hot_loop(0.12);
    return 0;
  }
  if (!strcmp(way, "exec")) execl("/bin/sh", "sh", "-c", "i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done; exit 6", NULL);
  if (!strcmp(way, "threads")) {
    pthread_t threads[4];
    for (int i = 0; i < 4; i++) pthread_create(&threads[i], NULL, thread_main, NULL);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    return 0;
  }
  if (!strcmp(way, "oom")) {
    struct rlimit little = {512u << 20, 512u << 20};
    setrlimit(RLIMIT_AS, &little);
    for (;;) {
      char *more = malloc(1 << 22);
      if (more == NULL) abort();
      memset(more, 1, 1 << 12);
    }
  }
  if (!strcmp(way, "arguments")) return count == 4 && !strcmp(words[2], "a b\n-c;$(d)") && !strcmp(words[3], "") ? 0 : 92;
  return 99;
}

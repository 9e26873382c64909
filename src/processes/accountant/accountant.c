/*
 * Starts a program stopped, waits for it, and tells what the kernel says it cost (wait4), which node cannot ask for.
 *
 *     accountant PATH ARGV0 [ARG...]         the program's standard streams and environment are ours
 *
 * File descriptor 3 gets records of 64-bit words, the first of which is the kind:
 *
 *     1 PID                     it exists, and is stopped or about to be
 *     2 NANOSECONDS, then struct rusage of 18 words: it was let go on and becomes the program now (CLOCK_MONOTONIC);
 *                               what it cost until now is not the program's
 *     3 ERRNO                   it could not become the program
 *     4 STATUS NANOSECONDS, then struct rusage of 18 words: it has ended; the status is wait4's
 *
 * As tiny as it is because of ru_maxrss: the kernel keeps the peak of what a process was before it became the program,
 * so a start from node would make every program at least as large as node. No C library, and no memory but the stack.
 *
 * scripts/build-accountant.mjs compiles this for each architecture and writes binaries.ts.
 */

typedef long word;

enum { REPORT = 3 };
enum { KIND_PID = 1, KIND_START = 2, KIND_CANNOT = 3, KIND_END = 4 };
enum { SIGHUP = 1, SIGINT = 2, SIGQUIT = 3, SIGKILL = 9, SIGTERM = 15, SIGCHLD = 17, SIGSTOP = 19 };
enum { PR_SET_PDEATHSIG = 1, F_SETFD = 2, FD_CLOEXEC = 1, CLOCK_MONOTONIC = 1, RUSAGE_SELF = 0, ENOEXEC = 8, SIG_IGN = 1 };

#if defined(__x86_64__)
enum {
  SYS_write = 1, SYS_rt_sigaction = 13, SYS_getpid = 39, SYS_clone = 56, SYS_execve = 59, SYS_exit_group = 231,
  SYS_wait4 = 61, SYS_kill = 62, SYS_fcntl = 72, SYS_prctl = 157, SYS_clock_gettime = 228, SYS_getppid = 110,
  SYS_getrusage = 98
};
static word call(word number, word a, word b, word c, word d) {
  word result;
  register word r10 __asm__("r10") = d;
  register word r8 __asm__("r8") = 0;
  __asm__ volatile("syscall"
                   : "=a"(result)
                   : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8)
                   : "rcx", "r11", "memory");
  return result;
}
__asm__(".globl _start\n_start: mov %rsp, %rdi\nand $-16, %rsp\ncall begin\n");
#elif defined(__aarch64__)
enum {
  SYS_fcntl = 25, SYS_write = 64, SYS_exit_group = 94, SYS_clock_gettime = 113, SYS_kill = 129, SYS_rt_sigaction = 134,
  SYS_prctl = 167, SYS_getpid = 172, SYS_getppid = 173, SYS_clone = 220, SYS_execve = 221, SYS_wait4 = 260,
  SYS_getrusage = 165
};
static word call(word number, word a, word b, word c, word d) {
  register word x8 __asm__("x8") = number;
  register word x0 __asm__("x0") = a;
  register word x1 __asm__("x1") = b;
  register word x2 __asm__("x2") = c;
  register word x3 __asm__("x3") = d;
  register word x4 __asm__("x4") = 0;
  __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4) : "memory");
  return x0;
}
__asm__(".globl _start\n_start: mov x0, sp\nbl begin\n");
#endif

static void report(const word *words, word count) { call(SYS_write, REPORT, (word)words, count * 8, 0); }

static word nanoseconds(void) {
  word time[2];
  call(SYS_clock_gettime, CLOCK_MONOTONIC, (word)time, 0, 0);
  return time[0] * 1000000000 + time[1];
}

/* The kernel's struct sigaction: handler, flags, restorer (x86-64), mask; zeros but for the handler. */
static void ignore(word signal) {
  volatile word action[4];
  action[0] = SIG_IGN;
  action[1] = action[2] = action[3] = 0;
  call(SYS_rt_sigaction, signal, (word)action, 0, 8);
}

static void become(word parent, char **argv, char **environment) {
  /* Should our parent be killed, nothing stays behind that is stopped: only SIGKILL reaches it then */
  call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0);
  if (call(SYS_getppid, 0, 0, 0, 0) != parent) call(SYS_exit_group, 1, 0, 0, 0);
  call(SYS_fcntl, REPORT, F_SETFD, FD_CLOEXEC, 0);
  call(SYS_kill, call(SYS_getpid, 0, 0, 0, 0), SIGSTOP, 0, 0);
  /* From now on it may clean up, but does not run on unseen */
  call(SYS_prctl, PR_SET_PDEATHSIG, SIGTERM, 0, 0);
  word start[2 + 18];
  call(SYS_getrusage, RUSAGE_SELF, (word)(start + 2), 0, 0);
  start[0] = KIND_START;
  start[1] = nanoseconds();
  report(start, 2 + 18);
  word error = -call(SYS_execve, (word)argv[1], (word)(argv + 2), (word)environment, 0);
  if (error == ENOEXEC) {
    /* A script without a first line that names its interpreter is one for the shell, as execvp has it */
    static const char shell[] = "/bin/sh";
    argv[0] = (char *)shell;
    char *path = argv[1];
    argv[1] = (char *)shell;
    argv[2] = path;
    error = -call(SYS_execve, (word)shell, (word)(argv + 1), (word)environment, 0);
  }
  word cannot[2] = {KIND_CANNOT, error};
  report(cannot, 2);
  call(SYS_exit_group, 126, 0, 0, 0);
}

__attribute__((used, noreturn)) void begin(word *stack) {
  word argc = stack[0];
  char **argv = (char **)(stack + 1);
  char **environment = argv + argc + 1;
  call(SYS_prctl, PR_SET_PDEATHSIG, SIGKILL, 0, 0);
  word own = call(SYS_getpid, 0, 0, 0, 0);
  word pid = call(SYS_clone, SIGCHLD, 0, 0, 0);
  if (pid == 0) become(own, argv, environment);
  /* What a terminal sends to the whole group is for the program */
  ignore(SIGHUP);
  ignore(SIGINT);
  ignore(SIGQUIT);
  ignore(SIGTERM);
  if (pid < 0) call(SYS_exit_group, 1, 0, 0, 0);
  word started[2] = {KIND_PID, pid};
  report(started, 2);
  word end[3 + 18];
  int status;
  call(SYS_wait4, pid, (word)&status, 0, (word)(end + 3));
  end[0] = KIND_END;
  end[1] = status;
  end[2] = nanoseconds();
  report(end, 3 + 18);
  call(SYS_exit_group, 0, 0, 0, 0);
  for (;;) {
  }
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "media/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <seccomp.h>

#include "base/macros.h"

/* Memory, locks, the clock, and the end. mmap, read and write are allowed in part only. */
static const int allowed[] = {
    SCMP_SYS(brk),
    SCMP_SYS(clock_gettime),
    SCMP_SYS(exit_group),
    SCMP_SYS(futex),
    SCMP_SYS(madvise),
    SCMP_SYS(mremap),
    SCMP_SYS(munmap),
    SCMP_SYS(rt_sigreturn),
#ifdef DW_SANITIZED
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(getpid),
    SCMP_SYS(gettid),
    SCMP_SYS(mprotect),
    SCMP_SYS(nanosleep),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(tgkill),
    SCMP_SYS(prlimit64),
    SCMP_SYS(getrlimit),
#endif
};

static int allow_all(scmp_filter_ctx filter, int descriptor)
{
    const struct scmp_arg_cmp its_own = SCMP_A0(SCMP_CMP_EQ, (scmp_datum_t)descriptor, 0);
    const struct scmp_arg_cmp no_code = SCMP_A2(SCMP_CMP_MASKED_EQ, PROT_EXEC, 0);
    const struct scmp_arg_cmp no_file = SCMP_A3(SCMP_CMP_MASKED_EQ, MAP_ANONYMOUS, MAP_ANONYMOUS);
    int r = 0;
    for (size_t i = 0; r == 0 && i < DW_LENGTH(allowed); i++)
        r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, allowed[i], 0);
    if (r == 0)
        r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(read), 1, its_own);
    if (r == 0)
        r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, its_own);
#ifdef DW_SANITIZED
    const struct scmp_arg_cmp findings = SCMP_A0(SCMP_CMP_EQ, STDERR_FILENO, 0);
    if (r == 0)
        r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(write), 1, findings);
#endif
    if (r == 0)
        r = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(mmap), 2, no_code, no_file);
    return r;
}

static int64_t memory_used(void)
{
    long long pages = 0;
    FILE *file = fopen("/proc/self/statm", "re");
    if (file == NULL)
        return 0;
    char line[64];
    if (fgets(line, sizeof(line), file) != NULL)
        pages = strtoll(line, NULL, 10);
    fclose(file);
    return pages * sysconf(_SC_PAGESIZE);
}

static void limit(int64_t memory_bytes)
{
    const struct rlimit none = { 0, 0 };
    (void)setrlimit(RLIMIT_CORE, &none);
    (void)setrlimit(RLIMIT_FSIZE, &none);
#ifdef DW_SANITIZED
    (void)memory_bytes;
    (void)memory_used;
#else
    rlim_t room = (rlim_t)(memory_used() + memory_bytes);
    (void)setrlimit(RLIMIT_AS, &(struct rlimit){ room, room });
#endif
    (void)setrlimit(RLIMIT_NPROC, &none);
    (void)setrlimit(RLIMIT_NOFILE, &none);
}

int dw_sandbox_enter(int descriptor, int64_t memory_bytes, struct dw_err *err)
{
    limit(memory_bytes);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
        return dw_fail(err, -errno, "the kernel cannot take privileges away: %s", strerror(errno));
    scmp_filter_ctx filter = seccomp_init(SCMP_ACT_KILL_PROCESS);
    int r = filter != NULL ? allow_all(filter, descriptor) : -ENOMEM;
    if (r == 0)
        r = seccomp_load(filter);
    seccomp_release(filter);
    return r < 0 ? dw_fail(err, r, "the kernel cannot filter system calls (seccomp): %s",
                           strerror(-r))
                 : 0;
}

/* --- Trying it ------------------------------------------------------------------------------ */

static void use_memory(void)
{
    char *bytes = malloc(4 << 20);
    if (bytes == NULL)
        _exit(1);
    memset(bytes, 1, 4 << 20);
    __asm__ volatile("" : : "r"(bytes) : "memory"); /* else none of it would happen */
    free(bytes);
}

static void open_socket(void)
{
    (void)socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static void open_file(void)
{
    (void)open("/etc/passwd", O_RDONLY | O_CLOEXEC);
}

static void start_program(void)
{
    execl("/bin/true", "true", (char *)NULL);
}

static void write_elsewhere(void)
{
    if (write(STDOUT_FILENO, "", 0) < 0)
        _exit(1);
}

static const struct {
    const char *name;
    void (*attempt)(void);
    bool allowed;
} attempts[] = {
    { "using memory", use_memory, true },
    { "opening a socket", open_socket, false },
    { "opening a file", open_file, false },
    { "starting a program", start_program, false },
    { "writing to another descriptor", write_elsewhere, false },
};

/* What became of the process that made the attempt, as waitpid() tells it. */
static int attempt(void (*what)(void))
{
    pid_t pid = fork();
    if (pid == 0) {
        if (dw_sandbox_enter(1000, INT64_C(64) << 20, NULL) != 0)
            _exit(2);
        what();
        _exit(0);
    }
    int status = -1;
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

int dw_sandbox_check(struct dw_err *err)
{
    for (size_t i = 0; i < DW_LENGTH(attempts); i++) {
        int status = attempt(attempts[i].attempt);
        bool ended = WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS;
        bool lived = WIFEXITED(status) && WEXITSTATUS(status) == 0;
        if (WIFEXITED(status) && WEXITSTATUS(status) == 2)
            return dw_fail(err, -ENOSYS,
                           "the kernel has no seccomp filters: cameras' videos cannot be decoded "
                           "apart");
        if (attempts[i].allowed ? !lived : !ended)
            return dw_fail(err, -EPERM, "within the sandbox, %s is %s", attempts[i].name,
                           attempts[i].allowed ? "refused" : "possible");
    }
    return 0;
}

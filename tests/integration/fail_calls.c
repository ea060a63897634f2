/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loaded before the C library (LD_PRELOAD), it lets the n-th call that may fail fail: files and
 * what is done with them, buffered or not, sockets, pipes, memory maps, threads, processes.
 * DWELL_FAIL_CALL=N says which (0: none), and DWELL_FAIL_ALLOCATION=N which of the heap's
 * allocations there is no memory for. At the end the numbers of calls and of allocations there were
 * go to the file DWELL_FAIL_COUNT, and a line for each file that is still open.
 */
/* Both open() and open64() are wanted, as functions. */
#undef _FILE_OFFSET_BITS
#undef _FORTIFY_SOURCE

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <limits.h>
#include <link.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/*
 * Before begin() nothing is counted: that is the dynamic linker's own. Some libraries break down by
 * themselves: ONNX Runtime when /proc cannot be read, and with those that follow when memory is
 * gone. It, libyuv and libavformat use what they did not get, libstdc++ ends the program before
 * main(), the dynamic linker runs half of a library, libmicrohttpd leaves a descriptor open.
 * Nothing that is ours can be seen there, so that no more is shown than that the rest of the
 * program stands it.
 */
enum { FOREIGN = 6 };
static struct counter {
    const char *foreign[FOREIGN];
    atomic_long count;
    long wanted;
} calls = { .foreign = { "libonnxruntime" }, .wanted = -1 },
  allocations = { .foreign = { "libonnxruntime", "libyuv", "libavformat", "libstdc++", "ld-linux",
                               "libmicrohttpd" },
                  .wanted = -1 };

static long number_of(const char *name)
{
    const char *text = getenv(name);
    return text != NULL ? strtol(text, NULL, 10) : 0;
}

__attribute__((constructor)) static void begin(void)
{
    void *first;
    (void)backtrace(&first, 1); /* loads what it needs while it may */
    calls.wanted = number_of("DWELL_FAIL_CALL");
    allocations.wanted = number_of("DWELL_FAIL_ALLOCATION");
}

static void tell_open(FILE *file)
{
    DIR *folder = opendir("/proc/self/fd");
    for (struct dirent *one; folder != NULL && (one = readdir(folder)) != NULL;) {
        char path[PATH_MAX] = "";
        int fd = atoi(one->d_name);
        if (fd > STDERR_FILENO && fd != fileno(file) && fd != dirfd(folder) &&
            readlinkat(dirfd(folder), one->d_name, path, sizeof(path) - 1) > 0)
            fprintf(file, "%s\n", path);
    }
    closedir(folder);
}

/* Not atexit(): what fails may end the program by other ways. */
__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("DWELL_FAIL_COUNT");
    calls.wanted = allocations.wanted = -1;
    FILE *file = path != NULL ? fopen(path, "w") : NULL;
    if (file == NULL)
        return;
    fprintf(file, "%ld %ld\n", atomic_load(&calls.count), atomic_load(&allocations.count));
    tell_open(file);
    fclose(file);
}

enum { WAYS = 1 << 16, DEPTH = 16 };

static int is_ours(const struct counter *counter, void *const callers[], int depth)
{
    for (int i = 0; i < depth; i++) {
        struct dl_find_object from;
        if (_dl_find_object(callers[i], &from) != 0)
            continue;
        for (size_t k = 0; k < FOREIGN && counter->foreign[k] != NULL; k++)
            if (strstr(from.dlfo_link_map->l_name, counter->foreign[k]) != NULL)
                return 0;
    }
    return 1;
}

/* Loops ask for memory by the same way again and again: only the first time counts. */
static int is_new_way(void *const callers[], int depth)
{
    static atomic_uintptr_t known[WAYS];
    uintptr_t way = 1;
    for (int i = 0; i < depth; i++)
        way = (way ^ (uintptr_t)callers[i]) * UINT64_C(0x9E3779B97F4A7C15);
    for (size_t at = way % WAYS;; at = (at + 1) % WAYS) {
        uintptr_t there = 0;
        if (atomic_compare_exchange_strong(&known[at], &there, way))
            return 1;
        if (there == way)
            return 0;
    }
}

static int counts_out(struct counter *counter, const char *name, int error)
{
    if (counter->wanted < 0)
        return 0;
    void *callers[DEPTH];
    int depth = backtrace(callers, DEPTH);
    if (!is_ours(counter, callers, depth) ||
        (counter == &allocations && !is_new_way(callers, depth)) ||
        atomic_fetch_add(&counter->count, 1) + 1 != counter->wanted)
        return 0;
    char line[96];
    int length = snprintf(line, sizeof(line), "fail_calls: %s says %d\n", name, error);
    syscall(SYS_write, STDERR_FILENO, line, (size_t)length);
    backtrace_symbols_fd(callers, depth, STDERR_FILENO);
    errno = error;
    return 1;
}

#define FAILS(name, error) counts_out(&calls, name, error)
#define NO_MEMORY(name, error) counts_out(&allocations, name, error)

/* The next of that name: the C library's own, or a sanitizer's. It is looked for at the start:
 * later another thread may have the dynamic linker's lock. POSIX allows this pointer. */
#define REAL(name) (*(__typeof__(name) **)find(&real_##name, #name))
#define FIND(name)                                                                                 \
    static void *real_##name;                                                                      \
    __attribute__((constructor)) static void find_##name(void)                                     \
    {                                                                                              \
        find(&real_##name, #name);                                                                 \
    }

static void *find(void **slot, const char *name)
{
    if (*slot == NULL)
        *slot = dlsym(RTLD_NEXT, name);
    return slot;
}

#define WRAP_IF(fails, type, name, error, failed, parameters, arguments)                           \
    FIND(name)                                                                                     \
    type name parameters;                                                                          \
    type name parameters                                                                           \
    {                                                                                              \
        return fails(#name, error) ? (failed) : REAL(name) arguments;                              \
    }
#define WRAP(...) WRAP_IF(FAILS, __VA_ARGS__)

WRAP(ssize_t, read, EIO, -1, (int fd, void *bytes, size_t size), (fd, bytes, size))
WRAP(ssize_t, write, ENOSPC, -1, (int fd, const void *bytes, size_t size), (fd, bytes, size))
WRAP(ssize_t, pread, EIO, -1, (int fd, void *bytes, size_t size, off_t at), (fd, bytes, size, at))
WRAP(ssize_t, pread64, EIO, -1, (int fd, void *bytes, size_t size, off64_t at),
     (fd, bytes, size, at))
WRAP(ssize_t, pwrite, ENOSPC, -1, (int fd, const void *bytes, size_t size, off_t at),
     (fd, bytes, size, at))
WRAP(ssize_t, pwrite64, ENOSPC, -1, (int fd, const void *bytes, size_t size, off64_t at),
     (fd, bytes, size, at))
WRAP(off64_t, lseek64, EIO, -1, (int fd, off64_t by, int from), (fd, by, from))
WRAP(int, fsync, EIO, -1, (int fd), (fd))
WRAP(int, fdatasync, EIO, -1, (int fd), (fd))
WRAP(int, ftruncate, ENOSPC, -1, (int fd, off_t size), (fd, size))
WRAP(int, ftruncate64, ENOSPC, -1, (int fd, off64_t size), (fd, size))
WRAP(int, stat64, EIO, -1, (const char *path, struct stat64 *info), (path, info))
WRAP(int, lstat64, EIO, -1, (const char *path, struct stat64 *info), (path, info))
WRAP(int, fstat64, EIO, -1, (int fd, struct stat64 *info), (fd, info))
WRAP(int, rename, ENOSPC, -1, (const char *from, const char *to), (from, to))
WRAP(int, unlink, EROFS, -1, (const char *path), (path))
WRAP(int, mkdir, ENOSPC, -1, (const char *path, mode_t mode), (path, mode))
WRAP(int, chmod, EPERM, -1, (const char *path, mode_t mode), (path, mode))
WRAP(int, fchmod, EPERM, -1, (int fd, mode_t mode), (fd, mode))
WRAP(FILE *, fopen, EMFILE, NULL, (const char *path, const char *mode), (path, mode))
WRAP(FILE *, fopen64, EMFILE, NULL, (const char *path, const char *mode), (path, mode))
WRAP(FILE *, tmpfile64, EMFILE, NULL, (void), ())
WRAP(int, mkostemp64, EMFILE, -1, (char *path, int flags), (path, flags))
WRAP(DIR *, opendir, EMFILE, NULL, (const char *path), (path))
WRAP(int, access, EIO, -1, (const char *path, int how), (path, how))
WRAP(int, rmdir, EROFS, -1, (const char *path), (path))
WRAP(int, flock, ENOLCK, -1, (int fd, int what), (fd, what))
WRAP(int, fseeko64, EIO, -1, (FILE * file, off64_t by, int from), (file, by, from))
WRAP(int, dup, EMFILE, -1, (int fd), (fd))
WRAP(int, pipe2, EMFILE, -1, (int ends[2], int flags), (ends, flags))
WRAP(int, eventfd, EMFILE, -1, (unsigned value, int flags), (value, flags))
WRAP(int, memfd_create, EMFILE, -1, (const char *name, unsigned flags), (name, flags))
WRAP(int, epoll_create1, EMFILE, -1, (int flags), (flags))
WRAP(void *, mmap, ENOMEM, MAP_FAILED,
     (void *at, size_t size, int may, int how, int fd, off_t from), (at, size, may, how, fd, from))
WRAP(void *, mmap64, ENOMEM, MAP_FAILED,
     (void *at, size_t size, int may, int how, int fd, off64_t from),
     (at, size, may, how, fd, from))
WRAP(int, socket, EMFILE, -1, (int domain, int type, int protocol), (domain, type, protocol))
WRAP(int, socketpair, EMFILE, -1, (int domain, int type, int protocol, int ends[2]),
     (domain, type, protocol, ends))
WRAP(int, bind, EADDRINUSE, -1, (int fd, __CONST_SOCKADDR_ARG to, socklen_t size), (fd, to, size))
WRAP(int, listen, EADDRINUSE, -1, (int fd, int backlog), (fd, backlog))
WRAP(int, connect, ENETUNREACH, -1, (int fd, __CONST_SOCKADDR_ARG to, socklen_t size),
     (fd, to, size))
WRAP(int, accept4, EMFILE, -1, (int fd, __SOCKADDR_ARG from, socklen_t *size, int flags),
     (fd, from, size, flags))
WRAP(int, getsockname, ENOBUFS, -1, (int fd, __SOCKADDR_ARG name, socklen_t *size),
     (fd, name, size))
WRAP(int, setsockopt, EINVAL, -1, (int fd, int level, int what, const void *value, socklen_t size),
     (fd, level, what, value, size))
WRAP(ssize_t, send, ECONNRESET, -1, (int fd, const void *bytes, size_t size, int flags),
     (fd, bytes, size, flags))
WRAP(ssize_t, sendmsg, ECONNRESET, -1, (int fd, const struct msghdr *message, int flags),
     (fd, message, flags))
WRAP(ssize_t, recv, ECONNRESET, -1, (int fd, void *bytes, size_t size, int flags),
     (fd, bytes, size, flags))
WRAP(int, poll, ENOMEM, -1, (struct pollfd * files, nfds_t count, int ms), (files, count, ms))
WRAP(int, __poll_chk, ENOMEM, -1, (struct pollfd * files, nfds_t count, int ms, size_t size),
     (files, count, ms, size))
WRAP(int, getifaddrs, EMFILE, -1, (struct ifaddrs * *found), (found))
WRAP(int, getaddrinfo, EMFILE, EAI_SYSTEM,
     (const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found),
     (node, service, hints, found))
WRAP(int, pthread_create, EAGAIN, EAGAIN,
     (pthread_t * thread, const pthread_attr_t *attributes, void *(*run)(void *), void *argument),
     (thread, attributes, run, argument))
WRAP(pid_t, fork, EAGAIN, -1, (void), ())
WRAP(int, posix_spawn, EAGAIN, EAGAIN,
     (pid_t * pid, const char *path, const posix_spawn_file_actions_t *files,
      const posix_spawnattr_t *attributes, char *const argv[], char *const environment[]),
     (pid, path, files, attributes, argv, environment))

/* What goes through a buffer fails when that is filled or emptied, and the file remembers. A line
 * that is not written on stderr could not say so. */
enum { FAILED_BEFORE = 0x20 };
static int breaks(FILE *file, const char *name, int error)
{
    if (file == stderr || !FAILS(name, error))
        return 0;
    file->_flags |= FAILED_BEFORE;
    return 1;
}

#define WRAP_FILE(type, name, error, failed, parameters, arguments)                                \
    FIND(name)                                                                                     \
    type name parameters;                                                                          \
    type name parameters                                                                           \
    {                                                                                              \
        type result = REAL(name) arguments;                                                        \
        return breaks(file, #name, error) ? (failed) : result;                                     \
    }

WRAP_FILE(size_t, fread, EIO, 0, (void *to, size_t size, size_t count, FILE *file),
          (to, size, count, file))
WRAP_FILE(char *, fgets, EIO, NULL, (char *to, int size, FILE *file), (to, size, file))
WRAP_FILE(ssize_t, __getdelim, EIO, -1, (char **to, size_t *size, int end, FILE *file),
          (to, size, end, file))
WRAP_FILE(size_t, fwrite, ENOSPC, 0, (const void *from, size_t size, size_t count, FILE *file),
          (from, size, count, file))
WRAP_FILE(int, fputs, ENOSPC, EOF, (const char *from, FILE *file), (from, file))
WRAP_FILE(int, fflush, ENOSPC, EOF, (FILE * file), (file))

FIND(fclose)
int fclose(FILE *file)
{
    int fails = file != stderr && FAILS("fclose", ENOSPC);
    int result = REAL(fclose)(file);
    return fails ? EOF : result;
}

/* Taking out of a set cannot fail: there is nothing it would need. */
FIND(epoll_ctl)
int epoll_ctl(int set, int what, int fd, struct epoll_event *event)
{
    return what != EPOLL_CTL_DEL && FAILS("epoll_ctl", ENOMEM)
               ? -1
               : REAL(epoll_ctl)(set, what, fd, event);
}

WRAP_IF(NO_MEMORY, void *, malloc, ENOMEM, NULL, (size_t size), (size))
WRAP_IF(NO_MEMORY, void *, calloc, ENOMEM, NULL, (size_t count, size_t size), (count, size))
WRAP_IF(NO_MEMORY, void *, realloc, ENOMEM, NULL, (void *memory, size_t size), (memory, size))
WRAP_IF(NO_MEMORY, int, posix_memalign, ENOMEM, ENOMEM,
        (void **memory, size_t alignment, size_t size), (memory, alignment, size))

FIND(openat)
static int open_by(const char *path, int flags, mode_t mode)
{
    return REAL(openat)(AT_FDCWD, path, flags, mode);
}

static mode_t mode_of(int flags, va_list rest)
{
    return (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
}

int open(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return FAILS("open", EMFILE) ? -1 : open_by(path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return FAILS("open64", EMFILE) ? -1 : open_by(path, flags | O_LARGEFILE, mode);
}

FIND(fcntl64)
int fcntl64(int fd, int what, ...)
{
    va_list rest;
    va_start(rest, what);
    void *argument = va_arg(rest, void *);
    va_end(rest);
    return FAILS("fcntl64", ENOLCK) ? -1 : REAL(fcntl64)(fd, what, argument);
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loaded before the C library (LD_PRELOAD), it lets the n-th call that may fail fail: opening,
 * reading, writing, threads, sockets, pipes, memory maps, renaming and syncing of files.
 * DWELL_FAIL_CALL=N says which (0: none), and DWELL_FAIL_ALLOCATION=N which of the heap's
 * allocations there is no memory for. At the end the numbers of calls and of allocations there were
 * go to the file DWELL_FAIL_COUNT.
 */
/* Both open() and open64() are wanted, as functions. */
#undef _FILE_OFFSET_BITS
#undef _FORTIFY_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <link.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Before begin() nothing is counted: that is the dynamic linker's own. */
static struct counter {
    atomic_long count;
    long wanted;
} calls = { 0, -1 }, allocations = { 0, -1 };

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

/* Not atexit(): what fails may end the program by other ways. */
__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("DWELL_FAIL_COUNT");
    calls.wanted = allocations.wanted = -1;
    FILE *file = path != NULL ? fopen(path, "w") : NULL;
    if (file == NULL)
        return;
    fprintf(file, "%ld %ld\n", atomic_load(&calls.count), atomic_load(&allocations.count));
    fclose(file);
}

/* ONNX Runtime breaks down by itself (SIGSEGV) when memory is gone or /proc cannot be read, libyuv
 * writes to a row of pixels that it did not get, and what libstdc++ sets up before main() ends the
 * program: nothing that is ours can be seen there, so that no more is shown than that the rest of
 * the program stands it. */
static int is_ours(void *caller)
{
    struct dl_find_object from;
    return _dl_find_object(caller, &from) != 0 ||
           (strstr(from.dlfo_link_map->l_name, "libonnxruntime") == NULL &&
            strstr(from.dlfo_link_map->l_name, "libyuv") == NULL &&
            strstr(from.dlfo_link_map->l_name, "libstdc++") == NULL);
}

static int counts_out(struct counter *counter, const char *name, int error, void *caller)
{
    if (counter->wanted < 0 || !is_ours(caller) ||
        atomic_fetch_add(&counter->count, 1) + 1 != counter->wanted)
        return 0;
    char line[96];
    int length = snprintf(line, sizeof(line), "fail_calls: %s says %d\n", name, error);
    syscall(SYS_write, STDERR_FILENO, line, (size_t)length);
    void *callers[12];
    backtrace_symbols_fd(callers, backtrace(callers, 12), STDERR_FILENO);
    errno = error;
    return 1;
}

#define FAILS(name, error) counts_out(&calls, name, error, __builtin_return_address(0))
#define NO_MEMORY(name) counts_out(&allocations, name, ENOMEM, __builtin_return_address(0))

/* The C library's own, through a pointer to data as POSIX allows. */
#define REAL(name) (*(__typeof__(name) **)find(&(void *){ NULL }, #name))

static void *find(void **slot, const char *name)
{
    *slot = dlsym(RTLD_NEXT, name);
    return slot;
}

#define WRAP(type, name, error, failed, parameters, arguments)                                     \
    type name parameters;                                                                          \
    type name parameters                                                                           \
    {                                                                                              \
        return FAILS(#name, error) ? (failed) : REAL(name) arguments;                              \
    }

WRAP(ssize_t, read, EIO, -1, (int fd, void *bytes, size_t size), (fd, bytes, size))
WRAP(ssize_t, write, ENOSPC, -1, (int fd, const void *bytes, size_t size), (fd, bytes, size))
WRAP(ssize_t, pread, EIO, -1, (int fd, void *bytes, size_t size, off_t at), (fd, bytes, size, at))
WRAP(ssize_t, pread64, EIO, -1, (int fd, void *bytes, size_t size, off64_t at),
     (fd, bytes, size, at))
WRAP(void *, mmap, ENOMEM, MAP_FAILED,
     (void *at, size_t size, int may, int how, int fd, off_t from), (at, size, may, how, fd, from))
WRAP(int, socket, EMFILE, -1, (int domain, int type, int protocol), (domain, type, protocol))
WRAP(int, listen, EADDRINUSE, -1, (int fd, int backlog), (fd, backlog))
WRAP(int, epoll_create1, EMFILE, -1, (int flags), (flags))
WRAP(int, eventfd, EMFILE, -1, (unsigned value, int flags), (value, flags))
WRAP(int, pipe2, EMFILE, -1, (int ends[2], int flags), (ends, flags))
WRAP(int, socketpair, EMFILE, -1, (int domain, int type, int protocol, int ends[2]),
     (domain, type, protocol, ends))
WRAP(int, fsync, EIO, -1, (int fd), (fd))
WRAP(int, fdatasync, EIO, -1, (int fd), (fd))
WRAP(int, ftruncate, ENOSPC, -1, (int fd, off_t size), (fd, size))
WRAP(int, rename, ENOSPC, -1, (const char *from, const char *to), (from, to))
WRAP(int, mkdir, ENOSPC, -1, (const char *path, mode_t mode), (path, mode))
WRAP(FILE *, fopen, EMFILE, NULL, (const char *path, const char *mode), (path, mode))
WRAP(ssize_t, pwrite, ENOSPC, -1, (int fd, const void *bytes, size_t size, off_t at),
     (fd, bytes, size, at))
WRAP(ssize_t, pwrite64, ENOSPC, -1, (int fd, const void *bytes, size_t size, off64_t at),
     (fd, bytes, size, at))

/* Taking out of a set cannot fail: there is nothing it would need. */
int epoll_ctl(int set, int what, int fd, struct epoll_event *event)
{
    return what != EPOLL_CTL_DEL && FAILS("epoll_ctl", ENOMEM)
               ? -1
               : REAL(epoll_ctl)(set, what, fd, event);
}

/* glibc's own under their other names: dlsym() would allocate. */
void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size)
{
    return NO_MEMORY("malloc") ? NULL : __libc_malloc(size);
}

void *calloc(size_t count, size_t size)
{
    return NO_MEMORY("calloc") ? NULL : __libc_calloc(count, size);
}

void *realloc(void *memory, size_t size)
{
    return NO_MEMORY("realloc") ? NULL : __libc_realloc(memory, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size)
{
    if (NO_MEMORY("posix_memalign"))
        return ENOMEM;
    *memory = __libc_memalign(alignment, size);
    return *memory != NULL ? 0 : ENOMEM;
}

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                   void *argument)
{
    return FAILS("pthread_create", EAGAIN)
               ? EAGAIN
               : REAL(pthread_create)(thread, attributes, run, argument);
}

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

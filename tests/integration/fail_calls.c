/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Loaded before the C library (LD_PRELOAD), it lets the n-th call that may fail fail: opening,
 * threads, sockets, pipes, memory maps, renaming and syncing of files. DWELL_FAIL_CALL=N says which
 * (0: none); at the end the number of calls there were goes to the file DWELL_FAIL_COUNT.
 */
/* Both open() and open64() are wanted, as functions. */
#undef _FILE_OFFSET_BITS
#undef _FORTIFY_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
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
#include <unistd.h>

static atomic_long count;
static long wanted = -1;

__attribute__((constructor)) static void begin(void)
{
    const char *text = getenv("DWELL_FAIL_CALL");
    wanted = text != NULL ? strtol(text, NULL, 10) : 0;
}

/* Not atexit(): what fails may end the program by other ways. */
__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("DWELL_FAIL_COUNT");
    wanted = -1;
    FILE *file = path != NULL ? fopen(path, "w") : NULL;
    if (file == NULL)
        return;
    fprintf(file, "%ld\n", atomic_load(&count));
    fclose(file);
}

/* Before begin() nothing is counted: that is the dynamic linker's own. */
static int fails(const char *name, int error)
{
    if (wanted < 0 || atomic_fetch_add(&count, 1) + 1 != wanted)
        return 0;
    char line[96];
    int length = snprintf(line, sizeof(line), "fail_calls: %s says %s\n", name, strerror(error));
    (void)!write(STDERR_FILENO, line, (size_t)length);
    errno = error;
    return 1;
}

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
        return fails(#name, error) ? (failed) : REAL(name) arguments;                              \
    }

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

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*run)(void *),
                   void *argument)
{
    return fails("pthread_create", EAGAIN)
               ? EAGAIN
               : REAL(pthread_create)(thread, attributes, run, argument);
}

static int open_by(const char *name, const char *path, int flags, mode_t mode)
{
    if (fails(name, EMFILE))
        return -1;
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
    return open_by("open", path, flags, mode);
}

int open64(const char *path, int flags, ...)
{
    va_list rest;
    va_start(rest, flags);
    mode_t mode = mode_of(flags, rest);
    va_end(rest);
    return open_by("open64", path, flags | O_LARGEFILE, mode);
}

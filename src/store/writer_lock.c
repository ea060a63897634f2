/* SPDX-License-Identifier: Apache-2.0 */
#include "store/writer_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"

/* Whether the file we locked is still the one others will find by its name: its last owner may have
 * removed it between our open and our lock. */
static bool still_there(const char *path, int fd)
{
    struct stat ours, theirs;
    return fstat(fd, &ours) == 0 && stat(path, &theirs) == 0 && ours.st_dev == theirs.st_dev &&
           ours.st_ino == theirs.st_ino;
}

int dw_writer_lock_take(struct dw_writer_lock *lock, const char *store_path)
{
    char *path = dw_strdup_printf("%s-lock", store_path);
    int result = 0;
    do {
        int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (fd < 0) {
            result = -errno;
        } else if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
            result = errno == EWOULDBLOCK ? -EBUSY : -errno;
            close(fd);
        } else if (still_there(path, fd)) {
            *lock = (struct dw_writer_lock){ path, fd };
            return 0;
        } else {
            close(fd);
        }
    } while (result == 0);
    free(path);
    return result;
}

void dw_writer_lock_release(struct dw_writer_lock *lock)
{
    if (lock->path == NULL)
        return;
    unlink(lock->path);
    close(lock->fd);
    free(lock->path);
    *lock = (struct dw_writer_lock){ 0 };
}

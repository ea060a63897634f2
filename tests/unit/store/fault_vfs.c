/* SPDX-License-Identifier: Apache-2.0 */
#include "fault_vfs.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <sqlite3.h>

#include "base/macros.h"
#include "base/vec.h"
#include "core/random.h"

#define SECTOR 512

/* A change that is not on the platter yet; length 0: the file is made so long. */
struct change {
    int64_t at;
    size_t length;
    uint8_t bytes[SECTOR];
};

struct image {
    char path[256];
    bool there; /* on the platter, by name */
    uint8_t *bytes;
    int64_t size;
    DW_VEC(struct change) changes;
};

static struct {
    sqlite3_vfs vfs, *real;
    DW_VEC(struct image) images;
    enum fault fault;
    int64_t left, count;
    bool lasting, struck;
} disk;

struct file {
    sqlite3_file base;
    int image; /* -1: not followed */
    sqlite3_file real[];
};

static sqlite3_file *real_of(sqlite3_file *file)
{
    return ((struct file *)file)->real;
}

static struct image *image_of(sqlite3_file *file)
{
    int at = ((struct file *)file)->image;
    return at >= 0 ? &disk.images.items[at] : NULL;
}

/* --- Failing -------------------------------------------------------------------------------- */

/* Counts one operation; SQLITE_OK or how it fails. */
static int strike(bool is_sync)
{
    disk.count++;
    bool first = disk.left > 0 && --disk.left == 0;
    if (first)
        disk.struck = true;
    if (!first && !(disk.lasting && disk.struck))
        return SQLITE_OK;
    switch (disk.fault) {
    case FAULT_FULL:
        return is_sync ? SQLITE_OK : SQLITE_FULL;
    case FAULT_WRITE:
        return is_sync ? SQLITE_IOERR_FSYNC : SQLITE_IOERR_WRITE;
    case FAULT_SYNC:
        return is_sync ? SQLITE_IOERR_FSYNC : SQLITE_OK;
    case FAULT_CUT:
        return SQLITE_IOERR;
    case FAULT_NONE:
        break;
    }
    return SQLITE_OK;
}

static bool is_off(void)
{
    return disk.struck && disk.fault == FAULT_CUT;
}

/* --- The platter ---------------------------------------------------------------------------- */

static void resize(struct image *image, int64_t size)
{
    if (size > image->size) {
        image->bytes = realloc(image->bytes, (size_t)size);
        assert_non_null(image->bytes);
        memset(image->bytes + image->size, 0, (size_t)(size - image->size));
    }
    image->size = size;
}

static void apply(struct image *image, const struct change *change)
{
    if (change->length == 0) {
        resize(image, change->at);
        return;
    }
    int64_t end = change->at + (int64_t)change->length;
    if (end > image->size)
        resize(image, end);
    memcpy(image->bytes + change->at, change->bytes, change->length);
}

static void settle(struct image *image)
{
    for (size_t i = 0; i < image->changes.count; i++)
        apply(image, &image->changes.items[i]);
    dw_vec_clear(&image->changes);
    image->there = true;
}

static int find_image(const char *path)
{
    for (size_t i = 0; i < disk.images.count; i++)
        if (strcmp(disk.images.items[i].path, path) == 0)
            return (int)i;
    struct image *image = dw_vec_add(&disk.images);
    *image = (struct image){ .there = false };
    snprintf(image->path, sizeof(image->path), "%s", path);
    return (int)disk.images.count - 1;
}

static void forget(struct image *image)
{
    free(image->bytes);
    image->bytes = NULL;
    image->size = 0;
    image->there = false;
    dw_vec_clear(&image->changes);
}

/* Some of the changes, in any order. */
static void apply_some(struct image *image, uint64_t *random)
{
    size_t count = image->changes.count;
    struct change *items = image->changes.items;
    double share = dw_random_unit(random);
    for (size_t i = count; i > 1; i--) {
        size_t other = (size_t)(dw_random_unit(random) * (double)i);
        struct change kept = items[i - 1];
        items[i - 1] = items[other];
        items[other] = kept;
    }
    for (size_t i = 0; i < count; i++)
        if (dw_random_unit(random) < share)
            apply(image, &items[i]);
    dw_vec_clear(&image->changes);
}

void fault_vfs_power_cut(uint64_t seed)
{
    uint64_t random = seed;
    for (size_t i = 0; i < disk.images.count; i++) {
        struct image *image = &disk.images.items[i];
        bool named = image->there || dw_random_unit(&random) < 0.5;
        apply_some(image, &random);
        unlink(image->path);
        if (!named)
            continue;
        FILE *file = fopen(image->path, "wb");
        assert_non_null(file);
        if (image->size > 0)
            assert_int_equal(fwrite(image->bytes, 1, (size_t)image->size, file), image->size);
        fclose(file);
    }
}

/* --- What SQLite calls ---------------------------------------------------------------------- */

static int x_close(sqlite3_file *file)
{
    return real_of(file)->pMethods->xClose(real_of(file));
}

static int x_read(sqlite3_file *file, void *out, int size, sqlite3_int64 at)
{
    return is_off() ? SQLITE_IOERR_READ
                    : real_of(file)->pMethods->xRead(real_of(file), out, size, at);
}

static void remember(struct image *image, const uint8_t *bytes, int size, int64_t at)
{
    while (size > 0) {
        int64_t room = SECTOR - at % SECTOR;
        int64_t length = DW_MIN((int64_t)size, room);
        struct change *change = dw_vec_add(&image->changes);
        change->at = at;
        change->length = (size_t)length;
        memcpy(change->bytes, bytes, (size_t)length);
        at += length;
        bytes += length;
        size -= (int)length;
    }
}

static int x_write(sqlite3_file *file, const void *bytes, int size, sqlite3_int64 at)
{
    int code = strike(false);
    if (code != SQLITE_OK)
        return code;
    if (image_of(file) != NULL)
        remember(image_of(file), bytes, size, at);
    return real_of(file)->pMethods->xWrite(real_of(file), bytes, size, at);
}

static int x_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    int code = strike(false);
    if (code != SQLITE_OK)
        return code;
    if (image_of(file) != NULL) {
        struct change *change = dw_vec_add(&image_of(file)->changes);
        change->at = size;
        change->length = 0;
    }
    return real_of(file)->pMethods->xTruncate(real_of(file), size);
}

/* The real disk need not sync: it is the platter in memory that counts. */
static int x_sync(sqlite3_file *file, int flags)
{
    (void)flags;
    int code = strike(true);
    if (code == SQLITE_OK && image_of(file) != NULL)
        settle(image_of(file));
    return code;
}

static int x_file_size(sqlite3_file *file, sqlite3_int64 *size)
{
    return real_of(file)->pMethods->xFileSize(real_of(file), size);
}

static int x_lock(sqlite3_file *file, int kind)
{
    return real_of(file)->pMethods->xLock(real_of(file), kind);
}

static int x_unlock(sqlite3_file *file, int kind)
{
    return real_of(file)->pMethods->xUnlock(real_of(file), kind);
}

static int x_check_reserved_lock(sqlite3_file *file, int *held)
{
    return real_of(file)->pMethods->xCheckReservedLock(real_of(file), held);
}

static int x_file_control(sqlite3_file *file, int what, void *argument)
{
    return real_of(file)->pMethods->xFileControl(real_of(file), what, argument);
}

static int x_sector_size(sqlite3_file *file)
{
    (void)file;
    return SECTOR;
}

static int x_characteristics(sqlite3_file *file)
{
    (void)file;
    return SQLITE_IOCAP_POWERSAFE_OVERWRITE;
}

static int x_shm_map(sqlite3_file *file, int page, int size, int extend, void volatile **out)
{
    return real_of(file)->pMethods->xShmMap(real_of(file), page, size, extend, out);
}

static int x_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    return real_of(file)->pMethods->xShmLock(real_of(file), offset, count, flags);
}

static void x_shm_barrier(sqlite3_file *file)
{
    real_of(file)->pMethods->xShmBarrier(real_of(file));
}

static int x_shm_unmap(sqlite3_file *file, int delete)
{
    return real_of(file)->pMethods->xShmUnmap(real_of(file), delete);
}

static const sqlite3_io_methods methods = {
    .iVersion = 2,
    .xClose = x_close,
    .xRead = x_read,
    .xWrite = x_write,
    .xTruncate = x_truncate,
    .xSync = x_sync,
    .xFileSize = x_file_size,
    .xLock = x_lock,
    .xUnlock = x_unlock,
    .xCheckReservedLock = x_check_reserved_lock,
    .xFileControl = x_file_control,
    .xSectorSize = x_sector_size,
    .xDeviceCharacteristics = x_characteristics,
    .xShmMap = x_shm_map,
    .xShmLock = x_shm_lock,
    .xShmBarrier = x_shm_barrier,
    .xShmUnmap = x_shm_unmap,
};

static int x_open(sqlite3_vfs *vfs, sqlite3_filename name, sqlite3_file *file, int flags, int *out)
{
    (void)vfs;
    struct file *self = (struct file *)file;
    memset(self, 0, sizeof(*self));
    self->image = -1;
    if (is_off())
        return SQLITE_CANTOPEN;
    int code = disk.real->xOpen(disk.real, name, self->real, flags, out);
    if (code != SQLITE_OK)
        return code;
    if (name != NULL && (flags & SQLITE_OPEN_DELETEONCLOSE) == 0)
        self->image = find_image(name);
    self->base.pMethods = &methods;
    return SQLITE_OK;
}

/* A name that is gone without its folder being synced may come back; SQLite asks for that sync
 * where it matters. */
static int x_delete(sqlite3_vfs *vfs, const char *name, int sync_folder)
{
    (void)vfs;
    (void)sync_folder;
    int code = strike(false);
    if (code != SQLITE_OK)
        return code == SQLITE_FULL ? SQLITE_IOERR_DELETE : code;
    forget(&disk.images.items[find_image(name)]);
    return disk.real->xDelete(disk.real, name, 0);
}

void fault_vfs_install(void)
{
    if (disk.real == NULL) {
        disk.real = sqlite3_vfs_find("unix");
        disk.vfs = *disk.real;
        disk.vfs.zName = "fault";
        disk.vfs.pNext = NULL;
        disk.vfs.szOsFile = (int)sizeof(struct file) + disk.real->szOsFile;
        disk.vfs.xOpen = x_open;
        disk.vfs.xDelete = x_delete;
    }
    for (size_t i = 0; i < disk.images.count; i++) {
        forget(&disk.images.items[i]);
        dw_vec_fini(&disk.images.items[i].changes);
    }
    dw_vec_fini(&disk.images);
    fault_vfs_arm(FAULT_NONE, 0, false);
    sqlite3_vfs_register(&disk.vfs, 1);
}

void fault_vfs_remove(void)
{
    fault_vfs_install(); /* empties it */
    sqlite3_vfs_unregister(&disk.vfs);
    sqlite3_vfs_register(disk.real, 1);
}

void fault_vfs_arm(enum fault fault, int64_t nth, bool lasting)
{
    disk.fault = fault;
    disk.left = nth;
    disk.lasting = lasting || fault == FAULT_CUT;
    disk.struck = false;
    disk.count = 0;
}

bool fault_vfs_struck(void)
{
    return disk.struck;
}

int64_t fault_vfs_count(void)
{
    return disk.count;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lets one program write to a store at a time, by an advisory lock on the file PATH-lock, which is
 * there only while somebody writes. Kept by the system: a killed program leaves none behind.
 * (SQLite itself would let writers take turns; but then nobody could tell the open visits of a
 * killed program from those of a running one, and SQLite before 3.51.3 can damage a file whose
 * write-ahead log two connections reset.)
 */
#ifndef DW_STORE_WRITER_LOCK_H
#define DW_STORE_WRITER_LOCK_H

struct dw_writer_lock {
    char *path; /* NULL: nothing held */
    int fd;
};

/* 0, -EBUSY when another holds it, or what open() said. All zero is a valid, open lock. */
int dw_writer_lock_take(struct dw_writer_lock *lock, const char *store_path);
void dw_writer_lock_release(struct dw_writer_lock *lock);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A disk below SQLite that fails when it is told to, and a power cut. Files are SQLite's own (the
 * VFS "unix"), and beside them it is known what of each is on the platter: what was synced. Writes
 * since then may be there or not after a power cut, each sector of 512 bytes on its own, in any
 * order. One process, one disk.
 */
#ifndef DW_TESTS_FAULT_VFS_H
#define DW_TESTS_FAULT_VFS_H

#include <stdbool.h>
#include <stdint.h>

enum fault {
    FAULT_NONE,
    FAULT_FULL,  /* the disk is full */
    FAULT_WRITE, /* a write is refused: an error, a quota, a disk made read-only */
    FAULT_SYNC,  /* what was written cannot be brought to the platter */
    FAULT_CUT,   /* no power any more: nothing works from here on */
};

/* Makes it what SQLite uses, with an empty disk. */
void fault_vfs_install(void);
/* Back to SQLite's own. */
void fault_vfs_remove(void);

/* The n-th write, truncation or sync from now (from 1) fails like this; 0: none. `lasting`: all
 * after it, too, until the next call. */
void fault_vfs_arm(enum fault fault, int64_t nth, bool lasting);

/* Whether it has happened. */
bool fault_vfs_struck(void);

/* Writes, truncations and syncs since the last fault_vfs_arm(). */
int64_t fault_vfs_count(void);

/* Writes what a disk may hold after a power cut, in place of the files. */
void fault_vfs_power_cut(uint64_t seed);

#endif

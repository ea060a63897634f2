/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shuts a process in for good: from then on it can use its memory and talk over one descriptor it
 * has; whoever makes it ask the system for anything else, a socket or a file say, ends it.
 */
#ifndef DW_MEDIA_SANDBOX_H
#define DW_MEDIA_SANDBOX_H

#include <stdint.h>

#include "base/err.h"

/*
 * Sandboxes the calling process, which must have one thread. It may read and write `descriptor`,
 * and have `memory_bytes` more memory than it has. Sanitizers need some more calls, and memory
 * without a limit: built with them, they have it. Negative errno when the kernel has no such thing.
 */
int dw_sandbox_enter(int descriptor, int64_t memory_bytes, struct dw_err *err);

/*
 * Tries it, in processes of its own: that memory can be used within, and that a socket, a file and
 * a program cannot be opened. 0, or negative errno with a sentence.
 */
int dw_sandbox_check(struct dw_err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* What the computer offers, read from /proc; for people. */
#ifndef DW_CMD_MACHINE_H
#define DW_CMD_MACHINE_H

#include <stdbool.h>
#include <stdint.h>

struct dw_machine {
    char processor[96]; /* "Intel(R) Xeon(R) Processor"; "" when the system does not say */
    int cores;          /* that run programs now */
    char vectors[64];   /* instructions that make models fast: "AVX2, AVX-512, VNNI", "NEON" */
    bool fast_vectors;  /* AVX2 or better, or NEON */
    int64_t memory_bytes, available_bytes; /* -1 not known */
};

void dw_machine_read(struct dw_machine *machine);

#endif

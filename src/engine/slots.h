/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Turns at the processors: of all the cameras' pictures only so many are looked at side by side as
 * there are processors, and whoever has waited longest is next. More at once would take as long in
 * all, and each of them longer. Any thread may call anything.
 */
#ifndef DW_ENGINE_SLOTS_H
#define DW_ENGINE_SLOTS_H

#include "base/macros.h"

struct dw_slots;

/* 0: one a processor. */
struct dw_slots *dw_slots_create(int count);
void dw_slots_destroy(struct dw_slots *slots);
DW_DEFINE_AUTO(slots)

/* Waits for a turn. It ends soon: each that is taken is given back after one picture. */
void dw_slots_take(struct dw_slots *slots);
void dw_slots_give(struct dw_slots *slots); /* NULL is fine */

#endif

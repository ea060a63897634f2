/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The visits of people who are followed still: what is found of somebody later holds for all of
 * their visits, those that ended before, too. Of the analysing thread.
 */
#ifndef DW_ENGINE_ROLES_H
#define DW_ENGINE_ROLES_H

#include "base/vec.h"
#include "engine/output.h"

/* All zero: nobody yet. */
struct dw_roles {
    DW_VEC(struct dw_visit) visits;
    DW_VEC(struct dw_role_change) changes; /* of the last step */
};

void dw_roles_fini(struct dw_roles *roles);

/* Fills in the moment's changes of roles, which last until the next step, and takes up the visits
 * that end with it, which have their ids. A probability has changed when it did so by 0.01, or
 * became or is no longer certain. */
void dw_roles_step(struct dw_roles *roles, const struct dw_output_context *context,
                   struct dw_output_moment *moment);

#endif

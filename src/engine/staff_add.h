/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Staff models that come from elsewhere to the staff desk: one that `dwell staff train` wrote, or
 * an ONNX classifier of one's own with its sidecar. Each is checked before it is kept, and its name
 * ends with a digest of what is in it, so that another version has another name, and a classifier
 * that somebody changes afterwards is not used. Files in memory: 256 MiB at most.
 */
#ifndef DW_ENGINE_STAFF_ADD_H
#define DW_ENGINE_STAFF_ADD_H

#include <stdbool.h>

#include "base/err.h"
#include "engine/staff_desk.h"

/* Copies it into DATA/staff, `folder`, readable by its owner alone; gives its name there. What is
 * damaged, or no staff model, is refused with a sentence and leaves nothing behind. */
int dw_staff_add(const char *folder, const char *path, char name[DW_STAFF_NAME_MAX],
                 struct dw_err *err);

/* The file of a trained model of that name, or of a classifier's sidecar, and that of the
 * classifier; to be freed. */
char *dw_staff_trained_path(const char *folder, const char *name);
char *dw_staff_net_path(const char *folder, const char *name);
bool dw_staff_is_net(const char *folder, const char *name);

/* 0: this classifier is the one that was added, and can be used. */
int dw_staff_net_check(const char *folder, const char *name, struct dw_err *err);

#endif

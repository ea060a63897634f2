/* SPDX-License-Identifier: Apache-2.0 */
/* What `dwell serve` shows to somebody who has no configuration yet. */
#ifndef DW_CMD_DEMO_H
#define DW_CMD_DEMO_H

#include "base/err.h"
#include "conf/site_conf.h"

/*
 * Writes a configuration with the sample video as camera 'sample', and its zones, to the folder.
 * -ENOENT with a sentence when set-up did not fetch the video.
 */
int dw_demo_write(const char *folder, const char *path, struct dw_err *err);

/* Where everything is kept: the folder that was said, or if nobody said any (NULL),
 * $XDG_DATA_HOME/dwell or ~/.local/share/dwell. To be freed. */
char *dw_demo_folder(const char *said);

/* Six weeks up to yesterday of a shop that does not exist, into a store that is not there yet;
 * reports say wherever its figures stand that they are simulated. */
int dw_demo_history(const struct dw_site_conf *conf, struct dw_err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#ifndef DW_TESTS_FAKE_SITE_H
#define DW_TESTS_FAKE_SITE_H

#include "engine/site.h"

/* Cameras "entrance" and "till"; dw_site_destroy() ends it. */
struct dw_site *fake_site_create(void);
/* The folder of its data, borrowed; without it, it has none. */
void fake_site_data(struct dw_site *site, const char *folder);
void fake_site_privacy(struct dw_site *site, enum dw_privacy privacy);

#endif

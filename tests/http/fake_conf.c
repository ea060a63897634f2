/* SPDX-License-Identifier: Apache-2.0 */
#include <stdlib.h>

#include "conf/site_conf.h"
#include "engine/site.h"

const char *dw_privacy_name(enum dw_privacy privacy)
{
    static const char *const words[] = { "on", "blurred", "off" };
    return words[privacy];
}

const char *dw_camera_state_name(enum dw_camera_state state)
{
    static const char *const words[] = { "off", "starting", "running", "waiting", "failed" };
    return words[state];
}

void dw_site_conf_fini(struct dw_site_conf *conf)
{
    free(conf->name);
    free(conf->time_zone);
    *conf = (struct dw_site_conf){ 0 };
}

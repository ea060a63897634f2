/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/hosts.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/vec.h"
#include "media/url.h"

#define APART_US 100000

struct host {
    char name[DW_HOST_SIZE];
    int64_t next_us;
};

struct dw_hosts {
    pthread_mutex_t lock;
    DW_VEC(struct host) known;
};

struct dw_hosts *dw_hosts_create(void)
{
    struct dw_hosts *hosts = dw_alloc0(sizeof(*hosts));
    pthread_mutex_init(&hosts->lock, NULL);
    return hosts;
}

void dw_hosts_destroy(struct dw_hosts *hosts)
{
    if (hosts == NULL)
        return;
    dw_vec_fini(&hosts->known);
    pthread_mutex_destroy(&hosts->lock);
    free(hosts);
}

/* Lock held. Those whose turns are long over take up no place. */
static struct host *find(struct dw_hosts *hosts, const char *name, int64_t now_us)
{
    for (size_t i = hosts->known.count; i-- > 0;) {
        struct host *host = &hosts->known.items[i];
        if (strcmp(host->name, name) == 0)
            return host;
        if (host->next_us < now_us)
            dw_vec_remove(&hosts->known, i);
    }
    struct host *host = dw_vec_add(&hosts->known);
    *host = (struct host){ .next_us = now_us };
    snprintf(host->name, sizeof(host->name), "%s", name);
    return host;
}

int64_t dw_hosts_turn(struct dw_hosts *hosts, const char *url, int64_t now_us)
{
    char name[DW_HOST_SIZE];
    if (!dw_url_host(url, name))
        return now_us;
    pthread_mutex_lock(&hosts->lock);
    struct host *host = find(hosts, name, now_us);
    int64_t turn_us = DW_MAX(now_us, host->next_us);
    host->next_us = turn_us + APART_US;
    pthread_mutex_unlock(&hosts->lock);
    return turn_us;
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include <errno.h>

#include "store/store_impl.h"

/* The first that accepts an address opens it. */
static const struct dw_store_impl *const impls[] = {
    &dw_store_sqlite,
};

static int open_store(struct dw_store **out, const char *url, bool writable, struct dw_err *err)
{
    for (size_t i = 0; i < DW_LENGTH(impls); i++)
        if (impls[i]->accepts(url))
            return impls[i]->open(out, url, writable, err);
    return dw_fail(err, -EINVAL, "store '%s': no store of that kind; give the path of a file", url);
}

int dw_store_create(struct dw_store **out, const char *url, struct dw_err *err)
{
    return open_store(out, url, true, err);
}

int dw_store_open(struct dw_store **out, const char *url, struct dw_err *err)
{
    return open_store(out, url, false, err);
}

void dw_store_destroy(struct dw_store *store)
{
    if (store != NULL)
        store->impl->close(store);
}

int dw_store_begin(struct dw_store *store, struct dw_err *err)
{
    return store->impl->begin(store, err);
}

int dw_store_commit(struct dw_store *store, struct dw_err *err)
{
    return store->impl->commit(store, err);
}

void dw_store_rollback(struct dw_store *store)
{
    store->impl->rollback(store);
}

int dw_store_run_begin(struct dw_store *store, const struct dw_store_run_conf *conf, int64_t *run,
                       struct dw_err *err)
{
    return store->impl->run_begin(store, conf, run, err);
}

int dw_store_run_measured(struct dw_store *store, int64_t run, int64_t end_us, bool complete,
                          struct dw_err *err)
{
    return store->impl->run_measured(store, run, end_us, complete, err);
}

int dw_store_put_visit(struct dw_store *store, int64_t run, const struct dw_visit *visit,
                       struct dw_err *err)
{
    return store->impl->put_visit(store, run, visit, err);
}

int dw_store_put_doubt(struct dw_store *store, int64_t run, const struct dw_doubt_visit *visit,
                       struct dw_err *err)
{
    return store->impl->put_doubt(store, run, visit, err);
}

int dw_store_put_crossing(struct dw_store *store, int64_t run, const struct dw_crossing *crossing,
                          struct dw_err *err)
{
    return store->impl->put_crossing(store, run, crossing, err);
}

int dw_store_put_gap(struct dw_store *store, int64_t run, const struct dw_gap *gap,
                     struct dw_err *err)
{
    return store->impl->put_gap(store, run, gap, err);
}

int dw_store_put_foot_track(struct dw_store *store, int64_t run, int64_t person,
                            const struct dw_foot_point *points, size_t count, struct dw_err *err)
{
    return store->impl->put_foot_track(store, run, person, points, count, err);
}

int dw_store_put_open(struct dw_store *store, int64_t run, const struct dw_visit *visits,
                      size_t count, struct dw_err *err)
{
    return store->impl->put_open(store, run, visits, count, err);
}

int dw_store_read_runs(struct dw_store *store, const struct dw_store_filter *filter,
                       dw_store_run_fn fn, void *context, struct dw_err *err)
{
    return store->impl->read_runs(store, filter, fn, context, err);
}

int dw_store_read_zones(struct dw_store *store, const struct dw_store_filter *filter,
                        dw_store_zone_fn fn, void *context, struct dw_err *err)
{
    return store->impl->read_zones(store, filter, fn, context, err);
}

int dw_store_read_run_zones(struct dw_store *store, const struct dw_store_filter *filter,
                            dw_store_run_zone_fn fn, void *context, struct dw_err *err)
{
    return store->impl->read_run_zones(store, filter, fn, context, err);
}

int dw_store_read_lines(struct dw_store *store, const struct dw_store_filter *filter,
                        dw_store_line_fn fn, void *context, struct dw_err *err)
{
    return store->impl->read_lines(store, filter, fn, context, err);
}

int dw_store_read_visits(struct dw_store *store, const struct dw_store_filter *filter,
                         dw_store_visit_fn fn, void *context, struct dw_err *err)
{
    return store->impl->read_visits(store, filter, fn, context, err);
}

int dw_store_read_doubt(struct dw_store *store, const struct dw_store_filter *filter,
                        dw_store_doubt_fn fn, void *context, struct dw_err *err)
{
    return store->impl->read_doubt(store, filter, fn, context, err);
}

int dw_store_read_gaps(struct dw_store *store, const struct dw_store_filter *filter,
                       dw_store_gap_fn fn, void *context, struct dw_err *err)
{
    return store->impl->read_gaps(store, filter, fn, context, err);
}

int dw_store_read_foot_tracks(struct dw_store *store, const struct dw_store_filter *filter,
                              dw_store_foot_track_fn fn, void *context, struct dw_err *err)
{
    return store->impl->read_foot_tracks(store, filter, fn, context, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "store/store.h"

#include <errno.h>
#include <stdlib.h>

#include "store/store_impl.h"

/* The first that accepts an address opens it. */
static const struct dw_store_impl *const impls[] = {
    &dw_store_sqlite,
#ifdef DW_HAVE_POSTGRES
    &dw_store_postgres,
#endif
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

struct dw_store *dw_store_alloc(size_t size, const struct dw_store_impl *impl, const char *name)
{
    struct dw_store *store = dw_alloc0(size);
    store->impl = impl;
    store->name = dw_strdup(name);
    return store;
}

void dw_store_free(struct dw_store *store)
{
    for (size_t i = 0; i < store->runs.count; i++)
        dw_run_state_fini(&store->runs.items[i]);
    dw_vec_fini(&store->runs);
    dw_vec_fini(&store->levels);
    dw_vec_fini(&store->marks);
    dw_vec_fini(&store->outgoing);
    dw_rollups_fini(&store->rollups);
    free(store->name);
    free(store);
}

void dw_store_destroy(struct dw_store *store)
{
    if (store != NULL)
        store->impl->close(store);
}

const char *dw_store_name(const struct dw_store *store)
{
    return store->name;
}

int dw_store_begin(struct dw_store *store, struct dw_err *err)
{
    int result = store->impl->begin(store, err);
    store->busy = store->busy || result == 0;
    store->senders = DW_SENDERS_NOT_ASKED;
    return result;
}

/* Whatever was said of the transaction's persons is so, or is not. */
static void settle(struct dw_store *store, bool kept)
{
    for (size_t i = 0; i < store->marks.count && !kept; i++)
        dw_run_forget_first(store, &store->marks.items[i]);
    dw_vec_clear(&store->marks);
    dw_vec_clear(&store->outgoing);
    if (!kept)
        dw_rollups_clear(&store->rollups);
    store->busy = false;
}

int dw_store_commit(struct dw_store *store, struct dw_err *err)
{
    int result = dw_rollup_flush(store, err);
    if (result == 0)
        result = dw_outbox_flush(store, err);
    if (result == 0)
        result = store->impl->commit(store, err);
    if (result == 0)
        settle(store, true);
    return result;
}

void dw_store_rollback(struct dw_store *store)
{
    store->impl->rollback(store);
    settle(store, false);
}

int dw_sql_enter(struct dw_store *store, bool *own, struct dw_err *err)
{
    *own = !store->busy;
    return *own ? dw_store_begin(store, err) : 0;
}

int dw_sql_leave(struct dw_store *store, bool own, int result, struct dw_err *err)
{
    if (!own)
        return result;
    if (result == 0)
        result = dw_store_commit(store, err);
    if (result != 0)
        dw_store_rollback(store);
    return result;
}

int dw_sql_query(struct dw_store *store, const char *sql, struct dw_sql_values values,
                 dw_sql_row_fn fn, void *context, struct dw_err *err)
{
    return store->impl->query(store, sql, values, fn, context, err);
}

int dw_sql_query_whole(struct dw_store *store, const char *sql, struct dw_sql_values values,
                       dw_sql_row_fn fn, void *context, struct dw_err *err)
{
    const struct dw_store_impl *impl = store->impl;
    return (impl->query_whole != NULL ? impl->query_whole : impl->query)(store, sql, values, fn,
                                                                         context, err);
}

int dw_sql_later(struct dw_store *store, const char *sql, struct dw_sql_values values,
                 struct dw_err *err)
{
    return store->impl->later != NULL ? store->impl->later(store, sql, values, err)
                                      : dw_sql_query(store, sql, values, NULL, NULL, err);
}

struct first_integer {
    int64_t *value; /* NULL once it is there, or when nobody wants it */
};

static int first_row(struct dw_store *store, const struct dw_sql_row *row, void *context,
                     struct dw_err *err)
{
    (void)store, (void)err;
    struct first_integer *first = context;
    if (first->value != NULL)
        *first->value = dw_row_integer(row, 0);
    first->value = NULL;
    return 0;
}

int dw_sql_run(struct dw_store *store, const char *sql, struct dw_sql_values values, int64_t *first,
               struct dw_err *err)
{
    return dw_sql_query(store, sql, values, first_row, &(struct first_integer){ first }, err);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>

#include "store/foot_codec.h"
#include "store/store_impl.h"
#include "store_fixture.h"

#define DAY_US (86400 * DW_SECOND_US)

struct shop {
    struct dw_store *store;
    struct dw_zone zone;
    struct dw_line line;
    struct dw_layout layout;
    int64_t run;
};

static void shop_init(struct shop *shop, const char *url)
{
    *shop = (struct shop){
        .zone = test_zone("shelf", .1),
        .line = { .name = "door", .end = { 0, 1 } },
    };
    shop->layout = (struct dw_layout){
        .zones = &shop->zone, .zone_count = 1, .lines = &shop->line, .line_count = 1
    };
    struct dw_store_run_conf conf = test_run(&shop->layout);
    assert_done(dw_store_create(&shop->store, url, why));
    assert_done(dw_store_run_begin(shop->store, &conf, &shop->run, why));
}

/* Something of every kind, `day` days after the start. The id of the visit is `mark`. */
static void put_all(struct shop *shop, int day, const char *mark)
{
    double at_s = day * 86400.0;
    struct dw_visit visit = test_visit(1, at_s, at_s + 9), pass = test_visit(2, at_s, at_s + .5);
    struct dw_doubt_visit doubt = { DW_VARIANT_LINK_TWICE, visit };
    struct dw_crossing crossing = { .person = 1, .time_us = visit.enter_us };
    struct dw_foot_point points[2] = { { visit.enter_us, .5f, .5f, .2f, false },
                                       { visit.exit_us, .6f, .5f, .2f, false } };
    memcpy(visit.id, mark, sizeof(visit.id));
    memcpy(pass.id, mark, sizeof(pass.id));
    pass.pass = true;
    assert_done(dw_store_put_visit(shop->store, shop->run, &visit, why));
    assert_done(dw_store_put_visit(shop->store, shop->run, &pass, why));
    assert_done(dw_store_put_doubt(shop->store, shop->run, &doubt, why));
    assert_done(dw_store_put_crossing(shop->store, shop->run, &crossing, why));
    assert_done(dw_store_put_foot_track(shop->store, shop->run, 1, points, 2, why));
}

struct sizes {
    struct dw_store_size items[DW_KIND_COUNT + 1];
    size_t count;
};

static int keep_size(void *context, const struct dw_store_size *size)
{
    struct sizes *sizes = context;
    assert_true(sizes->count < DW_LENGTH(sizes->items));
    sizes->items[sizes->count++] = *size;
    return 0;
}

static struct sizes read_sizes(struct dw_store *store)
{
    struct sizes sizes = { .count = 0 };
    assert_done(dw_store_read_sizes(store, keep_size, &sizes, why));
    assert_int_equal(sizes.count, DW_KIND_COUNT + 1);
    return sizes;
}

static void each_kind_is_pruned_by_itself_and_by_whole_days(void **state)
{
    struct folder *folder = *state;
    static const int rows_a_day[DW_KIND_COUNT] = { [DW_KIND_VISITS] = 2,
                                                   [DW_KIND_DOUBT] = 1,
                                                   [DW_KIND_CROSSINGS] = 1,
                                                   [DW_KIND_FEET] = 1,
                                                   [DW_KIND_ROLLUPS] = 2 };
    struct shop shop;
    shop_init(&shop, folder->store);
    for (int day = 0; day < 4; day++)
        put_all(&shop, day, "one of four days");
    for (int kind = 0; kind < DW_KIND_COUNT; kind++) {
        int64_t deleted = 0;
        /* Two days and a part of the third: the part stays. */
        assert_done(dw_store_prune(shop.store, (enum dw_store_kind)kind,
                                   START_US + 2 * DAY_US + DAY_US / 8, &deleted, why));
        assert_int_equal(deleted, 2 * rows_a_day[kind]);
        struct sizes sizes = read_sizes(shop.store);
        for (int other = 0; other < DW_KIND_COUNT; other++) {
            assert_string_equal(sizes.items[other].name,
                                dw_store_kind_name((enum dw_store_kind)other));
            assert_int_equal(sizes.items[other].rows, (other <= kind ? 2 : 4) * rows_a_day[other]);
            assert_true(sizes.items[other].bytes > 0);
            assert_true(sizes.items[other].first_us >= START_US - DAY_US);
            assert_true(sizes.items[other].last_us <= START_US + 4 * DAY_US);
        }
    }
    dw_store_destroy(shop.store);
}

static void a_kind_is_known_by_its_word(void **state)
{
    (void)state;
    for (int kind = 0; kind < DW_KIND_COUNT; kind++)
        assert_int_equal(dw_store_kind_parse(dw_store_kind_name((enum dw_store_kind)kind)), kind);
    assert_int_equal(dw_store_kind_parse("pictures"), -1);
}

/* How often the bytes are in the store's files. */
static int count_bytes(const struct folder *folder, const void *bytes, size_t length)
{
    static const char *const endings[] = { "", "-wal" };
    int count = 0;
    for (size_t i = 0; i < DW_LENGTH(endings); i++) {
        char path[192];
        static char text[20 << 20];
        snprintf(path, sizeof(path), "%s%s", folder->store, endings[i]);
        FILE *file = fopen(path, "r");
        size_t size = file != NULL ? fread(text, 1, sizeof(text), file) : 0;
        assert_true(size < sizeof(text));
        for (const char *at = text; (at = memmem(at, size - (size_t)(at - text), bytes, length));
             at++)
            count++;
        if (file != NULL)
            fclose(file);
    }
    return count;
}

static void nothing_of_what_was_pruned_is_left_in_the_file(void **state)
{
    struct folder *folder = *state;
    if (!folder->is_file)
        skip();
    struct shop shop;
    shop_init(&shop, folder->store);
    assert_done(
        shop.store->impl->exec(shop.store, "INSERT INTO sender(name, seq) VALUES('a', 0)", why));
    for (int day = 0; day < 300; day++)
        put_all(&shop, day, day < 298 ? "a secret visitor" : "a recent visitor");
    struct dw_buf way = { 0 };
    struct dw_foot_point points[2] = { { 0, .5f, .5f, .2f, false },
                                       { 9 * DW_SECOND_US, .6f, .5f, .2f, false } };
    dw_foot_encode(&way, 0, points, 2);
    assert_true(count_bytes(folder, "a secret visitor", 16) >= 298);
    assert_true(count_bytes(folder, way.data, way.length) >= 300);
    int64_t before_us = START_US + 298 * DAY_US - DAY_US / 4;
    for (int kind = 0; kind < DW_KIND_ROLLUPS; kind++)
        assert_done(dw_store_prune(shop.store, (enum dw_store_kind)kind, before_us, NULL, why));
    assert_done(dw_store_shrink(shop.store, why));
    assert_int_equal(count_bytes(folder, "a secret visitor", 16), 0);
    assert_true(count_bytes(folder, "a recent visitor", 16) >= 2);
    assert_int_equal(count_bytes(folder, way.data, way.length), 2);
    int64_t pages = -1;
    assert_done(dw_sql_run(shop.store, "PRAGMA freelist_count", DW_NO_VALUES, &pages, why));
    assert_int_equal(pages, 0);
    dw_buf_fini(&way);
    dw_store_destroy(shop.store);
}

static int count_problem(void *context, const char *sentence)
{
    (void)sentence;
    ++*(int *)context;
    return 0;
}

static void a_copy_is_whole_while_the_store_is_written_to(void **state)
{
    struct folder *folder = *state;
    if (!folder->is_file)
        skip();
    struct shop shop;
    shop_init(&shop, folder->store);
    put_all(&shop, 0, "before the copy.");
    char path[192];
    snprintf(path, sizeof(path), "%s/copy.db", folder->path);
    struct dw_store *reader = NULL;
    assert_done(dw_store_open(&reader, folder->store, why));
    assert_done(dw_store_begin(shop.store, why));
    put_all(&shop, 1, "not committed yet");
    assert_done(dw_store_backup(reader, path, why));
    assert_done(dw_store_commit(shop.store, why));
    struct dw_err err = { 0 };
    assert_int_equal(dw_store_backup(reader, path, &err), -EEXIST);
    assert_non_null(strstr(err.text, "is there already: name a new file"));
    assert_int_equal(dw_store_backup(reader, "/nowhere/copy.db", &err), -EIO);
    dw_store_destroy(reader);
    dw_store_destroy(shop.store);

    struct dw_store *copy = NULL;
    int problems = 0;
    assert_done(dw_store_open(&copy, path, why));
    assert_int_equal(read_visits(copy).count, 2);
    assert_done(dw_store_check(copy, count_problem, &problems, why));
    assert_int_equal(problems, 0);
    dw_store_destroy(copy);
    static const char *const endings[] = { "", "-wal", "-shm" };
    for (size_t i = 0; i < DW_LENGTH(endings); i++) {
        char *file = dw_strdup_printf("%s%s", path, endings[i]);
        unlink(file);
        free(file);
    }
}

static void a_store_that_is_no_file_is_copied_by_its_own_tools(void **state)
{
    struct folder *folder = *state;
    if (folder->is_file)
        skip();
    struct shop shop;
    struct dw_err err = { 0 };
    shop_init(&shop, folder->store);
    assert_int_equal(dw_store_backup(shop.store, "copy.db", &err), -ENOTSUP);
    assert_non_null(strstr(err.text, "copy it with pg_dump"));
    dw_store_destroy(shop.store);
}

int main(void)
{
#define store_test(name) cmocka_unit_test_setup_teardown(name, folder_setup, folder_teardown)
    const struct CMUnitTest tests[] = {
        store_test(each_kind_is_pruned_by_itself_and_by_whole_days),
        cmocka_unit_test(a_kind_is_known_by_its_word),
        store_test(nothing_of_what_was_pruned_is_left_in_the_file),
        store_test(a_copy_is_whole_while_the_store_is_written_to),
        store_test(a_store_that_is_no_file_is_copied_by_its_own_tools),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

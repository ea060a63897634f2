/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/macros.h"
#include "engine/visit_id.h"

/* What an id is made from. */
struct ingredients {
    const char *site, *camera, *identity, *name;
    int64_t person, time_us;
};

static void make(uint8_t id[16], const struct ingredients *from)
{
    struct dw_output_context context = {
        .record = { .site = from->site, .camera = from->camera },
        .identity = from->identity,
    };
    dw_visit_id(id, &context, from->name, from->person, from->time_us);
}

static const struct ingredients plain = { "shop", "front", "abc", "shelf", 1, 1500000 };

static void the_same_visit_has_the_same_id(void **state)
{
    (void)state;
    uint8_t id[16], again[16];
    make(id, &plain);
    make(again, &plain);
    assert_memory_equal(id, again, 16);
}

static void an_id_is_a_uuid_of_version_8(void **state)
{
    (void)state;
    uint8_t id[16];
    make(id, &plain);
    assert_int_equal(id[6] >> 4, 8);
    assert_int_equal(id[8] >> 6, 2);
}

static void visits_that_differ_in_anything_have_ids_that_differ(void **state)
{
    (void)state;
    static const struct ingredients others[] = {
        { "shop", "front", "abc", "shelf", 1, 1500000 },
        { "shop2", "front", "abc", "shelf", 1, 1500000 },
        { "shop", "back", "abc", "shelf", 1, 1500000 },
        { "shopf", "ront", "abc", "shelf", 1, 1500000 },
        { "shop", "front", "abd", "shelf", 1, 1500000 },
        { "shop", "front", "abc", "shelf2", 1, 1500000 },
        { "shop", "front", "abc", "shelf", 2, 1500000 },
        { "shop", "front", "abc", "shelf", 1, 1500001 },
        { "shop", "front", "abc", "shelf", 1, -1500000 },
    };
    uint8_t ids[DW_LENGTH(others)][16];
    for (size_t i = 0; i < DW_LENGTH(others); i++) {
        make(ids[i], &others[i]);
        for (size_t j = 0; j < i; j++)
            assert_memory_not_equal(ids[i], ids[j], 16);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_same_visit_has_the_same_id),
        cmocka_unit_test(an_id_is_a_uuid_of_version_8),
        cmocka_unit_test(visits_that_differ_in_anything_have_ids_that_differ),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

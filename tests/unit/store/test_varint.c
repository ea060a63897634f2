/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/prop.h"
#include "store/varint.h"

static void every_number_comes_back_wherever_it_lies(void **state)
{
    (void)state;
    for (size_t after = 0; after < 10; after++) /* numbers behind it are read along */
        for (size_t i = 0; i < 2 * 63; i++) {
            struct dw_buf bytes = { 0 };
            uint64_t value = (UINT64_C(1) << i / 2) - i % 2; /* of each length */
            dw_varint_put(&bytes, value);
            for (size_t k = 0; k < after; k++)
                dw_varint_put(&bytes, k % 2 == 0 ? 127 : 300);
            struct dw_varint_reader reader = { (const unsigned char *)bytes.data,
                                               (const unsigned char *)bytes.data + bytes.length,
                                               false };
            assert_true(dw_varint_take(&reader) == value);
            for (size_t k = 0; k < after; k++)
                assert_true(dw_varint_take(&reader) == (k % 2 == 0 ? 127 : 300));
            assert_ptr_equal(reader.at, reader.end);
            assert_false(reader.damaged);
            dw_buf_fini(&bytes);
        }
}

static void signed_numbers_come_back_in_a_row(void **state)
{
    (void)state;
    enum { COUNT = 64 };
    PROP(prop, 300)
    {
        int64_t some[COUNT];
        struct dw_buf bytes = { 0 };
        for (size_t i = 0; i < COUNT; i++) {
            int64_t bits = prop_int(&prop, 0, 61);
            some[i] = prop_int(&prop, -1, 1) * ((INT64_C(1) << bits) + prop_int(&prop, 0, 99));
            dw_varint_put_signed(&bytes, some[i]);
        }
        struct dw_varint_reader reader = { (const unsigned char *)bytes.data,
                                           (const unsigned char *)bytes.data + bytes.length,
                                           false };
        for (size_t i = 0; i < COUNT; i++)
            prop_assert(&prop, dw_varint_take_signed(&reader) == some[i]);
        assert_ptr_equal(reader.at, reader.end);
        dw_buf_fini(&bytes);
    }
}

static void a_number_without_an_end_is_damaged(void **state)
{
    (void)state;
    static const unsigned char endless[12] = { 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
                                               0xff, 0xff, 0xff, 0xff, 0xff, 0xff };
    for (size_t length = 0; length <= sizeof(endless); length++) {
        struct dw_varint_reader reader = { endless, endless + length, false };
        assert_true(dw_varint_take(&reader) == 0);
        assert_true(reader.damaged);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_number_comes_back_wherever_it_lies),
        cmocka_unit_test(signed_numbers_come_back_in_a_row),
        cmocka_unit_test(a_number_without_an_end_is_damaged),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

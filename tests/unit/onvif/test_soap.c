/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "onvif/soap.h"

/* SHA-1("abc") is published in FIPS 180-4's examples: a9993e36 4706816a ba3e2571 7850c26c 9cd0d89d.
 */
static void the_digest_is_sha_1_over_nonce_time_and_password(void **state)
{
    (void)state;
    char digest[29];
    dw_soap_digest(digest, "a", 1, "b", "c");
    assert_string_equal(digest, "qZk+NkcGgWq6PiVxeFDCbJzQ2J0=");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_digest_is_sha_1_over_nonce_time_and_password),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <errno.h>

#include "http/access.h"
#include "http/access_impl.h"

#define PASSWORD "four words are good"

struct fixture {
    char folder[64], path[96];
    struct dw_access *access;
    char session[DW_TOKEN_SIZE];
};

static struct dw_credentials who(const char *name, const char *password)
{
    return (struct dw_credentials){ name, password, "192.0.2.7" };
}

static void open_access(struct fixture *fixture)
{
    struct dw_err err = { { 0 } };
    dw_access_destroy(fixture->access);
    fixture->access = NULL;
    if (dw_access_create(&fixture->access, fixture->folder, &err) != 0)
        fail_msg("%s", err.text);
}

static int claim_as(struct fixture *fixture, const char *name, const char *password)
{
    char token[DW_TOKEN_SIZE];
    int wait_s = 0;
    struct dw_credentials credentials = who(name, password);
    dw_access_claim_token(fixture->access, token);
    return dw_access_claim(fixture->access, token, &credentials, fixture->session, &wait_s, NULL);
}

static int setup(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    snprintf(fixture->folder, sizeof(fixture->folder), "/tmp/dwell-test-XXXXXX");
    if (mkdtemp(fixture->folder) == NULL)
        return -1;
    snprintf(fixture->path, sizeof(fixture->path), "%s/access.json", fixture->folder);
    open_access(fixture);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    dw_access_destroy(fixture->access);
    unlink(fixture->path);
    int result = rmdir(fixture->folder);
    free(fixture);
    return result;
}

static void a_site_is_claimed_once(void **state)
{
    struct fixture *fixture = *state;
    char token[DW_TOKEN_SIZE];
    assert_false(dw_access_claimed(fixture->access));
    assert_int_equal(claim_as(fixture, "anna", PASSWORD), 0);
    assert_true(dw_access_claimed(fixture->access));
    dw_access_claim_token(fixture->access, token);
    assert_string_equal(token, "");
    assert_int_equal(claim_as(fixture, "eve", PASSWORD), -EPERM);
    open_access(fixture);
    assert_true(dw_access_claimed(fixture->access));
    dw_access_claim_token(fixture->access, token);
    assert_string_equal(token, "");
}

static void names_and_passwords_must_be_some(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(claim_as(fixture, "", PASSWORD), -EINVAL);
    assert_int_equal(claim_as(fixture, "a/b", PASSWORD), -EINVAL);
    assert_int_equal(claim_as(fixture, "anna", "too short"), -EINVAL);
    assert_int_equal(claim_as(fixture, "anna anna anna", "anna anna anna"), -EINVAL);
    assert_false(dw_access_claimed(fixture->access));
}

static void sessions_know_their_user_and_end(void **state)
{
    struct fixture *fixture = *state;
    struct dw_principal principal = { 0 };
    char other[DW_TOKEN_SIZE];
    int wait_s = 0;
    struct dw_credentials anna = who("anna", PASSWORD), wrong = who("anna", "four words are bad");
    assert_int_equal(claim_as(fixture, "anna", PASSWORD), 0);
    assert_true(dw_access_by_session(fixture->access, fixture->session, &principal));
    assert_string_equal(principal.name, "anna");
    assert_int_equal(principal.level, DW_LEVEL_ADMIN);
    assert_int_equal(dw_access_sign_in(fixture->access, &wrong, other, &wait_s, NULL), -EACCES);
    assert_int_equal(dw_access_sign_in(fixture->access, &anna, other, &wait_s, NULL), 0);
    assert_string_not_equal(other, fixture->session);
    dw_access_sign_out(fixture->access, other);
    assert_false(dw_access_by_session(fixture->access, other, &principal));
    assert_true(dw_access_by_session(fixture->access, fixture->session, &principal));
    assert_int_equal(
        dw_access_user_change(fixture->access, "anna", PASSWORD "!", DW_LEVEL_NONE, NULL), 0);
    assert_false(dw_access_by_session(fixture->access, fixture->session, &principal));
}

static void the_last_administrator_stays(void **state)
{
    struct fixture *fixture = *state;
    struct dw_access *access = fixture->access;
    assert_int_equal(claim_as(fixture, "anna", PASSWORD), 0);
    assert_int_equal(dw_access_user_remove(access, "anna", NULL), -EPERM);
    assert_int_equal(dw_access_user_change(access, "anna", NULL, DW_LEVEL_EDITOR, NULL), -EPERM);
    assert_int_equal(dw_access_user_add(access, "anna", PASSWORD, DW_LEVEL_ADMIN, NULL), -EEXIST);
    assert_int_equal(dw_access_user_add(access, "adam", PASSWORD, DW_LEVEL_ADMIN, NULL), 0);
    assert_int_equal(dw_access_user_remove(access, "anna", NULL), 0);
    assert_int_equal(dw_access_user_remove(access, "anna", NULL), -ENOENT);
    size_t count = 0;
    struct dw_access_user *users = dw_access_users(access, &count);
    assert_int_equal(count, 1);
    assert_string_equal(users[0].name, "adam");
    free(users);
}

static void tokens_have_scopes_and_an_end(void **state)
{
    struct fixture *fixture = *state;
    struct dw_access_token made = { .name = "prometheus", .scopes = DW_SCOPE_METRICS };
    struct dw_access_token old = { .name = "old", .scopes = DW_SCOPE_READ, .expires_us = 1 };
    struct dw_principal principal = { 0 };
    char token[DW_TOKEN_SIZE], expired[DW_TOKEN_SIZE];
    assert_int_equal(dw_access_token_add(fixture->access, &made, token, NULL), 0);
    assert_int_equal(dw_access_token_add(fixture->access, &old, expired, NULL), 0);
    open_access(fixture);
    assert_true(dw_access_by_token(fixture->access, token, &principal));
    assert_int_equal(principal.scopes, DW_SCOPE_METRICS);
    assert_int_equal(principal.level, DW_LEVEL_NONE);
    assert_false(dw_access_by_token(fixture->access, expired, &principal));
    assert_false(dw_access_by_token(fixture->access, "", &principal));
    assert_int_equal(dw_access_token_remove(fixture->access, made.id, NULL), 0);
    assert_false(dw_access_by_token(fixture->access, token, &principal));
    assert_int_equal(dw_access_token_remove(fixture->access, made.id, NULL), -ENOENT);
}

static void a_damaged_file_is_told_and_not_overwritten(void **state)
{
    struct fixture *fixture = *state;
    static const char *const texts[] = { "{", "[]", "{\"users\":[{}],\"tokens\":[]}",
                                         "{\"users\":[],\"tokens\":[{\"id\":\"x\"}]}" };
    for (size_t i = 0; i < DW_LENGTH(texts); i++) {
        struct dw_access *access = NULL;
        struct dw_err err = { { 0 } };
        FILE *file = fopen(fixture->path, "w");
        fputs(texts[i], file);
        fclose(file);
        assert_int_equal(dw_access_create(&access, fixture->folder, &err), -EBADMSG);
        assert_non_null(strstr(err.text, "access.json"));
        assert_null(access);
    }
}

static void secrets_are_equal_only_to_themselves(void **state)
{
    (void)state;
    assert_true(dw_secret_equal("abc", "abc"));
    assert_false(dw_secret_equal("abc", "abd"));
    assert_false(dw_secret_equal("abc", "ab"));
    assert_false(dw_secret_equal(NULL, "abc"));
    assert_false(dw_secret_equal("abc", NULL));
    assert_false(dw_secret_equal(NULL, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_site_is_claimed_once, setup, teardown),
        cmocka_unit_test_setup_teardown(names_and_passwords_must_be_some, setup, teardown),
        cmocka_unit_test_setup_teardown(sessions_know_their_user_and_end, setup, teardown),
        cmocka_unit_test_setup_teardown(the_last_administrator_stays, setup, teardown),
        cmocka_unit_test_setup_teardown(tokens_have_scopes_and_an_end, setup, teardown),
        cmocka_unit_test_setup_teardown(a_damaged_file_is_told_and_not_overwritten, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(secrets_are_equal_only_to_themselves, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

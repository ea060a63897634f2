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

#include "base/macros.h"
#include "cmd/commands.h"
#include "detect/detector.h"
#include "onnx/runtime.h"

static char output[16384];

/* Runs the command, its standard output into `output`. */
static int doctor(char *first, char *second)
{
    char name[] = "doctor";
    char *argv[] = { name, first, second, NULL };
    int argc = first == NULL ? 1 : second == NULL ? 2 : 3;
    FILE *file = tmpfile();
    assert_non_null(file);
    fflush(stdout);
    int terminal = dup(STDOUT_FILENO);
    dup2(fileno(file), STDOUT_FILENO);
    int status = dw_cmd_doctor(argc, argv);
    fflush(stdout);
    dup2(terminal, STDOUT_FILENO);
    close(terminal);
    rewind(file);
    output[fread(output, 1, sizeof(output) - 1, file)] = '\0';
    fclose(file);
    return status;
}

static void assert_says(const char *part)
{
    if (strstr(output, part) == NULL)
        fail_msg("'%s' does not say '%s'", output, part);
}

static void what_is_missing_comes_with_how_to_get_it(void **state)
{
    (void)state;
    char json[] = "--json";
    setenv("DWELL_ONNXRUNTIME", "/no/such/library.so", 1);
    assert_int_equal(doctor(NULL, NULL), 1);
    assert_says("missing  ONNX Runtime  DWELL_ONNXRUNTIME: cannot read '/no/such/library.so'");
    assert_says("until it is there nothing can be measured");
    assert_null(strchr(output, '\033'));
    assert_int_equal(doctor(json, NULL), 1);
    assert_says("\"can_measure\":false");
    assert_says("{\"name\":\"ONNX Runtime\",\"status\":\"missing\"");
    unsetenv("DWELL_ONNXRUNTIME");
}

static void a_machine_that_can_measure_says_how_fast(void **state)
{
    (void)state;
    char json[] = "--json", path[4096];
    if (dw_runtime_find(path, sizeof(path), NULL) != 0 ||
        dw_model_find(path, sizeof(path), NULL) != 0)
        return; /* not this machine */
    assert_int_equal(doctor(json, NULL), 0);
    assert_says("\"can_measure\":true,\"load_ms\":");
    assert_says("{\"name\":\"model\",\"status\":\"ok\"");
    assert_says("pictures a second on each core");
}

static void a_model_that_cannot_be_read_is_named(void **state)
{
    (void)state;
    char option[] = "--model", file[] = "/no/such/model.onnx", path[4096];
    if (dw_runtime_find(path, sizeof(path), NULL) != 0)
        return;
    assert_int_equal(doctor(option, file), 1);
    assert_says("missing  model         model '/no/such/model.onnx': no such file");
}

static void wrong_usage_is_two_and_help_is_zero(void **state)
{
    (void)state;
    char help[] = "--help", operand[] = "please", option[] = "--jsn";
    assert_int_equal(doctor(help, NULL), 0);
    assert_says("usage: dwell doctor");
    assert_int_equal(doctor(operand, NULL), 2);
    assert_int_equal(doctor(option, NULL), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_missing_comes_with_how_to_get_it),
        cmocka_unit_test(a_machine_that_can_measure_says_how_fast),
        cmocka_unit_test(a_model_that_cannot_be_read_is_named),
        cmocka_unit_test(wrong_usage_is_two_and_help_is_zero),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* A command of the program run inside a test, and what it printed. */
#ifndef TESTS_UNIT_CMD_COMMAND_FIXTURE_H
#define TESTS_UNIT_CMD_COMMAND_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "cmd/commands.h"

static char output[32768];

/* Calls the command with arguments split at spaces; both standard streams go to `output`. */
static int run_command(int (*command)(int argc, char **argv), const char *arguments)
{
    char words[1024], *argv[32], *save = NULL;
    int argc = 0;
    snprintf(words, sizeof(words), "command %s", arguments);
    for (char *word = strtok_r(words, " ", &save); word != NULL; word = strtok_r(NULL, " ", &save))
        argv[argc++] = word;
    argv[argc] = NULL;
    FILE *file = tmpfile();
    assert_non_null(file);
    fflush(stdout);
    int out = dup(STDOUT_FILENO), errors = dup(STDERR_FILENO);
    dup2(fileno(file), STDOUT_FILENO);
    dup2(fileno(file), STDERR_FILENO);
    int status = command(argc, argv);
    fflush(stdout);
    dup2(out, STDOUT_FILENO);
    dup2(errors, STDERR_FILENO);
    close(out);
    close(errors);
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

#endif

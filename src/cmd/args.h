/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line of one command, as rows: the same rows read the arguments and print the help.
 * "--name value", "--name=value", "--" ends options, "-h" and "--help" print the help.
 */
#ifndef DW_CMD_ARGS_H
#define DW_CMD_ARGS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct dw_arg {
    const char *name;  /* without the dashes */
    const char *value; /* what it wants, as in the help ("FILE"); NULL: nothing */
    const char *help;
};

struct dw_args {
    const char *command;  /* "analyze" */
    const char *synopsis; /* "SOURCE --zones FILE [...]" */
    const char *about;    /* one sentence or more for the help */
    const struct dw_arg *rows;
    size_t row_count;
    int argc; /* argv[0] is the command's name */
    char **argv;
    int at;             /* 0: start */
    bool only_operands; /* after "--" */
};

enum dw_args_result {
    DW_ARGS_END,
    DW_ARGS_OPTION,  /* *name and *value are set */
    DW_ARGS_OPERAND, /* *value is set */
    DW_ARGS_HELP,    /* the help was printed: leave with 0 */
    DW_ARGS_WRONG,   /* a sentence was printed: leave with 2 */
};

enum dw_args_result dw_args_next(struct dw_args *args, const char **name, const char **value);

/*
 * What a command does with each argument. Both return 0, or a negative errno with a sentence:
 * -EINVAL is wrong usage, anything else a failure.
 */
struct dw_args_reader {
    int (*option)(void *user, const char *name, const char *value, struct dw_err *err);
    int (*operand)(void *user, const char *value, struct dw_err *err);
    void *user;
};

/* Reads all arguments. -1: go on; else the exit code to leave with, whatever was wrong was said. */
int dw_args_read(struct dw_args *args, const struct dw_args_reader *reader);

/*
 * Keeps the only operand of a command; -EINVAL with a sentence when there is one already. `what` is
 * the word for it: "video".
 */
int dw_args_take_one(const char **operand, const char *what, const char *value, struct dw_err *err);

/* "dwell COMMAND: sentence" on standard error, with a pointer to --help; returns 2. */
int dw_args_wrong(const struct dw_args *args, const char *format, ...) DW_PRINTF(2, 3);

/* "dwell COMMAND: sentence" on standard error; returns 1. */
int dw_args_failed(const struct dw_args *args, const struct dw_err *err);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/args.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/suggest.h"

#define ROWS_MAX 64

int dw_args_wrong(const struct dw_args *args, const char *format, ...)
{
    char text[512];
    va_list list;
    va_start(list, format);
    vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    fprintf(stderr, "dwell %s: %s\nTry 'dwell %s --help'.\n", args->command, text, args->command);
    return 2;
}

int dw_args_failed(const struct dw_args *args, const struct dw_err *err)
{
    fprintf(stderr, "dwell %s: %s\n", args->command, err->text);
    return 1;
}

static void print_help(const struct dw_args *args)
{
    printf("usage: dwell %s %s\n\n%s\n\n", args->command, args->synopsis, args->about);
    for (size_t i = 0; i < args->row_count; i++) {
        const struct dw_arg *row = &args->rows[i];
        char left[64];
        snprintf(left, sizeof(left), "--%s%s%s", row->name, row->value != NULL ? " " : "",
                 row->value != NULL ? row->value : "");
        printf("  %-22s %s\n", left, row->help);
    }
    printf("  %-22s %s\n", "--help", "this text");
}

static const struct dw_arg *find(const struct dw_args *args, const char *name, size_t length)
{
    for (size_t i = 0; i < args->row_count; i++)
        if (strlen(args->rows[i].name) == length && strncmp(args->rows[i].name, name, length) == 0)
            return &args->rows[i];
    return NULL;
}

static enum dw_args_result fail_unknown(const struct dw_args *args, const char *given)
{
    const char *names[ROWS_MAX];
    size_t count = 0;
    char name[80];
    snprintf(name, sizeof(name), "%.*s", (int)strcspn(given, "="), given);
    for (; count < args->row_count && count < ROWS_MAX; count++)
        names[count] = args->rows[count].name;
    const char *near = dw_suggest(name, names, count);
    if (near != NULL)
        dw_args_wrong(args, "there is no option '--%s'; did you mean '--%s'?", name, near);
    else
        dw_args_wrong(args, "there is no option '--%s'", name);
    return DW_ARGS_WRONG;
}

static enum dw_args_result take_option(struct dw_args *args, const char *given, const char **name,
                                       const char **value)
{
    const char *equals = strchr(given, '=');
    size_t length = equals != NULL ? (size_t)(equals - given) : strlen(given);
    const struct dw_arg *row = find(args, given, length);
    if (row == NULL)
        return fail_unknown(args, given);
    *name = row->name;
    *value = equals != NULL ? equals + 1 : NULL;
    if (row->value == NULL && equals != NULL) {
        dw_args_wrong(args, "option '--%s' takes no value", row->name);
        return DW_ARGS_WRONG;
    }
    if (row->value == NULL || equals != NULL)
        return DW_ARGS_OPTION;
    if (args->at + 1 >= args->argc) {
        dw_args_wrong(args, "option '--%s' wants a value: %s", row->name, row->value);
        return DW_ARGS_WRONG;
    }
    *value = args->argv[++args->at];
    return DW_ARGS_OPTION;
}

enum dw_args_result dw_args_next(struct dw_args *args, const char **name, const char **value)
{
    if (++args->at >= args->argc)
        return DW_ARGS_END;
    const char *given = args->argv[args->at];
    bool operand = args->only_operands || given[0] != '-' || given[1] == '\0';
    if (operand) {
        *value = given;
        return DW_ARGS_OPERAND;
    }
    if (strcmp(given, "--") == 0) {
        args->only_operands = true;
        return dw_args_next(args, name, value);
    }
    if (strcmp(given, "-h") == 0 || strcmp(given, "--help") == 0) {
        print_help(args);
        return DW_ARGS_HELP;
    }
    if (given[1] != '-') {
        dw_args_wrong(args, "there is no option '%s'; options begin with two dashes", given);
        return DW_ARGS_WRONG;
    }
    return take_option(args, given + 2, name, value);
}

int dw_args_read(struct dw_args *args, const struct dw_args_reader *reader)
{
    const char *name = NULL, *value = NULL;
    struct dw_err err = { 0 };
    int r = 0;
    while (r == 0) {
        switch (dw_args_next(args, &name, &value)) {
        case DW_ARGS_HELP:
            return 0;
        case DW_ARGS_WRONG:
            return 2;
        case DW_ARGS_OPTION:
            r = reader->option(reader->user, name, value, &err);
            break;
        case DW_ARGS_OPERAND:
            r = reader->operand(reader->user, value, &err);
            break;
        case DW_ARGS_END:
            return -1;
        }
    }
    return r == -EINVAL ? dw_args_wrong(args, "%s", err.text) : dw_args_failed(args, &err);
}

int dw_args_take_one(const char **operand, const char *what, const char *value, struct dw_err *err)
{
    if (*operand != NULL)
        return dw_fail(err, -EINVAL, "one %s at a time: '%s' or '%s'?", what, *operand, value);
    *operand = value;
    return 0;
}

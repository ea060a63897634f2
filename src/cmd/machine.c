/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/machine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/macros.h"

struct vector_flag {
    const char *flag; /* as the kernel calls it */
    const char *name;
};

static const struct vector_flag vector_flags[] = {
    { "avx2", "AVX2" },         { "avx512f", "AVX-512" }, { "avx512_vnni", "VNNI" },
    { "avx_vnni", "AVX-VNNI" }, { "asimd", "NEON" },      { "neon", "NEON" },
};

/* Whether `word` stands between spaces in `text`. */
static bool has_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = strstr(text, word); at != NULL; at = strstr(at + 1, word))
        if (at > text && at[-1] == ' ' && (at[length] == ' ' || at[length] == '\0'))
            return true;
    return false;
}

static void read_flags(struct dw_machine *machine, const char *flags)
{
    size_t length = 0;
    for (size_t i = 0; i < DW_LENGTH(vector_flags); i++)
        if (has_word(flags, vector_flags[i].flag) && length < sizeof(machine->vectors))
            length += (size_t)snprintf(machine->vectors + length, sizeof(machine->vectors) - length,
                                       "%s%s", length > 0 ? ", " : "", vector_flags[i].name);
    machine->fast_vectors = length > 0;
}

/* The value behind "key   : value" when the line has this key, else NULL. */
static const char *value_of(const char *line, const char *key)
{
    size_t length = strlen(key);
    if (strncmp(line, key, length) != 0)
        return NULL;
    line += length + strspn(line + length, " \t");
    return line[0] == ':' ? line + 1 : NULL; /* keeps the space, which ends the word before it */
}

static void read_processor(struct dw_machine *machine)
{
    FILE *file = fopen("/proc/cpuinfo", "re");
    char *line = NULL;
    size_t size = 0;
    while (file != NULL && getline(&line, &size, file) > 0) {
        line[strcspn(line, "\n")] = '\0';
        const char *name = value_of(line, "model name"), *flags = value_of(line, "flags");
        if (flags == NULL)
            flags = value_of(line, "Features");
        if (name != NULL && machine->processor[0] == '\0')
            snprintf(machine->processor, sizeof(machine->processor), "%s",
                     name + strspn(name, " "));
        if (flags != NULL && machine->vectors[0] == '\0')
            read_flags(machine, flags);
    }
    free(line);
    if (file != NULL)
        fclose(file);
}

static void read_memory(struct dw_machine *machine)
{
    FILE *file = fopen("/proc/meminfo", "re");
    char *line = NULL;
    size_t size = 0;
    machine->memory_bytes = machine->available_bytes = -1;
    while (file != NULL && getline(&line, &size, file) > 0) {
        const char *total = strncmp(line, "MemTotal:", 9) == 0 ? line + 9 : NULL;
        const char *available = strncmp(line, "MemAvailable:", 13) == 0 ? line + 13 : NULL;
        if (total != NULL)
            machine->memory_bytes = strtoll(total, NULL, 10) * 1024;
        if (available != NULL)
            machine->available_bytes = strtoll(available, NULL, 10) * 1024;
    }
    free(line);
    if (file != NULL)
        fclose(file);
}

void dw_machine_read(struct dw_machine *machine)
{
    *machine = (struct dw_machine){ .cores = (int)sysconf(_SC_NPROCESSORS_ONLN) };
    read_processor(machine);
    read_memory(machine);
}

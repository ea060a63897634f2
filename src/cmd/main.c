/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <malloc.h>
#include <stdio.h>
#include <string.h>

#include "base/macros.h"
#include "base/suggest.h"
#include "cmd/commands.h"
#include "media/decoder_child.h"

struct command {
    const char *name;
    int (*run)(int argc, char **argv);
    const char *summary;
};

/* Keep sorted. */
static const struct command commands[] = {
    { "analyze", dw_cmd_analyze, "measure visits in a video, a stream or a detections file" },
    { "bench", dw_cmd_bench, "say where the time goes, in milliseconds a frame" },
    { "calibrate", dw_cmd_calibrate, "learn where the floor is from people walking" },
    { "discover", dw_cmd_discover, "find the cameras of this network and their streams" },
    { "doctor", dw_cmd_doctor, "say what is installed, what is missing and how to get it" },
    { "export", dw_cmd_export, "visits, crossings or counts by the hour, as CSV or JSON Lines" },
    { "import", dw_cmd_import, "visits from a CSV file into a store" },
    { "remeasure", dw_cmd_remeasure, "visits for redrawn zones from stored foot tracks" },
    { "report", dw_cmd_report, "figures per zone from a store, as table or page" },
    { "score", dw_cmd_score, "compare measured visits with true ones" },
    { "serve", dw_cmd_serve, "measure cameras for as long as it runs, with a page in the browser" },
    { "simulate", dw_cmd_simulate, "fill a store with visits of a shop that does not exist" },
    { "staff", dw_cmd_staff,
      "train a model that tells staff from shoppers; show it; forget a set" },
    { "store", dw_cmd_store, "check, copy, prune a store, and say how big it is" },
    { "support-bundle", dw_cmd_support_bundle,
      "what somebody who helps wants to know, in one file" },
    { "tune", dw_cmd_tune, "search the settings that measure true sequences best" },
    { "zones", dw_cmd_zones, "write a still picture with the zones drawn" },
};

static void print_help(FILE *out)
{
    fputs("dwell: how long people stay in front of your displays\n\nusage: dwell COMMAND ...\n\n",
          out);
    for (size_t i = 0; i < DW_LENGTH(commands); i++)
        fprintf(out, "  %-14s %s\n", commands[i].name, commands[i].summary);
    fputs("\n'dwell COMMAND --help' says more; 'dwell --version' says which this is.\n", out);
}

static int fail_unknown(const char *name)
{
    const char *names[DW_LENGTH(commands)];
    for (size_t i = 0; i < DW_LENGTH(commands); i++)
        names[i] = commands[i].name;
    const char *near = dw_suggest(name, names, DW_LENGTH(names));
    if (near != NULL)
        fprintf(stderr, "dwell: there is no command '%s'; did you mean '%s'?\n", name, near);
    else
        fprintf(stderr, "dwell: there is no command '%s'; 'dwell --help' lists them\n", name);
    return 2;
}

/* A table that a full disk did not take is not there, whatever the command thinks. */
static int end_output(const char *name, int code)
{
    int error = ferror(stdout) != 0 ? EIO : 0;
    if (fflush(stdout) != 0)
        error = errno;
    if (error == 0 || code != 0)
        return code;
    fprintf(stderr, "dwell %s: standard output cannot be written: %s\n", name, strerror(error));
    return 1;
}

static int run(int argc, char **argv)
{
    const char *name = argc > 1 ? argv[1] : "";
    if (strcmp(name, "--version") == 0 || strcmp(name, "version") == 0) {
        puts("dwell " DWELL_VERSION);
        return 0;
    }
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0) {
        print_help(stdout);
        return 0;
    }
    if (argc < 2) {
        print_help(stderr);
        return 2;
    }
    if (strcmp(name, DW_DECODER_ARGUMENT) == 0)
        return dw_cmd_decoder(argc - 1, argv + 1);
    for (size_t i = 0; i < DW_LENGTH(commands); i++)
        if (strcmp(commands[i].name, name) == 0)
            return commands[i].run(argc - 1, argv + 1);
    return fail_unknown(name);
}

/* By itself the C library begins to take pictures from its heaps, of which each camera's thread has
 * one, as soon as one was given back. Each film or stream that is opened anew leaves other holes
 * there, and memory rises for half an hour. */
static void keep_pictures_out_of_heaps(void)
{
    (void)mallopt(M_MMAP_THRESHOLD, 128 << 10);
}

int main(int argc, char **argv)
{
    keep_pictures_out_of_heaps();
    return end_output(argc > 1 ? argv[1] : "", run(argc, argv));
}

/* SPDX-License-Identifier: Apache-2.0 */
/* `dwell decoder`, which is not for people: what the program starts itself as, one a camera. */
#include <stdio.h>
#include <string.h>

#include "cmd/commands.h"
#include "media/decoder_child.h"
#include "media/sandbox.h"

int dw_cmd_decoder(int argc, char **argv)
{
    struct dw_err err = { 0 };
    if (argc == 1)
        return dw_decoder_child();
    if (argc != 2 || strcmp(argv[1], "--self-check") != 0) {
        fputs("dwell decoder: dwell starts it itself, for each camera; people can have it tried\n"
              "with 'dwell decoder --self-check'\n",
              stderr);
        return 2;
    }
    if (dw_sandbox_check(&err) < 0) {
        fprintf(stderr, "dwell decoder: %s\n", err.text);
        return 1;
    }
    puts("decoders are sandboxed: no socket, no file, no program, no other descriptor");
    return 0;
}

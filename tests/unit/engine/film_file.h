/* SPDX-License-Identifier: Apache-2.0 */
/* A detections file for tests: one person stands still for a number of frames. */
#ifndef TESTS_UNIT_ENGINE_FILM_FILE_H
#define TESTS_UNIT_ENGINE_FILM_FILE_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FILM_PATH_SIZE 40

static inline void film_file_rewrite(const char *path, int frames)
{
    FILE *file = fopen(path, "wbe");
    assert(file != NULL);
    for (int i = 1; i <= frames; i++)
        fprintf(file, "%d,-1,100,100,50,120,0.9\n", i);
    fclose(file);
}

/* Writes the file to a new name in `path`; the caller unlinks it. */
static inline void film_file_write(char path[FILM_PATH_SIZE], int frames)
{
    snprintf(path, FILM_PATH_SIZE, P_tmpdir "/dwell-film-XXXXXX.csv");
    int descriptor = mkstemps(path, 4);
    assert(descriptor >= 0);
    close(descriptor);
    film_file_rewrite(path, frames);
}

#endif

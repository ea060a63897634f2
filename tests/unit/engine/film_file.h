/* SPDX-License-Identifier: Apache-2.0 */
/* A detections file for tests: one person stands still for a number of frames. */
#ifndef TESTS_UNIT_ENGINE_FILM_FILE_H
#define TESTS_UNIT_ENGINE_FILM_FILE_H

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FILM_PATH_SIZE 40

/* Writes the file to a new name in `path`; the caller unlinks it. */
static inline void film_file_write(char path[FILM_PATH_SIZE], int frames)
{
    snprintf(path, FILM_PATH_SIZE, P_tmpdir "/dwell-film-XXXXXX.csv");
    int descriptor = mkstemps(path, 4);
    assert(descriptor >= 0);
    FILE *file = fdopen(descriptor, "wb");
    for (int i = 1; i <= frames; i++)
        fprintf(file, "%d,-1,100,100,50,120,0.9\n", i);
    fclose(file);
}

#endif

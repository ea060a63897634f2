/* SPDX-License-Identifier: Apache-2.0 */
#include "media/detections_csv.h"

#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/macros.h"

#define LINE_SIZE 1024
#define FRAME_MAX 1e12     /* a camera's frames in a thousand years */
#define COORDINATE_MAX 1e6 /* far beyond any picture; keeps float arithmetic exact enough */

enum { FRAME, ID, X, Y, W, H, SCORE, COLUMN_COUNT };

static const char *const column_names[COLUMN_COUNT] = {
    "frame", "id", "x", "y", "w", "h", "score"
};

void dw_detections_csv_init(struct dw_detections_csv *csv, FILE *file)
{
    *csv = (struct dw_detections_csv){ .file = file, .names_allowed = true };
}

/* Reads a line without its end into `text`: 1, 0 at the end of the file, or an error. */
static int read_line(struct dw_detections_csv *csv, char text[LINE_SIZE], struct dw_err *err)
{
    size_t length = 0;
    int byte = getc(csv->file);
    if (byte == EOF)
        return ferror(csv->file) ? dw_fail(err, -EIO, "line %lld could not be read: %s",
                                           (long long)csv->line + 1, strerror(errno))
                                 : 0;
    csv->line++;
    for (; byte != EOF && byte != '\n'; byte = getc(csv->file)) {
        if (byte == '\0')
            return dw_fail(err, -EINVAL, "line %lld is not text: is this a detections file?",
                           (long long)csv->line);
        if (length + 1 == LINE_SIZE)
            return dw_fail(err, -EINVAL, "line %lld is longer than %d characters",
                           (long long)csv->line, LINE_SIZE - 1);
        text[length++] = (char)byte;
    }
    if (length > 0 && text[length - 1] == '\r')
        length--;
    text[length] = '\0';
    return 1;
}

/* Where the content of a line starts: behind blanks and a byte order mark. */
static const char *line_start(const struct dw_detections_csv *csv, const char *text)
{
    static const char mark[] = "\xef\xbb\xbf";
    if (csv->line == 1 && strncmp(text, mark, strlen(mark)) == 0)
        text += strlen(mark);
    return text + strspn(text, " \t");
}

/* Blank, a comment, or the names of the columns. */
static bool is_skipped(struct dw_detections_csv *csv, const char *text)
{
    if (*text == '\0' || *text == '#')
        return true;
    bool names = csv->names_allowed && (isalpha((unsigned char)*text) || *text == '"');
    csv->names_allowed = false;
    return names;
}

/* Reads a plain decimal number and the comma behind it, if any. */
static bool take_number(const char **at, double *value)
{
    *at += strspn(*at, " \t");
    size_t length = strspn(*at, "+-.0123456789eE");
    char *end = NULL;
    *value = strtod(*at, &end);
    if (length == 0 || end != *at + length || !isfinite(*value))
        return false;
    *at = end + strspn(end, " \t");
    if (**at == ',') {
        (*at)++;
        return true;
    }
    return **at == '\0';
}

static int take_columns(const struct dw_detections_csv *csv, const char *text,
                        double values[COLUMN_COUNT], struct dw_err *err)
{
    values[SCORE] = 1;
    const char *at = text;
    for (int i = 0; i < COLUMN_COUNT; i++) {
        bool last = *at == '\0';
        if (last && i == SCORE)
            break;
        if (last)
            return dw_fail(err, -EINVAL,
                           "line %lld ends before '%s': wants frame,id,x,y,w,h,score separated by "
                           "commas",
                           (long long)csv->line, column_names[i]);
        const char *field = at;
        if (!take_number(&at, &values[i]))
            return dw_fail(err, -EINVAL, "line %lld: %s '%.*s' is no number", (long long)csv->line,
                           column_names[i], (int)DW_MIN(strcspn(field, ","), (size_t)40), field);
    }
    return 0;
}

static int check_frame(const struct dw_detections_csv *csv, double frame, struct dw_err *err)
{
    long long line = (long long)csv->line;
    if (frame < 1 || frame > FRAME_MAX || frame != floor(frame))
        return dw_fail(err, -EINVAL, "line %lld: frame %.12g: frames are whole numbers from 1",
                       line, frame);
    if (frame < (double)csv->frame)
        return dw_fail(err, -EINVAL,
                       "line %lld: frame %.0f comes after frame %lld: sort the file by frame", line,
                       frame, (long long)csv->frame);
    if (frame == (double)csv->frame && csv->on_frame == DW_DETECTIONS_PER_FRAME_MAX)
        return dw_fail(err, -EINVAL, "line %lld: frame %.0f has more than %d detections", line,
                       frame, DW_DETECTIONS_PER_FRAME_MAX);
    return 0;
}

static int check_box(const struct dw_detections_csv *csv, const double values[COLUMN_COUNT],
                     struct dw_err *err)
{
    long long line = (long long)csv->line;
    for (int i = X; i <= H; i++)
        if (fabs(values[i]) > COORDINATE_MAX)
            return dw_fail(err, -EINVAL, "line %lld: %s %g is no pixel position", line,
                           column_names[i], values[i]);
    if (values[W] <= 0 || values[H] <= 0)
        return dw_fail(err, -EINVAL, "line %lld: a box of %g x %g pixels: w and h must be over 0",
                       line, values[W], values[H]);
    if (values[SCORE] < 0 || values[SCORE] > 1)
        return dw_fail(err, -EINVAL, "line %lld: score %g must be between 0 and 1", line,
                       values[SCORE]);
    return 0;
}

static int parse_row(struct dw_detections_csv *csv, const char *text, struct dw_detections_row *row,
                     struct dw_err *err)
{
    double values[COLUMN_COUNT] = { 0 };
    int code = take_columns(csv, text, values, err);
    if (code == 0)
        code = check_frame(csv, values[FRAME], err);
    if (code == 0)
        code = check_box(csv, values, err);
    if (code != 0)
        return code;
    int64_t frame = (int64_t)values[FRAME];
    csv->on_frame = frame == csv->frame ? csv->on_frame + 1 : 1;
    csv->frame = frame;
    *row = (struct dw_detections_row){
        .frame = frame,
        .detection = {
            .box = { (float)values[X], (float)values[Y], (float)values[W], (float)values[H] },
            .score = (float)values[SCORE],
        },
    };
    return 1;
}

int dw_detections_csv_read(struct dw_detections_csv *csv, struct dw_detections_row *row,
                           struct dw_err *err)
{
    char line[LINE_SIZE];
    int code = 0;
    while ((code = read_line(csv, line, err)) > 0) {
        const char *text = line_start(csv, line);
        if (!is_skipped(csv, text))
            return parse_row(csv, text, row, err);
    }
    return code;
}

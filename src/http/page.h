/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page: the files that tools/embed-page put into the program. Names with a hash in them never
 * change and are kept by browsers for a year; all else is asked for again, with its ETag. What is
 * no file and has no ending is a view of the page, and gets index.html.
 */
#ifndef DW_HTTP_PAGE_H
#define DW_HTTP_PAGE_H

#include "http/message.h"

/* As tools/embed-page writes them. */
struct dw_page_file {
    const char *path; /* "/assets/index-4f3a2b1c.js" */
    const char *content_type, *etag;
    bool immutable; /* its name changes with it */
    const unsigned char *bytes, *gzip;
    size_t size, gzip_size; /* gzip_size 0: it would not be smaller */
};

extern const struct dw_page_file dw_page_files[]; /* by path */
extern const size_t dw_page_file_count;
extern const char dw_page_policy[]; /* Content-Security-Policy, with hashes of inline scripts */

/* GET and HEAD. */
void dw_page_answer(const struct dw_request *request, struct dw_response *response);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/* Private to http/access*.c. */
#ifndef DW_HTTP_ACCESS_IMPL_H
#define DW_HTTP_ACCESS_IMPL_H

#include "base/buf.h"
#include "base/vec.h"
#include "http/access.h"

struct dw_access_account {
    char name[DW_USER_NAME_MAX + 1];
    char password[DW_PASSWORD_HASH_SIZE];
    enum dw_access_level level;
    int64_t created_us;
};

/* What DATA/access.json holds. */
struct dw_access_book {
    DW_VEC(struct dw_access_account) accounts; /* by name */
    DW_VEC(struct dw_access_token) tokens;     /* by age */
};

void dw_access_book_fini(struct dw_access_book *book);

/* The text of the file and back. -EBADMSG with a sentence. */
void dw_access_book_write(const struct dw_access_book *book, struct dw_buf *out);
int dw_access_book_parse(struct dw_access_book *book, const char *text, size_t length,
                         struct dw_err *err);

#endif

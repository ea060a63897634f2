/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Who may do what: users with a role and a password, the sessions they sign in to, and API tokens
 * for programs. A site belongs to nobody until somebody opens the one-time claim link that is
 * printed at start, and becomes its first administrator.
 *
 * Users and tokens are kept in DATA/access.json (0600, replaced whole), passwords as argon2id,
 * tokens as hashes. Sessions live in memory: a restart signs everybody out. Any thread; times are
 * wall time in microseconds.
 */
#ifndef DW_HTTP_ACCESS_H
#define DW_HTTP_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "http/secret.h"

#define DW_USER_NAME_MAX 64
#define DW_PASSWORD_MIN 10
#define DW_PASSWORD_MAX 256
#define DW_SESSION_IDLE_US INT64_C(43200000000)     /* 12 h */
#define DW_SESSION_LONGEST_US INT64_C(604800000000) /* a week */

/* What a user may do: each may what those before it may. */
enum dw_access_level {
    DW_LEVEL_NONE,   /* not signed in */
    DW_LEVEL_VIEWER, /* reads measurements */
    DW_LEVEL_EDITOR, /* zones and promotions too */
    DW_LEVEL_ADMIN,  /* all */
    DW_LEVEL_COUNT
};

/* What a token may do, and nothing else: bits. */
enum dw_scope {
    DW_SCOPE_READ = 1,    /* what viewers may */
    DW_SCOPE_WRITE = 2,   /* what only editors may */
    DW_SCOPE_ADMIN = 4,   /* what only administrators may */
    DW_SCOPE_METRICS = 8, /* /metrics */
};
#define DW_SCOPES 4

/* "viewer", ...; DW_LEVEL_NONE for another word. "read", ...; 0 for another word. */
const char *dw_access_level_name(enum dw_access_level level);
enum dw_access_level dw_access_level_parse(const char *name);
const char *dw_scope_name(enum dw_scope scope);
unsigned dw_scope_parse(const char *name);

/* Who asks. All zero: nobody. */
struct dw_principal {
    char name[DW_USER_NAME_MAX + 1]; /* of the user, or of the token */
    enum dw_access_level level;      /* of a user */
    unsigned scopes;                 /* of a token; 0: it is a user */
    char csrf[DW_TOKEN_HASH_SIZE];   /* what a user's page sends back with every change */
};

struct dw_access;

/* Reads DATA/access.json, which may be missing. */
int dw_access_create(struct dw_access **out, const char *folder, struct dw_err *err);
void dw_access_destroy(struct dw_access *access);

bool dw_access_claimed(struct dw_access *access);

/* What stands behind the "#" of the claim link, until the site is claimed; made anew with each
 * start. "" afterwards. */
void dw_access_claim_token(struct dw_access *access, char out[DW_TOKEN_SIZE]);

/* A name and a password, and from where they come. */
struct dw_credentials {
    const char *name, *password;
    const char *client; /* address */
};

/*
 * Both fill `session` (the cookie's value). -EACCES: wrong; -EAGAIN: too many tries, *wait_s says
 * when again; -EINVAL: no good name or password; -EPERM: the site is claimed already.
 */
int dw_access_claim(struct dw_access *access, const char *token,
                    const struct dw_credentials *credentials, char session[DW_TOKEN_SIZE],
                    int *wait_s, struct dw_err *err);
int dw_access_sign_in(struct dw_access *access, const struct dw_credentials *credentials,
                      char session[DW_TOKEN_SIZE], int *wait_s, struct dw_err *err);
void dw_access_sign_out(struct dw_access *access, const char *session);

/* Whether a cookie, or a token, is one of ours and still good. */
bool dw_access_by_session(struct dw_access *access, const char *session,
                          struct dw_principal *principal);
bool dw_access_by_token(struct dw_access *access, const char *token,
                        struct dw_principal *principal);

/* --- Users: sorted by name. -EEXIST, -ENOENT, -EINVAL; -EPERM would leave no administrator. */

struct dw_access_user {
    char name[DW_USER_NAME_MAX + 1];
    enum dw_access_level level;
    int64_t created_us;
    int sessions;
};

/* The caller frees the array. */
struct dw_access_user *dw_access_users(struct dw_access *access, size_t *count);
int dw_access_user_add(struct dw_access *access, const char *name, const char *password,
                       enum dw_access_level level, struct dw_err *err);
/* Password NULL or level DW_LEVEL_NONE: as it is. Ends the user's sessions. */
int dw_access_user_change(struct dw_access *access, const char *name, const char *password,
                          enum dw_access_level level, struct dw_err *err);
int dw_access_user_remove(struct dw_access *access, const char *name, struct dw_err *err);

/* --- Tokens of programs: by age. */

struct dw_access_token {
    char id[DW_ID_SIZE];
    char name[DW_USER_NAME_MAX + 1];
    char hash[DW_TOKEN_HASH_SIZE];
    unsigned scopes;
    int64_t created_us, expires_us; /* 0: never */
    int64_t used_us;                /* since the start; 0: not */
};

struct dw_access_token *dw_access_tokens(struct dw_access *access, size_t *count);

/* Fills id, hash and time of `made`, whose other members the caller has set; `token` is said here
 * once and kept nowhere. */
int dw_access_token_add(struct dw_access *access, struct dw_access_token *made,
                        char token[DW_TOKEN_SIZE], struct dw_err *err);
int dw_access_token_remove(struct dw_access *access, const char *id, struct dw_err *err);

#endif

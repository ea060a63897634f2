/* SPDX-License-Identifier: Apache-2.0 */
#include "http/access.h"

#include <errno.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "conf/file.h"
#include "http/access_impl.h"
#include "http/throttle.h"

#define FILE_MAX ((size_t)4 * 1024 * 1024)
#define SESSIONS_MAX 4096
#define USERS_MAX 1000
#define TOKENS_MAX 1000

/* Of a password nobody has: an unknown name takes as long as a wrong password. */
#define NOBODYS                                                                                    \
    "$argon2id$v=19$m=65536,t=2,p=1$Es1gFrgOJTJmXxVqJ6VQ0w$"                                       \
    "kh2oFLjWk1J1wyo0e7NjXOSxDrnWvFFDwQvq2b5UXvI"

struct session {
    char hash[DW_TOKEN_HASH_SIZE];
    char csrf[DW_TOKEN_HASH_SIZE];
    char name[DW_USER_NAME_MAX + 1];
    int64_t created_us, used_us;
};

struct dw_access {
    pthread_mutex_t lock;
    char *path;
    struct dw_throttle *throttle;
    char claim[DW_TOKEN_SIZE];
    struct dw_access_book book;
    DW_VEC(struct session) sessions;
};

static const char *const levels[] = { "none", "viewer", "editor", "admin" };
static const char *const scopes[] = { "read", "write", "admin", "metrics" };

const char *dw_access_level_name(enum dw_access_level level)
{
    return levels[level];
}

enum dw_access_level dw_access_level_parse(const char *name)
{
    for (int i = DW_LEVEL_VIEWER; i < DW_LEVEL_COUNT; i++)
        if (strcmp(levels[i], name) == 0)
            return (enum dw_access_level)i;
    return DW_LEVEL_NONE;
}

const char *dw_scope_name(enum dw_scope scope)
{
    size_t i = 0;
    while (i + 1 < DW_SCOPES && 1U << i != (unsigned)scope)
        i++;
    return scopes[i];
}

unsigned dw_scope_parse(const char *name)
{
    for (unsigned i = 0; i < DW_SCOPES; i++)
        if (strcmp(scopes[i], name) == 0)
            return 1U << i;
    return 0;
}

/* --- The file ------------------------------------------------------------------------------- */

int dw_access_create(struct dw_access **out, const char *folder, struct dw_err *err)
{
    int result = dw_secret_init(err);
    if (result < 0)
        return result;
    struct dw_access *access = dw_alloc0(sizeof(*access));
    struct dw_buf text = { 0 };
    pthread_mutex_init(&access->lock, NULL);
    access->path = dw_strdup_printf("%s/access.json", folder);
    access->throttle = dw_throttle_create();
    result = dw_file_read_any(&text, access->path, FILE_MAX, err);
    if (result > 0 && text.length > 0) {
        result = dw_access_book_parse(&access->book, text.data, text.length, err);
        if (result < 0)
            dw_fail_within(err, result, "users in '%s'", access->path);
    }
    if (access->book.accounts.count == 0)
        dw_secret_token(access->claim);
    dw_buf_fini(&text);
    if (result < 0)
        dw_access_destroy(access);
    else
        *out = access;
    return DW_MIN(result, 0);
}

void dw_access_destroy(struct dw_access *access)
{
    if (access == NULL)
        return;
    dw_access_book_fini(&access->book);
    dw_vec_fini(&access->sessions);
    dw_throttle_destroy(access->throttle);
    pthread_mutex_destroy(&access->lock);
    free(access->path);
    free(access);
}

/* With the lock held. */
static int save(struct dw_access *access, struct dw_err *err)
{
    struct dw_buf text = { 0 };
    dw_access_book_write(&access->book, &text);
    int result = dw_file_write_secret(access->path, text.data, text.length, err);
    dw_buf_fini(&text);
    return result;
}

/* --- Looking up: with the lock held --------------------------------------------------------- */

static struct dw_access_account *find_account(struct dw_access *access, const char *name)
{
    for (size_t i = 0; i < access->book.accounts.count; i++)
        if (strcmp(access->book.accounts.items[i].name, name) == 0)
            return &access->book.accounts.items[i];
    return NULL;
}

static size_t count_admins(const struct dw_access *access)
{
    size_t count = 0;
    for (size_t i = 0; i < access->book.accounts.count; i++)
        count += access->book.accounts.items[i].level == DW_LEVEL_ADMIN;
    return count;
}

static bool is_over(const struct session *session, int64_t now_us)
{
    return now_us - session->used_us > DW_SESSION_IDLE_US ||
           now_us - session->created_us > DW_SESSION_LONGEST_US;
}

/* Those of a user (NULL: nobody's), and those that are over. */
static void end_sessions(struct dw_access *access, const char *name)
{
    int64_t now_us = dw_now_us();
    size_t kept = 0;
    for (size_t i = 0; i < access->sessions.count; i++) {
        const struct session *session = &access->sessions.items[i];
        if (!is_over(session, now_us) && (name == NULL || strcmp(session->name, name) != 0))
            access->sessions.items[kept++] = *session;
    }
    access->sessions.count = kept;
}

static void begin_session(struct dw_access *access, const char *name, char token[DW_TOKEN_SIZE])
{
    end_sessions(access, NULL);
    if (access->sessions.count == SESSIONS_MAX)
        dw_vec_remove(&access->sessions, 0);
    dw_secret_token(token);
    struct session *session = dw_vec_add(&access->sessions);
    session->created_us = session->used_us = dw_now_us();
    snprintf(session->name, sizeof(session->name), "%s", name);
    dw_secret_hash(session->hash, token, "session");
    dw_secret_hash(session->csrf, token, "csrf");
}

static struct session *find_session(struct dw_access *access, const char *token)
{
    char hash[DW_TOKEN_HASH_SIZE];
    dw_secret_hash(hash, token, "session");
    for (size_t i = 0; i < access->sessions.count; i++)
        if (strcmp(access->sessions.items[i].hash, hash) == 0)
            return &access->sessions.items[i];
    return NULL;
}

/* --- Names and passwords -------------------------------------------------------------------- */

static int check_name(const char *name, struct dw_err *err)
{
    bool good = *name != '\0' && strlen(name) <= DW_USER_NAME_MAX && *name != ' ';
    for (const char *at = name; good && *at != '\0'; at++)
        good = (unsigned char)*at >= ' ' && strchr("/?#%\\\"<>", *at) == NULL;
    return good ? 0
                : dw_fail(err, -EINVAL, "a name has 1 to %d bytes, and none of / ? # %% \\ \" < >",
                          DW_USER_NAME_MAX);
}

static int check_password(const char *name, const char *password, struct dw_err *err)
{
    size_t length = strlen(password);
    if (length < DW_PASSWORD_MIN || length > DW_PASSWORD_MAX)
        return dw_fail(err, -EINVAL, "a password has %d to %d characters; four words are good",
                       DW_PASSWORD_MIN, DW_PASSWORD_MAX);
    if (strcmp(name, password) == 0)
        return dw_fail(err, -EINVAL, "the password is the name: choose another");
    return 0;
}

/* Counts the try; clears it again with clear_tries() when it was good. */
static int count_try(struct dw_access *access, const struct dw_credentials *credentials,
                     int *wait_s, struct dw_err *err)
{
    char name[DW_USER_NAME_MAX + 8], client[80];
    int64_t now_us = dw_now_us();
    snprintf(name, sizeof(name), "name %s", credentials->name);
    snprintf(client, sizeof(client), "from %s", credentials->client);
    *wait_s = dw_throttle_try(access->throttle, client, DW_THROTTLE_FREE_ADDRESS, now_us);
    if (*wait_s == 0)
        *wait_s = dw_throttle_try(access->throttle, name, DW_THROTTLE_FREE_NAME, now_us);
    return *wait_s == 0
               ? 0
               : dw_fail(err, -EAGAIN, "too many tries: wait %d s before the next", *wait_s);
}

static void clear_tries(struct dw_access *access, const struct dw_credentials *credentials)
{
    char name[DW_USER_NAME_MAX + 8], client[80];
    snprintf(name, sizeof(name), "name %s", credentials->name);
    snprintf(client, sizeof(client), "from %s", credentials->client);
    dw_throttle_clear(access->throttle, client);
    dw_throttle_clear(access->throttle, name);
}

/* --- Signing in ----------------------------------------------------------------------------- */

bool dw_access_claimed(struct dw_access *access)
{
    pthread_mutex_lock(&access->lock);
    bool claimed = access->book.accounts.count > 0;
    pthread_mutex_unlock(&access->lock);
    return claimed;
}

void dw_access_claim_token(struct dw_access *access, char out[DW_TOKEN_SIZE])
{
    pthread_mutex_lock(&access->lock);
    memcpy(out, access->claim, DW_TOKEN_SIZE);
    pthread_mutex_unlock(&access->lock);
}

/* With the lock held; the book is as it was when it fails. */
static int add_account(struct dw_access *access, const struct dw_access_account *made,
                       struct dw_err *err)
{
    size_t at = 0;
    if (access->book.accounts.count >= USERS_MAX)
        return dw_fail(err, -EPERM, "there are %d users, and may be no more", USERS_MAX);
    while (at < access->book.accounts.count &&
           strcmp(access->book.accounts.items[at].name, made->name) < 0)
        at++;
    if (at < access->book.accounts.count &&
        strcmp(access->book.accounts.items[at].name, made->name) == 0)
        return dw_fail(err, -EEXIST, "there is a user '%s' already", made->name);
    dw_vec_push(&access->book.accounts, *made);
    struct dw_access_account *items = access->book.accounts.items;
    size_t behind = access->book.accounts.count - 1 - at;
    memmove(&items[at + 1], &items[at], behind * sizeof(*items));
    items[at] = *made;
    int result = save(access, err);
    if (result < 0)
        dw_vec_remove(&access->book.accounts, at);
    return result;
}

static int make_account(struct dw_access_account *made, const char *name, const char *password,
                        struct dw_err *err)
{
    int result = check_name(name, err);
    if (result == 0)
        result = check_password(name, password, err);
    if (result == 0)
        result = dw_secret_password(made->password, password, err);
    made->created_us = dw_now_us();
    snprintf(made->name, sizeof(made->name), "%s", name);
    return result;
}

/* With the lock held. */
static int check_claim(const struct dw_access *access, const char *token, struct dw_err *err)
{
    if (access->book.accounts.count > 0)
        return dw_fail(err, -EPERM, "this site is claimed already: sign in");
    if (!dw_secret_equal(access->claim, token))
        return dw_fail(err, -EACCES,
                       "this is not the claim link of the last start: use the one "
                       "that 'dwell serve' printed last");
    return 0;
}

int dw_access_claim(struct dw_access *access, const char *token,
                    const struct dw_credentials *credentials, char session[DW_TOKEN_SIZE],
                    int *wait_s, struct dw_err *err)
{
    struct dw_access_account made = { .level = DW_LEVEL_ADMIN };
    int result = count_try(access, credentials, wait_s, err);
    if (result < 0)
        return result;
    pthread_mutex_lock(&access->lock);
    result = check_claim(access, token, err);
    pthread_mutex_unlock(&access->lock);
    if (result == 0)
        result = make_account(&made, credentials->name, credentials->password, err);
    if (result < 0)
        return result;
    pthread_mutex_lock(&access->lock);
    result = check_claim(access, token, err); /* somebody may have been quicker */
    if (result == 0)
        result = add_account(access, &made, err);
    if (result == 0) {
        memset(access->claim, 0, sizeof(access->claim));
        begin_session(access, made.name, session);
    }
    pthread_mutex_unlock(&access->lock);
    if (result == 0)
        clear_tries(access, credentials);
    return result;
}

int dw_access_sign_in(struct dw_access *access, const struct dw_credentials *credentials,
                      char session[DW_TOKEN_SIZE], int *wait_s, struct dw_err *err)
{
    char hash[DW_PASSWORD_HASH_SIZE] = NOBODYS;
    int result = count_try(access, credentials, wait_s, err);
    if (result < 0)
        return result;
    pthread_mutex_lock(&access->lock);
    const struct dw_access_account *account = find_account(access, credentials->name);
    if (account != NULL)
        memcpy(hash, account->password, sizeof(hash));
    pthread_mutex_unlock(&access->lock);
    bool good = strlen(credentials->password) <= DW_PASSWORD_MAX &&
                dw_secret_password_is(hash, credentials->password);
    pthread_mutex_lock(&access->lock);
    account = find_account(access, credentials->name);
    good = good && account != NULL && strcmp(account->password, hash) == 0;
    if (good)
        begin_session(access, account->name, session);
    pthread_mutex_unlock(&access->lock);
    if (!good)
        return dw_fail(err, -EACCES, "name or password is wrong");
    clear_tries(access, credentials);
    return 0;
}

void dw_access_sign_out(struct dw_access *access, const char *session)
{
    pthread_mutex_lock(&access->lock);
    const struct session *found = find_session(access, session);
    if (found != NULL)
        dw_vec_remove(&access->sessions, (size_t)(found - access->sessions.items));
    pthread_mutex_unlock(&access->lock);
}

bool dw_access_by_session(struct dw_access *access, const char *session,
                          struct dw_principal *principal)
{
    int64_t now_us = dw_now_us();
    pthread_mutex_lock(&access->lock);
    struct session *found = find_session(access, session);
    const struct dw_access_account *account =
        found != NULL && !is_over(found, now_us) ? find_account(access, found->name) : NULL;
    if (account != NULL) {
        found->used_us = now_us;
        *principal = (struct dw_principal){ .level = account->level };
        memcpy(principal->name, account->name, sizeof(principal->name));
        memcpy(principal->csrf, found->csrf, sizeof(principal->csrf));
    }
    pthread_mutex_unlock(&access->lock);
    return account != NULL;
}

bool dw_access_by_token(struct dw_access *access, const char *token, struct dw_principal *principal)
{
    char hash[DW_TOKEN_HASH_SIZE];
    int64_t now_us = dw_now_us();
    bool found = false;
    dw_secret_hash(hash, token, "token");
    pthread_mutex_lock(&access->lock);
    for (size_t i = 0; i < access->book.tokens.count && !found; i++) {
        struct dw_access_token *known = &access->book.tokens.items[i];
        bool over = known->expires_us != 0 && known->expires_us <= now_us;
        if (strcmp(known->hash, hash) != 0 || over)
            continue;
        found = true;
        known->used_us = now_us;
        *principal = (struct dw_principal){ .scopes = known->scopes };
        memcpy(principal->name, known->name, sizeof(principal->name));
    }
    pthread_mutex_unlock(&access->lock);
    return found;
}

/* --- Users ---------------------------------------------------------------------------------- */

struct dw_access_user *dw_access_users(struct dw_access *access, size_t *count)
{
    pthread_mutex_lock(&access->lock);
    end_sessions(access, NULL);
    *count = access->book.accounts.count;
    struct dw_access_user *users = dw_alloc_array0(*count + 1, sizeof(*users));
    for (size_t i = 0; i < *count; i++) {
        const struct dw_access_account *account = &access->book.accounts.items[i];
        memcpy(users[i].name, account->name, sizeof(users[i].name));
        users[i].level = account->level;
        users[i].created_us = account->created_us;
        for (size_t k = 0; k < access->sessions.count; k++)
            users[i].sessions += strcmp(access->sessions.items[k].name, account->name) == 0;
    }
    pthread_mutex_unlock(&access->lock);
    return users;
}

int dw_access_user_add(struct dw_access *access, const char *name, const char *password,
                       enum dw_access_level level, struct dw_err *err)
{
    struct dw_access_account made = { .level = level };
    int result = make_account(&made, name, password, err);
    if (result < 0)
        return result;
    pthread_mutex_lock(&access->lock);
    result = add_account(access, &made, err);
    pthread_mutex_unlock(&access->lock);
    return result;
}

/* With the lock held. */
static int change_account(struct dw_access *access, const char *name,
                          const struct dw_access_account *changes, struct dw_err *err)
{
    struct dw_access_account *account = find_account(access, name);
    if (account == NULL)
        return dw_fail(err, -ENOENT, "there is no user '%s'", name);
    struct dw_access_account before = *account;
    if (changes->level != DW_LEVEL_NONE)
        account->level = changes->level;
    if (changes->password[0] != '\0')
        memcpy(account->password, changes->password, sizeof(account->password));
    int result = count_admins(access) > 0
                     ? save(access, err)
                     : dw_fail(err, -EPERM, "'%s' is the last administrator and stays one", name);
    if (result < 0)
        *account = before;
    else
        end_sessions(access, name);
    return result;
}

int dw_access_user_change(struct dw_access *access, const char *name, const char *password,
                          enum dw_access_level level, struct dw_err *err)
{
    struct dw_access_account changes = { .level = level };
    int result = 0;
    if (password != NULL) {
        result = check_password(name, password, err);
        if (result == 0)
            result = dw_secret_password(changes.password, password, err);
    }
    if (result < 0)
        return result;
    pthread_mutex_lock(&access->lock);
    result = change_account(access, name, &changes, err);
    pthread_mutex_unlock(&access->lock);
    return result;
}

/* With the lock held. */
static int remove_account(struct dw_access *access, const char *name, struct dw_err *err)
{
    const struct dw_access_account *account = find_account(access, name);
    if (account == NULL)
        return dw_fail(err, -ENOENT, "there is no user '%s'", name);
    if (account->level == DW_LEVEL_ADMIN && count_admins(access) == 1)
        return dw_fail(err, -EPERM, "'%s' is the last administrator and stays", name);
    struct dw_access_account before = *account;
    dw_vec_remove(&access->book.accounts, (size_t)(account - access->book.accounts.items));
    int result = save(access, err);
    if (result < 0)
        dw_vec_push(&access->book.accounts, before);
    else
        end_sessions(access, name);
    return result;
}

int dw_access_user_remove(struct dw_access *access, const char *name, struct dw_err *err)
{
    pthread_mutex_lock(&access->lock);
    int result = remove_account(access, name, err);
    pthread_mutex_unlock(&access->lock);
    return result;
}

/* --- Tokens --------------------------------------------------------------------------------- */

struct dw_access_token *dw_access_tokens(struct dw_access *access, size_t *count)
{
    pthread_mutex_lock(&access->lock);
    *count = access->book.tokens.count;
    struct dw_access_token *tokens = dw_alloc_array0(*count + 1, sizeof(*tokens));
    if (*count > 0)
        memcpy(tokens, access->book.tokens.items, *count * sizeof(*tokens));
    pthread_mutex_unlock(&access->lock);
    return tokens;
}

int dw_access_token_add(struct dw_access *access, struct dw_access_token *made,
                        char token[DW_TOKEN_SIZE], struct dw_err *err)
{
    int result = check_name(made->name, err);
    if (result < 0)
        return result;
    dw_secret_token(token);
    dw_secret_id(made->id);
    dw_secret_hash(made->hash, token, "token");
    made->created_us = dw_now_us();
    pthread_mutex_lock(&access->lock);
    if (access->book.tokens.count >= TOKENS_MAX) {
        result = dw_fail(err, -EPERM, "there are %d tokens, and may be no more", TOKENS_MAX);
    } else {
        dw_vec_push(&access->book.tokens, *made);
        result = save(access, err);
        if (result < 0)
            access->book.tokens.count--;
    }
    pthread_mutex_unlock(&access->lock);
    return result;
}

int dw_access_token_remove(struct dw_access *access, const char *id, struct dw_err *err)
{
    int result = -ENOENT;
    pthread_mutex_lock(&access->lock);
    for (size_t i = 0; i < access->book.tokens.count && result == -ENOENT; i++) {
        struct dw_access_token before = access->book.tokens.items[i];
        if (strcmp(before.id, id) != 0)
            continue;
        dw_vec_remove(&access->book.tokens, i);
        result = save(access, err);
        if (result < 0)
            dw_vec_push(&access->book.tokens, before);
    }
    pthread_mutex_unlock(&access->lock);
    return result == -ENOENT ? dw_fail(err, -ENOENT, "there is no token '%s'", id) : result;
}

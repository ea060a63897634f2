/* SPDX-License-Identifier: Apache-2.0 */
/* Users and tokens as they stand in DATA/access.json. */
#include <errno.h>
#include <jansson.h>
#include <string.h>

#include "base/json_writer.h"
#include "http/access_impl.h"

void dw_access_book_fini(struct dw_access_book *book)
{
    dw_vec_fini(&book->accounts);
    dw_vec_fini(&book->tokens);
}

static void write_scopes(struct dw_json_writer *json, unsigned scopes)
{
    dw_json_array_begin(json, "scopes");
    for (unsigned i = 0; i < DW_SCOPES; i++)
        if ((scopes & 1U << i) != 0)
            dw_json_string(json, NULL, dw_scope_name((enum dw_scope)(1U << i)));
    dw_json_array_end(json);
}

void dw_access_book_write(const struct dw_access_book *book, struct dw_buf *out)
{
    struct dw_json_writer json = { .out = out };
    dw_json_object_begin(&json, NULL);
    dw_json_array_begin(&json, "users");
    for (size_t i = 0; i < book->accounts.count; i++) {
        const struct dw_access_account *account = &book->accounts.items[i];
        dw_json_object_begin(&json, NULL);
        dw_json_string(&json, "name", account->name);
        dw_json_string(&json, "role", dw_access_level_name(account->level));
        dw_json_string(&json, "password", account->password);
        dw_json_integer(&json, "created_us", account->created_us);
        dw_json_object_end(&json);
    }
    dw_json_array_end(&json);
    dw_json_array_begin(&json, "tokens");
    for (size_t i = 0; i < book->tokens.count; i++) {
        const struct dw_access_token *token = &book->tokens.items[i];
        dw_json_object_begin(&json, NULL);
        dw_json_string(&json, "id", token->id);
        dw_json_string(&json, "name", token->name);
        dw_json_string(&json, "hash", token->hash);
        write_scopes(&json, token->scopes);
        dw_json_integer(&json, "created_us", token->created_us);
        dw_json_integer(&json, "expires_us", token->expires_us);
        dw_json_object_end(&json);
    }
    dw_json_array_end(&json);
    dw_json_object_end(&json);
    dw_buf_puts(out, "\n");
}

/* Copies a text member that fits; false when it is missing, empty or too long. */
static bool take_text(const json_t *object, const char *key, char *out, size_t size)
{
    const char *text = json_string_value(json_object_get(object, key));
    size_t length = text != NULL ? strlen(text) : 0;
    if (length == 0 || length >= size)
        return false;
    memcpy(out, text, length + 1);
    return true;
}

static bool take_account(struct dw_access_book *book, const json_t *object)
{
    struct dw_access_account *account = dw_vec_add(&book->accounts);
    const char *role = json_string_value(json_object_get(object, "role"));
    account->level = role != NULL ? dw_access_level_parse(role) : DW_LEVEL_NONE;
    account->created_us = json_integer_value(json_object_get(object, "created_us"));
    return account->level != DW_LEVEL_NONE &&
           take_text(object, "name", account->name, sizeof(account->name)) &&
           take_text(object, "password", account->password, sizeof(account->password));
}

static bool take_token(struct dw_access_book *book, const json_t *object)
{
    struct dw_access_token *token = dw_vec_add(&book->tokens);
    const json_t *scopes = json_object_get(object, "scopes");
    for (size_t i = 0; i < json_array_size(scopes); i++) {
        const char *word = json_string_value(json_array_get(scopes, i));
        token->scopes |= word != NULL ? dw_scope_parse(word) : 0;
    }
    token->created_us = json_integer_value(json_object_get(object, "created_us"));
    token->expires_us = json_integer_value(json_object_get(object, "expires_us"));
    return token->scopes != 0 && take_text(object, "id", token->id, sizeof(token->id)) &&
           take_text(object, "name", token->name, sizeof(token->name)) &&
           take_text(object, "hash", token->hash, sizeof(token->hash));
}

int dw_access_book_parse(struct dw_access_book *book, const char *text, size_t length,
                         struct dw_err *err)
{
    json_error_t where;
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &where);
    const json_t *users = json_object_get(root, "users"), *tokens = json_object_get(root, "tokens");
    bool good = json_is_array(users) && json_is_array(tokens);
    for (size_t i = 0; good && i < json_array_size(users); i++)
        good = take_account(book, json_array_get(users, i));
    for (size_t i = 0; good && i < json_array_size(tokens); i++)
        good = take_token(book, json_array_get(tokens, i));
    int result = 0;
    if (root == NULL)
        result = dw_fail(err, -EBADMSG, "line %d: %s", where.line, where.text);
    else if (!good)
        result = dw_fail(err, -EBADMSG, "it is not what Dwell writes");
    json_decref(root);
    return result;
}

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Secrets: random tokens, hashes of passwords (argon2id) and of tokens (BLAKE2b), comparisons that
 * take the same time whatever differs. Built on libsodium. Any thread.
 */
#ifndef DW_HTTP_SECRET_H
#define DW_HTTP_SECRET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

#define DW_TOKEN_SIZE 48      /* 32 random bytes as base64url, NUL */
#define DW_TOKEN_HASH_SIZE 72 /* hex, NUL */
#define DW_PASSWORD_HASH_SIZE 136
#define DW_ID_SIZE 20

/* Once, before anything else; may be called again. */
int dw_secret_init(struct dw_err *err);

/* A token that nobody guesses, and a short name for something, which need not be secret. */
void dw_secret_token(char out[DW_TOKEN_SIZE]);
void dw_secret_id(char out[DW_ID_SIZE]);

/* What is kept of a token. Tokens are random, so a quick hash does. `purpose` makes independent
 * hashes of one token. */
void dw_secret_hash(char out[DW_TOKEN_HASH_SIZE], const char *token, const char *purpose);

/* argon2id; takes about 0.1 s and 64 MiB, one at a time. */
int dw_secret_password(char out[DW_PASSWORD_HASH_SIZE], const char *password, struct dw_err *err);
bool dw_secret_password_is(const char *hash, const char *password);

/* NULL is equal to nothing. */
bool dw_secret_equal(const char *a, const char *b);

/* A number for a hash table whose collisions cannot be chosen from outside. */
uint64_t dw_secret_bucket(const char *text, const unsigned char key[16]);
void dw_secret_random(void *out, size_t size);

#endif

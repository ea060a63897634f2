/* SPDX-License-Identifier: Apache-2.0 */
#include "http/secret.h"

#include <errno.h>
#include <pthread.h>
#include <sodium.h>
#include <string.h>

#include "base/macros.h"

/* A tablet's worth of memory for each try is what makes guessing dear; several at once would make
 * it dear for this machine. */
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;

int dw_secret_init(struct dw_err *err)
{
    return sodium_init() < 0 ? dw_fail(err, -EIO, "libsodium finds no source of random numbers")
                             : 0;
}

void dw_secret_random(void *out, size_t size)
{
    randombytes_buf(out, size);
}

static void put_base64(char *out, size_t size, size_t byte_count)
{
    unsigned char bytes[32];
    randombytes_buf(bytes, byte_count);
    sodium_bin2base64(out, size, bytes, byte_count, sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}

void dw_secret_token(char out[DW_TOKEN_SIZE])
{
    put_base64(out, DW_TOKEN_SIZE, 32);
}

void dw_secret_id(char out[DW_ID_SIZE])
{
    put_base64(out, DW_ID_SIZE, 9);
}

void dw_secret_hash(char out[DW_TOKEN_HASH_SIZE], const char *token, const char *purpose)
{
    unsigned char hash[32];
    crypto_generichash(hash, sizeof(hash), (const unsigned char *)token, strlen(token),
                       (const unsigned char *)purpose, strlen(purpose));
    sodium_bin2hex(out, DW_TOKEN_HASH_SIZE, hash, sizeof(hash));
}

int dw_secret_password(char out[DW_PASSWORD_HASH_SIZE], const char *password, struct dw_err *err)
{
    _Static_assert(DW_PASSWORD_HASH_SIZE >= crypto_pwhash_argon2id_STRBYTES, "room");
    pthread_mutex_lock(&one_at_a_time);
    int result = crypto_pwhash_argon2id_str(out, password, strlen(password),
                                            crypto_pwhash_argon2id_OPSLIMIT_INTERACTIVE,
                                            crypto_pwhash_argon2id_MEMLIMIT_INTERACTIVE);
    pthread_mutex_unlock(&one_at_a_time);
    return result == 0 ? 0
                       : dw_fail(err, -EAGAIN, "there are no 64 MiB of memory for the password");
}

bool dw_secret_password_is(const char *hash, const char *password)
{
    pthread_mutex_lock(&one_at_a_time);
    bool same = crypto_pwhash_argon2id_str_verify(hash, password, strlen(password)) == 0;
    pthread_mutex_unlock(&one_at_a_time);
    return same;
}

bool dw_secret_equal(const char *a, const char *b)
{
    if (a == NULL || b == NULL)
        return false;
    char one[DW_TOKEN_HASH_SIZE], other[DW_TOKEN_HASH_SIZE];
    dw_secret_hash(one, a, "equality of secrets");
    dw_secret_hash(other, b, "equality of secrets");
    return sodium_memcmp(one, other, 64) == 0;
}

uint64_t dw_secret_bucket(const char *text, const unsigned char key[16])
{
    uint64_t hash = 0;
    _Static_assert(crypto_shorthash_BYTES == sizeof(hash), "64 bits");
    crypto_shorthash((unsigned char *)&hash, (const unsigned char *)text, strlen(text), key);
    return hash;
}

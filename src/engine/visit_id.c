/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/visit_id.h"

#include <sodium.h>
#include <string.h>

static void mix_text(crypto_generichash_state *state, const char *text)
{
    /* With its final NUL, so that "ab","c" and "a","bc" differ. */
    crypto_generichash_update(state, (const unsigned char *)text, strlen(text) + 1);
}

static void mix_number(crypto_generichash_state *state, int64_t number)
{
    unsigned char bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (unsigned char)((uint64_t)number >> (8 * i));
    crypto_generichash_update(state, bytes, sizeof(bytes));
}

void dw_visit_id(uint8_t out[16], const struct dw_output_context *context, const char *name,
                 int64_t person, int64_t time_us)
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, 16);
    mix_text(&state, context->record.site);
    mix_text(&state, context->record.camera);
    mix_text(&state, context->identity);
    mix_text(&state, name);
    mix_number(&state, person);
    mix_number(&state, time_us);
    crypto_generichash_final(&state, out, 16);
    out[6] = (uint8_t)((out[6] & 0x0f) | 0x80);
    out[8] = (uint8_t)((out[8] & 0x3f) | 0x80);
}

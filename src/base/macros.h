/* SPDX-License-Identifier: Apache-2.0 */
/* The few macros everybody shares. */
#ifndef DW_BASE_MACROS_H
#define DW_BASE_MACROS_H

#include <stddef.h>

#define DW_PRINTF(text, first) __attribute__((format(printf, text, first)))
#define DW_MUST_USE __attribute__((warn_unused_result))

#define DW_LENGTH(array) (sizeof(array) / sizeof((array)[0]))
#define DW_MIN(a, b) ((a) < (b) ? (a) : (b))
#define DW_MAX(a, b) ((a) > (b) ? (a) : (b))

/* `DW_AUTO(zone) *zone = NULL;` calls dw_zone_destroy(zone) when the scope ends, and may have no
 * other use. */
#define DW_AUTO(name) __attribute__((cleanup(dw_##name##_cleanup), unused)) struct dw_##name
#define DW_DEFINE_AUTO(name)                                                                       \
    static inline void dw_##name##_cleanup(struct dw_##name **object)                              \
    {                                                                                              \
        dw_##name##_destroy(*object);                                                              \
    }

/* Hands a pointer over: yields its value and leaves NULL behind. */
#define DW_TAKE(pointer)                                                                           \
    (__extension__({                                                                               \
        __typeof__(pointer) *slot_ = &(pointer), taken_ = *slot_;                                  \
        *slot_ = NULL;                                                                             \
        taken_;                                                                                    \
    }))

#endif

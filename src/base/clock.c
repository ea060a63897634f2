/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"

int64_t dw_clock_us(clockid_t clock)
{
    struct timespec now;
    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int64_t dw_now_us(void)
{
    return dw_clock_us(CLOCK_REALTIME);
}

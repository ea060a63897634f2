/* SPDX-License-Identifier: Apache-2.0 */
#include "cmd/notify.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static const char *listener(void)
{
    const char *name = getenv("NOTIFY_SOCKET");
    bool known = name != NULL && (name[0] == '/' || name[0] == '@') && name[1] != '\0';
    return known ? name : NULL;
}

bool dw_notify_wanted(void)
{
    return listener() != NULL;
}

void dw_notify(const char *format, ...)
{
    const char *name = listener();
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    if (name == NULL || strlen(name) >= sizeof(address.sun_path))
        return;
    char text[512];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    memcpy(address.sun_path, name, strlen(name));
    if (name[0] == '@') /* a name that is no file */
        address.sun_path[0] = '\0';
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + strlen(name));
    int socket_fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_fd < 0)
        return;
    (void)sendto(socket_fd, text, strlen(text), MSG_NOSIGNAL | MSG_DONTWAIT,
                 (const struct sockaddr *)&address, size);
    close(socket_fd);
}

int64_t dw_notify_watchdog_us(void)
{
    const char *pid = getenv("WATCHDOG_PID"), *period = getenv("WATCHDOG_USEC");
    if (listener() == NULL || period == NULL)
        return 0;
    if (pid != NULL && strtoll(pid, NULL, 10) != getpid())
        return 0;
    return strtoll(period, NULL, 10) / 2;
}

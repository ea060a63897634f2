/* SPDX-License-Identifier: Apache-2.0 */
#include "http/address.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#define BACKLOG 1024

int dw_address_split(const char *address, char host[DW_ADDRESS_HOST_SIZE], int *port,
                     struct dw_err *err)
{
    const char *colon = strrchr(address, ':');
    bool bracket = *address == '[' && colon != NULL && colon > address && colon[-1] == ']';
    const char *from = bracket ? address + 1 : address;
    size_t length = colon != NULL ? (size_t)(colon - from) - (bracket ? 1 : 0) : 0;
    char *end = NULL;
    long number = colon != NULL ? strtol(colon + 1, &end, 10) : -1;
    bool digits = colon != NULL && colon[1] >= '0' && colon[1] <= '9' && *end == '\0';
    bool plain =
        bracket || (colon != NULL && memchr(address, ':', (size_t)(colon - address)) == NULL);
    if (!digits || number > 65535 || length == 0 || length >= DW_ADDRESS_HOST_SIZE || !plain)
        return dw_fail(err, -EINVAL,
                       "'%s' is no address to listen at: write it like "
                       "127.0.0.1:8080 or [::1]:8080",
                       address);
    memcpy(host, from, length);
    host[length] = '\0';
    *port = (int)number;
    return 0;
}

bool dw_address_is_loopback(const char *host)
{
    struct in_addr four;
    if (strcmp(host, "localhost") == 0 || strcmp(host, "::1") == 0)
        return true;
    return inet_pton(AF_INET, host, &four) == 1 && (ntohl(four.s_addr) >> 24) == 127;
}

static int listen_at(const struct addrinfo *where)
{
    int line = socket(where->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    int one = 1;
    if (line >= 0 && setsockopt(line, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one)) == 0 &&
        bind(line, where->ai_addr, where->ai_addrlen) == 0 && listen(line, BACKLOG) == 0)
        return line;
    int code = errno;
    if (line >= 0)
        close(line);
    return -code;
}

int dw_address_listen(const char *address, struct dw_err *err)
{
    char host[DW_ADDRESS_HOST_SIZE], service[8];
    int port = 0;
    int result = dw_address_split(address, host, &port, err);
    if (result < 0)
        return result;
    snprintf(service, sizeof(service), "%d", port);
    struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE }, *found = NULL;
    int code = getaddrinfo(host, service, &hints, &found);
    if (code != 0)
        return dw_fail(err, -EINVAL, "'%s' is no address of this machine: %s", address,
                       gai_strerror(code));
    result = listen_at(found);
    freeaddrinfo(found);
    if (result == -EADDRINUSE)
        return dw_fail(err, result,
                       "another program listens at %s already: end it, or choose "
                       "another port with --listen",
                       address);
    return result < 0 ? dw_fail(err, result, "cannot listen at %s: %s", address, strerror(-result))
                      : result;
}

void dw_address_print(const struct sockaddr *address, char *out, size_t size)
{
    char host[DW_ADDRESS_HOST_SIZE] = "", service[8] = "";
    socklen_t length =
        address->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6) : sizeof(struct sockaddr_in);
    getnameinfo(address, length, host, sizeof(host), service, sizeof(service),
                NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(out, size, strchr(host, ':') != NULL ? "[%s]:%s" : "%s:%s", host, service);
}

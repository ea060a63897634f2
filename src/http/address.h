/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses to listen at: "127.0.0.1:8080", "[::]:8080", "localhost:8080". */
#ifndef DW_HTTP_ADDRESS_H
#define DW_HTTP_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define DW_ADDRESS_HOST_SIZE 64

struct sockaddr;

/* A socket that listens there, non-blocking; -errno with a sentence. */
int dw_address_listen(const char *address, struct dw_err *err);

/* "127.0.0.1:41234", of an IPv4 or IPv6 address. */
void dw_address_print(const struct sockaddr *address, char *out, size_t size);

/* The two parts, without brackets; -EINVAL with a sentence when they are not there. */
int dw_address_split(const char *address, char host[DW_ADDRESS_HOST_SIZE], int *port,
                     struct dw_err *err);

/* Whether only this machine can reach it: 127.x.y.z, ::1, localhost. */
bool dw_address_is_loopback(const char *host);

#endif

/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One question to a camera over HTTP: a SOAP 1.2 envelope out, the reply's text in. Who is asking
 * is proved by a digest (WS-Security UsernameToken Profile 1.0, and HTTP digest where the camera
 * asks for it); the password itself never leaves.
 */
#ifndef DW_ONVIF_SOAP_H
#define DW_ONVIF_SOAP_H

#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct dw_soap_caller {
    const char *user, *password; /* NULL: nobody */
    int64_t clock_s;             /* the camera's clock less ours: digests carry a time */
};

/*
 * `body`: XML. Replaces `reply`. No redirects, 5 s, 1 MiB. -EACCES wrong or missing user, -EPROTO
 * an HTTP error without a SOAP fault, -ETIMEDOUT, -ECONNREFUSED, -EIO. A SOAP fault is a reply.
 */
int dw_soap_call(const char *address, const struct dw_soap_caller *caller, const char *body,
                 struct dw_buf *reply, struct dw_err *err);

/* The password digest: base64 of SHA-1 over nonce, created, password. `out` has 29 bytes. */
void dw_soap_digest(char out[29], const void *nonce, size_t nonce_size, const char *created,
                    const char *password);

#endif

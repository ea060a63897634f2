/* SPDX-License-Identifier: Apache-2.0 */
/*
 * XML as strangers on the network send it, read element by element. Names come without namespace
 * and prefix, because cameras disagree about them. Documents with a type declaration are refused:
 * nobody who speaks SOAP has one, and those who attack parsers do.
 */
#ifndef DW_ONVIF_XML_H
#define DW_ONVIF_XML_H

#include <stddef.h>

#include "base/err.h"

struct dw_xml_reader {
    /* `token`: the attribute of that name, or NULL. */
    void (*begin)(void *user, const char *name, const char *token);
    /* `text`: what stood between, without the white space around it; elements inside do not
     * count. */
    void (*end)(void *user, const char *name, const char *text);
    void *user;
};

/* -EINVAL with a sentence when it is no XML; what came before has been told by then. */
int dw_xml_read(const char *text, size_t length, const struct dw_xml_reader *reader,
                struct dw_err *err);

#endif

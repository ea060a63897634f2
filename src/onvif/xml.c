/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif/xml.h"

#include <ctype.h>
#include <errno.h>
#include <expat.h>
#include <stdbool.h>
#include <string.h>

#include "base/buf.h"

#define DEPTH_MOST 64
#define SEPARATOR '|' /* between namespace and name, as expat joins them */

struct parse {
    XML_Parser parser;
    const struct dw_xml_reader *reader;
    struct dw_buf text; /* of the element that was opened last */
    int depth;
    bool refused;
};

static const char *local_name(const char *name)
{
    const char *separator = strrchr(name, SEPARATOR);
    return separator != NULL ? separator + 1 : name;
}

static void refuse(struct parse *parse)
{
    parse->refused = true;
    XML_StopParser(parse->parser, XML_FALSE);
}

static void XMLCALL on_begin(void *user, const XML_Char *name, const XML_Char **attributes)
{
    struct parse *parse = user;
    const char *token = NULL;
    if (++parse->depth > DEPTH_MOST) {
        refuse(parse);
        return;
    }
    for (size_t i = 0; attributes[i] != NULL; i += 2)
        if (strcmp(local_name(attributes[i]), "token") == 0)
            token = attributes[i + 1];
    dw_buf_clear(&parse->text);
    parse->reader->begin(parse->reader->user, local_name(name), token);
}

static void XMLCALL on_text(void *user, const XML_Char *text, int length)
{
    struct parse *parse = user;
    dw_buf_append(&parse->text, text, (size_t)length);
}

static void XMLCALL on_end(void *user, const XML_Char *name)
{
    struct parse *parse = user;
    char *text = parse->text.length > 0 ? parse->text.data : NULL;
    while (text != NULL && parse->text.length > 0 &&
           isspace((unsigned char)text[parse->text.length - 1]))
        text[--parse->text.length] = '\0';
    const char *from = dw_buf_text(&parse->text);
    while (isspace((unsigned char)*from))
        from++;
    parse->reader->end(parse->reader->user, local_name(name), from);
    dw_buf_clear(&parse->text);
    parse->depth--;
}

static void XMLCALL on_doctype(void *user, const XML_Char *name, const XML_Char *system,
                               const XML_Char *public, int internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)internal;
    refuse(user);
}

int dw_xml_read(const char *text, size_t length, const struct dw_xml_reader *reader,
                struct dw_err *err)
{
    if (length > 1 << 24)
        return dw_fail(err, -EINVAL, "is no answer but a flood: %zu bytes", length);
    struct parse parse = { .parser = XML_ParserCreateNS(NULL, SEPARATOR), .reader = reader };
    if (parse.parser == NULL)
        return dw_fail(err, -ENOMEM, "no memory to read it");
    XML_SetUserData(parse.parser, &parse);
    XML_SetElementHandler(parse.parser, on_begin, on_end);
    XML_SetCharacterDataHandler(parse.parser, on_text);
    XML_SetStartDoctypeDeclHandler(parse.parser, on_doctype);
    int r = 0;
    if (XML_Parse(parse.parser, text, (int)length, XML_TRUE) != XML_STATUS_OK)
        r = parse.refused ? dw_fail(err, -EINVAL, "is XML as no camera writes it")
                          : dw_fail(err, -EINVAL, "is no XML: line %lu: %s",
                                    (unsigned long)XML_GetCurrentLineNumber(parse.parser),
                                    XML_ErrorString(XML_GetErrorCode(parse.parser)));
    XML_ParserFree(parse.parser);
    dw_buf_fini(&parse.text);
    return r;
}

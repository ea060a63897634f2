/* SPDX-License-Identifier: Apache-2.0 */
#include "base/json_writer.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"

static void put_control(struct dw_buf *out, unsigned char control)
{
    static const char names[] = "\b\f\n\r\t", letters[] = "bfnrt";
    const char *found = strchr(names, control);
    if (control != 0 && found != NULL)
        dw_buf_printf(out, "\\%c", letters[found - names]);
    else
        dw_buf_printf(out, "\\u%04x", control);
}

static void put_quoted(struct dw_buf *out, const char *text)
{
    dw_buf_puts(out, "\"");
    for (const char *at = text; *at != '\0';) {
        size_t length = dw_utf8_length(at);
        if (length == 0)
            dw_buf_puts(out, "\xef\xbf\xbd");
        else if ((unsigned char)*at < 0x20)
            put_control(out, (unsigned char)*at);
        else if (*at == '"' || *at == '\\')
            dw_buf_printf(out, "\\%c", *at);
        else
            dw_buf_append(out, at, length);
        at += length > 0 ? length : 1;
    }
    dw_buf_puts(out, "\"");
}

static void begin_value(struct dw_json_writer *json, const char *key)
{
    if (json->comma)
        dw_buf_puts(json->out, ",");
    json->comma = true;
    if (key != NULL) {
        put_quoted(json->out, key);
        dw_buf_puts(json->out, ":");
    }
}

static void begin_nest(struct dw_json_writer *json, const char *key, const char *bracket)
{
    begin_value(json, key);
    dw_buf_puts(json->out, bracket);
    json->comma = false;
}

static void end_nest(struct dw_json_writer *json, const char *bracket)
{
    dw_buf_puts(json->out, bracket);
    json->comma = true;
}

void dw_json_object_begin(struct dw_json_writer *json, const char *key)
{
    begin_nest(json, key, "{");
}

void dw_json_object_end(struct dw_json_writer *json)
{
    end_nest(json, "}");
}

void dw_json_array_begin(struct dw_json_writer *json, const char *key)
{
    begin_nest(json, key, "[");
}

void dw_json_array_end(struct dw_json_writer *json)
{
    end_nest(json, "]");
}

void dw_json_string(struct dw_json_writer *json, const char *key, const char *value)
{
    begin_value(json, key);
    if (value != NULL)
        put_quoted(json->out, value);
    else
        dw_buf_puts(json->out, "null");
}

void dw_json_integer(struct dw_json_writer *json, const char *key, int64_t value)
{
    begin_value(json, key);
    dw_buf_printf(json->out, "%lld", (long long)value);
}

void dw_json_bool(struct dw_json_writer *json, const char *key, bool value)
{
    begin_value(json, key);
    dw_buf_puts(json->out, value ? "true" : "false");
}

void dw_json_null(struct dw_json_writer *json, const char *key)
{
    begin_value(json, key);
    dw_buf_puts(json->out, "null");
}

void dw_json_real(struct dw_json_writer *json, const char *key, double value, int decimals)
{
    if (!isfinite(value)) {
        dw_json_null(json, key);
        return;
    }
    begin_value(json, key);
    dw_buf_printf(json->out, "%.*f", decimals, value);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Whatever bytes are taken for a site's configuration must keep the promises of conf/site_conf.h,
 * and a change of one value must change that value and nothing else. */
#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "conf/site_conf.h"
#include "conf/yaml_edit.h"
#include "conf/yaml_tree.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_camera(const struct dw_site_conf *conf, size_t at)
{
    const struct dw_camera_conf *camera = &conf->cameras.items[at];
    assert(camera->name[0] != '\0' && camera->name[0] != '.' && strchr(camera->name, '/') == NULL);
    assert(camera->source != NULL && camera->source_text != NULL && camera->zones_path != NULL);
    for (size_t i = 0; i < at; i++)
        assert(strcmp(conf->cameras.items[i].name, camera->name) != 0);
}

static void check_conf(const struct dw_site_conf *conf)
{
    assert(conf->name != NULL && conf->data != NULL && conf->store != NULL);
    assert(conf->listen != NULL && (conf->certificate == NULL) == (conf->key == NULL));
    for (size_t i = 0; i < conf->cameras.count; i++)
        check_camera(conf, i);
}

/* Every line with a comment mark that stood in the text stands there still. */
static void check_comments(const char *before, const char *after)
{
    size_t length = 0;
    for (const char *at = before; *at != '\0'; at += length + (at[length] == '\n')) {
        length = strcspn(at, "\n");
        if (*at == '#')
            assert(memmem(after, strlen(after), at, length) != NULL);
    }
}

static void check_edits(const char *text)
{
    struct dw_buf changed = { 0 };
    struct dw_site_conf conf = { 0 };
    const struct dw_yaml_pair camera[] = { { "name", "fuzz-new" }, { "source", "a\"b: [#\\" } };
    dw_buf_puts(&changed, text);
    if (dw_yaml_edit_add(&changed, "cameras", camera, 2, NULL) == 0) {
        check_comments(text, dw_buf_text(&changed));
        if (dw_site_conf_parse(&conf, dw_buf_text(&changed), changed.length, "x/y", NULL) == 0) {
            const struct dw_camera_conf *last = &conf.cameras.items[conf.cameras.count - 1];
            assert(strcmp(last->name, "fuzz-new") == 0);
            assert(strcmp(last->source_text, camera[1].value) == 0);
        }
        dw_site_conf_fini(&conf);
        if (dw_yaml_edit_set(&changed, "cameras", 0, (struct dw_yaml_pair){ "loop", "true" },
                             NULL) == 0)
            check_comments(text, dw_buf_text(&changed));
        (void)dw_yaml_edit_remove(&changed, "cameras", 0, NULL);
    }
    dw_buf_fini(&changed);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct dw_site_conf conf = { 0 };
    struct dw_err err = { { 0 } };
    char *text = calloc(size + 1, 1);
    assert(text != NULL);
    memcpy(text, data, size);
    int code = dw_site_conf_parse(&conf, text, size, "folder/site.yaml", &err);
    assert((code == 0) == (err.text[0] == '\0'));
    if (code == 0)
        check_conf(&conf);
    else
        assert(conf.text == NULL);
    dw_site_conf_fini(&conf);
    if (strlen(text) == size)
        check_edits(text);
    free(text);
    return 0;
}

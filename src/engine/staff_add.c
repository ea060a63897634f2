/* SPDX-License-Identifier: Apache-2.0 */
#include "engine/staff_add.h"

#include <errno.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "appear/uniform.h"
#include "base/alloc.h"
#include "conf/file.h"
#include "onnx/sidecar.h"

#define NET_BYTES_MAX (256U << 20)
#define SIDECAR_BYTES_MAX (64U << 10)
#define STEM_MAX 40 /* of the file's name, in that of the model */

enum { DIGEST_BYTES = 4, DIGEST_HEX = 2 * DIGEST_BYTES };

struct dw_staff_files {
    bool net;
    struct dw_buf model, sidecar; /* as they are on disk; a trained model has no sidecar */
    char digest[DIGEST_HEX + 1];
};

static void dw_staff_files_destroy(struct dw_staff_files *files)
{
    dw_buf_fini(&files->model);
    dw_buf_fini(&files->sidecar);
    free(files);
}
DW_DEFINE_AUTO(staff_files)

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), tail = strlen(end);
    return length > tail && strcmp(text + length - tail, end) == 0;
}

char *dw_staff_trained_path(const char *folder, const char *name)
{
    return dw_strdup_printf("%s/models/%s.json", folder, name);
}

char *dw_staff_net_path(const char *folder, const char *name)
{
    return dw_strdup_printf("%s/models/%s.onnx", folder, name);
}

bool dw_staff_is_net(const char *folder, const char *name)
{
    char *path = dw_staff_net_path(folder, name);
    bool net = access(path, F_OK) == 0;
    free(path);
    return net;
}

static void digest(struct dw_staff_files *files)
{
    unsigned char hash[crypto_generichash_BYTES];
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, sizeof(hash));
    crypto_generichash_update(&state, (const unsigned char *)dw_buf_text(&files->model),
                              files->model.length);
    crypto_generichash_update(&state, (const unsigned char *)dw_buf_text(&files->sidecar),
                              files->sidecar.length);
    crypto_generichash_final(&state, hash, sizeof(hash));
    sodium_bin2hex(files->digest, sizeof(files->digest), hash, DIGEST_BYTES);
}

static int read_files(struct dw_staff_files *files, const char *path, struct dw_err *err)
{
    char *sidecar = dw_strdup(path);
    files->net = dw_staff_is_onnx(path);
    int r = dw_file_read(&files->model, path, NET_BYTES_MAX, err);
    if (r == 0 && files->net) {
        dw_sidecar_path(sidecar, strlen(sidecar) + 1, path);
        r = dw_file_read_any(&files->sidecar, sidecar, SIDECAR_BYTES_MAX, err);
    }
    free(sidecar);
    if (r < 0)
        return r;
    digest(files);
    return 0;
}

/* The file's name as one of a model, and the digest. */
static void name_files(const struct dw_staff_files *files, const char *path,
                       char name[DW_STAFF_NAME_MAX])
{
    const char *slash = strrchr(path, '/'), *stem = slash != NULL ? slash + 1 : path;
    const char *dot = strrchr(stem, '.');
    int length = dot != NULL ? (int)(dot - stem) : (int)strlen(stem);
    snprintf(name, DW_STAFF_NAME_MAX, "%.*s-%s", DW_MIN(length, STEM_MAX), stem, files->digest);
    for (size_t i = 0; name[i] != '\0'; i++)
        if (!dw_staff_name_is_good((const char[]){ 'a', name[i], '\0' }))
            name[i] = '_';
    if (name[0] == '-')
        name[0] = '_';
}

static int check_net(const char *path, struct dw_err *err)
{
    struct dw_uniform *uniform = NULL;
    int r = dw_uniform_create(&uniform, path, NULL, err);
    dw_uniform_destroy(uniform);
    return r;
}

static int check_trained(const char *path, struct dw_err *err)
{
    struct dw_staff_origin origin;
    struct dw_staff_model *model = dw_alloc0(sizeof(*model));
    int r = dw_staff_model_load(model, &origin, path, err);
    free(model);
    return r;
}

/* A sidecar goes after its classifier: alone it would be taken for a trained model. What is kept is
 * checked once more, since weights beside the file did not come along. */
static int write_files(const struct dw_staff_files *files, const char *folder, const char *name,
                       struct dw_err *err)
{
    char *net = dw_staff_net_path(folder, name);
    char *json = dw_staff_trained_path(folder, name);
    const struct dw_buf *text = files->net ? &files->sidecar : &files->model;
    int r = files->net ? dw_file_write_secret(net, files->model.data, files->model.length, err) : 0;
    if (r == 0 && text->length > 0)
        r = dw_file_write_secret(json, text->data, text->length, err);
    if (r == 0 && files->net)
        r = check_net(net, err);
    if (r < 0) {
        (void)unlink(json);
        (void)unlink(net);
    }
    free(json);
    free(net);
    return r;
}

int dw_staff_add(const char *folder, const char *path, char name[DW_STAFF_NAME_MAX],
                 struct dw_err *err)
{
    DW_AUTO(staff_files) *files = dw_alloc0(sizeof(*files));
    int r = read_files(files, path, err);
    if (r == 0)
        r = files->net ? check_net(path, err) : check_trained(path, err);
    if (r < 0)
        return r;
    name_files(files, path, name);
    char *models = dw_strdup_printf("%s/models", folder);
    r = dw_folder_make(models, err);
    free(models);
    return r == 0 ? write_files(files, folder, name, err) : r;
}

int dw_staff_net_check(const char *folder, const char *name, struct dw_err *err)
{
    DW_AUTO(staff_files) *files = dw_alloc0(sizeof(*files));
    char *path = dw_staff_net_path(folder, name);
    int r = read_files(files, path, err);
    if (r == 0 && !ends_with(name, files->digest))
        r = dw_fail(err, -EINVAL,
                    "staff model '%s' is not what was added under this name: add it again with "
                    "'dwell staff add'",
                    name);
    if (r == 0)
        r = check_net(path, err);
    free(path);
    return r;
}

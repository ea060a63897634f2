/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif/soap.h"

#include <curl/curl.h>
#include <errno.h>
#include <libavutil/mem.h>
#include <libavutil/sha.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#define REPLY_MOST (1 << 20)
#define SECONDS_MOST 5L
#define WSS "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-"

static void put_escaped(struct dw_buf *out, const char *text)
{
    for (; *text != '\0'; text++) {
        if (*text == '<')
            dw_buf_puts(out, "&lt;");
        else if (*text == '&')
            dw_buf_puts(out, "&amp;");
        else
            dw_buf_append(out, text, 1);
    }
}

void dw_soap_digest(char out[29], const void *nonce, size_t nonce_size, const char *created,
                    const char *password)
{
    uint8_t digest[20];
    struct AVSHA *sha = av_sha_alloc();
    av_sha_init(sha, 160);
    av_sha_update(sha, nonce, nonce_size);
    av_sha_update(sha, (const uint8_t *)created, strlen(created));
    av_sha_update(sha, (const uint8_t *)password, strlen(password));
    av_sha_final(sha, digest);
    av_free(sha);
    sodium_bin2base64(out, 29, digest, sizeof(digest), sodium_base64_VARIANT_ORIGINAL);
}

static void put_security(struct dw_buf *out, const struct dw_soap_caller *caller)
{
    uint8_t nonce[16];
    char nonce_text[32], created[32], digest[29];
    randombytes_buf(nonce, sizeof(nonce));
    sodium_bin2base64(nonce_text, sizeof(nonce_text), nonce, sizeof(nonce),
                      sodium_base64_VARIANT_ORIGINAL);
    time_t now = time(NULL) + (time_t)caller->clock_s;
    struct tm utc;
    gmtime_r(&now, &utc);
    strftime(created, sizeof(created), "%Y-%m-%dT%H:%M:%SZ", &utc);
    dw_soap_digest(digest, nonce, sizeof(nonce), created, caller->password);
    dw_buf_puts(out, "<s:Header><Security s:mustUnderstand=\"1\" xmlns=\"" WSS
                     "wssecurity-secext-1.0.xsd\"><UsernameToken><Username>");
    put_escaped(out, caller->user);
    dw_buf_printf(out,
                  "</Username><Password Type=\"" WSS
                  "username-token-profile-1.0#PasswordDigest\">%s</Password>"
                  "<Nonce EncodingType=\"" WSS "soap-message-security-1.0#Base64Binary\">%s</Nonce>"
                  "<Created xmlns=\"" WSS "wssecurity-utility-1.0.xsd\">%s</Created>"
                  "</UsernameToken></Security></s:Header>",
                  digest, nonce_text, created);
}

static size_t take(char *bytes, size_t one, size_t count, void *user)
{
    (void)one; /* 1, as curl promises */
    struct dw_buf *reply = user;
    if (reply->length + count > REPLY_MOST)
        return 0;
    dw_buf_append(reply, bytes, count);
    return count;
}

static int explain(CURLcode code, struct dw_err *err)
{
    switch ((int)code) {
    case CURLE_OPERATION_TIMEDOUT:
        return dw_fail(err, -ETIMEDOUT, "does not answer within %ld s", SECONDS_MOST);
    case CURLE_COULDNT_CONNECT:
        return dw_fail(err, -ECONNREFUSED, "cannot be connected to");
    case CURLE_WRITE_ERROR:
        return dw_fail(err, -EIO, "answers with more than a camera has to say");
    default:
        return dw_fail(err, -EIO, "%s", curl_easy_strerror(code));
    }
}

static int judge(long status, const struct dw_buf *reply, struct dw_err *err)
{
    if (status == 401 || status == 403)
        return dw_fail(err, -EACCES, "wants a user and a password, or others than these");
    bool said = strstr(dw_buf_text(reply), "Fault") != NULL; /* SOAP faults come with 400 or 500 */
    if (status / 100 != 2 && !said)
        return dw_fail(err, -EPROTO, "answers with HTTP status %ld", status);
    return 0;
}

static void prepare(CURL *curl, const char *address)
{
    curl_easy_setopt(curl, CURLOPT_URL, address);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, SECONDS_MOST);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L); /* cameras sign for themselves ... */
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L); /* ... and no secret is told to them */
}

/* Most are content with the digest in the envelope; some want one of HTTP, too. */
static CURLcode perform(CURL *curl, const struct dw_soap_caller *caller, struct dw_buf *reply,
                        long *status)
{
    CURLcode code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
    if (code != CURLE_OK || *status != 401 || caller->user == NULL)
        return code;
    dw_buf_clear(reply);
    curl_easy_setopt(curl, CURLOPT_HTTPAUTH, (long)CURLAUTH_DIGEST);
    curl_easy_setopt(curl, CURLOPT_USERNAME, caller->user);
    curl_easy_setopt(curl, CURLOPT_PASSWORD, caller->password);
    code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, status);
    return code;
}

int dw_soap_call(const char *address, const struct dw_soap_caller *caller, const char *body,
                 struct dw_buf *reply, struct dw_err *err)
{
    if (sodium_init() < 0 || curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return dw_fail(err, -EIO, "the libraries for the network do not start");
    CURL *curl = curl_easy_init();
    if (curl == NULL)
        return dw_fail(err, -ENOMEM, "no memory to ask it");
    struct dw_buf request = { 0 };
    dw_buf_puts(&request, "<?xml version=\"1.0\" encoding=\"UTF-8\"?><s:Envelope "
                          "xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\">");
    if (caller->user != NULL)
        put_security(&request, caller);
    dw_buf_printf(&request, "<s:Body>%s</s:Body></s:Envelope>", body);
    dw_buf_clear(reply);
    prepare(curl, address);
    struct curl_slist *headers =
        curl_slist_append(NULL, "Content-Type: application/soap+xml; charset=utf-8");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, dw_buf_text(&request));
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)request.length);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, reply);
    long status = 0;
    CURLcode code = perform(curl, caller, reply, &status);
    int r = code == CURLE_OK ? judge(status, reply, err) : explain(code, err);
    curl_slist_free_all(headers);
    curl_easy_cleanup(curl);
    dw_buf_fini(&request);
    return r;
}

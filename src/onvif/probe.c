/* SPDX-License-Identifier: Apache-2.0 */
#include "onvif/probe.h"

#include <arpa/inet.h>
#include <errno.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sodium.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/macros.h"

#define PORT 3702
#define GROUP "239.255.255.250"
#define NETWORKS_MAX 16
#define CAMERAS_MAX 1024
#define ANSWER_MOST 65536

struct probe {
    struct pollfd sockets[NETWORKS_MAX];
    nfds_t count;
    struct dw_onvif_cameras *cameras;
};

void dw_onvif_cameras_fini(struct dw_onvif_cameras *cameras)
{
    dw_vec_fini(&cameras->list);
}

static void write_question(struct dw_buf *out)
{
    uint8_t id[16];
    char hex[33];
    randombytes_buf(id, sizeof(id));
    sodium_bin2hex(hex, sizeof(hex), id, sizeof(id));
    dw_buf_printf(out,
                  "<?xml version=\"1.0\" encoding=\"UTF-8\"?>"
                  "<s:Envelope xmlns:s=\"http://www.w3.org/2003/05/soap-envelope\""
                  " xmlns:a=\"http://schemas.xmlsoap.org/ws/2004/08/addressing\">"
                  "<s:Header><a:MessageID>uuid:%.8s-%.4s-4%.3s-8%.3s-%.12s</a:MessageID>"
                  "<a:To>urn:schemas-xmlsoap-org:ws:2005:04:discovery</a:To>"
                  "<a:Action>http://schemas.xmlsoap.org/ws/2005/04/discovery/Probe</a:Action>"
                  "</s:Header><s:Body>"
                  "<Probe xmlns=\"http://schemas.xmlsoap.org/ws/2005/04/discovery\">"
                  "<Types xmlns:n=\"http://www.onvif.org/ver10/network/wsdl\">"
                  "n:NetworkVideoTransmitter</Types></Probe></s:Body></s:Envelope>",
                  hex, hex + 8, hex + 13, hex + 17, hex + 20);
}

/* A socket that asks on the network of `local` (NULL: whichever leads to `to`). */
static void ask(struct probe *probe, const struct in_addr *local, const struct sockaddr_in *to)
{
    if (probe->count == NETWORKS_MAX)
        return;
    int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return;
    struct dw_buf question = { 0 };
    write_question(&question);
    if (local != NULL)
        setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, local, sizeof(*local));
    bool sent = false;
    for (int i = 0; i < 2; i++) /* a datagram may be lost */
        sent |= sendto(fd, question.data, question.length, 0, (const struct sockaddr *)to,
                       sizeof(*to)) > 0;
    if (sent)
        probe->sockets[probe->count++] = (struct pollfd){ .fd = fd, .events = POLLIN };
    else
        close(fd);
    dw_buf_fini(&question);
}

static void ask_everybody(struct probe *probe)
{
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(PORT) };
    inet_pton(AF_INET, GROUP, &to.sin_addr);
    struct ifaddrs *networks = NULL;
    if (getifaddrs(&networks) < 0)
        return;
    for (const struct ifaddrs *at = networks; at != NULL; at = at->ifa_next) {
        unsigned wanted = IFF_UP | IFF_MULTICAST;
        if (at->ifa_addr == NULL || at->ifa_addr->sa_family != AF_INET ||
            (at->ifa_flags & (wanted | IFF_LOOPBACK)) != wanted)
            continue;
        struct sockaddr_in address;
        memcpy(&address, at->ifa_addr, sizeof(address));
        ask(probe, &address.sin_addr, &to);
    }
    freeifaddrs(networks);
}

static int ask_one(struct probe *probe, const char *host, struct dw_err *err)
{
    char name[64];
    const char *colon = strchr(host, ':');
    long port = colon != NULL ? strtol(colon + 1, NULL, 10) : PORT;
    struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    snprintf(name, sizeof(name), "%.*s", (int)(colon != NULL ? colon - host : 63), host);
    if (inet_pton(AF_INET, name, &to.sin_addr) != 1 || port < 1 || port > 65535)
        return dw_fail(err, -EINVAL, "'%s' is no address as 192.168.1.20 or 192.168.1.20:%d", host,
                       PORT);
    ask(probe, NULL, &to);
    return 0;
}

/*
 * The address on the host that answered: devices name all they have, also such as cannot be reached
 * from here, and an answer that leads to somebody else is not followed.
 */
static bool choose_address(struct dw_onvif_found *found)
{
    size_t length = strlen(found->host);
    for (const char *at = found->camera.addresses; *at != '\0';) {
        size_t end = strcspn(at, " ");
        const char *host = strstr(at, "://");
        host = host != NULL ? host + 3 : at;
        if (strncmp(at, "http", 4) == 0 && strncmp(host, found->host, length) == 0 &&
            strchr(":/ ", host[length]) != NULL && end < sizeof(found->address)) {
            snprintf(found->address, sizeof(found->address), "%.*s", (int)end, at);
            return true;
        }
        at += end + strspn(at + end, " ");
    }
    return false;
}

static void take_answer(struct probe *probe, int fd)
{
    char text[ANSWER_MOST];
    struct sockaddr_in from;
    socklen_t size = sizeof(from);
    ssize_t length = recvfrom(fd, text, sizeof(text), 0, (struct sockaddr *)&from, &size);
    if (length <= 0)
        return;
    struct dw_onvif_found found = { 0 };
    inet_ntop(AF_INET, &from.sin_addr, found.host, sizeof(found.host));
    struct dw_onvif_cameras *cameras = probe->cameras;
    if (dw_onvif_read_match(&found.camera, text, (size_t)length, NULL) < 0 ||
        !choose_address(&found) || cameras->list.count == CAMERAS_MAX) {
        cameras->strange++;
        return;
    }
    for (size_t i = 0; i < cameras->list.count; i++)
        if (strcmp(cameras->list.items[i].address, found.address) == 0)
            return;
    dw_vec_push(&cameras->list, found);
}

int dw_onvif_probe(struct dw_onvif_cameras *cameras, const char *host, int wait_ms,
                   struct dw_err *err)
{
    if (sodium_init() < 0)
        return dw_fail(err, -EIO, "the library for random numbers does not start");
    struct probe probe = { .cameras = cameras };
    int r = 0;
    if (host == NULL)
        ask_everybody(&probe);
    else
        r = ask_one(&probe, host, err);
    if (r == 0 && probe.count == 0)
        r = dw_fail(err, -ENETUNREACH, "there is no network to ask on: is a cable plugged in?");
    int64_t until_us = dw_clock_us(CLOCK_MONOTONIC) + wait_ms * INT64_C(1000), left_ms = wait_ms;
    while (r == 0 && left_ms > 0) {
        if (poll(probe.sockets, probe.count, (int)left_ms) > 0)
            for (nfds_t i = 0; i < probe.count; i++)
                if (probe.sockets[i].revents != 0)
                    take_answer(&probe, probe.sockets[i].fd);
        left_ms = (until_us - dw_clock_us(CLOCK_MONOTONIC)) / 1000;
    }
    for (nfds_t i = 0; i < probe.count; i++)
        close(probe.sockets[i].fd);
    return r;
}

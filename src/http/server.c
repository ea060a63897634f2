/* SPDX-License-Identifier: Apache-2.0 */
#include "http/server.h"

#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "http/address.h"
#include "http/problem.h"
#include "http/workers.h"

#define WORKERS 4
#define WAITING_MAX 512
#define DAEMONS_MAX 4 /* it listens anew once, when it was claimed */
#define STREAM_BLOCK 16384
#define DATA_MAX 128 /* descriptors that are not connections */

/* How long a client may take. MHD itself ends connections on which nothing at all moves. */
#define HEADERS_S 20 /* from connecting, or from the last answer, to the end of the headers */
#define BODY_S 30
#define STALLED_S 30

/* A client's connection, over all its requests. */
struct line {
    struct dw_server *server;
    struct line *previous, *next;
    int descriptor;
    time_t deadline; /* 0: none while its request is in work or being answered */
    char client[DW_SERVER_ADDRESS_SIZE];
};

struct exchange {
    struct dw_work work;
    struct dw_server *server;
    struct MHD_Connection *connection;
    struct line *line;
    struct dw_request request;
    struct dw_response response;
    char *target;
    bool begun, done;
    struct exchange *next_asleep;
};

struct dw_server {
    struct dw_server_conf conf;
    char *certificate, *key;
    struct dw_workers *workers;
    pthread_t reaper;
    bool reaping;
    pthread_mutex_t listen_lock; /* one listens at a time */
    pthread_mutex_t lock;        /* all below */
    pthread_cond_t ending_changed;
    bool ending;
    struct line *lines;
    int line_count;
    struct exchange *asleep; /* streams with nothing to say */
    uint64_t wakes;
    struct MHD_Daemon *daemons[DAEMONS_MAX]; /* the last one listens */
    int sockets[DAEMONS_MAX];                /* of those before it, not to be closed earlier */
    size_t daemon_count;
    char address[DW_SERVER_ADDRESS_SIZE];
};

/* Monotonic. */
static time_t now_s(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* --- Connections ---------------------------------------------------------------------------- */

static void set_deadline(struct line *line, int seconds)
{
    pthread_mutex_lock(&line->server->lock);
    line->deadline = seconds > 0 ? now_s() + seconds : 0;
    pthread_mutex_unlock(&line->server->lock);
}

static struct line *open_line(struct dw_server *server, struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct line *line = dw_alloc0(sizeof(*line));
    line->server = server;
    line->descriptor = info->connect_fd;
    line->deadline = now_s() + HEADERS_S;
    info = MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char address[DW_SERVER_ADDRESS_SIZE];
    int port = 0;
    dw_address_print(info->client_addr, address, sizeof(address));
    dw_address_split(address, line->client, &port, NULL);
    pthread_mutex_lock(&server->lock);
    line->next = server->lines;
    if (line->next != NULL)
        line->next->previous = line;
    server->lines = line;
    server->line_count++;
    pthread_mutex_unlock(&server->lock);
    return line;
}

static void close_line(struct line *line)
{
    struct dw_server *server = line->server;
    pthread_mutex_lock(&server->lock);
    if (line->previous != NULL)
        line->previous->next = line->next;
    else
        server->lines = line->next;
    if (line->next != NULL)
        line->next->previous = line->previous;
    server->line_count--;
    pthread_mutex_unlock(&server->lock);
    free(line);
}

static void on_connection(void *user, struct MHD_Connection *connection, void **context,
                          enum MHD_ConnectionNotificationCode what)
{
    if (what == MHD_CONNECTION_NOTIFY_STARTED)
        *context = open_line(user, connection);
    else if (*context != NULL)
        close_line(*context);
}

/* MHD closes a descriptor only after close_line(), so under the lock it is still this line's. */
static void *reap(void *user)
{
    struct dw_server *server = user;
    pthread_mutex_lock(&server->lock);
    while (!server->ending) {
        time_t now = now_s();
        for (struct line *line = server->lines; line != NULL; line = line->next)
            if (line->deadline != 0 && line->deadline < now)
                shutdown(line->descriptor, SHUT_RDWR);
        struct timespec next = { .tv_sec = now + 1 };
        pthread_cond_timedwait(&server->ending_changed, &server->lock, &next);
    }
    pthread_mutex_unlock(&server->lock);
    return NULL;
}

/* --- One request ---------------------------------------------------------------------------- */

static struct line *line_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return info->socket_context;
}

/* The first that is heard of a request: its target, before anything has been undone in it. */
static void *begin_exchange(void *user, const char *target, struct MHD_Connection *connection)
{
    struct exchange *exchange = dw_alloc0(sizeof(*exchange));
    exchange->server = user;
    exchange->connection = connection;
    exchange->line = line_of(connection);
    exchange->target = dw_strdup(target);
    return exchange;
}

static void end_exchange(void *user, struct MHD_Connection *connection, void **context,
                         enum MHD_RequestTerminationCode why)
{
    (void)user, (void)connection, (void)why;
    struct exchange *exchange = *context;
    if (exchange == NULL)
        return;
    set_deadline(exchange->line, HEADERS_S);
    dw_request_fini(&exchange->request);
    dw_response_fini(&exchange->response);
    free(exchange->target);
    free(exchange);
    *context = NULL;
}

static enum MHD_Result take_header(void *user, enum MHD_ValueKind kind, const char *name,
                                   const char *value)
{
    (void)kind;
    struct exchange *exchange = user;
    dw_vec_push(&exchange->request.headers,
                ((struct dw_header){ name, value != NULL ? value : "" }));
    return MHD_YES;
}

/* Sleeping, MHD does not look at its socket. */
static bool has_left(const struct line *line)
{
    struct pollfd peer = { .fd = line->descriptor, .events = POLLRDHUP };
    return poll(&peer, 1, 0) > 0;
}

static ssize_t read_stream(void *user, uint64_t position, char *out, size_t room)
{
    (void)position;
    struct exchange *exchange = user;
    struct dw_server *server = exchange->server;
    const struct dw_stream *stream = &exchange->response.stream;
    pthread_mutex_lock(&server->lock);
    ssize_t count = 0;
    while (count == 0 && !server->ending) {
        uint64_t wakes = server->wakes;
        pthread_mutex_unlock(&server->lock);
        count = stream->read(stream->user, out, room);
        if (count == 0 && has_left(exchange->line))
            count = -1;
        pthread_mutex_lock(&server->lock);
        if (count != 0 || wakes != server->wakes || server->ending)
            continue; /* what it missed while it was not listening is there by now */
        MHD_suspend_connection(exchange->connection);
        exchange->next_asleep = server->asleep;
        server->asleep = exchange;
        break;
    }
    bool over = count < 0 || (count == 0 && server->ending);
    pthread_mutex_unlock(&server->lock);
    return over ? MHD_CONTENT_READER_END_OF_STREAM : count;
}

static struct MHD_Response *make_body(struct exchange *exchange)
{
    struct dw_response *response = &exchange->response;
    if (response->stream.read != NULL)
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_stream,
                                                 exchange, NULL);
    struct stat file;
    if (response->file != NULL && fflush(response->file) == 0 &&
        fstat(fileno(response->file), &file) == 0)
        return MHD_create_response_from_fd_at_offset64((uint64_t)file.st_size,
                                                       dup(fileno(response->file)), 0);
    if (response->bytes != NULL)
        return MHD_create_response_from_buffer(
            response->byte_count, (void *)(uintptr_t)response->bytes, MHD_RESPMEM_PERSISTENT);
    struct dw_buf *body = &response->body; /* lives as long as the exchange */
    return MHD_create_response_from_buffer(body->length, body->data, MHD_RESPMEM_PERSISTENT);
}

static enum MHD_Result answer(struct exchange *exchange)
{
    struct dw_response *response = &exchange->response;
    struct MHD_Response *made = make_body(exchange);
    if (made == NULL)
        return MHD_NO;
    if (response->content_type != NULL)
        MHD_add_response_header(made, "Content-Type", response->content_type);
    for (size_t i = 0; i < response->headers.count; i++)
        MHD_add_response_header(made, response->headers.items[i].name,
                                response->headers.items[i].value);
    enum MHD_Result result =
        MHD_queue_response(exchange->connection, (unsigned)response->status, made);
    MHD_destroy_response(made);
    return result;
}

static enum MHD_Result refuse(struct exchange *exchange, int status, const char *why)
{
    exchange->done = true;
    dw_problem(&exchange->response, status, "%s", why);
    return answer(exchange);
}

/* On a worker. */
static void run_exchange(struct dw_work *work)
{
    struct exchange *exchange = (struct exchange *)(void *)work;
    const struct dw_server_conf *conf = &exchange->server->conf;
    conf->handle(conf->user, &exchange->request, &exchange->response);
    exchange->done = true;
    MHD_resume_connection(exchange->connection);
}

static enum MHD_Result hand_over(struct exchange *exchange)
{
    struct dw_server *server = exchange->server;
    set_deadline(exchange->line, 0);
    exchange->work.run = run_exchange;
    exchange->work.slow = server->conf.slow(server->conf.user, &exchange->request);
    /* First, for a worker may wake it before this returns; MHD minds that as little. */
    MHD_suspend_connection(exchange->connection);
    if (dw_workers_add(server->workers, &exchange->work, WAITING_MAX))
        return MHD_YES;
    exchange->done = true;
    dw_problem(&exchange->response, 503, "the server has too much to do: try again in a moment");
    dw_response_header(&exchange->response, "Retry-After", "2");
    MHD_resume_connection(exchange->connection);
    return MHD_YES;
}

/* After the headers; also answers what can be refused without the body. */
static enum MHD_Result begin_request(struct exchange *exchange, const char *method)
{
    struct dw_request *request = &exchange->request;
    exchange->begun = true;
    request->method = dw_method_parse(method);
    request->target = exchange->target;
    request->client = exchange->line->client;
    request->secure = exchange->server->certificate != NULL;
    MHD_get_connection_values(exchange->connection, MHD_HEADER_KIND, take_header, exchange);
    set_deadline(exchange->line, BODY_S);
    if (request->method == DW_METHOD_COUNT)
        return refuse(exchange, 405, "only GET, HEAD, POST, PUT, PATCH and DELETE are known here");
    const char *length = dw_request_header(request, "Content-Length");
    if (length != NULL && strtoull(length, NULL, 10) > DW_SERVER_BODY_MAX)
        return refuse(exchange, 413, "the body is larger than 1 MiB");
    return MHD_YES;
}

/* NOLINTNEXTLINE(readability-function-size): libmicrohttpd says how many parameters it has */
static enum MHD_Result on_request(void *user, struct MHD_Connection *connection, const char *url,
                                  const char *method, const char *version, const char *upload,
                                  size_t *upload_size, void **context)
{
    (void)user, (void)connection, (void)url, (void)version;
    struct exchange *exchange = *context;
    if (!exchange->begun)
        return begin_request(exchange, method);
    if (*upload_size > 0) {
        /* Chunked, it did not say how long it would be. */
        if (exchange->request.body.length + *upload_size > DW_SERVER_BODY_MAX)
            return MHD_NO;
        dw_buf_append(&exchange->request.body, upload, *upload_size);
        *upload_size = 0;
        return MHD_YES;
    }
    return exchange->done ? answer(exchange) : hand_over(exchange);
}

/* --- The server ----------------------------------------------------------------------------- */

static void say_nothing(void *user, const char *format, va_list args)
{
    (void)user, (void)format, (void)args;
}

/* As many as the process may have open; asks for more where it may. */
static unsigned most_connections(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return DW_SERVER_CONNECTIONS_EACH;
    rlim_t wanted = DW_SERVER_CONNECTIONS_MAX + DATA_MAX;
    if (limit.rlim_cur < wanted) {
        limit.rlim_cur = DW_MIN(limit.rlim_max, wanted);
        setrlimit(RLIMIT_NOFILE, &limit);
    }
    rlim_t have = DW_MIN(limit.rlim_cur, wanted);
    return have > (rlim_t)2 * DATA_MAX ? (unsigned)(have - DATA_MAX) : DATA_MAX;
}

static struct MHD_Daemon *start_daemon(struct dw_server *server, int line)
{
    unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG;
    struct MHD_OptionItem tls[] = {
        { MHD_OPTION_HTTPS_MEM_CERT, 0, server->certificate },
        { MHD_OPTION_HTTPS_MEM_KEY, 0, server->key },
        { MHD_OPTION_TLS_NO_ALPN, 1, NULL },
        { MHD_OPTION_END, 0, NULL },
    };
    struct MHD_OptionItem none[] = { { MHD_OPTION_END, 0, NULL } };
    bool secure = server->certificate != NULL;
    return MHD_start_daemon(
        flags | (secure ? MHD_USE_TLS : 0), 0, NULL, NULL, on_request, server,
        MHD_OPTION_EXTERNAL_LOGGER, say_nothing, NULL, MHD_OPTION_LISTEN_SOCKET, line,
        MHD_OPTION_CONNECTION_LIMIT, most_connections(), MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)DW_SERVER_CONNECTIONS_EACH, MHD_OPTION_CONNECTION_MEMORY_LIMIT,
        DW_SERVER_HEADERS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)STALLED_S,
        MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_URI_LOG_CALLBACK, begin_exchange, server,
        MHD_OPTION_NOTIFY_COMPLETED, end_exchange, server, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, server, MHD_OPTION_ARRAY, secure ? tls : none, MHD_OPTION_END);
}

int dw_server_create(struct dw_server **out, const struct dw_server_conf *conf, struct dw_err *err)
{
    if (conf->certificate != NULL && MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES)
        return dw_fail(err, -ENOTSUP,
                       "libmicrohttpd was built without TLS here: leave tls out, and "
                       "put a proxy with TLS before Dwell");
    struct dw_server *server = dw_alloc0(sizeof(*server));
    pthread_condattr_t monotonic;
    pthread_condattr_init(&monotonic);
    pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC);
    pthread_cond_init(&server->ending_changed, &monotonic);
    pthread_condattr_destroy(&monotonic);
    pthread_mutex_init(&server->lock, NULL);
    pthread_mutex_init(&server->listen_lock, NULL);
    server->conf = *conf;
    server->certificate = conf->certificate != NULL ? dw_strdup(conf->certificate) : NULL;
    server->key = conf->key != NULL ? dw_strdup(conf->key) : NULL;
    int result = dw_workers_create(&server->workers, WORKERS, err);
    int code = result == 0 ? pthread_create(&server->reaper, NULL, reap, server) : 0;
    server->reaping = result == 0 && code == 0;
    if (code != 0)
        result = dw_fail(err, -code, "cannot start a thread: %s", strerror(code));
    if (result < 0)
        dw_server_destroy(server);
    else
        *out = server;
    return result;
}

static void stop_listening(struct dw_server *server)
{
    if (server->daemon_count == 0)
        return;
    size_t last = server->daemon_count - 1;
    int line = MHD_quiesce_daemon(server->daemons[last]);
    if (line < 0)
        return;                /* it did already */
    shutdown(line, SHUT_RDWR); /* frees the address; MHD may look at the descriptor still */
    server->sockets[last] = line;
}

void dw_server_destroy(struct dw_server *server)
{
    if (server == NULL)
        return;
    pthread_mutex_lock(&server->lock);
    server->ending = true;
    pthread_cond_broadcast(&server->ending_changed);
    pthread_mutex_unlock(&server->lock);
    stop_listening(server);
    if (server->reaping)
        pthread_join(server->reaper, NULL);
    dw_server_wake(server);
    dw_workers_destroy(server->workers);
    for (size_t i = 0; i < server->daemon_count; i++) {
        MHD_stop_daemon(server->daemons[i]);
        if (server->sockets[i] >= 0)
            close(server->sockets[i]);
    }
    pthread_cond_destroy(&server->ending_changed);
    pthread_mutex_destroy(&server->listen_lock);
    pthread_mutex_destroy(&server->lock);
    free(server->certificate);
    free(server->key);
    free(server);
}

static int start_listening(struct dw_server *server, const char *address, struct dw_err *err)
{
    if (server->daemon_count == DAEMONS_MAX)
        return dw_fail(err, -EBUSY, "the server cannot listen anew so often: start it again");
    stop_listening(server);
    int line = dw_address_listen(address, err);
    if (line < 0)
        return line;
    struct sockaddr_storage where = { 0 };
    socklen_t length = sizeof(where);
    getsockname(line, (struct sockaddr *)(void *)&where, &length);
    struct MHD_Daemon *daemon = start_daemon(server, line);
    if (daemon == NULL) {
        close(line);
        return dw_fail(err, -EIO, "%s",
                       server->certificate != NULL
                           ? "the server does not start: are certificate and key "
                             "PEM files that belong together?"
                           : "the server does not start");
    }
    pthread_mutex_lock(&server->lock);
    server->sockets[server->daemon_count] = -1;
    server->daemons[server->daemon_count++] = daemon;
    dw_address_print((const struct sockaddr *)(const void *)&where, server->address,
                     sizeof(server->address));
    pthread_mutex_unlock(&server->lock);
    return 0;
}

int dw_server_listen(struct dw_server *server, const char *address, struct dw_err *err)
{
    pthread_mutex_lock(&server->listen_lock);
    int result = start_listening(server, address, err);
    pthread_mutex_unlock(&server->listen_lock);
    return result;
}

void dw_server_address(struct dw_server *server, char out[DW_SERVER_ADDRESS_SIZE])
{
    pthread_mutex_lock(&server->lock);
    memcpy(out, server->address, DW_SERVER_ADDRESS_SIZE);
    pthread_mutex_unlock(&server->lock);
}

void dw_server_wake(struct dw_server *server)
{
    pthread_mutex_lock(&server->lock);
    server->wakes++;
    struct exchange *asleep = server->asleep;
    server->asleep = NULL;
    while (asleep != NULL) {
        struct exchange *next = asleep->next_asleep; /* once awake, it may end at any moment */
        MHD_resume_connection(asleep->connection);
        asleep = next;
    }
    pthread_mutex_unlock(&server->lock);
}

int dw_server_connections(struct dw_server *server)
{
    pthread_mutex_lock(&server->lock);
    int count = server->line_count;
    pthread_mutex_unlock(&server->lock);
    return count;
}

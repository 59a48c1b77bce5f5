/* The platform's API, as fast as one can be: answers every request with {"enabled":false} and a 200.
 *
 * Listens on loopback, on a port that the system picks and that is printed. A thread for each connection, which may
 * bring one request after another; requests have no body. A HEAD or a POST does not come here. */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char answer[] =
    "HTTP/1.1 200 OK\r\n"
    "Content-Type: application/json\r\n"
    "Content-Length: 17\r\n"
    "\r\n"
    "{\"enabled\":false}";

static void *serve(void *argument) {
    int connection = (int)(intptr_t)argument;
    char request[8192];
    size_t length = 0;
    ssize_t more;
    while ((more = read(connection, request + length, sizeof request - length)) > 0) {
        length += (size_t)more;
        char *end;
        while ((end = memmem(request, length, "\r\n\r\n", 4))) {
            size_t used = (size_t)(end + 4 - request);
            memmove(request, request + used, length - used);
            length -= used;
            if (write(connection, answer, sizeof answer - 1) < 0) goto over;
        }
        if (length == sizeof request) break; /* nobody here sends that much */
    }
over:
    close(connection);
    return NULL;
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof place;
    int on = 1, door = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (door < 0 || bind(door, (struct sockaddr *)&place, size) || listen(door, 128) ||
        getsockname(door, (struct sockaddr *)&place, &size))
        err(69, "answer");
    printf("%d\n", ntohs(place.sin_port));
    fflush(stdout);
    for (;;) {
        int connection = accept4(door, NULL, NULL, SOCK_CLOEXEC);
        if (connection < 0) continue;
        setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        pthread_t thread;
        if (pthread_create(&thread, NULL, serve, (void *)(intptr_t)connection))
            close(connection);
        else
            pthread_detach(thread);
    }
}

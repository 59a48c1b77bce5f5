/* The floor: what is left of Andon's work when nothing is left but the work, in C, with the same libraries.
 *
 *   kill-switch FILE    UPDATE, SELECT that proves it, GET (DATABASE_URL, API_URL)
 *   sql N FILE          N times a SELECT of one row
 *   true N FILE         N times /bin/true
 *   nothing N FILE      N steps that do nothing
 *
 * Each step's intent is durable before the step begins, and its outcome before the next one does. Both stand in one
 * commit: the outcome of a step and the intent of the next. So N steps are N + 1 commits. No checks, no redaction, no
 * chain, no terminal: nobody should want to run this. */
#define _GNU_SOURCE
#include "durable.h"
#include <curl/curl.h>
#include <fcntl.h>
#include <libpq-fe.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

extern char **environ;

static const char *const SWITCH_OFF = "UPDATE trades_config SET value = 'false' WHERE key = 'TRADES_ENABLED'";
static const char *const LOOK = "SELECT value FROM trades_config WHERE key = 'TRADES_ENABLED'";

/* What came of the step before, if there was one, and what is done next, if anything is. */
static void record(const char *outcome, const char *intent) {
    sql("BEGIN IMMEDIATE");
    if (outcome) add("outcome", outcome);
    if (intent) add("intent", intent);
    sql("COMMIT");
}

static const char *variable(const char *name) {
    const char *value = getenv(name);
    if (!value) errx(78, "%s is not set", name);
    return value;
}

static PGconn *connection(void) {
    PGconn *made = PQconnectdb(variable("DATABASE_URL"));
    if (PQstatus(made) != CONNECTION_OK) errx(69, "%s", PQerrorMessage(made));
    return made;
}

static size_t drop(char *bytes, size_t size, size_t count, void *nobody) {
    (void)bytes, (void)nobody;
    return size * count;
}

static void get(void) {
    char address[1024];
    long status = 0;
    snprintf(address, sizeof address, "%s/trades", variable("API_URL"));
    curl_global_init(CURL_GLOBAL_DEFAULT);
    CURL *request = curl_easy_init();
    curl_easy_setopt(request, CURLOPT_URL, address);
    curl_easy_setopt(request, CURLOPT_WRITEFUNCTION, drop);
    CURLcode problem = curl_easy_perform(request);
    curl_easy_getinfo(request, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(request);
    if (problem || status != 200) errx(1, "GET: %s, status %ld", curl_easy_strerror(problem), status);
}

static void kill_switch(void) {
    record(NULL, SWITCH_OFF);
    PGconn *server = connection();
    PGresult *result = PQexec(server, SWITCH_OFF);
    if (strcmp(PQcmdTuples(result), "1")) errx(1, "UPDATE: %s", PQerrorMessage(server));
    PQclear(result);
    result = PQexec(server, LOOK);
    if (PQntuples(result) != 1 || strcmp(PQgetvalue(result, 0, 0), "false")) errx(1, "trading is still on");
    PQclear(result);
    record("off, and seen to be", "GET /trades");
    get();
    record("200", NULL);
    PQfinish(server);
}

static void queries(int count) {
    record(NULL, LOOK);
    PGconn *server = connection();
    for (int number = 1; number <= count; number++) {
        PGresult *result = PQexec(server, LOOK);
        if (PQntuples(result) != 1) errx(1, "SELECT: %s", PQerrorMessage(server));
        record(PQgetvalue(result, 0, 0), number < count ? LOOK : NULL);
        PQclear(result);
    }
    PQfinish(server);
}

static void programs(int count) {
    char *words[] = {"/bin/true", NULL};
    record(NULL, words[0]);
    for (int number = 1; number <= count; number++) {
        pid_t child;
        int status, ends[2];
        char bytes[4096];
        posix_spawn_file_actions_t files;
        if (pipe2(ends, O_CLOEXEC)) err(71, "pipe2");
        posix_spawn_file_actions_init(&files);
        posix_spawn_file_actions_adddup2(&files, ends[1], 1);
        posix_spawn_file_actions_adddup2(&files, ends[1], 2);
        if (posix_spawn(&child, words[0], &files, NULL, words, environ)) errx(69, "%s", words[0]);
        posix_spawn_file_actions_destroy(&files);
        close(ends[1]);
        while (read(ends[0], bytes, sizeof bytes) > 0) continue;
        close(ends[0]);
        if (waitpid(child, &status, 0) < 0 || status) errx(1, "%s failed", words[0]);
        record("exit 0", number < count ? words[0] : NULL);
    }
}

static void nothing(int count) {
    record(NULL, "nothing");
    for (int number = 1; number <= count; number++) record("done", number < count ? "nothing" : NULL);
}

int main(int count, char **words) {
    if (count < 3) errx(64, "see the first lines of floor.c");
    const char *task = words[1];
    int number = count == 4 ? atoi(words[2]) : 0;
    open_durably(words[count - 1]);
    if (!strcmp(task, "kill-switch"))
        kill_switch();
    else if (number && !strcmp(task, "sql"))
        queries(number);
    else if (number && !strcmp(task, "true"))
        programs(number);
    else if (number && !strcmp(task, "nothing"))
        nothing(number);
    else
        errx(64, "%s: see the first lines of floor.c", task);
    close_durably();
    return 0;
}

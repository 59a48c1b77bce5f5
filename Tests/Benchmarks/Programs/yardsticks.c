/* What SQLite and the disk can do with nothing around them:
 *
 *   commits N FILE        N commits of a row each, every one on the disk before the next
 *   rows FILE INCIDENT    reads every entry of an incident out of a journal of Andon, and prints how many there are
 *   flush FILE            prints the microseconds that 4 KiB take onto the disk, the median of 200
 *   version               prints SQLite's version
 */
#include "durable.h"
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static void commits(int count, const char *path) {
    open_durably(path);
    for (int number = 0; number < count; number++) add("commit", "a row");
    close_durably();
}

static void rows(const char *path, int incident) {
    sqlite3_stmt *query;
    long long count = 0, bytes = 0;
    /* For writing, as whoever may have to make the log's index needs it; nothing is written. */
    if (sqlite3_open_v2(path, &database, SQLITE_OPEN_READWRITE, NULL)) errx(69, "%s", sqlite3_errmsg(database));
    const char *text = "SELECT seq, hash, body, kind, incident, run FROM entry WHERE incident = ? ORDER BY seq";
    if (sqlite3_prepare_v2(database, text, -1, &query, NULL)) errx(65, "%s", sqlite3_errmsg(database));
    sqlite3_bind_int(query, 1, incident);
    for (; sqlite3_step(query) == SQLITE_ROW; count++)
        for (int column = 0; column < 6; column++) {
            sqlite3_column_blob(query, column);
            bytes += sqlite3_column_bytes(query, column);
        }
    sqlite3_finalize(query);
    sqlite3_close(database);
    printf("%lld rows, %lld bytes\n", count, bytes);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static int order(const void *one, const void *other) {
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

static void flush(const char *path) {
    enum { PAGES = 64, TIMES = 200 };
    static char page[4096];
    double taken[TIMES];
    int file = open(path, O_RDWR | O_CREAT, 0600);
    if (file < 0) err(73, "%s", path);
    for (int number = 0; number < PAGES; number++)
        if (pwrite(file, page, sizeof page, number * 4096L) < 0) err(73, "%s", path);
    fsync(file);
    for (int number = 0; number < TIMES; number++) {
        memset(page, number, sizeof page);
        double begin = now();
        if (pwrite(file, page, sizeof page, number % PAGES * 4096L) < 0 || fdatasync(file)) err(73, "%s", path);
        taken[number] = now() - begin;
    }
    close(file);
    qsort(taken, TIMES, sizeof *taken, order);
    printf("%.0f\n", taken[TIMES / 2]);
}

int main(int count, char **words) {
    const char *task = count > 1 ? words[1] : "";
    if (count == 4 && !strcmp(task, "commits"))
        commits(atoi(words[2]), words[3]);
    else if (count == 4 && !strcmp(task, "rows"))
        rows(words[2], atoi(words[3]));
    else if (count == 3 && !strcmp(task, "flush"))
        flush(words[2]);
    else if (count == 2 && !strcmp(task, "version"))
        puts(sqlite3_libversion());
    else
        errx(64, "commits N FILE | rows FILE INCIDENT | flush FILE | version");
    return 0;
}

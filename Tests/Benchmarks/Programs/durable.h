/* An SQLite file in which every commit is on the disk before it is over, with nothing around it: what the yardsticks and
 * the floors write to. The write-ahead log is made long once and kept, so that a commit writes over what is there and the
 * file's size need not be flushed with it. */
#include <err.h>
#include <sqlite3.h>
#include <unistd.h>

static sqlite3 *database;
static sqlite3_stmt *insertion;

static void sql(const char *statement) {
    if (sqlite3_exec(database, statement, NULL, NULL, NULL)) errx(70, "%s: %s", statement, sqlite3_errmsg(database));
}

static void open_durably(const char *path) {
    int fresh = access(path, F_OK), keep = 1;
    if (sqlite3_open(path, &database)) errx(73, "%s: %s", path, sqlite3_errmsg(database));
    sqlite3_file_control(database, "main", SQLITE_FCNTL_PERSIST_WAL, &keep);
    sqlite3_db_config(database, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sql("PRAGMA journal_mode = WAL");
    if (fresh) {
        sql("PRAGMA synchronous = OFF; PRAGMA wal_autocheckpoint = 0");
        sql("CREATE TABLE entry(seq INTEGER PRIMARY KEY, kind TEXT NOT NULL, body TEXT NOT NULL)");
        for (int turn = 0; turn < 1200; turn++)
            sql(turn % 2 ? "DELETE FROM entry" : "INSERT INTO entry VALUES(1, 'long', 'the log')");
        sql("PRAGMA wal_checkpoint(RESTART); PRAGMA wal_autocheckpoint = 1000");
    }
    sql("PRAGMA synchronous = FULL");
    if (sqlite3_prepare_v2(database, "INSERT INTO entry(kind, body) VALUES(?, ?)", -1, &insertion, NULL))
        errx(70, "%s", sqlite3_errmsg(database));
}

static void add(const char *kind, const char *body) {
    sqlite3_bind_text(insertion, 1, kind, -1, SQLITE_STATIC);
    sqlite3_bind_text(insertion, 2, body, -1, SQLITE_STATIC);
    if (sqlite3_step(insertion) != SQLITE_DONE) errx(73, "%s", sqlite3_errmsg(database));
    sqlite3_reset(insertion);
}

static void close_durably(void) {
    sqlite3_finalize(insertion);
    sqlite3_close(database);
}

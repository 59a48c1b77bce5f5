/* Stands in for a disk that goes bad: loaded into a program with LD_PRELOAD, it lets calls on files fail, as
 *
 *   DISK_STAND_IN='KIND CODE FIRST COUNT BEGINNING'
 *
 * says: of the calls of one KIND on files whose paths begin so, numbered from 1 over the whole process, COUNT fail from
 * FIRST on, with the error CODE. A `write` is one of write(2), pwrite(2) and ftruncate(2). A `sync` is one of fsync(2)
 * and fdatasync(2), or a write to a file that was opened with O_DSYNC; not one of a folder, where SQLite does not look at
 * what came of it.
 * DISK_STAND_IN_BOOK, a file elsewhere, gets a byte for each such call: `.` it was made, `x` it failed. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

enum kind { NONE, WRITE, SYNC };
static enum kind wanted = NONE;
static int code;
static long first, count;
static char beginning[4096];
static atomic_long calls;

__attribute__((constructor)) static void begin(void) {
  const char *plan = getenv("DISK_STAND_IN");
  char kind[8];
  if (!plan) return;
  if (sscanf(plan, "%7s %d %ld %ld %4095s", kind, &code, &first, &count, beginning) != 5) abort();
  wanted = strcmp(kind, "sync") == 0 ? SYNC : WRITE;
}

static void note(char mark) {
  const char *path = getenv("DISK_STAND_IN_BOOK");
  int book = path ? open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;
  if (book < 0) return;
  if (REAL(write)(book, &mark, 1) != 1) abort();
  close(book);
}

/* Whether this call fails; then errno says why. */
static int fails(enum kind kind, int file) {
  if (wanted == NONE) return 0;
  if (wanted == SYNC && kind == WRITE && fcntl(file, F_GETFL) & O_DSYNC) kind = SYNC;
  if (kind != wanted) return 0;
  struct stat status;
  if (fstat(file, &status) != 0 || S_ISDIR(status.st_mode)) return 0;
  char link[64], path[4096];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  ssize_t length = readlink(link, path, sizeof path - 1);
  if (length < 0) return 0;
  path[length] = 0;
  if (strncmp(path, beginning, strlen(beginning)) != 0) return 0;
  long number = atomic_fetch_add(&calls, 1) + 1;
  int isFailing = number >= first && number - first < count;
  note(isFailing ? 'x' : '.');
  if (isFailing) errno = code;
  return isFailing;
}

ssize_t write(int file, const void *bytes, size_t size) {
  return fails(WRITE, file) ? -1 : REAL(write)(file, bytes, size);
}

ssize_t pwrite(int file, const void *bytes, size_t size, off_t place) {
  return fails(WRITE, file) ? -1 : REAL(pwrite)(file, bytes, size, place);
}

ssize_t pwrite64(int file, const void *bytes, size_t size, off64_t place) {
  return fails(WRITE, file) ? -1 : REAL(pwrite64)(file, bytes, size, place);
}

int ftruncate(int file, off_t size) { return fails(WRITE, file) ? -1 : REAL(ftruncate)(file, size); }

int ftruncate64(int file, off64_t size) { return fails(WRITE, file) ? -1 : REAL(ftruncate64)(file, size); }

int fsync(int file) { return fails(SYNC, file) ? -1 : REAL(fsync)(file); }

int fdatasync(int file) { return fails(SYNC, file) ? -1 : REAL(fdatasync)(file); }

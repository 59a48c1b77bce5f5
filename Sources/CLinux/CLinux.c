#define _GNU_SOURCE
#include "CLinux.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/vfs.h>
#include <unistd.h>

void clinux_forbid_core_dumps(void) {
  struct rlimit none = {0, 0};
  setrlimit(RLIMIT_CORE, &none);
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

int clinux_become_subreaper(void) {
  return prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == 0 ? 0 : errno;
}

static int lock(int descriptor, short type, int wait) {
  struct flock whole = {.l_type = type, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0, .l_pid = 0};
  for (;;) {
    if (fcntl(descriptor, wait ? F_OFD_SETLKW : F_OFD_SETLK, &whole) == 0) return 0;
    if (errno != EINTR) return errno;
  }
}

int clinux_lock_file(int descriptor, int exclusive, int wait) {
  return lock(descriptor, exclusive ? F_WRLCK : F_RDLCK, wait);
}

int clinux_is_locked(int descriptor) {
  struct flock whole = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 0, .l_len = 0, .l_pid = 0};
  return fcntl(descriptor, F_OFD_GETLK, &whole) == 0 && whole.l_type != F_UNLCK;
}

int clinux_unlock_file(int descriptor) { return lock(descriptor, F_UNLCK, 0); }

long clinux_file_system_kind(const char *path) {
  struct statfs system;
  return statfs(path, &system) == 0 ? (long)system.f_type : -1;
}

int clinux_make_pipe(int ends[2], int capacity) {
  if (pipe2(ends, O_CLOEXEC) != 0) return errno;
  fcntl(ends[0], F_SETPIPE_SZ, capacity);
  if (fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0) return 0;
  int reason = errno;
  close(ends[0]);
  close(ends[1]);
  return reason;
}

int clinux_make_memory_file(const void *bytes, unsigned long count) {
  int file = memfd_create("andon", MFD_CLOEXEC);
  if (file < 0) return -errno;
  unsigned long done = 0;
  while (done < count) {
    ssize_t written = pwrite(file, (const char *)bytes + done, count - done, (off_t)done);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) {
      int reason = written < 0 ? errno : ENOSPC;
      close(file);
      return -reason;
    }
    done += (unsigned long)written;
  }
  return file;
}

const char *clinux_load(const char *library, const struct clinux_symbol *symbols, unsigned long count) {
  void *handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL);
  for (unsigned long i = 0; handle && i < count; i++) {
    void *function = dlsym(handle, symbols[i].name);
    if (!function) break;
    memcpy(symbols[i].pointer, &function, sizeof function);
    if (i == count - 1) return NULL;
  }
  const char *reason = dlerror();
  char *kept = reason ? strdup(reason) : NULL; // The loader's own copy lasts until its next message.
  return kept ? kept : "it cannot be loaded";
}

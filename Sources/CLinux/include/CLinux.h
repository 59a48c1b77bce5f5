/// The few calls of Linux that Swift cannot make itself: variadic in C, or missing from its Glibc module.
#ifndef ANDON_CLINUX_H
#define ANDON_CLINUX_H

/// Keeps secrets in memory out of core files and out of other processes' reach.
void clinux_forbid_core_dumps(void);

/// Makes orphans of our children ours, so that a whole process tree can be ended. 0 or an errno.
int clinux_become_subreaper(void);

/// Takes (type F_WRLCK) or frees (F_UNLCK) an open-file-description lock on a whole file.
/// Waits if `wait` is not 0. 0 or an errno; EAGAIN when another holds it.
int clinux_lock_file(int descriptor, int exclusive, int wait);
int clinux_unlock_file(int descriptor);

/// 1 when another open file holds a lock on this one, 0 when none does. Takes nothing.
int clinux_is_locked(int descriptor);

/// Makes a pipe whose ends no child inherits by accident: `ends[0]` to read from, never blocking, and `ends[1]`
/// to write to, blocking as programs expect. `capacity` in bytes is a wish. 0 or an errno.
int clinux_make_pipe(int ends[2], int capacity);

/// A file in memory with no name, holding `count` bytes, to be read from its start; no child inherits it by
/// accident. A descriptor, or minus an errno.
int clinux_make_memory_file(const void *bytes, unsigned long count);

/// A function of a shared library, and the pointer that is to lead to it.
struct clinux_symbol {
  const char *name;
  void *pointer;
};

/// Loads a shared library for the rest of the process and looks all the functions up. NULL, or why it cannot be used.
const char *clinux_load(const char *library, const struct clinux_symbol *symbols, unsigned long count);

/// The kind of file system a path lies on (`f_type` of statfs), or -1.
long clinux_file_system_kind(const char *path);

#endif

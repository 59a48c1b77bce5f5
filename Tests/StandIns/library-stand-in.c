/* Stands in for a machine where the library named by MISSING_LIBRARY is not installed: loaded into a program with
 * LD_PRELOAD, it looks for that one where nothing is, and for all others as always. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

void *dlopen(const char *name, int flags) {
  void *(*real)(const char *, int) = dlsym(RTLD_NEXT, "dlopen");
  const char *missing = getenv("MISSING_LIBRARY");
  int is_missing = name && missing && strcmp(name, missing) == 0;
  return real(is_missing ? "/nowhere/to-be-found.so" : name, flags);
}

/// libpq, loaded when it is first called: a command that opens no database does not wait for it and the libraries behind it.
#ifndef ANDON_CPOSTGRES_H
#define ANDON_CPOSTGRES_H

#if __has_include(<libpq-fe.h>)
#include <libpq-fe.h>
#else
#include <postgresql/libpq-fe.h>
#endif

/// Loads libpq, if that has not been done. NULL, or why it cannot be used; its functions do nothing then, and give 0 or NULL.
const char *cpostgres_problem(void);

#endif

#include "CPostgres.h"

#include "CLinux.h"

#include <pthread.h>

/* Result, name, parameters, arguments. */
#define VALUES(X)                                                                                                      \
  X(PGconn *, PQconnectdb, (const char *info), (info))                                                                 \
  X(PGconn *, PQconnectStartParams, (const char *const *keywords, const char *const *values, int expands),             \
    (keywords, values, expands))                                                                                       \
  X(PostgresPollingStatusType, PQconnectPoll, (PGconn * connection), (connection))                                     \
  X(ConnStatusType, PQstatus, (const PGconn *connection), (connection))                                                \
  X(char *, PQerrorMessage, (const PGconn *connection), (connection))                                                  \
  X(int, PQsocket, (const PGconn *connection), (connection))                                                           \
  X(int, PQserverVersion, (const PGconn *connection), (connection))                                                    \
  X(int, PQsslInUse, (PGconn * connection), (connection))                                                              \
  X(int, PQlibVersion, (void), ())                                                                                     \
  X(PQconninfoOption *, PQconninfoParse, (const char *info, char **message), (info, message))                          \
  X(PQnoticeProcessor, PQsetNoticeProcessor, (PGconn * connection, PQnoticeProcessor processor, void *context),        \
    (connection, processor, context))                                                                                  \
  X(PGVerbosity, PQsetErrorVerbosity, (PGconn * connection, PGVerbosity verbosity), (connection, verbosity))           \
  X(int, PQsetnonblocking, (PGconn * connection, int on), (connection, on))                                            \
  X(int, PQenterPipelineMode, (PGconn * connection), (connection))                                                     \
  X(int, PQpipelineSync, (PGconn * connection), (connection))                                                          \
  X(int, PQsendFlushRequest, (PGconn * connection), (connection))                                                      \
  X(int, PQsendQueryParams,                                                                                            \
    (PGconn * connection, const char *command, int count, const Oid *types, const char *const *values,                 \
     const int *lengths, const int *formats, int format),                                                              \
    (connection, command, count, types, values, lengths, formats, format))                                             \
  X(int, PQsetSingleRowMode, (PGconn * connection), (connection))                                                      \
  X(int, PQflush, (PGconn * connection), (connection))                                                                 \
  X(int, PQisBusy, (PGconn * connection), (connection))                                                                \
  X(int, PQconsumeInput, (PGconn * connection), (connection))                                                          \
  X(PGresult *, PQgetResult, (PGconn * connection), (connection))                                                      \
  X(PGresult *, PQexec, (PGconn * connection, const char *script), (connection, script))                               \
  X(PGresult *, PQexecParams,                                                                                          \
    (PGconn * connection, const char *command, int count, const Oid *types, const char *const *values,                 \
     const int *lengths, const int *formats, int format),                                                              \
    (connection, command, count, types, values, lengths, formats, format))                                             \
  X(PGresult *, PQprepare,                                                                                             \
    (PGconn * connection, const char *name, const char *query, int count, const Oid *types),                           \
    (connection, name, query, count, types))                                                                           \
  X(PGresult *, PQdescribePrepared, (PGconn * connection, const char *name), (connection, name))                       \
  X(ExecStatusType, PQresultStatus, (const PGresult *result), (result))                                                \
  X(char *, PQresultErrorMessage, (const PGresult *result), (result))                                                  \
  X(char *, PQresultErrorField, (const PGresult *result, int field), (result, field))                                  \
  X(int, PQntuples, (const PGresult *result), (result))                                                                \
  X(int, PQnfields, (const PGresult *result), (result))                                                                \
  X(char *, PQfname, (const PGresult *result, int column), (result, column))                                           \
  X(Oid, PQftype, (const PGresult *result, int column), (result, column))                                              \
  X(char *, PQcmdStatus, (PGresult * result), (result))                                                                \
  X(char *, PQcmdTuples, (PGresult * result), (result))                                                                \
  X(char *, PQgetvalue, (const PGresult *result, int row, int column), (result, row, column))                          \
  X(int, PQgetlength, (const PGresult *result, int row, int column), (result, row, column))                            \
  X(int, PQgetisnull, (const PGresult *result, int row, int column), (result, row, column))

#define ACTIONS(X)                                                                                                     \
  X(void, PQfinish, (PGconn * connection), (connection))                                                               \
  X(void, PQreset, (PGconn * connection), (connection))                                                                \
  X(void, PQclear, (PGresult * result), (result))                                                                      \
  X(void, PQconninfoFree, (PQconninfoOption * options), (options))

static struct {
#define MEMBER(type, name, parameters, arguments) type(*name) parameters;
  VALUES(MEMBER) ACTIONS(MEMBER)
} libpq;

static const struct clinux_symbol symbols[] = {
#define SYMBOL(type, name, parameters, arguments) {#name, &libpq.name},
    VALUES(SYMBOL) ACTIONS(SYMBOL)};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *problem;

static void load(void) { problem = clinux_load("libpq.so.5", symbols, sizeof symbols / sizeof *symbols); }

const char *cpostgres_problem(void) {
  pthread_once(&once, load);
  return problem;
}

/* For this executable alone: libpq's own calls must not end up here. */
#define OURS __attribute__((visibility("hidden")))

#define VALUE(type, name, parameters, arguments)                                                                       \
  OURS type name parameters { return cpostgres_problem() ? (type)0 : libpq.name arguments; }
VALUES(VALUE)

#define ACTION(type, name, parameters, arguments)                                                                      \
  OURS type name parameters {                                                                                          \
    if (!cpostgres_problem()) libpq.name arguments;                                                                    \
  }
ACTIONS(ACTION)

#include "Library.h"

#include "CLinux.h"

#include <pthread.h>

/* Result, name, parameters, arguments. */
#define VALUES(X)                                                                                                      \
  X(CURLcode, curl_global_init, (long flags), (flags))                                                                 \
  X(CURL *, curl_easy_init, (void), ())                                                                                \
  X(const char *, curl_easy_strerror, (CURLcode code), (code))                                                         \
  X(CURLM *, curl_multi_init, (void), ())                                                                              \
  X(CURLMcode, curl_multi_add_handle, (CURLM * multi, CURL *handle), (multi, handle))                                  \
  X(CURLMcode, curl_multi_remove_handle, (CURLM * multi, CURL *handle), (multi, handle))                               \
  X(CURLMcode, curl_multi_cleanup, (CURLM * multi), (multi))                                                           \
  X(CURLMcode, curl_multi_perform, (CURLM * multi, int *running), (multi, running))                                    \
  X(CURLMcode, curl_multi_poll,                                                                                        \
    (CURLM * multi, struct curl_waitfd * others, unsigned int count, int milliseconds, int *ready),                    \
    (multi, others, count, milliseconds, ready))                                                                       \
  X(CURLMsg *, curl_multi_info_read, (CURLM * multi, int *left), (multi, left))                                        \
  X(const char *, curl_multi_strerror, (CURLMcode code), (code))                                                       \
  X(struct curl_slist *, curl_slist_append, (struct curl_slist * list, const char *text), (list, text))                \
  X(CURLU *, curl_url, (void), ())                                                                                     \
  X(CURLUcode, curl_url_get, (CURLU * url, CURLUPart part, char **text, unsigned int flags),                           \
    (url, part, text, flags))                                                                                          \
  X(CURLUcode, curl_url_set, (CURLU * url, CURLUPart part, const char *text, unsigned int flags),                      \
    (url, part, text, flags))

#define ACTIONS(X)                                                                                                     \
  X(void, curl_easy_cleanup, (CURL * handle), (handle))                                                                \
  X(void, curl_easy_reset, (CURL * handle), (handle))                                                                  \
  X(void, curl_slist_free_all, (struct curl_slist * list), (list))                                                     \
  X(void, curl_url_cleanup, (CURLU * url), (url))                                                                      \
  X(void, curl_free, (void *text), (text))

CURLcode (*easy_setopt)(CURL *handle, CURLoption option, ...);
CURLcode (*easy_getinfo)(CURL *handle, CURLINFO info, ...);

static struct {
#define MEMBER(type, name, parameters, arguments) type(*name) parameters;
  VALUES(MEMBER) ACTIONS(MEMBER)
} libcurl;

static const struct clinux_symbol symbols[] = {
    {"curl_easy_setopt", &easy_setopt},
    {"curl_easy_getinfo", &easy_getinfo},
#define SYMBOL(type, name, parameters, arguments) {#name, &libcurl.name},
    VALUES(SYMBOL) ACTIONS(SYMBOL)};

static pthread_once_t once = PTHREAD_ONCE_INIT;
static const char *problem;

static void load(void) { problem = clinux_load("libcurl.so.4", symbols, sizeof symbols / sizeof *symbols); }

const char *ccurl_problem(void) {
  pthread_once(&once, load);
  return problem;
}

/* For this executable alone: libcurl's own calls must not end up here. */
#define OURS __attribute__((visibility("hidden")))

#define VALUE(type, name, parameters, arguments)                                                                       \
  OURS type name parameters { return ccurl_problem() ? (type)0 : libcurl.name arguments; }
VALUES(VALUE)

#define ACTION(type, name, parameters, arguments)                                                                      \
  OURS type name parameters {                                                                                          \
    if (!ccurl_problem()) libcurl.name arguments;                                                                      \
  }
ACTIONS(ACTION)

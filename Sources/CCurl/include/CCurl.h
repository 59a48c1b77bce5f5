/// libcurl, loaded when it is first called, and what Swift cannot call of it: its option functions are variadic.
#ifndef ANDON_CCURL_H
#define ANDON_CCURL_H

#include <curl/curl.h>

/// Loads libcurl, if that has not been done. NULL, or why it cannot be used; its functions do nothing then, and give 0 or NULL.
const char *ccurl_problem(void);

typedef size_t (*ccurl_bytes_callback)(char *bytes, size_t size, size_t count, void *context);

CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value);
CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value);
CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, const void *value);
CURLcode ccurl_set_size(CURL *handle, CURLoption option, curl_off_t value);
CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value);
CURLcode ccurl_set_callback(CURL *handle, CURLoption option, ccurl_bytes_callback callback);

CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value);
CURLcode ccurl_get_size(CURL *handle, CURLINFO info, curl_off_t *value);
/// The text belongs to the handle, until its next use; it may be NULL.
CURLcode ccurl_get_string(CURL *handle, CURLINFO info, const char **value);

/// The certificates of the server, which belong to the handle, until its next use; NULL where there are none.
CURLcode ccurl_get_certificates(CURL *handle, struct curl_certinfo **value);

/// Which addresses a handle may open a socket to.
enum ccurl_reach {
  CCURL_ANYWHERE = 0,
  /// Not link-local ones, where clouds keep their metadata service.
  CCURL_NOT_LINK_LOCAL = 1,
  /// Not private, loopback or link-local ones.
  CCURL_PUBLIC_ONLY = 2,
};

/// Checked when a socket is opened, after the name has been resolved, so that no name can get around it.
CURLcode ccurl_limit_reach(CURL *handle, enum ccurl_reach reach);

/// How far the address, as CURLINFO_PRIMARY_IP writes it, lies: the strictest reach that still allows it.
enum ccurl_reach ccurl_reach_of(const char *address);

#endif

#ifndef ANDON_CCURL_LIBRARY_H
#define ANDON_CCURL_LIBRARY_H

#define CURL_DISABLE_TYPECHECK

#include "CCurl.h"

/* Set before there is a handle to call them with. */
extern CURLcode (*easy_setopt)(CURL *handle, CURLoption option, ...);
extern CURLcode (*easy_getinfo)(CURL *handle, CURLINFO info, ...);

#endif

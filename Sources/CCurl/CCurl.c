#include "Library.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>

CURLcode ccurl_set_long(CURL *handle, CURLoption option, long value) {
  return easy_setopt(handle, option, value);
}

CURLcode ccurl_set_string(CURL *handle, CURLoption option, const char *value) {
  return easy_setopt(handle, option, value);
}

CURLcode ccurl_set_pointer(CURL *handle, CURLoption option, const void *value) {
  return easy_setopt(handle, option, value);
}

CURLcode ccurl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
  return easy_setopt(handle, option, value);
}

CURLcode ccurl_set_list(CURL *handle, CURLoption option, struct curl_slist *value) {
  return easy_setopt(handle, option, value);
}

CURLcode ccurl_set_callback(CURL *handle, CURLoption option, ccurl_bytes_callback callback) {
  return easy_setopt(handle, option, callback);
}

CURLcode ccurl_get_long(CURL *handle, CURLINFO info, long *value) {
  return easy_getinfo(handle, info, value);
}

CURLcode ccurl_get_size(CURL *handle, CURLINFO info, curl_off_t *value) {
  return easy_getinfo(handle, info, value);
}

CURLcode ccurl_get_string(CURL *handle, CURLINFO info, const char **value) {
  return easy_getinfo(handle, info, value);
}

CURLcode ccurl_get_certificates(CURL *handle, struct curl_certinfo **value) {
  return easy_getinfo(handle, CURLINFO_CERTINFO, value);
}

static enum ccurl_reach reach_of_4(uint32_t address) {
  if (address >> 16 == 0xA9FE) return CCURL_ANYWHERE;                                  /* 169.254/16 */
  if (address >> 24 == 0 || address >> 24 == 10 || address >> 24 == 127) return CCURL_NOT_LINK_LOCAL;
  if (address >> 20 == 0xAC1 || address >> 16 == 0xC0A8) return CCURL_NOT_LINK_LOCAL;  /* 172.16/12, 192.168/16 */
  if (address >> 22 == 0x191 || address >> 28 >= 0xE) return CCURL_NOT_LINK_LOCAL;     /* 100.64/10, multicast */
  return CCURL_PUBLIC_ONLY;
}

static enum ccurl_reach reach_of_6(const unsigned char *a) {
  static const unsigned char metadata[16] = {0xFD, 0x00, 0x0E, 0xC2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x02, 0x54};
  static const unsigned char zeros[12] = {0};
  static const unsigned char translated[12] = {0x00, 0x64, 0xFF, 0x9B};
  int mapped = memcmp(a, zeros, 10) == 0 && a[10] == 0xFF && a[11] == 0xFF;
  if (mapped || memcmp(a, zeros, 12) == 0 || memcmp(a, translated, 12) == 0) {
    if (!mapped && memcmp(a, zeros, 12) == 0 && a[12] == 0) return CCURL_NOT_LINK_LOCAL; /* :: and ::1 */
    return reach_of_4((uint32_t)a[12] << 24 | (uint32_t)a[13] << 16 | (uint32_t)a[14] << 8 | a[15]);
  }
  if (memcmp(a, metadata, 16) == 0) return CCURL_ANYWHERE;
  if (a[0] == 0xFE && (a[1] & 0xC0) == 0x80) return CCURL_ANYWHERE; /* fe80::/10 */
  if ((a[0] & 0xFE) == 0xFC || a[0] == 0xFF) return CCURL_NOT_LINK_LOCAL;
  return CCURL_PUBLIC_ONLY;
}

enum ccurl_reach ccurl_reach_of(const char *address) {
  struct in_addr four;
  struct in6_addr six;
  if (inet_pton(AF_INET, address, &four) == 1) return reach_of_4(ntohl(four.s_addr));
  if (inet_pton(AF_INET6, address, &six) == 1) return reach_of_6(six.s6_addr);
  return CCURL_ANYWHERE;
}

static curl_socket_t open_socket(void *context, curlsocktype purpose, struct curl_sockaddr *address) {
  enum ccurl_reach limit = (enum ccurl_reach)(intptr_t)context;
  enum ccurl_reach reach = CCURL_ANYWHERE;
  (void)purpose;
  if (address->family == AF_INET) {
    reach = reach_of_4(ntohl(((struct sockaddr_in *)(void *)&address->addr)->sin_addr.s_addr));
  } else if (address->family == AF_INET6) {
    reach = reach_of_6(((struct sockaddr_in6 *)(void *)&address->addr)->sin6_addr.s6_addr);
  }
  if (reach < limit) return CURL_SOCKET_BAD;
  return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

CURLcode ccurl_limit_reach(CURL *handle, enum ccurl_reach reach) {
  CURLcode code = easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, open_socket);
  if (code != CURLE_OK) return code;
  return easy_setopt(handle, CURLOPT_OPENSOCKETDATA, (void *)(intptr_t)reach);
}

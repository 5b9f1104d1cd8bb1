#include "base/curl_handle.h"

#include <new>
#include <stdexcept>

#include "base/ports/network.h"

namespace districtd {

namespace {

curl_socket_t open_for_curl(void* /*none*/, curlsocktype /*purpose*/, curl_sockaddr* address) {
  return open_socket(address->family, address->socktype, address->protocol);
}

}  // namespace

CurlHandle::CurlHandle() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);  // once, for all threads
  require(started);
  handle_.reset(curl_easy_init());
  if (!handle_) throw std::bad_alloc();
  set(CURLOPT_ERRORBUFFER, error_.data());
  set(CURLOPT_NOSIGNAL, 1);
  set(CURLOPT_PROXY, "");      // what was configured is what is talked to
  set(CURLOPT_QUICK_EXIT, 1);  // the thread of a look-up under way is left to itself
  set(CURLOPT_FOLLOWLOCATION, 0);
  set(CURLOPT_OPENSOCKETFUNCTION, open_for_curl);
}

void CurlHandle::require(CURLcode code) {
  if (code == CURLE_OUT_OF_MEMORY) throw std::bad_alloc();
  if (code != CURLE_OK) throw std::runtime_error(curl_easy_strerror(code));
}

long CurlHandle::number(CURLINFO info) const {
  long number = 0;
  return curl_easy_getinfo(get(), info, &number) == CURLE_OK ? number : 0;
}

std::string CurlHandle::reason(CURLcode code) const {
  return error_[0] != '\0' ? error_.data() : curl_easy_strerror(code);
}

void CurlLines::add(const std::string& line) {
  curl_slist* const longer = curl_slist_append(list_.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  (void)list_.release();  // the longer list begins with it
  list_.reset(longer);
}

}  // namespace districtd

// libcurl's handles with an owner, and the options that every transfer of this program has.
#pragma once

#include <curl/curl.h>

#include <array>
#include <memory>
#include <string>
#include <type_traits>

namespace districtd {

// One transfer's handle: no signals, no proxy, no redirects that libcurl follows by itself, and an
// end that waits for no name server.
//
// Thread: one at a time. libcurl copies texts, but CURLOPT_POSTFIELDS; whatever else is set by
// pointer has to outlive the handle.
class CurlHandle {
 public:
  CurlHandle();  // throws std::bad_alloc
  CurlHandle(const CurlHandle&) = delete;
  CurlHandle& operator=(const CurlHandle&) = delete;

  CURL* get() const { return handle_.get(); }

  // libcurl reads numbers as `long`, but those of options called LARGE as curl_off_t.
  template <class Value>
  void set(CURLoption option, Value value) {
    if constexpr (std::is_enum_v<Value> ||
                  (std::is_integral_v<Value> && !std::is_same_v<Value, curl_off_t>)) {
      require(curl_easy_setopt(get(), option, static_cast<long>(value)));
    } else {
      require(curl_easy_setopt(get(), option, value));
    }
  }
  void set(CURLoption option, const std::string& text) { set(option, text.c_str()); }

  long number(CURLINFO info) const;  // 0 where libcurl does not know it

  // What went wrong in the last transfer, in libcurl's words.
  std::string reason(CURLcode code) const;

 private:
  struct Close {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };

  // Throws std::bad_alloc, or std::runtime_error where this libcurl does not know the option.
  static void require(CURLcode code);

  std::array<char, CURL_ERROR_SIZE> error_{};
  std::unique_ptr<CURL, Close> handle_;  // writes to error_ until its end
};

// Lines of text for libcurl: header fields, recipients.
class CurlLines {
 public:
  void add(const std::string& line);  // throws std::bad_alloc
  curl_slist* get() const { return list_.get(); }

 private:
  struct Free {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };
  std::unique_ptr<curl_slist, Free> list_;
};

// Transfers that wait together.
struct CloseCurlMulti {
  void operator()(CURLM* multi) const { curl_multi_cleanup(multi); }
};
using CurlMulti = std::unique_ptr<CURLM, CloseCurlMulti>;

}  // namespace districtd

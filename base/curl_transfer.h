// One transfer of libcurl on an event loop of Asio.
#pragma once

#include <curl/curl.h>

#include <functional>
#include <map>
#include <memory>
#include <boost/asio/any_io_executor.hpp>

#include "base/curl_handle.h"
#include "base/ports/timer.h"

namespace districtd {

// libcurl says which sockets it waits for and until when; the event loop tells it when that has
// come. Nothing blocks: libcurl looks names up on a thread for each, and the end of this leaves
// such a thread to itself.
//
// Thread: the executor's. Shared by its owner and by the handler that runs; the handlers that wait
// hold it weakly.
class CurlTransfer : public std::enable_shared_from_this<CurlTransfer> {
 public:
  // `done` is called at most once, from the event loop; it may call end(). `handle` has every
  // option set and outlives end().
  CurlTransfer(boost::asio::any_io_executor executor, CurlHandle& handle,
               std::function<void(CURLcode)> done);
  ~CurlTransfer() { end(); }
  CurlTransfer(const CurlTransfer&) = delete;
  CurlTransfer& operator=(const CurlTransfer&) = delete;

  void start();  // throws std::bad_alloc; at most once

  // Closes the connection at once, and lets go of the handle; `done` is not called any more.
  void end();

 private:
  enum class Direction { read, write };
  struct Watched;

  static int on_socket(CURL* handle, curl_socket_t socket, int wanted, void* transfer, void*);
  static int on_timer(CURLM* multi, long milliseconds, void* transfer);
  void watch(curl_socket_t socket, int wanted);
  void wait_for(const std::shared_ptr<Watched>& watched, Direction direction);
  void proceed(curl_socket_t socket);
  void finish(CURLcode code);

  boost::asio::any_io_executor executor_;
  CurlHandle& handle_;
  std::function<void(CURLcode)> done_;  // empty once called
  CurlMulti multi_;                     // empty once ended
  Timer timer_;
  // Each is shared with the handler that runs; the handlers that wait hold it weakly.
  std::map<curl_socket_t, std::shared_ptr<Watched>> watched_;
};

}  // namespace districtd

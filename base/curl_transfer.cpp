#include "base/curl_transfer.h"

#include <array>
#include <chrono>
#include <exception>
#include <new>
#include <utility>
#include <boost/asio/posix/stream_descriptor.hpp>

namespace districtd {

namespace asio = boost::asio;

// A socket of libcurl's, which closes it itself: it has to be let go of before.
struct CurlTransfer::Watched {
  Watched(const asio::any_io_executor& executor, curl_socket_t number)
      : socket(number), descriptor(executor, number) {}
  ~Watched() { let_go(); }
  Watched(const Watched&) = delete;
  Watched& operator=(const Watched&) = delete;

  bool wants(Direction direction) const {
    return (wanted & (direction == Direction::read ? CURL_POLL_IN : CURL_POLL_OUT)) != 0;
  }

  void let_go() {
    if (descriptor.is_open()) descriptor.release();
  }

  const curl_socket_t socket;
  asio::posix::stream_descriptor descriptor;
  int wanted = CURL_POLL_NONE;
  std::array<bool, 2> is_waited_for{};  // to read, to write
};

CurlTransfer::CurlTransfer(asio::any_io_executor executor, CurlHandle& handle,
                           std::function<void(CURLcode)> done)
    : executor_(std::move(executor)),
      handle_(handle),
      done_(std::move(done)),
      multi_(curl_multi_init()),
      timer_(executor_) {
  if (!multi_) throw std::bad_alloc();
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, on_socket);
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, on_timer);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERDATA, this);
}

void CurlTransfer::end() {
  done_ = nullptr;
  if (!multi_) return;
  timer_.cancel();
  for (const auto& [socket, watched] : watched_) watched->let_go();
  watched_.clear();
  curl_multi_setopt(multi_.get(), CURLMOPT_SOCKETFUNCTION, nullptr);
  curl_multi_setopt(multi_.get(), CURLMOPT_TIMERFUNCTION, nullptr);
  curl_multi_remove_handle(multi_.get(), handle_.get());
  multi_.reset();
}

void CurlTransfer::start() {
  // libcurl asks for its timer at once; the rest happens on the event loop.
  if (curl_multi_add_handle(multi_.get(), handle_.get()) != CURLM_OK) throw std::bad_alloc();
}

int CurlTransfer::on_socket(CURL* /*handle*/, curl_socket_t socket, int wanted, void* transfer,
                            void* /*of_socket*/) {
  try {
    static_cast<CurlTransfer*>(transfer)->watch(socket, wanted);
    return 0;
  } catch (const std::exception&) {  // no memory or no room for another descriptor
    return -1;
  }
}

int CurlTransfer::on_timer(CURLM* /*multi*/, long milliseconds, void* transfer) {
  auto& self = *static_cast<CurlTransfer*>(transfer);
  if (milliseconds < 0) {
    self.timer_.cancel();
    return 0;
  }
  self.timer_.expires_after(std::chrono::milliseconds{milliseconds});
  self.timer_.async_wait([weak = self.weak_from_this()](const boost::system::error_code& error) {
    const auto still = weak.lock();
    if (!error && still) still->proceed(CURL_SOCKET_TIMEOUT);
  });
  return 0;
}

// libcurl says this before it closes a socket, too.
void CurlTransfer::watch(curl_socket_t socket, int wanted) {
  if (wanted == CURL_POLL_REMOVE) {
    const auto closed = watched_.find(socket);
    if (closed == watched_.end()) return;
    closed->second->let_go();
    watched_.erase(closed);
    return;
  }
  auto known = watched_.find(socket);
  if (known == watched_.end()) {
    known = watched_.emplace(socket, std::make_shared<Watched>(executor_, socket)).first;
  }
  const auto watched = known->second;
  watched->wanted = wanted;
  wait_for(watched, Direction::read);
  wait_for(watched, Direction::write);
}

void CurlTransfer::wait_for(const std::shared_ptr<Watched>& watched, Direction direction) {
  const bool reads = direction == Direction::read;
  bool& is_waited_for = watched->is_waited_for[reads ? 0 : 1];
  if (is_waited_for || !watched->wants(direction)) return;
  is_waited_for = true;
  watched->descriptor.async_wait(
      reads ? asio::posix::descriptor_base::wait_read : asio::posix::descriptor_base::wait_write,
      [weak = weak_from_this(), weak_watched = std::weak_ptr(watched), direction,
       reads](const boost::system::error_code& error) {
        const auto self = weak.lock();
        const auto now = weak_watched.lock();
        if (!self || !now || !now->descriptor.is_open()) return;
        now->is_waited_for[reads ? 0 : 1] = false;
        if (!now->wants(direction)) return;
        self->proceed(now->socket);
        if (!error && now->descriptor.is_open()) self->wait_for(now, direction);
      });
}

// libcurl looks by itself at what the socket is ready for, and then reads before it writes. Told
// that it may write, it would do that alone, fail where the other side has hung up, and never read
// the refusal that was sent before.
void CurlTransfer::proceed(curl_socket_t socket) {
  if (!multi_) return;
  int running = 0;
  if (curl_multi_socket_action(multi_.get(), socket, 0, &running) != CURLM_OK) {
    finish(CURLE_OUT_OF_MEMORY);
    return;
  }
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    finish(message->data.result);
    return;
  }
}

void CurlTransfer::finish(CURLcode code) {
  const auto done = std::exchange(done_, nullptr);
  if (done) done(code);
}

}  // namespace districtd

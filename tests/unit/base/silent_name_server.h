// A name server that is silent: getaddrinfo() itself is replaced in the test's program, so that no
// network is asked.
#pragma once

#include <condition_variable>
#include <stop_token>
#include <thread>

namespace districtd {

// One at a time. Whatever waits for the name server waits until the end of this, or until a
// deadline after which has_returned() fails the test. Other names and addresses are looked up as
// always.
//
// Thread: any.
class SilentNameServer {
 public:
  static constexpr const char* kSilent = "silent.test";        // never answered
  static constexpr const char* kAnswering = "answering.test";  // 127.0.0.1
  static constexpr const char* kUnknown = "unknown.test";      // no such name

  SilentNameServer();
  ~SilentNameServer();  // waits for the look-ups to return
  SilentNameServer(const SilentNameServer&) = delete;
  SilentNameServer& operator=(const SilentNameServer&) = delete;

  bool is_asked() const;  // for kSilent
  void wait_until_asked() const;
  bool has_returned() const;  // any look-up of kSilent

 private:
  static void let_go_after(const std::stop_token& stop);

  std::jthread watchdog_;
};

}  // namespace districtd

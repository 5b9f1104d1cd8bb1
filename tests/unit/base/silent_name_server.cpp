#include "tests/unit/base/silent_name_server.h"

#include <dlfcn.h>
#include <netdb.h>

#include <chrono>
#include <mutex>
#include <string_view>

namespace districtd {
namespace {

constexpr std::chrono::seconds kDeadline{30};

std::mutex mutex;
std::condition_variable_any changed;
int asked = 0;     // look-ups of kSilent that have begun
int returned = 0;  // and that are over
bool is_let_go = false;

int look_up_silent() {
  std::unique_lock lock(mutex);
  ++asked;
  changed.notify_all();
  changed.wait(lock, [] { return is_let_go; });
  ++returned;
  changed.notify_all();
  return EAI_AGAIN;
}

}  // namespace

SilentNameServer::SilentNameServer() {
  {
    const std::lock_guard lock(mutex);
    asked = returned = 0;
    is_let_go = false;
  }
  watchdog_ = std::jthread(let_go_after);
}

SilentNameServer::~SilentNameServer() {
  std::unique_lock lock(mutex);
  is_let_go = true;
  changed.notify_all();
  changed.wait(lock, [] { return returned == asked; });
}

void SilentNameServer::let_go_after(const std::stop_token& stop) {
  std::unique_lock lock(mutex);
  changed.wait_for(lock, stop, kDeadline, [] { return false; });
  is_let_go = true;
  changed.notify_all();
}

bool SilentNameServer::is_asked() const {
  const std::lock_guard lock(mutex);
  return asked > 0;
}

void SilentNameServer::wait_until_asked() const {
  std::unique_lock lock(mutex);
  changed.wait(lock, [] { return asked > 0; });
}

bool SilentNameServer::has_returned() const {
  const std::lock_guard lock(mutex);
  return returned > 0;
}

}  // namespace districtd

extern "C" int getaddrinfo(const char* name, const char* service, const addrinfo* hints,
                           addrinfo** found) {
  using districtd::SilentNameServer;
  using Function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto real = reinterpret_cast<Function>(dlsym(RTLD_NEXT, "getaddrinfo"));
  const std::string_view asked_for = name == nullptr ? "" : name;
  if (asked_for == SilentNameServer::kSilent) return districtd::look_up_silent();
  if (asked_for == SilentNameServer::kUnknown) return EAI_NONAME;
  if (asked_for == SilentNameServer::kAnswering) name = "127.0.0.1";
  return real(name, service, hints, found);
}

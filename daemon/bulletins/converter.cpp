#include "daemon/bulletins/converter.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <system_error>

#include "base/durable_file.h"
#include "base/ports/clock.h"

namespace districtd {
namespace {

using Clock = std::chrono::steady_clock;
constexpr std::size_t kMostSaid = 2000;  // of the program's errors, in bytes

std::string reason(int error) { return std::generic_category().message(error); }

std::vector<std::string> environment(std::chrono::sys_seconds source_date) {
  std::vector<std::string> result;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    if (!std::string_view{*entry}.starts_with("SOURCE_DATE_EPOCH=")) result.emplace_back(*entry);
  }
  result.push_back("SOURCE_DATE_EPOCH=" + std::to_string(source_date.time_since_epoch().count()));
  return result;
}

std::vector<char*> pointers(std::vector<std::string>& texts) {
  std::vector<char*> result;
  result.reserve(texts.size() + 1);
  for (std::string& text : texts) result.push_back(text.data());
  result.push_back(nullptr);
  return result;
}

// In a process group of its own, so that what it starts goes with it. 0 and `pid`, or an errno.
int start(std::vector<std::string> command, std::chrono::sys_seconds source_date, int out_fd,
          pid_t& pid) {
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, out_fd, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, out_fd, STDERR_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // The daemon ignores some signals; a program expects the usual.
  sigset_t usual;
  sigemptyset(&usual);
  for (const int signal : {SIGPIPE, SIGXFSZ, SIGTERM, SIGINT, SIGHUP}) sigaddset(&usual, signal);
  posix_spawnattr_setsigdefault(&attributes, &usual);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  auto variables = environment(source_date);
  const std::string program = command.front();
  const int error = ::posix_spawn(&pid, program.c_str(), &files, &attributes,
                                  pointers(command).data(), pointers(variables).data());
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

constexpr std::chrono::milliseconds kLookForStop{200};

// What the program says until it closes its output; false at the deadline and when it is to stop.
bool read_until(int fd, Clock::time_point deadline, const std::stop_token& stop,
                std::string& said) {
  while (!stop.stop_requested()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_now());
    if (left.count() <= 0) return false;
    pollfd wait{fd, POLLIN, 0};
    const int ready = ::poll(&wait, 1, static_cast<int>(std::min(left, kLookForStop).count()));
    if (ready <= 0) continue;
    std::array<char, 4096> buffer{};
    const ssize_t got = ::read(fd, buffer.data(), buffer.size());
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) return true;
    said.append(buffer.data(), static_cast<std::size_t>(got));
    // The last words count: a program's error follows its warnings.
    if (said.size() > 2 * kMostSaid) said.erase(0, said.size() - kMostSaid);
  }
  return false;
}

// The last line that says something.
std::string last_line(std::string said) {
  while (!said.empty() && (said.back() == '\n' || said.back() == '\r')) said.pop_back();
  return said.substr(said.rfind('\n') + 1);
}

}  // namespace

std::optional<std::filesystem::path> find_program(const std::string& name) {
  // Read while the daemon starts or loads; nothing changes the environment.
  const char* const path = std::getenv("PATH");  // NOLINT(concurrency-mt-unsafe)
  std::string_view rest = path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
  while (!rest.empty()) {
    const std::size_t colon = std::min(rest.find(':'), rest.size());
    const std::filesystem::path file = std::filesystem::path{rest.substr(0, colon)} / name;
    if (::access(file.c_str(), X_OK) == 0) return file;
    rest.remove_prefix(std::min(colon + 1, rest.size()));
  }
  return std::nullopt;
}

std::string run_converter(const std::vector<std::string>& command, std::chrono::seconds timeout,
                          std::chrono::sys_seconds source_date, const std::stop_token& stop) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return "no pipe: " + reason(errno);
  const UniqueFd in{ends[0]};
  UniqueFd out{ends[1]};
  pid_t pid = 0;
  const std::string& program = command.front();
  if (const int error = start(command, source_date, out.get(), pid); error != 0) {
    return program + " cannot be started: " + reason(error);
  }
  out = UniqueFd{};
  std::string said;
  const bool is_in_time = read_until(in.get(), steady_now() + timeout, stop, said);
  if (!is_in_time) ::kill(-pid, SIGKILL);
  int status = 0;
  while (::waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (stop.stop_requested()) return program + " was stopped";
  if (!is_in_time) {
    return program + " did not finish within " + std::to_string(timeout.count()) +
           " s and was stopped";
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return program +
         (WIFSIGNALED(status) ? " was ended by signal " + std::to_string(WTERMSIG(status))
                              : " failed with status " + std::to_string(WEXITSTATUS(status))) +
         ": " + last_line(said);
}

std::vector<std::string> pdf_command(const std::filesystem::path& program,
                                     const std::filesystem::path& html,
                                     const std::filesystem::path& pdf) {
  return {program.string(), "--quiet", "--presentational-hints", html.string(), pdf.string()};
}

std::vector<std::string> docx_command(const std::filesystem::path& program,
                                      const std::filesystem::path& html,
                                      const std::filesystem::path& docx,
                                      const std::filesystem::path& reference) {
  std::vector<std::string> command = {program.string(), "--from=html", "--to=docx",
                                      "--output=" + docx.string(), html.string()};
  std::error_code ignored;
  if (std::filesystem::exists(reference, ignored)) {
    command.push_back("--reference-doc=" + reference.string());
  }
  return command;
}

std::string for_text_processor(std::string html) {
  const auto cut = [&html](std::string_view open, std::string_view close) {
    std::string kept;
    std::size_t from = 0;
    for (;;) {
      const std::size_t begin = html.find(open, from);
      if (begin == std::string::npos) break;
      const std::size_t end = html.find(close, begin);
      if (end == std::string::npos) break;
      kept.append(html, from, begin - from);
      from = end + close.size();
    }
    kept.append(html, from, std::string::npos);
    html = std::move(kept);
  };
  cut("<figure>", "</figure>");
  cut("<svg", "</svg>");
  cut("<style>", "</style>");
  cut("<title>", "</title>");  // it would stand above the page's own
  return html;
}

}  // namespace districtd

#include "daemon/service/clock_anchor_file.h"

#include <fcntl.h>

#include <cerrno>
#include <charconv>
#include <string>
#include <string_view>
#include <system_error>

#include "base/durable_file.h"
#include "base/ports/files.h"

namespace districtd {
namespace {

std::string boot_id() {
  const auto line = read_first_line("/proc/sys/kernel/random/boot_id");
  return line ? *line : std::string();
}

}  // namespace

std::filesystem::path clock_anchor_file(const std::filesystem::path& store_path) {
  return store_path.string() + ".clock";
}

std::optional<ClockAnchor> read_clock_anchor(const std::filesystem::path& file) {
  const std::string boot = boot_id();
  const auto line = read_first_line(file);
  if (boot.empty() || !line || !line->starts_with(boot + ' ')) return std::nullopt;
  const std::string_view numbers = std::string_view(*line).substr(boot.size() + 1);
  std::int64_t offset = 0;
  const char* const end = numbers.data() + numbers.size();
  const auto [rest, error] = std::from_chars(numbers.data(), end, offset);
  const std::string_view state(rest, static_cast<std::size_t>(end - rest));
  if (error != std::errc() || (state != " 0" && state != " 1")) return std::nullopt;
  return ClockAnchor{std::chrono::milliseconds{offset}, state == " 1"};
}

void write_clock_anchor(const std::filesystem::path& file, const ClockAnchor& anchor) {
  const std::string boot = boot_id();
  if (boot.empty()) return;
  const std::string text = boot + ' ' + std::to_string(anchor.offset.count()) +
                           (anchor.is_synchronised ? " 1\n" : " 0\n");
  // Not synchronised: after a power loss it is of another boot and of no use.
  const std::filesystem::path part = part_of(file);
  const UniqueFd fd = open_file(part, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  const int error = fd && write_all(fd.get(), text) ? 0 : errno;
  if (error != 0) throw std::system_error(error, std::generic_category(), part.string());
  std::filesystem::rename(part, file);
}

}  // namespace districtd

#include "daemon/bulletins/files.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

#include "collectors/durable_files.h"

namespace districtd {
namespace {

[[noreturn]] void fail(const std::filesystem::path& file, int error) {
  std::error_code ignored;
  std::filesystem::remove(file.parent_path() / ("." + file.filename().string() + ".part"), ignored);
  throw std::runtime_error(file.string() +
                           " cannot be written: " + std::generic_category().message(error));
}

}  // namespace

std::filesystem::path part_of(const std::filesystem::path& file) {
  std::filesystem::path part = file.parent_path() / ("." + file.filename().string() + ".part");
  std::error_code ignored;
  std::filesystem::remove(part, ignored);
  return part;
}

void put_in_place(const std::filesystem::path& file) {
  const std::filesystem::path folder = file.has_parent_path() ? file.parent_path() : ".";
  const std::filesystem::path part = folder / ("." + file.filename().string() + ".part");
  const UniqueFd written{::open(part.c_str(), O_RDONLY | O_CLOEXEC)};
  if (!written || ::fsync(written.get()) != 0) fail(file, errno);
  if (::rename(part.c_str(), file.c_str()) != 0) fail(file, errno);
  const UniqueFd directory{::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)};
  if (!directory || ::fsync(directory.get()) != 0) fail(file, errno);
}

void write_whole(const std::filesystem::path& file, std::string_view text) {
  const std::filesystem::path part = part_of(file);
  {
    const UniqueFd out{::open(part.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644)};
    if (!out) fail(file, errno);
    while (!text.empty()) {
      const ssize_t written = ::write(out.get(), text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail(file, errno);
      text.remove_prefix(static_cast<std::size_t>(written));
    }
  }
  put_in_place(file);
}

}  // namespace districtd

#include "daemon/intake/zip_directory.h"

namespace districtd {

namespace {

constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kEntryBytes = 46;

std::uint64_t number_at(std::string_view bytes, std::size_t at, std::size_t size) {
  std::uint64_t number = 0;
  for (std::size_t i = size; i-- > 0;) {
    number = number << 8U | static_cast<unsigned char>(bytes[at + i]);
  }
  return number;
}

}  // namespace

std::optional<ZipDirectory> read_zip_directory(std::string_view archive) {
  const std::size_t end = archive.rfind("PK\x05\x06");
  if (end == std::string_view::npos || archive.size() - end < kEndBytes) return std::nullopt;
  const std::uint64_t count = number_at(archive, end + 10, 2);
  std::uint64_t at = number_at(archive, end + 16, 4);
  ZipDirectory directory;
  for (std::uint64_t i = 0; i < count; ++i) {
    if (at > end || end - at < kEntryBytes) return std::nullopt;
    const auto entry = static_cast<std::size_t>(at);
    if (archive.substr(entry, 4) != "PK\x01\x02") return std::nullopt;
    directory.is_encrypted = directory.is_encrypted || (number_at(archive, entry + 8, 2) & 1U) != 0;
    directory.unpacked += number_at(archive, entry + 24, 4);
    const auto name = static_cast<std::size_t>(number_at(archive, entry + 28, 2));
    const std::uint64_t extra = number_at(archive, entry + 30, 2);
    const std::uint64_t comment = number_at(archive, entry + 32, 2);
    if (end - entry - kEntryBytes < name) return std::nullopt;
    directory.names.emplace_back(archive.substr(entry + kEntryBytes, name));
    at += kEntryBytes + name + extra + comment;
  }
  return directory;
}

}  // namespace districtd

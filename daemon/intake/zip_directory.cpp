#include "daemon/intake/zip_directory.h"

#include <zlib.h>

#include <algorithm>
#include <memory>
#include <new>
#include <utility>

namespace districtd {

namespace {

constexpr std::size_t kEndBytes = 22;
constexpr std::size_t kEntryBytes = 46;
constexpr std::size_t kLocalBytes = 30;

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
    ZipEntry one;
    one.method = number_at(archive, entry + 10, 2);
    one.checksum = static_cast<std::uint32_t>(number_at(archive, entry + 16, 4));
    one.packed = number_at(archive, entry + 20, 4);
    one.unpacked = number_at(archive, entry + 24, 4);
    one.offset = number_at(archive, entry + 42, 4);
    directory.unpacked += one.unpacked;
    const auto name = static_cast<std::size_t>(number_at(archive, entry + 28, 2));
    const std::uint64_t extra = number_at(archive, entry + 30, 2);
    const std::uint64_t comment = number_at(archive, entry + 32, 2);
    if (end - entry - kEntryBytes < name) return std::nullopt;
    one.name = archive.substr(entry + kEntryBytes, name);
    directory.entries.push_back(std::move(one));
    at += kEntryBytes + name + extra + comment;
  }
  return directory;
}

namespace {

// The packed bytes of an entry, where they all are there.
std::optional<std::string_view> packed_bytes(std::string_view archive, const ZipEntry& entry) {
  const auto at = static_cast<std::size_t>(entry.offset);
  if (at > archive.size() || archive.size() - at < kLocalBytes) return std::nullopt;
  if (archive.substr(at, 4) != "PK\x03\x04") return std::nullopt;
  const std::uint64_t begin =
      at + kLocalBytes + number_at(archive, at + 26, 2) + number_at(archive, at + 28, 2);
  if (begin > archive.size() || archive.size() - begin < entry.packed) return std::nullopt;
  return archive.substr(static_cast<std::size_t>(begin), static_cast<std::size_t>(entry.packed));
}

// Counts what is handed over and computes its checksum.
class Checked {
 public:
  Checked(const ZipEntry& entry, const std::function<void(std::string_view)>& take_piece)
      : entry_(entry), take_piece_(take_piece) {}

  // False where it is more than the entry said.
  bool take(std::string_view piece) {
    size_ += piece.size();
    if (size_ > entry_.unpacked) return false;
    checksum_ = crc32_z(checksum_, reinterpret_cast<const Bytef*>(piece.data()), piece.size());
    take_piece_(piece);
    return true;
  }
  bool is_whole() const { return size_ == entry_.unpacked && checksum_ == entry_.checksum; }

 private:
  const ZipEntry& entry_;
  const std::function<void(std::string_view)>& take_piece_;
  std::uint64_t size_ = 0;
  uLong checksum_ = crc32_z(0, nullptr, 0);
};

}  // namespace

bool unpack(std::string_view archive, const ZipEntry& entry,
            const std::function<void(std::string_view)>& take_piece) {
  const auto packed = packed_bytes(archive, entry);
  if (!packed) return false;
  Checked content(entry, take_piece);
  if (entry.method == 0) return content.take(*packed) && content.is_whole();
  if (entry.method != Z_DEFLATED) return false;

  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  const std::unique_ptr<z_stream, decltype(&inflateEnd)> end(&stream, inflateEnd);
  // zlib does not write through it.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed->data()));  // NOLINT
  stream.avail_in = static_cast<uInt>(packed->size());
  constexpr std::size_t kPiece = 256U << 10U;
  const auto piece = std::make_unique_for_overwrite<char[]>(kPiece);
  int code = Z_OK;
  while (code == Z_OK) {
    stream.next_out = reinterpret_cast<Bytef*>(piece.get());
    stream.avail_out = static_cast<uInt>(kPiece);
    code = inflate(&stream, Z_NO_FLUSH);
    if (!content.take({piece.get(), kPiece - stream.avail_out})) return false;
  }
  if (code == Z_MEM_ERROR) throw std::bad_alloc();
  return code == Z_STREAM_END && content.is_whole();
}

std::optional<std::string> unpack(std::string_view archive, const ZipEntry& entry) {
  // Memory follows what may be there, whatever the entry says: deflate makes nothing more than a
  // thousand times smaller.
  constexpr std::uint64_t kMostTimes = 1032;
  std::string content;
  content.reserve(static_cast<std::size_t>(std::min(
      entry.unpacked, kMostTimes * std::min<std::uint64_t>(entry.packed, archive.size()))));
  const bool is_whole = unpack(archive, entry, [&](std::string_view piece) { content += piece; });
  if (!is_whole) return std::nullopt;
  return content;
}

}  // namespace districtd

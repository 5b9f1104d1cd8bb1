#include "daemon/exporter/gzip_pieces.h"

#define ZLIB_CONST  // next_in is const
#include <zlib.h>

#include <array>
#include <new>
#include <string_view>
#include <utility>

#include "base/check.h"

namespace districtd {
namespace {

// Beyond this level the bytes of /metrics hardly become fewer (docs/performance.md).
constexpr int kLevel = 4;

// RFC 1952, section 2.3: deflate, no name, no time, an unknown system.
constexpr std::string_view kHead("\x1f\x8b\x08\0\0\0\0\0\0\xff", 10);
// An empty last block of fixed codes: RFC 1951, section 3.2.3.
constexpr std::string_view kLastBlock("\x03\0", 2);

void append_little_endian(std::string& to, std::uint32_t number) {
  for (int shift = 0; shift < 32; shift += 8) to += static_cast<char>(number >> shift & 0xff);
}

}  // namespace

// The state of zlib, some 260 KB, used again for each piece.
class GzipPieces::Deflater {
 public:
  Deflater() {
    constexpr int kRawDeflate = -15;
    constexpr int kMemory = 8;  // zlib's default
    if (deflateInit2(&stream_, kLevel, Z_DEFLATED, kRawDeflate, kMemory, Z_DEFAULT_STRATEGY) !=
        Z_OK) {
      throw std::bad_alloc();
    }
  }
  ~Deflater() { deflateEnd(&stream_); }
  Deflater(const Deflater&) = delete;
  Deflater& operator=(const Deflater&) = delete;

  std::string deflated(std::string_view text) {
    deflateReset(&stream_);
    // Room for the flush's marker too, which deflateBound() does not count.
    std::string bytes(deflateBound(&stream_, text.size()) + 16, '\0');
    stream_.next_in = reinterpret_cast<const Bytef*>(text.data());  // NOLINT(*-reinterpret-cast)
    stream_.avail_in = static_cast<uInt>(text.size());
    stream_.next_out = reinterpret_cast<Bytef*>(bytes.data());  // NOLINT(*-reinterpret-cast)
    stream_.avail_out = static_cast<uInt>(bytes.size());
    const int code = ::deflate(&stream_, Z_SYNC_FLUSH);
    DISTRICT_CHECK(code == Z_OK && stream_.avail_in == 0 && stream_.avail_out > 0,
                   "a piece fits the bound that zlib gives for it");
    bytes.resize(bytes.size() - stream_.avail_out);
    bytes.shrink_to_fit();
    return bytes;
  }

 private:
  z_stream stream_{};
};

GzipPieces::GzipPieces() = default;
GzipPieces::~GzipPieces() = default;

std::vector<GzipPieces::Piece> GzipPieces::compress(const std::vector<Piece>& pieces) {
  const MutexLock lock(mutex_);
  std::unordered_map<const std::string*, Deflated> used;
  std::vector<Piece> member;
  member.reserve(pieces.size() + 2);
  member.push_back(std::make_shared<const std::string>(kHead));
  uLong crc = crc32(0, nullptr, 0);
  std::uint32_t bytes = 0;  // modulo 2^32, as the format has it
  for (const Piece& piece : pieces) {
    if (piece->empty()) continue;
    const auto known = known_.find(piece.get());
    // Another piece may stand where one was.
    Deflated deflated = known != known_.end() && known->second.source.lock() == piece
                            ? known->second
                            : deflate(piece);
    crc = crc32_combine(crc, deflated.crc, static_cast<z_off_t>(piece->size()));
    bytes += static_cast<std::uint32_t>(piece->size());
    member.push_back(deflated.bytes);
    used.insert_or_assign(piece.get(), std::move(deflated));
  }
  std::string end(kLastBlock);
  append_little_endian(end, static_cast<std::uint32_t>(crc));
  append_little_endian(end, bytes);
  member.push_back(std::make_shared<const std::string>(std::move(end)));
  known_ = std::move(used);
  return member;
}

GzipPieces::Deflated GzipPieces::deflate(const Piece& piece) {
  if (!deflater_) deflater_ = std::make_unique<Deflater>();
  Deflated deflated;
  deflated.source = piece;
  deflated.bytes = std::make_shared<const std::string>(deflater_->deflated(*piece));
  deflated.crc = static_cast<std::uint32_t>(
      crc32(0, reinterpret_cast<const Bytef*>(piece->data()),  // NOLINT(*-reinterpret-cast)
            static_cast<uInt>(piece->size())));
  return deflated;
}

}  // namespace districtd

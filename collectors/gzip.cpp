#include "collectors/gzip.h"

#include <zlib.h>

#include <algorithm>

namespace districtd {

Unpacked gunzip(std::string_view packed, std::size_t most) {
  constexpr std::size_t kPiece = 256U << 10U;
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  Unpacked unpacked;
  z_stream stream{};
  if (inflateInit2(&stream, kGzipOnly) != Z_OK) return {{}, Unpacked::Fault::damaged};
  // zlib does not write through it.
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(packed.data()));  // NOLINT
  stream.avail_in = static_cast<uInt>(packed.size());
  int code = Z_OK;
  while (code == Z_OK) {
    const std::size_t before = unpacked.body.size();
    if (before > most) break;
    unpacked.body.resize(std::min(before + kPiece, most + 1));
    stream.next_out = reinterpret_cast<Bytef*>(unpacked.body.data() + before);
    stream.avail_out = static_cast<uInt>(unpacked.body.size() - before);
    code = inflate(&stream, Z_NO_FLUSH);
    unpacked.body.resize(unpacked.body.size() - stream.avail_out);
    // gzip may have several members, one after the other.
    if (code == Z_STREAM_END && stream.avail_in > 0) code = inflateReset(&stream);
  }
  inflateEnd(&stream);
  if (unpacked.body.size() > most) return {{}, Unpacked::Fault::too_large};
  if (code != Z_STREAM_END) return {{}, Unpacked::Fault::damaged};
  return unpacked;
}

}  // namespace districtd

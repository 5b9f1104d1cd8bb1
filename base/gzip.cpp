#include "base/gzip.h"

#include <zlib.h>

#include <algorithm>
#include <new>

namespace districtd {

namespace {

using Fault = Unpacked::Fault;

Unpacked inflate_all(z_stream& stream, std::string_view packed, std::size_t most) {
  constexpr std::size_t kPiece = 256U << 10U;
  Unpacked unpacked;
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
  if (unpacked.body.size() > most) return {{}, Fault::too_large};
  if (code != Z_STREAM_END) return {{}, code == Z_MEM_ERROR ? Fault::no_memory : Fault::damaged};
  return unpacked;
}

}  // namespace

Unpacked gunzip(std::string_view packed, std::size_t most) {
  constexpr int kGzipOnly = 16 + MAX_WBITS;
  z_stream stream{};
  if (inflateInit2(&stream, kGzipOnly) != Z_OK) return {{}, Fault::no_memory};
  Unpacked unpacked;
  try {
    unpacked = inflate_all(stream, packed, most);
  } catch (const std::bad_alloc&) {
    unpacked = {{}, Fault::no_memory};
  }
  inflateEnd(&stream);
  return unpacked;
}

}  // namespace districtd

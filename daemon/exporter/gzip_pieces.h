// A long text in pieces, as one gzip member, without deflating again what was deflated before.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/thread_annotations.h"

namespace districtd {

// Between two scrapes most of /metrics stays as it is, and what stays is the same piece. Each piece
// is deflated by itself and ends with a sync flush, so that pieces can stand one after the other in
// one stream; the CRCs are combined. It is one member: curl and others stop after the first of
// several. Formats: RFC 1951 (deflate), RFC 1952 (gzip).
//
// Threads: any, one at a time; the others wait.
class GzipPieces {
 public:
  using Piece = std::shared_ptr<const std::string>;

  GzipPieces();
  ~GzipPieces();
  GzipPieces(const GzipPieces&) = delete;
  GzipPieces& operator=(const GzipPieces&) = delete;

  // The member whose content is `pieces` in their order. What was deflated is remembered for as
  // long as the piece is there and was in the last call. Throws std::bad_alloc.
  std::vector<Piece> compress(const std::vector<Piece>& pieces);

 private:
  struct Deflated {
    std::weak_ptr<const std::string> source;
    Piece bytes;
    std::uint32_t crc = 0;
  };
  class Deflater;

  Deflated deflate(const Piece& piece) REQUIRES(mutex_);

  Mutex mutex_;
  std::unique_ptr<Deflater> deflater_ GUARDED_BY(mutex_);
  std::unordered_map<const std::string*, Deflated> known_ GUARDED_BY(mutex_);
};

}  // namespace districtd

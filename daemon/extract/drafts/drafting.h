// Stage 6b, drafting: a target within its paragraph becomes a draft with its places in the report.
// Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/extract/drafts/draft.h"
#include "daemon/extract/reading/sentences.h"
#include "daemon/extract/targets/assembly.h"

namespace districtd::extract {

// A piece of the report, and what came before it.
struct Piece {
  std::string_view text;
  std::uint64_t offset = 0;      // bytes before it
  std::uint64_t characters = 0;  // characters before it
  std::uint64_t line = 1;        // the number of its first line

  // The line of a place in it: it may hold several.
  std::uint64_t line_at(std::size_t place) const;
  // Goes behind the text, and behind the newline that ends it.
  void pass();
  void pass_newline();
};

// A paragraph and where it stands: `text` is what it was read from, at byte `begin` of the piece.
struct PlacedParagraph {
  const Paragraph& paragraph;
  std::string_view text;
  std::size_t begin = 0;
  const Piece& piece;
};

// All of the draft but whose it is and below which heading. `year` is the one that is planned for.
Draft draft_from(const FoundTarget& target, const PlacedParagraph& placed, int year);

// The draft's quote and where it stands: a span of the paragraph, or bytes of the piece.
void place_quote(Draft& draft, Span quote, const PlacedParagraph& placed);
void place_bytes(Draft& draft, Range quote, const Piece& piece);

}  // namespace districtd::extract

#include "daemon/exporter/gzip_pieces.h"

#include <zlib.h>

#include <algorithm>
#include <random>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace districtd {
namespace {

using Piece = GzipPieces::Piece;

Piece piece(std::string text) { return std::make_shared<const std::string>(std::move(text)); }

std::string text_of(const std::vector<Piece>& pieces) {
  std::string text;
  for (const Piece& one : pieces) text += *one;
  return text;
}

// What a client reads that stops after the first member; "damaged" where that is not whole or where
// bytes follow it.
std::string unpacked(std::string member) {
  z_stream stream{};
  constexpr int kGzipOnly = 15 + 16;
  EXPECT_EQ(inflateInit2(&stream, kGzipOnly), Z_OK);
  std::string text(1 << 20, '\0');
  stream.next_in = reinterpret_cast<Bytef*>(member.data());
  stream.avail_in = static_cast<uInt>(member.size());
  stream.next_out = reinterpret_cast<Bytef*>(text.data());
  stream.avail_out = static_cast<uInt>(text.size());
  const int code = inflate(&stream, Z_FINISH);
  const bool is_whole = code == Z_STREAM_END && stream.avail_in == 0;
  text.resize(text.size() - stream.avail_out);
  inflateEnd(&stream);
  return is_whole ? text : "damaged";
}

// A text as /metrics has it, or one that cannot be made smaller.
std::string some_text(std::mt19937& random) {
  std::string text;
  const bool is_noise = random() % 4 == 0;
  for (auto lines = random() % 50; lines > 0; --lines) {
    if (is_noise) {
      for (int i = 0; i < 40; ++i) text += static_cast<char>(random());
    } else {
      text += "district_target_actual{target=\"culture-tourism.t" + std::to_string(random() % 9) +
              "\"} " + std::to_string(random() % 1'000'000) + "\n";
    }
  }
  return text;
}

TEST(GzipPiecesTest, WhateverChangesBetweenCallsEachIsOneWholeMemberWithTheText) {
  std::mt19937 random(7);
  GzipPieces gzip;
  std::vector<Piece> pieces(40, piece(""));
  for (int scrape = 0; scrape < 200; ++scrape) {
    for (Piece& one : pieces) {
      // Where one goes another may get its address.
      if (random() % 5 == 0) one = piece(some_text(random));
    }
    if (random() % 10 == 0) pieces.resize(random() % 40, piece("x"));
    EXPECT_EQ(unpacked(text_of(gzip.compress(pieces))), text_of(pieces)) << scrape;
  }
}

TEST(GzipPiecesTest, NothingIsAMemberToo) {
  EXPECT_EQ(unpacked(text_of(GzipPieces().compress({}))), "");
}

TEST(GzipPiecesTest, WhatStaysIsNotDeflatedAgain) {
  std::mt19937 random(8);
  GzipPieces gzip;
  std::vector<Piece> pieces;
  for (int i = 0; i < 20; ++i) pieces.push_back(piece(some_text(random) + "."));
  const auto before = gzip.compress(pieces);
  pieces[3] = piece("changed");
  const auto after = gzip.compress(pieces);
  ASSERT_EQ(before.size(), after.size());
  for (std::size_t i = 1; i + 1 < after.size(); ++i) {
    EXPECT_EQ(before[i] == after[i], i != 4) << i;  // the head is the first
  }
}

TEST(GzipPiecesTest, WhatIsGoneIsForgotten) {
  GzipPieces gzip;
  const std::weak_ptr<const std::string> deflated = [&] {
    return std::weak_ptr(gzip.compress({piece("one")})[1]);
  }();
  EXPECT_FALSE(deflated.expired());
  gzip.compress({piece("two")});
  EXPECT_TRUE(deflated.expired());
}

}  // namespace
}  // namespace districtd

#include "daemon/commands/printable_stream.h"

#include <gtest/gtest.h>

#include <sstream>
#include <string>

#include "tests/unit/base/hidden_controls.h"

namespace districtd {
namespace {

TEST(PrintableStreamTest, NothingHiddenPassesHoweverTheTextIsCut) {
  const std::string text = "第一行" + text_of_hidden_controls() + "\n第二行🟢\n";
  std::string whole;
  for (std::size_t piece = 1; piece <= text.size(); ++piece) {
    std::ostringstream terminal;
    {
      PrintableStream out(terminal);
      for (std::size_t i = 0; i < text.size(); i += piece) {
        out << text.substr(i, piece) << std::flush;
      }
    }
    if (piece == 1) whole = terminal.str();
    EXPECT_EQ(terminal.str(), whole) << piece;
  }
  EXPECT_FALSE(has_hidden_control(whole)) << whole;
  EXPECT_TRUE(whole.ends_with("第二行🟢\n")) << whole;
}

TEST(PrintableStreamTest, WhatIsLeftIsWrittenAtTheEnd) {
  std::ostringstream terminal;
  {
    PrintableStream out(terminal);
    out << 12 << ' ' << 'x' << "\x1b"
        << "督\xE6";
  }
  EXPECT_EQ(terminal.str(), "12 x\\u001b督\uFFFD");
}

}  // namespace
}  // namespace districtd

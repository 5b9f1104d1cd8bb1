// The texts of a workbook, as a person reads them in the cells.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "daemon/intake/workbook/xml.h"

namespace districtd {

// "_x000D_" is what a workbook writes for a character that XML cannot hold (ECMA-376 part 1,
// 22.9.2.19, ST_Xstring), "_x005F_" for a "_" that would begin one.
std::string unescaped(std::string_view text);

// A text put together of the runs of a cell. Runs that are raised are footnote marks, runs that are
// struck out are taken back: they are no part of the text. Raised digits that are part of it stay:
// those of "m²" as "㎡" and of "km²" as a plain 2, those of a power of ten as "10⁴", which no
// reader takes for a number. Digits that are lowered behind a digit are set likewise: "12.6₁".
struct RunText {
  std::string text;
  std::string left_out;  // of raised and struck runs
};

// Reads <si> and <is> (ECMA-376 part 1, 18.4.8 and 18.3.1.53), told of the elements within.
class RunReader {
 public:
  void begin();
  void start(std::string_view name, const XmlAttributes& attributes);
  void end(std::string_view name);
  void text(std::string_view text) {
    if (in_text_ && !is_phonetic_) piece_ += text;
  }
  RunText take() { return std::move(runs_); }

 private:
  enum class Place { line, raised, lowered };

  void add_run();

  RunText runs_;
  std::string piece_;
  bool in_text_ = false;
  bool is_phonetic_ = false;
  Place place_ = Place::line;
  bool is_struck_ = false;
};

// The part sharedStrings.
class SharedStrings : public XmlHandler {
 public:
  void start(std::string_view name, const XmlAttributes& attributes) override;
  void end(std::string_view name) override;
  void text(std::string_view text) override { reader_.text(text); }

  // Throws DamagedWorkbook where there is no such string.
  const std::string& text_of(std::size_t index) const;
  // What raised and struck runs of it said; "" for nearly all.
  std::string_view left_out_of(std::size_t index) const;

 private:
  RunReader reader_;
  bool in_item_ = false;
  std::vector<std::string> texts_;
  std::unordered_map<std::size_t, std::string> left_out_;
};

}  // namespace districtd

// Stage 0, the file: a report in any encoding that intake knows, as UTF-8, in pieces.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace districtd::extract {

struct ReportText {
  std::string beginning;      // the first 64 KiB
  std::string note;           // what was done that a person should know, in Chinese; may be ""
  std::uint64_t invalid = 0;  // bytes that were no part of a character
};

// Reads the file and hands it to `each_piece` piece by piece, without a byte order mark. UTF-8 is
// read in flat memory; another encoding is turned into UTF-8 as a whole. `begin` is called once,
// before the first piece, with the beginning. Returns why it cannot be read as text, in Chinese,
// one sentence.
Result<ReportText, std::string> read_report(
    const std::filesystem::path& file, const std::function<void(const ReportText&)>& begin,
    const std::function<void(std::string_view)>& each_piece);

}  // namespace districtd::extract

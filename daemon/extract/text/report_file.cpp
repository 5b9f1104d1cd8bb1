#include "daemon/extract/text/report_file.h"

#include <cerrno>
#include <cstring>
#include <system_error>
#include <vector>

#include "base/ports/files.h"
#include "base/utf8.h"
#include "daemon/extract/text/documents.h"
#include "daemon/intake/charset.h"

namespace districtd::extract {

namespace {

constexpr std::size_t kBlock = 256UL << 10U;
constexpr std::size_t kBeginning = 64UL << 10U;

// Files that no text can be drawn from, named by what they are.
std::string why_no_text(std::string_view beginning) {
  if (beginning.starts_with("\xD0\xCF\x11\xE0")) {
    return "这是旧式 Word 或 Excel 文件(doc、xls),不是文本;请另存为 .docx 或“纯文本(.txt)”再抽取。";
  }
  if (beginning.starts_with("\x1F\x8B")) return "这是压缩文件;请解压后再抽取。";
  return "";
}

// kBlock bytes more, fewer at the end only.
Result<std::string, std::error_code> read_block(const UniqueFd& file) {
  std::string block;
  while (block.size() < kBlock) {
    auto more = read_some(file, kBlock - block.size());
    if (!more) return more;
    if (more->empty()) break;
    block += *more;
  }
  return block;
}

// Whether a block of a longer file is UTF-8; its last character may be cut off by the block's end.
bool is_utf8_so_far(std::string_view block) {
  const std::string_view rest = block.substr(utf8::valid_prefix(block));
  return rest.empty() || utf8::is_cut_character(rest);
}

// The text of a PDF or of a Word file, whose first block is read already.
Result<std::string, NoText> text_of_document(const std::filesystem::path& file, const UniqueFd& in,
                                             const std::string& block) {
  if (block.starts_with("%PDF-")) return text_of_pdf(file);
  const auto rest = read_rest(in);
  if (!rest) return NoText{"读取中断(" + rest.error().message() + ")。"};
  return text_of_docx(block + *rest);
}

}  // namespace

Result<ReportText, std::string> read_report(
    const std::filesystem::path& file, const std::function<void(const ReportText&)>& begin,
    const std::function<void(std::string_view)>& each_piece) {
  const UniqueFd in = open_file(file, O_RDONLY);
  if (!in) return file.string() + ":打不开(" + std::generic_category().message(errno) + ")。";
  auto first = read_block(in);
  if (!first && first.error() == std::errc::is_a_directory) {
    return file.string() + ":这是文件夹;应给报告的文本文件。";
  }
  if (!first) return file.string() + ":读取中断(" + first.error().message() + ")。";
  const std::string& block = *first;
  if (const auto why = why_no_text(block); !why.empty()) return file.string() + ":" + why;

  ReportText report;
  const auto whole = [&](const std::string& text) -> Result<ReportText, std::string> {
    report.beginning = text.substr(0, kBeginning);
    begin(report);
    each_piece(text);
    return report;
  };
  if (block.starts_with("%PDF-") || block.starts_with("PK\x03\x04")) {
    const auto text = text_of_document(file, in, block);
    if (!text) return file.string() + ":" + text.error().why;
    return whole(*text);
  }

  std::string converted;
  std::string_view piece = block;
  const bool is_short = block.size() < kBlock;
  const bool is_utf8 = !piece.starts_with("\xFF\xFE") && !piece.starts_with("\xFE\xFF") &&
                       (is_short ? utf8::is_valid(piece) : is_utf8_so_far(piece));
  if (!is_utf8) {
    // Another encoding: intake knows which it can turn into UTF-8.
    const auto rest = read_rest(in);
    if (!rest) return file.string() + ":读取中断(" + rest.error().message() + ")。";
    const std::string all = block + *rest;
    const auto decoded = decode_text(all);
    if (!decoded) {
      // What it says of a submission up to its advice is true of a report.
      const std::string& message = decoded.error().message;
      return file.string() + ":" + message.substr(0, message.find("；")) +
             ";请另存为 UTF-8 的文本文件(.txt)。";
    }
    converted = decoded->text();
    return whole(is_html(converted) ? text_of_html(converted) : converted);
  }
  if (piece.find('\0') != std::string_view::npos) {
    return file.string() + ":文件里有空字节(NUL),不是文本;请另存为 UTF-8 的 .txt。";
  }
  if (piece.starts_with(utf8::kByteOrderMark)) piece.remove_prefix(utf8::kByteOrderMark.size());
  if (is_html(piece)) {
    const auto rest = read_rest(in);
    if (!rest) return file.string() + ":读取中断(" + rest.error().message() + ")。";
    return whole(text_of_html(std::string{piece} + *rest));
  }
  report.beginning = piece.substr(0, kBeginning);
  begin(report);
  each_piece(piece);
  for (;;) {
    const auto next = read_block(in);
    if (!next) return file.string() + ":读取中断(" + next.error().message() + ")。";
    if (next->empty()) return report;
    each_piece(*next);
  }
}

}  // namespace districtd::extract

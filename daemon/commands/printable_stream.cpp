#include "daemon/commands/printable_stream.h"

#include "base/text.h"
#include "base/utf8.h"

namespace districtd {

PrintableStream::PrintableStream(std::ostream& to) : std::ostream(nullptr), lines_(to) {
  rdbuf(&lines_);
}

PrintableStream::~PrintableStream() { lines_.finish(); }

void PrintableStream::Lines::finish() {
  to_ << printable(line_) << std::flush;
  line_.clear();
}

PrintableStream::Lines::int_type PrintableStream::Lines::overflow(int_type byte) {
  if (!traits_type::eq_int_type(byte, traits_type::eof())) put(traits_type::to_char_type(byte));
  return traits_type::not_eof(byte);
}

std::streamsize PrintableStream::Lines::xsputn(const char* text, std::streamsize size) {
  for (std::streamsize i = 0; i < size; ++i) put(text[i]);
  return size;
}

void PrintableStream::Lines::put(char byte) {
  if (byte != '\n') {
    line_ += byte;
    return;
  }
  to_ << printable(line_) << '\n';
  line_.clear();
}

// A flush may come within a line, and within a character.
int PrintableStream::Lines::sync() {
  std::size_t whole = utf8::valid_prefix(line_);
  if (!utf8::is_cut_character(std::string_view(line_).substr(whole))) whole = line_.size();
  to_ << printable(std::string_view(line_).substr(0, whole)) << std::flush;
  line_.erase(0, whole);
  return to_ ? 0 : -1;
}

}  // namespace districtd

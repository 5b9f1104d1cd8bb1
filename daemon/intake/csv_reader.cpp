#include "daemon/intake/csv_reader.h"

#include <cstring>

namespace districtd {

namespace {

bool ends_cell(char c) { return c == ',' || c == '\n' || c == '\r'; }

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

bool CsvReader::next() {
  cells_.clear();
  unescaped_used_ = 0;
  fault_ = Fault::none;
  if (at_ == end_) return false;
  ++row_;
  while (true) {
    if (at_ != end_ && *at_ == '"') {
      read_quoted();
    } else {
      read_plain();
    }
    if (at_ == end_) return true;
    if (*at_ != ',') break;
    ++at_;
  }
  if (*at_++ == '\r' && at_ != end_ && *at_ == '\n') ++at_;
  return true;
}

void CsvReader::read_plain() {
  const char* const begin = at_;
  while (at_ != end_ && !ends_cell(*at_)) ++at_;
  cells_.push_back(between(begin, at_));
}

void CsvReader::read_quoted() {
  const char* const opening = at_++;
  const char* begin = at_;
  std::string* unescaped = nullptr;
  while (true) {
    const auto* const quote =
        static_cast<const char*>(std::memchr(at_, '"', static_cast<std::size_t>(end_ - at_)));
    if (quote == nullptr) {
      at_ = end_;
      set_fault(Fault::unterminated_quote);
      cells_.push_back(between(opening, end_));
      return;
    }
    at_ = quote + 1;
    if (at_ == end_ || *at_ != '"') break;
    if (unescaped == nullptr) unescaped = &scratch();
    unescaped->append(begin, at_);
    begin = ++at_;
  }
  const char* const closing = at_ - 1;
  while (at_ != end_ && (*at_ == ' ' || *at_ == '\t')) ++at_;
  if (at_ != end_ && !ends_cell(*at_)) {
    while (at_ != end_ && !ends_cell(*at_)) ++at_;
    set_fault(Fault::stray_quote);
    cells_.push_back(between(opening, at_));
  } else if (unescaped == nullptr) {
    cells_.push_back(between(begin, closing));
  } else {
    cells_.emplace_back(unescaped->append(begin, closing));
  }
}

void CsvReader::set_fault(Fault fault) {
  fault_ = fault;
  faulty_cell_ = cells_.size();
}

std::string& CsvReader::scratch() {
  if (unescaped_used_ == unescaped_.size()) unescaped_.emplace_back();
  std::string& text = unescaped_[unescaped_used_++];
  text.clear();
  return text;
}

}  // namespace districtd

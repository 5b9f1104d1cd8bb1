#include "daemon/intake/csv_reader.h"

#include <algorithm>
#include <cstring>

namespace districtd {

namespace {

constexpr std::string_view kWideComma = "\xEF\xBC\x8C";

// The separator at p; the length is a constant for each kind, so that a comma costs one comparison.
template <Separator kSeparator>
bool separates(const char* p, const char* end) {
  if constexpr (kSeparator == Separator::wide_comma) {
    return *p == kWideComma[0] && end - p >= 3 && p[1] == kWideComma[1] && p[2] == kWideComma[2];
  }
  constexpr char kMark = kSeparator == Separator::comma       ? ','
                         : kSeparator == Separator::tab       ? '\t'
                         : kSeparator == Separator::semicolon ? ';'
                                                              : '|';
  return *p == kMark;
}

template <Separator kSeparator>
constexpr std::ptrdiff_t kLength = kSeparator == Separator::wide_comma ? 3 : 1;

template <Separator kSeparator>
bool ends_cell(const char* p, const char* end) {
  return separates<kSeparator>(p, end) || *p == '\n' || *p == '\r';
}

std::string_view between(const char* begin, const char* end) {
  return {begin, static_cast<std::size_t>(end - begin)};
}

}  // namespace

bool CsvReader::next() {
  switch (separator_) {
    case Separator::tab:
      return next_row<Separator::tab>();
    case Separator::semicolon:
      return next_row<Separator::semicolon>();
    case Separator::wide_comma:
      return next_row<Separator::wide_comma>();
    case Separator::pipe:
      return next_row<Separator::pipe>();
    case Separator::comma:
      break;
  }
  return next_row<Separator::comma>();
}

template <Separator kSeparator>
bool CsvReader::next_row() {
  cells_.clear();
  count_ = 0;
  width_ = 0;
  bytes_ = 0;
  unescaped_used_ = 0;
  unescaped_bytes_ = 0;
  fault_ = Fault::none;
  if (at_ == end_) return false;
  ++row_;
  const char* const begin = at_;
  while (true) {
    if (at_ != end_ && *at_ == '"') {
      read_quoted<kSeparator>();
    } else if (const char* const quote = quote_after_blanks<kSeparator>()) {
      at_ = quote;
      read_quoted<kSeparator>();
    } else {
      read_plain<kSeparator>();
    }
    if (at_ == end_ || !separates<kSeparator>(at_, end_)) break;
    at_ += kLength<kSeparator>;
  }
  bytes_ = static_cast<std::size_t>(at_ - begin);
  width_ = std::max(width_, cells_.size());
  if (width_ > kMostCells) {
    fault_ = Fault::too_many_cells;
  } else if (bytes_ > kMostRowBytes && fault_ != Fault::unterminated_quote) {
    fault_ = Fault::too_long;
  }
  if (at_ != end_ && *at_++ == '\r' && at_ != end_ && *at_ == '\n') ++at_;
  return true;
}

// The opening quote of a field that is a whole quoted one but for the blanks before it; nullptr
// where there is none. Looks no further than the end of the line.
template <Separator kSeparator>
const char* CsvReader::quote_after_blanks() const {
  if (at_ == end_ || *at_ != ' ') return nullptr;
  const char* p = at_;
  while (p != end_ && *p == ' ') ++p;
  if (p == end_ || *p != '"') return nullptr;
  const char* const opening = p++;
  while (p != end_ && *p != '\n' && *p != '\r') {
    if (*p++ != '"') continue;
    if (p != end_ && *p == '"') {
      ++p;
      continue;
    }
    while (p != end_ && *p == ' ') ++p;
    return p == end_ || ends_cell<kSeparator>(p, end_) ? opening : nullptr;
  }
  return nullptr;
}

template <Separator kSeparator>
void CsvReader::read_plain() {
  const char* const begin = at_;
  while (at_ != end_ && !ends_cell<kSeparator>(at_, end_)) ++at_;
  add(between(begin, at_));
}

template <Separator kSeparator>
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
      add(between(opening, end_));
      return;
    }
    at_ = quote + 1;
    if (at_ == end_ || *at_ != '"') break;
    if (unescaped == nullptr && count_ < kMostCells) unescaped = &scratch();
    const std::string_view piece = between(begin, at_);
    unescaped_bytes_ += piece.size();
    if (unescaped != nullptr && unescaped_bytes_ <= kMostRowBytes) unescaped->append(piece);
    begin = ++at_;
  }
  const char* const closing = at_ - 1;
  while (at_ != end_ && (*at_ == ' ' || (*at_ == '\t' && kSeparator != Separator::tab))) ++at_;
  if (at_ != end_ && !ends_cell<kSeparator>(at_, end_)) {
    while (at_ != end_ && !ends_cell<kSeparator>(at_, end_)) ++at_;
    set_fault(Fault::stray_quote);
    add(between(opening, at_));
  } else if (unescaped == nullptr) {
    add(between(begin, closing));
  } else if (unescaped_bytes_ + between(begin, closing).size() > kMostRowBytes) {
    add(between(opening, at_));
  } else {
    unescaped_bytes_ += between(begin, closing).size();
    add(unescaped->append(begin, closing));
  }
}

void CsvReader::add(std::string_view cell) {
  if (count_++ < kMostCells) {
    cells_.push_back(cell);
  } else if (!cell.empty()) {
    width_ = count_;
  }
}

void CsvReader::set_fault(Fault fault) {
  fault_ = fault;
  faulty_cell_ = count_;
}

std::string& CsvReader::scratch() {
  if (unescaped_used_ == unescaped_.size()) unescaped_.emplace_back();
  std::string& text = unescaped_[unescaped_used_++];
  text.clear();
  return text;
}

}  // namespace districtd

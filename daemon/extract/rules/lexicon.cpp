#include "daemon/extract/rules/lexicon.h"

namespace districtd::extract {

namespace {

constexpr std::uint32_t kRoot = 1;
constexpr std::uint32_t kEndRoot = 2;
constexpr std::size_t kPlane = 0x10000;

std::size_t place(std::uint64_t key, std::size_t size) {
  return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15U) >> 32U) & (size - 1);
}

std::uint64_t key_of(std::uint32_t node, char32_t c) {
  return static_cast<std::uint64_t>(node) << 32U | c;
}

}  // namespace

Lexicon::Lexicon() : classes_(3), first_(kPlane), edges_(1024) {}

std::uint32_t Lexicon::child_of(std::uint32_t node, char32_t c) const {
  const std::uint64_t key = key_of(node, c);
  for (std::size_t i = place(key, edges_.size());; i = (i + 1) & (edges_.size() - 1)) {
    if (edges_[i].key == key) return edges_[i].child;
    if (edges_[i].key == 0) return 0;
  }
}

// Most characters begin no word: one look instead of a search.
std::uint32_t Lexicon::first_of(char32_t c) const {
  return c < kPlane ? first_[c] : child_of(kRoot, c);
}

void Lexicon::insert(std::uint32_t node, char32_t c, std::uint32_t child) {
  if (2 * (used_ + 1) > edges_.size()) {
    std::vector<Edge> old(edges_.size() * 2);
    old.swap(edges_);
    used_ = 0;
    for (const Edge& edge : old) {
      if (edge.key == 0) continue;
      insert(static_cast<std::uint32_t>(edge.key >> 32U), static_cast<char32_t>(edge.key),
             edge.child);
    }
  }
  const std::uint64_t key = key_of(node, c);
  std::size_t i = place(key, edges_.size());
  while (edges_[i].key != 0) i = (i + 1) & (edges_.size() - 1);
  edges_[i] = {key, child};
  ++used_;
}

std::uint32_t Lexicon::add_child(std::uint32_t node, char32_t c) {
  std::uint32_t child = child_of(node, c);
  if (child != 0) return child;
  child = static_cast<std::uint32_t>(classes_.size());
  classes_.push_back(0);
  insert(node, c, child);
  if (node == kRoot && c < kPlane) first_[c] = child;
  return child;
}

void Lexicon::add(std::u32string_view word, std::uint64_t classes) {
  if (word.empty()) return;
  std::uint32_t node = kRoot;
  for (const char32_t c : word) node = add_child(node, c);
  classes_[node] |= classes;
  if (word.size() > kLongestEnd) return;
  node = kEndRoot;
  for (std::size_t i = word.size(); i-- > 0;) node = add_child(node, word[i]);
  classes_[node] |= classes;
}

Lexicon::Match Lexicon::longest(std::u32string_view text, std::size_t at) const {
  Match match;
  if (at >= text.size()) return match;
  std::uint32_t node = first_of(text[at]);
  for (std::size_t i = at; node != 0;) {
    ++i;
    if (classes_[node] != 0) match = {i - at, classes_[node]};
    if (i >= text.size()) break;
    node = child_of(node, text[i]);
  }
  return match;
}

std::uint64_t Lexicon::classes_of(std::u32string_view word) const {
  if (word.empty()) return 0;
  std::uint32_t node = first_of(word.front());
  for (std::size_t i = 1; i < word.size() && node != 0; ++i) node = child_of(node, word[i]);
  return classes_[node];
}

std::uint64_t Lexicon::classes_at_end(std::u32string_view text) const {
  std::uint64_t classes = 0;
  std::uint32_t node = kEndRoot;
  for (std::size_t n = 0; n < text.size() && n < kLongestEnd; ++n) {
    node = child_of(node, text[text.size() - 1 - n]);
    if (node == 0) break;
    classes |= classes_[node];
  }
  return classes;
}

std::uint64_t Lexicon::classes_from(std::u32string_view text, std::size_t at) const {
  std::uint64_t classes = 0;
  if (at >= text.size()) return classes;
  std::uint32_t node = first_of(text[at]);
  for (std::size_t i = at + 1; node != 0; ++i) {
    classes |= classes_[node];
    if (i >= text.size()) break;
    node = child_of(node, text[i]);
  }
  return classes;
}

}  // namespace districtd::extract

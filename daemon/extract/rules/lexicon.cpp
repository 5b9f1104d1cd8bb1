#include "daemon/extract/rules/lexicon.h"

namespace districtd::extract {

namespace {

constexpr std::uint32_t kRoot = 1;

std::size_t place(std::uint64_t key, std::size_t size) {
  return static_cast<std::size_t>((key * 0x9E3779B97F4A7C15U) >> 32U) & (size - 1);
}

std::uint64_t key_of(std::uint32_t node, char32_t c) {
  return static_cast<std::uint64_t>(node) << 32U | c;
}

}  // namespace

Lexicon::Lexicon() : classes_(2), edges_(1024) {}

std::uint32_t Lexicon::child_of(std::uint32_t node, char32_t c) const {
  const std::uint64_t key = key_of(node, c);
  for (std::size_t i = place(key, edges_.size());; i = (i + 1) & (edges_.size() - 1)) {
    if (edges_[i].key == key) return edges_[i].child;
    if (edges_[i].key == 0) return 0;
  }
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

void Lexicon::add(std::u32string_view word, std::uint64_t classes) {
  std::uint32_t node = kRoot;
  for (const char32_t c : word) {
    std::uint32_t child = child_of(node, c);
    if (child == 0) {
      child = static_cast<std::uint32_t>(classes_.size());
      classes_.push_back(0);
      insert(node, c, child);
    }
    node = child;
  }
  if (node != kRoot) classes_[node] |= classes;
}

Lexicon::Match Lexicon::longest(std::u32string_view text, std::size_t at) const {
  Match match;
  std::uint32_t node = kRoot;
  for (std::size_t i = at; i < text.size(); ++i) {
    node = child_of(node, text[i]);
    if (node == 0) break;
    if (classes_[node] != 0) match = {i + 1 - at, classes_[node]};
  }
  return match;
}

std::uint64_t Lexicon::classes_of(std::u32string_view word) const {
  std::uint32_t node = kRoot;
  for (const char32_t c : word) {
    node = child_of(node, c);
    if (node == 0) return 0;
  }
  return classes_[node];
}

}  // namespace districtd::extract

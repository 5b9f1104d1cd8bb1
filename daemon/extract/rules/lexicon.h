// Words and what they are: a trie over characters. Pure; immutable once built.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace districtd::extract {

class Lexicon {
 public:
  struct Match {
    std::size_t length = 0;     // in characters; 0: no word begins here
    std::uint64_t classes = 0;  // a set of bits, given by who adds the words
  };

  Lexicon();
  // A word that is added twice is of both classes.
  void add(std::u32string_view word, std::uint64_t classes);

  // The longest word that begins at text[at].
  Match longest(std::u32string_view text, std::size_t at) const;
  // What the whole text is as a word; 0 where it is none.
  std::uint64_t classes_of(std::u32string_view word) const;
  // Of all words of up to kLongestEnd characters that the text ends with.
  std::uint64_t classes_at_end(std::u32string_view text) const;
  // Of all words that begin at text[at].
  std::uint64_t classes_from(std::u32string_view text, std::size_t at) const;

  static constexpr std::size_t kLongestEnd = 8;

 private:
  struct Edge {
    std::uint64_t key = 0;  // node << 32 | character; 0: free
    std::uint32_t child = 0;
  };
  std::uint32_t child_of(std::uint32_t node, char32_t c) const;
  std::uint32_t first_of(char32_t c) const;
  std::uint32_t add_child(std::uint32_t node, char32_t c);
  void insert(std::uint32_t node, char32_t c, std::uint32_t child);

  // By node; node 0 is none, node 1 the root, node 2 that of the words from their ends.
  std::vector<std::uint64_t> classes_;
  std::vector<std::uint32_t> first_;  // the root's children, by character below 0x10000
  std::vector<Edge> edges_;           // open addressing
  std::size_t used_ = 0;
};

}  // namespace districtd::extract

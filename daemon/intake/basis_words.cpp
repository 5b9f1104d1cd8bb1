#include "daemon/intake/basis_words.h"

#include <array>

#include "base/text.h"
#include "daemon/intake/columns.h"
#include "daemon/intake/value_reader.h"

namespace districtd {

namespace {

struct BasisWord {
  std::string_view word;  // as words_compared() makes it
  Basis basis;
  bool is_named = false;  // in refusals: the plain ones
};

constexpr std::array kWords = {
    BasisWord{"预计", Basis::projected, true}, BasisWord{"预计数", Basis::projected},
    BasisWord{"预估", Basis::projected},       BasisWord{"预估数", Basis::projected},
    BasisWord{"projected", Basis::projected},  BasisWord{"实际", Basis::actual, true},
    BasisWord{"实际数", Basis::actual},        BasisWord{"快报", Basis::actual, true},
    BasisWord{"快报数", Basis::actual},        BasisWord{"actual", Basis::actual},
};

}  // namespace

std::optional<Basis> read_basis(std::string_view cell) {
  if (is_empty_mark(cell)) return Basis::actual;
  const ComparedName said = compared(cell);
  if (!said.bracketed.empty()) return std::nullopt;
  for (const BasisWord& one : kWords) {
    if (one.word == said.name) return one.basis;
  }
  return std::nullopt;
}

std::string basis_words() {
  std::string text;
  for (const BasisWord& one : kWords) {
    if (!one.is_named) continue;
    text += (text.empty() ? "“" : "、“") + std::string(one.word) + "”";
  }
  return text;
}

}  // namespace districtd

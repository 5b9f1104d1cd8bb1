// What a figure rests on (数据性质), as clerks write it. Pure. docs/填报说明.md lists the words.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "daemon/domain/reading.h"

namespace districtd {

// Of a trimmed cell; blank and the marks for nothing (—, /) say what is usual: actual. nullopt for
// every word that is not of the list.
std::optional<Basis> read_basis(std::string_view cell);

// The list for a sentence: "“预计”（预计数）；“实际”、“快报”…". Docs and refusals say it alike.
std::string basis_words();

}  // namespace districtd

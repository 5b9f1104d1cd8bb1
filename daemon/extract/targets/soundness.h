// Stage 5b, soundness: what the form of a target says about whether it was read right. A name
// without a noun, a number that is glued to what follows, a neighbourhood that tells of the past:
// each is a doubt of doubts.toml. Pure.
#pragma once

#include <cstddef>

#include "daemon/extract/targets/assembly.h"

namespace districtd::extract {

// Adds to `target`, found in clause `clause` of the paragraph, the doubts about its form.
void doubt_form(const Paragraph& paragraph, const ParagraphScope& scope, std::size_t clause,
                const Rules& rules, FoundTarget& target);

}  // namespace districtd::extract

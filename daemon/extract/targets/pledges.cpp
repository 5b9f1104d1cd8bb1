#include "daemon/extract/targets/pledges.h"

#include <algorithm>

#include "daemon/extract/targets/phrases.h"

namespace districtd::extract {

namespace {

int best_start(std::u32string_view text, const std::vector<PledgeScores::Score>& scores,
               std::size_t& length) {
  int best = 0;
  length = 0;
  for (const auto& score : scores) {
    for (const auto& word : score.words) {
      if (word.size() > length && text.starts_with(word)) {
        best = score.score;
        length = word.size();
      }
    }
  }
  return best;
}

// The best of each sign is counted once.
int object_score(std::u32string_view text, const std::vector<PledgeScores::Score>& scores) {
  int total = 0;
  for (const auto& score : scores) {
    const bool has = std::any_of(score.words.begin(), score.words.end(), [&](const auto& word) {
      return score.is_at_end ? text.ends_with(word) : text.find(word) != std::u32string_view::npos;
    });
    if (has) total += score.score;
  }
  return total;
}

}  // namespace

void find_pledges(const Paragraph& p, const ParagraphScope& scope, const Rules& rules,
                  std::vector<Pledge>& out) {
  const PledgeScores& scores = rules.pledges;
  // "聚焦主业,强化审计监督。": a short first sentence is the paragraph's motto.
  constexpr std::size_t kLongestMotto = 26;
  std::size_t first = 0;
  const auto stop = p.chars().find(U'。');
  if (stop <= kLongestMotto && stop + 10 < p.text.size()) {
    while (first < p.clauses.size() && p.clauses[first].span.begin < stop) ++first;
  }
  for (std::size_t i = first; i < p.clauses.size(); ++i) {
    if (!scope.clauses[i].is_promise) continue;
    const Span span = p.clauses[i].span;
    if (span.size() < 5 || span.size() > 50) continue;
    const std::size_t begin = strip_separators(p, span);
    // Adverbs are skipped here, but not verbs like 推进 that strip_front takes for light.
    std::size_t at = begin;
    std::size_t length = 0;
    int verb = best_start(p.chars().substr(at, span.end - at), scores.verbs, length);
    while (verb == 0) {
      const Token* const token = p.token_at_begin(at);
      if (token == nullptr ||
          !token->is_any(bit(Word::adverb) | bit(Word::ensure) | bit(Word::strive) |
                         bit(Word::future_period)) ||
          token->span.end >= span.end) {
        break;
      }
      at = token->span.end;
      verb = best_start(p.chars().substr(at, span.end - at), scores.verbs, length);
    }
    if (verb == 0) continue;
    const auto object = p.chars().substr(at + length, span.end - at - length);
    if (object.size() < 3) continue;
    const int score = verb + object_score(object, scores.objects);
    if (score < scores.least_score) continue;
    out.push_back({score, to_utf8(name_text(object)), {begin, span.end}});
  }
}

}  // namespace districtd::extract

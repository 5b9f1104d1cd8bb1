#include "daemon/store/records.h"

#include <array>
#include <cstddef>

#include "base/check.h"

namespace districtd {
namespace {

template <typename Enum>
struct Word {
  Enum value;
  std::string_view word;
};

constexpr std::array kOccasionOutcomes = {
    Word{OccasionOutcome::adopted, "adopted"},
    Word{OccasionOutcome::made, "made"},
    Word{OccasionOutcome::unchanged, "unchanged"},
    Word{OccasionOutcome::skipped, "skipped"},
};

constexpr std::array kDeliveryChannels = {
    Word{DeliveryChannel::email, "email"},
    Word{DeliveryChannel::webhook, "webhook"},
};

constexpr std::array kDeliveryStates = {
    Word{DeliveryState::pending, "pending"},     Word{DeliveryState::sending, "sending"},
    Word{DeliveryState::sent, "sent"},           Word{DeliveryState::failed, "failed"},
    Word{DeliveryState::uncertain, "uncertain"},
};

template <typename Enum, std::size_t N>
std::string_view word_of(const std::array<Word<Enum>, N>& words, Enum value) {
  for (const Word<Enum>& one : words) {
    if (one.value == value) return one.word;
  }
  DISTRICT_CHECK(false, "each value of a closed set has its word");
  return {};
}

template <typename Enum, std::size_t N>
Enum value_of(const std::array<Word<Enum>, N>& words, std::string_view word) {
  for (const Word<Enum>& one : words) {
    if (one.word == word) return one.value;
  }
  throw StoreError("a record of a bulletin says '" + std::string(word) +
                   "', which this version does not know; it was written by another program");
}

}  // namespace

std::string_view to_string(OccasionOutcome outcome) { return word_of(kOccasionOutcomes, outcome); }
std::string_view to_string(DeliveryChannel channel) { return word_of(kDeliveryChannels, channel); }
std::string_view to_string(DeliveryState state) { return word_of(kDeliveryStates, state); }

OccasionOutcome occasion_outcome_of(std::string_view word) {
  return value_of(kOccasionOutcomes, word);
}
DeliveryChannel delivery_channel_of(std::string_view word) {
  return value_of(kDeliveryChannels, word);
}
DeliveryState delivery_state_of(std::string_view word) { return value_of(kDeliveryStates, word); }

}  // namespace districtd

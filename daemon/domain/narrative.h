// What a department says beside a figure, or without one: no judgement reads it.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace districtd {

// 进展情况, 存在问题, 下一步打算. Each may be empty: then it says nothing.
struct Narrative {
  static constexpr std::size_t kParts = 3;

  std::array<std::string, kParts> parts;

  const std::string& progress() const { return parts[0]; }
  const std::string& problems() const { return parts[1]; }
  const std::string& next_steps() const { return parts[2]; }

  bool empty() const { return parts[0].empty() && parts[1].empty() && parts[2].empty(); }
  // What is empty here is taken from the other.
  void fill_from(const Narrative& other) {
    for (std::size_t i = 0; i < kParts; ++i) {
      if (parts[i].empty()) parts[i] = other.parts[i];
    }
  }
  // Whether everything that is said here is said there too: an empty part takes nothing back.
  bool is_said_by(const Narrative& other) const {
    for (std::size_t i = 0; i < kParts; ++i) {
      if (!parts[i].empty() && parts[i] != other.parts[i]) return false;
    }
    return true;
  }
  friend bool operator==(const Narrative&, const Narrative&) = default;
};

// The keys of JSON and the words for people, by part.
inline constexpr std::array<std::string_view, Narrative::kParts> kNarrativeKeys = {
    "progress", "problems", "next_steps"};
inline constexpr std::array<std::string_view, Narrative::kParts> kNarrativeTitles = {
    "进展情况", "存在问题", "下一步打算"};

}  // namespace districtd

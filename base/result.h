// A value, or why there is none.
//
//   Result<Catalogue, Findings> loaded = load_catalogue(file);
//   if (!loaded) return show(loaded.error());
//   use(*loaded);
#pragma once

#include <type_traits>
#include <utility>
#include <variant>

#include "base/check.h"

namespace districtd {

// For what comes from outside: a file, a row, a request. Exceptions are for what should not happen.
// Asking for the one that is not there is a fault of the program.
template <typename T, typename E>
class [[nodiscard]] Result {
  static_assert(!std::is_same_v<T, E>, "a value and its error need different types");

 public:
  using Value = T;
  using Error = E;

  // NOLINTBEGIN(google-explicit-constructor): a function returns either as it is
  Result(T value) : either_(std::in_place_index<0>, std::move(value)) {}
  Result(E error) : either_(std::in_place_index<1>, std::move(error)) {}
  // NOLINTEND(google-explicit-constructor)

  explicit operator bool() const { return either_.index() == 0; }

  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  E& error() & { return failure(); }
  const E& error() const& { return const_cast<Result*>(this)->failure(); }
  E&& error() && { return std::move(failure()); }

 private:
  T& value() {
    DISTRICT_CHECK(either_.index() == 0, "the result is a value");
    return *std::get_if<0>(&either_);
  }
  const T& value() const { return const_cast<Result*>(this)->value(); }
  E& failure() {
    DISTRICT_CHECK(either_.index() == 1, "the result is an error");
    return *std::get_if<1>(&either_);
  }

  std::variant<T, E> either_;
};

}  // namespace districtd

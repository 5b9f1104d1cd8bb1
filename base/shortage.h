// Whether something failed because the machine is short of memory, descriptors, threads or room.
#pragma once

#include <cerrno>
#include <exception>
#include <new>
#include <system_error>

namespace districtd {

// Then nothing was learnt of what was at hand, whoever sent it, and trying again may help.
inline bool is_shortage(const std::exception& failure) {
  if (dynamic_cast<const std::bad_alloc*>(&failure) != nullptr) return true;
  const auto* const error = dynamic_cast<const std::system_error*>(&failure);
  if (error == nullptr) return false;
  const std::error_condition condition = error->code().default_error_condition();
  if (condition.category() != std::generic_category()) return false;
  switch (condition.value()) {
    case ENOMEM:
    case EAGAIN:  // what pthread_create says of threads
    case EMFILE:
    case ENFILE:
    case ENOBUFS:
    case ENOSPC:
      return true;
    default:
      return false;
  }
}

}  // namespace districtd

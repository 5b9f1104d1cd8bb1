#include "base/byte_budget.h"

namespace districtd {

bool ByteBudget::Share::resize(std::size_t bytes, std::size_t left) {
  if (bytes <= bytes_) {
    budget_->in_use_ -= bytes_ - bytes;
    bytes_ = bytes;
    return true;
  }
  const std::size_t more = bytes - bytes_;
  const std::size_t most = budget_->limit_;
  const std::size_t limit = most > left ? most - left : 0;
  std::size_t in_use = budget_->in_use_;
  do {
    if (more > limit || in_use > limit - more) return false;
  } while (!budget_->in_use_.compare_exchange_weak(in_use, in_use + more));
  bytes_ = bytes;
  return true;
}

void ByteBudget::Share::reset() noexcept {
  if (bytes_ > 0) budget_->in_use_ -= bytes_;
  bytes_ = 0;
}

}  // namespace districtd

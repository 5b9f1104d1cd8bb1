// How much memory the requests and answers of all clients may hold together.
//
//   ByteBudget::Share share(budget);
//   if (!share.resize(body.size())) return refuse();   // given back when `share` goes
#pragma once

#include <atomic>
#include <cstddef>
#include <memory>
#include <utility>

namespace districtd {

// Thread-safe.
class ByteBudget {
 public:
  explicit ByteBudget(std::size_t limit) : limit_(limit) {}

  // What one holder has of the budget; it gives that back at its end. One thread at a time.
  //
  // It shares the budget's ownership: what waits for a disk may outlive the server.
  class Share {
   public:
    explicit Share(std::shared_ptr<ByteBudget> budget) : budget_(std::move(budget)) {}
    ~Share() { reset(); }
    Share(Share&& other) noexcept
        : budget_(std::move(other.budget_)), bytes_(std::exchange(other.bytes_, 0)) {}
    Share(const Share&) = delete;
    Share& operator=(const Share&) = delete;
    Share& operator=(Share&&) = delete;

    // Holds `bytes` from now on. False, and all is as before, where that is more than it had and
    // the budget has not got it, or less than `left` would be left for others.
    [[nodiscard]] bool resize(std::size_t bytes, std::size_t left = 0);
    void reset() noexcept;
    std::size_t bytes() const { return bytes_; }

   private:
    std::shared_ptr<ByteBudget> budget_;
    std::size_t bytes_ = 0;
  };

  std::size_t in_use() const { return in_use_; }
  std::size_t limit() const { return limit_; }
  // What is held beyond a lower limit stays held.
  void set_limit(std::size_t limit) { limit_ = limit; }

 private:
  std::atomic<std::size_t> limit_;
  std::atomic<std::size_t> in_use_{0};
};

}  // namespace districtd

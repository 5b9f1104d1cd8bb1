// Writing to a pipe whose reader may have stopped reading.
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>
#include <system_error>

namespace districtd {

// Writes the line to a pipe, terminal or file. Where nothing goes out for `patience` it gives up
// with std::errc::resource_unavailable_try_again, so that the caller never waits for whoever reads:
// what the pipe holds, 64 KiB as a rule, is the queue. `written` says how far it came; a line of at
// most PIPE_BUF bytes (4 KiB) goes out whole or not at all.
//
// Any thread, one at a time for a descriptor that no other process writes to.
std::error_code write_unblocked(int fd, std::string_view line, std::chrono::milliseconds patience,
                                std::size_t& written);

}  // namespace districtd

// `districtd send`: the clerk's client.
#pragma once

#include <chrono>
#include <filesystem>
#include <iosfwd>
#include <string>
#include <vector>

namespace districtd {

struct SendOptions {
  std::vector<std::filesystem::path> files;
  std::string server;                // http(s)://host[:port], with or without /api/v1/observations
  std::filesystem::path token_file;  // the token alone; blanks and line ends around it do not count
  std::string ca_file;               // PEM: trusted instead of the system's authorities
  std::chrono::seconds timeout{300};  // of one file
  bool is_dry_run = false;            // nothing is kept; prints how each row would be read
};

// Posts each file to the daemon and prints its receipt for people, in Chinese: to `out` a line with
// the counts and one for each refused row (row, column, value, what to do), to `err` one sentence
// for whatever could not be sent. After a fault that every further file would meet as well (the
// token, the server) the rest is not sent. Of a dry run it prints a table: how each row was read,
// what stands now, and what would become of it. Returns 0 when every row of every file was taken,
// else 1. What the files and the server say is printed without control characters.
int send_files(const SendOptions& options, std::ostream& out, std::ostream& err);

}  // namespace districtd

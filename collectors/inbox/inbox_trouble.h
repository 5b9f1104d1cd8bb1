// What keeps something in the inbox from working.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace districtd {

// An operator's sentence with what to do.
struct InboxTrouble {
  std::filesystem::path path;
  std::string message;
};

// "the inbox PATH WHAT (the errno's text): what helps; ...".
InboxTrouble inbox_trouble(const std::filesystem::path& path, std::string_view what, int error);

// The folder works but is not watched: without inotify it is listed every 10 s.
InboxTrouble unwatched(const std::filesystem::path& path, int error);

}  // namespace districtd

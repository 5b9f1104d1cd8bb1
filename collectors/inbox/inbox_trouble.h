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

// Another process holds the inbox, or this one's inbox of before a reload has not ended yet.
InboxTrouble held_by_another(const std::filesystem::path& directory);

// A file stands where accepted/ or rejected/ is to be.
InboxTrouble no_shelf(const std::filesystem::path& path);

// A file that never stays as it is.
InboxTrouble restless(const std::filesystem::path& path, std::string_view how);

// A step that does not end.
InboxTrouble stuck(const std::filesystem::path& directory, std::string_view step);

}  // namespace districtd

// What the operator is told of an inbox: each trouble once when it begins and once when it is over.
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "collectors/collector.h"
#include "collectors/inbox/folder_queue.h"
#include "collectors/inbox/inbox_survey.h"

namespace districtd {

// Thread: the event loop's.
class InboxReports {
 public:
  InboxReports(CollectorReport report, std::filesystem::path directory)
      : report_(std::move(report)), directory_(std::move(directory)) {}

  // Folders of no department, files in no folder, and troubles that came or went.
  void surveyed(const InboxSurvey& found);

  // Of one file; once where several have the same.
  void file_trouble(FolderQueue& folder, const std::string& name, const std::string& message);
  void file_recovered(FolderQueue& folder, const std::string& name);

  // What holds up all files. `why` is a sentence.
  void waits(const std::string& why);
  void goes_on();
  void is_stuck(const std::string& step);
  void is_stuck_no_more();

  // How many folders something is wrong with, without files.
  std::size_t troubles() const { return troubles_.size(); }

 private:
  void each_once(std::set<std::string>& known, const std::vector<std::string>& now,
                 std::string_view event, std::string_view before, std::string_view after);

  CollectorReport report_;
  std::filesystem::path directory_;
  std::map<std::filesystem::path, std::string> troubles_;  // of the last survey
  std::set<std::string> unknown_;                          // folders that were reported
  std::set<std::string> outside_;                          // files likewise
};

}  // namespace districtd

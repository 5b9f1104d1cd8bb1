// The inbox: files that departments drop into their folder become submissions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>
#include <boost/asio/io_context.hpp>

#include "collectors/collector.h"
#include "collectors/submission.h"

namespace districtd {

struct InboxOptions {
  std::filesystem::path directory;       // below it one folder a department id
  std::uint64_t max_bytes = 512u << 20;  // a larger file is refused with a receipt
  friend bool operator==(const InboxOptions&, const InboxOptions&) = default;
};

// Watches DIRECTORY/DEPARTMENT/ by inotify (closed after writing, moved in) and scans at start,
// after an overflow of the kernel's queue, and every minute, because network file systems tell
// nothing. Each file becomes one submission; afterwards it moves to DIRECTORY/DEPARTMENT/accepted/
// (at least one row was taken) or rejected/, beside NAME.receipt.json and, where rows were refused,
// NAME.errors.csv. NAME is the whole name with its ending: "6月.csv", "6月.csv.receipt.json",
// "6月.csv.errors.csv". A name that is taken gets a number ("6月-2.csv"), its receipt likewise.
//
// The files of one folder are submitted one after the other, in the order in which they were put:
// by time of change (st_ctime), at one time in the order in which they were heard of, and at last
// by name. The next one is submitted when the sink has decided on the one before, so that neither a
// start, nor an overflow, nor a slow decoding turns them round. A file that has a writer waits for
// it and lets the others pass: it is put when it is closed.
//
// A file that a process still holds open for writing is not touched. Names that start with a dot or
// ~$ or end in ~, .tmp, .part, .filepart or .crdownload are left alone. Links, FIFOs, sockets and
// devices are moved to rejected/ unopened, with a receipt that says what they are (not_a_file);
// folders likewise, once nothing in them has changed for a minute. A folder whose name is no
// department is reported once and left alone. Where the sink is unavailable the file stays and is
// tried again, after 1 s doubling to 60 s.
//
// A file is settled before it is moved. After a crash in between it is submitted once more under
// the same key, by its identity on disk, and put away with the receipt of the first time. Once it
// lies in accepted/ or rejected/ that is over: who moves it back hands it in anew. One file at a
// time is in memory, the folders taking turns.
//
// Thread: the event loop's; files are read and moved on a thread of its own.
class Inbox {
 public:
  // Creates missing department folders. A directory that cannot be read is reported and tried again
  // every ten seconds; it never throws for what the file system does.
  //
  // `report` gets each trouble once when it begins and, as info, once when it is over. Events:
  // inbox_trouble, inbox_recovered, inbox_waiting (the sink is unavailable), inbox_unknown_folder.
  Inbox(boost::asio::io_context& io, SubmissionSink& sink, InboxOptions options,
        std::vector<std::string> departments, CollectorReport report);
  ~Inbox();  // stops watching; a file in flight is finished at the next start
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  void start();

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace districtd

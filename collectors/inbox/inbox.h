// The inbox: files that departments drop into their folder become submissions.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>
#include <boost/asio/io_context.hpp>

#include <prometheus/registry.h>

#include "collectors/collector.h"
#include "collectors/submission.h"

namespace districtd {

struct InboxOptions {
  std::filesystem::path directory;        // below it one folder a department id
  std::uint64_t max_bytes = 512u << 20;   // a larger file is refused with a receipt
  std::chrono::milliseconds quiet{2000};  // for so long nothing may have happened to a file
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
// A file is taken when it is finished: nobody holds it open for writing, and nothing has happened
// to it for InboxOptions::quiet, because some writers close a file and open it again. What is never
// quiet, or is another file each time, is tried ever more rarely, up to 60 s, and reported. Names
// that is_left_alone() knows are no files: what is hidden, unfinished, or the system's own. Links,
// FIFOs, sockets and devices are moved to rejected/ unopened, with a receipt that says what they
// are (not_a_file); folders likewise, once nothing in them has changed for a minute. A folder whose
// name is no department, and a file that lies in no folder, are reported once and left alone. Where
// the sink is unavailable the file stays and is tried again, after 1 s doubling to 60 s.
//
// No link is followed, neither in place of the directory nor of what is below it: all is done by
// descriptors (InboxRoot).
//
// A file is settled before it is moved. After a crash in between it is submitted once more under
// the same key, by its identity on disk, and put away with the receipt of the first time. Once it
// lies in accepted/ or rejected/ durably that is over, also where a crash came before it could be
// said: who moves it back hands it in anew. One file at a time is in memory, the folders taking
// turns. Where files cannot be put away, up to 100 of a folder are taken and stay where they are.
//
// Thread: the event loop's; files are read and moved on a thread of its own, for which nothing ever
// waits, as its file system may hang. What such a step has in hand is reported after a minute
// (inbox_stuck).
class Inbox {
 public:
  // Creates missing department folders. A directory that cannot be read is reported and tried again
  // every ten seconds; it never throws for what the file system does.
  //
  // `report` gets each trouble once when it begins and, as info, once when it is over. Events:
  // inbox_trouble, inbox_stuck, inbox_recovered, inbox_waiting (the sink is unavailable),
  // inbox_unknown_folder, inbox_file_outside.
  Inbox(boost::asio::io_context& io, SubmissionSink& sink, prometheus::Registry& registry,
        InboxOptions options, const std::vector<std::string>& departments, CollectorReport report);
  ~Inbox();  // a file in flight is finished at the next start
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  void start();

  // Begins nothing more. The step under way goes on by itself; until it has ended
  // (is_at_work()) this is better kept, so that what became of it is still heard. Waits for
  // nothing.
  void stop();
  bool is_at_work() const;

  void forget_series();  // of /metrics

 private:
  class Impl;
  std::shared_ptr<Impl> impl_;
};

}  // namespace districtd

// Putting a settled file away, beside its receipt.
//
// Everything here blocks and belongs on a thread of its own. Names are bytes as the file system has
// them. Nothing follows a link below a department's folder.
#pragma once

#include <string>

#include "collectors/inbox/inbox_file.h"
#include "collectors/inbox/inbox_root.h"
#include "collectors/submission.h"

namespace districtd {

struct PutAway {
  enum class Result {
    moved,        // and durable
    not_durable,  // moved, but a power loss may bring it back: make_durable()
    changed,
    failed,
  };
  Result result = Result::failed;
  std::string trouble;  // of not_durable and failed
};

// Writes NAME.receipt.json and, where rows were refused, NAME.errors.csv into FOLDER/accepted or
// FOLDER/rejected, then moves the file there; NAME is the file's whole name, its ending included
// ("6月.csv", "6月.csv.receipt.json", "6月.csv.errors.csv"). Where one of the three names is taken
// all three get a number before the ending ("6月-2.csv"). Nothing is ever replaced, with one
// exception: a receipt of this very submission that a crash has left there without its file. Links
// and folders are moved as they are.
//
// The result is `changed` where the file is no longer what was read or is being written again; then
// nothing was written.
PutAway put_away(const OpenFolder& folder, const std::string& name, const FileState& state,
                 bool accepted, const Receipt& receipt);

// The same for what was moved before: `moved` or again `not_durable`.
PutAway make_durable(const OpenFolder& folder, bool accepted);

}  // namespace districtd

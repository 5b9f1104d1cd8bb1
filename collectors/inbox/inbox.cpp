#include "collectors/inbox/inbox.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <set>
#include <utility>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/thread_pool.hpp>

#include "base/backoff.h"
#include "base/heartbeat.h"
#include "base/media_type.h"
#include "base/ports/clock.h"
#include "base/ports/timer.h"
#include "collectors/inbox/folder_queue.h"
#include "collectors/inbox/inbox_file.h"
#include "collectors/inbox/inbox_refusals.h"
#include "collectors/inbox/inbox_survey.h"
#include "collectors/inbox/inbox_watch.h"
#include "collectors/inbox/put_away.h"

namespace districtd {

namespace asio = boost::asio;
using std::chrono::steady_clock;

namespace {

const std::string kCollector = "csv_drop";
constexpr std::chrono::seconds kSurveyEvery{60};
constexpr std::chrono::seconds kSurveyEveryInTrouble{10};
constexpr std::chrono::seconds kTryBeingWrittenAgain{2};
constexpr std::chrono::seconds kLongestPause{60};
constexpr std::chrono::seconds kLongestStep{60};  // on the pool; longer: its disk does not answer

}  // namespace

// Owned by Inbox alone. Handlers hold it weakly, so it is destroyed on the event loop's thread;
// work on the pool gets values and never sees it.
class Inbox::Impl : public std::enable_shared_from_this<Inbox::Impl> {
 public:
  Impl(asio::io_context& io, SubmissionSink& sink, InboxOptions options,
       std::vector<std::string> departments, CollectorReport report)
      : io_(io),
        sink_(sink),
        options_(std::move(options)),
        departments_(std::move(departments)),
        report_(std::move(report)),
        survey_timer_(io),
        waiting_timer_(io),
        pause_timer_(io) {
    for (const std::string& department : departments_) {
      folders_.push_back(
          {department, options_.directory / department, {}, {}, {}, {}, {}, {}, {}, {}});
    }
  }

  asio::io_context::executor_type executor() { return io_.get_executor(); }

  void start() {
    watch_ = std::make_shared<InboxWatch>(
        io_,
        [this](const std::string& department, const std::string& name, bool is_only_created) {
          arrived(department, name, is_only_created);
        },
        [this] { survey_soon(); });
    watch_->listen();
    survey_soon();
  }

  void stop() {
    stop_reading_->store(true);
    pool_.stop();
    pool_.join();  // before the watch, which a survey may be using
    if (watch_) watch_->close();
    survey_timer_.cancel();
    waiting_timer_.cancel();
    pause_timer_.cancel();
  }

 private:
  // Runs `work` on the pool and `then` with what it returned on the event loop.
  template <class Work, class Then>
  void on_pool(Work work, Then then) {
    busy_ = true;
    asio::post(pool_, [work = std::move(work), then = std::move(then), weak = weak_from_this(),
                       guard = asio::make_work_guard(io_)]() mutable {
      watch_this_thread("inbox", kLongestStep);
      const Busy busy("lists, reads or moves files");
      asio::post(guard.get_executor(), [result = work(), then = std::move(then), weak]() mutable {
        const auto self = weak.lock();
        if (!self) return;
        self->busy_ = false;
        then(*self, std::move(result));
        self->next_step();
      });
    });
  }

  template <class Then>
  void after(Timer& timer, std::chrono::milliseconds wait, Then then) {
    timer.expires_after(wait);
    timer.async_wait(
        [then = std::move(then), weak = weak_from_this()](const boost::system::error_code& error) {
          const auto self = weak.lock();
          if (!error && self) then(*self);
        });
  }

  void survey_soon() {
    survey_due_ = true;
    next_step();
  }

  void arrived(const std::string& department, const std::string& name, bool is_only_created) {
    if (is_left_alone(name)) return;
    for (FolderQueue& folder : folders_) {
      if (folder.department != department) continue;
      if (is_only_created) {
        if (folder.queued.contains(name)) continue;
        folder.queued.insert(name);
        folder.queue.push_back(name);
        folder.created.insert(name);
        continue;
      }
      folder.closed.insert(name);
      folder.enqueue(name);
    }
    next_step();
  }

  void next_step() {
    if (busy_) return;
    if (survey_due_) return survey();
    if (paused_) return;
    for (std::size_t i = 0; i < folders_.size(); ++i) {
      const std::size_t index = (turn_ + i) % folders_.size();
      FolderQueue& folder = folders_[index];
      if (folder.blocked || (!folder.unsettled && folder.queue.empty())) continue;
      turn_ = index + 1;
      return folder.unsettled ? settle(index) : read_next(index);
    }
  }

  void survey() {
    survey_due_ = false;
    on_pool(
        [directory = options_.directory, departments = departments_, watch = watch_] {
          return survey_inbox(directory, departments,
                              [&](const std::filesystem::path& path, const std::string& key) {
                                return watch->add(path, key);
                              });
        },
        [](Impl& self, InboxSurvey found) { self.surveyed(std::move(found)); });
  }

  void surveyed(InboxSurvey found) {
    for (const std::string& name : found.unknown) {
      if (!unknown_.insert(name).second) continue;
      report_(ReportLevel::warn, "inbox_unknown_folder",
              "the inbox has a folder " + (options_.directory / name).string() +
                  " that is no department's id; what lies in it is not read",
              {});
    }
    std::map<std::filesystem::path, std::string> troubles;
    for (InboxTrouble& trouble : found.troubles) {
      troubles.emplace(std::move(trouble.path), std::move(trouble.message));
    }
    for (const auto& [path, message] : troubles) {
      const auto known = troubles_.find(path);
      if (known == troubles_.end() || known->second != message) trouble_began(message);
    }
    for (const auto& [path, message] : troubles_) {
      if (!troubles.contains(path)) trouble_over(path);
    }
    troubles_ = std::move(troubles);
    bool in_trouble = !troubles_.empty();
    for (FolderQueue& folder : folders_) {
      folder.blocked = false;
      in_trouble = in_trouble || folder.unsettled || !folder.troubled.empty();
    }
    for (const InboxFolder& listed : found.folders) enqueue_listed(listed);
    after(survey_timer_, in_trouble ? kSurveyEveryInTrouble : kSurveyEvery,
          [](Impl& self) { self.survey_soon(); });
  }

  void enqueue_listed(const InboxFolder& listed) {
    for (FolderQueue& folder : folders_) {
      if (folder.department != listed.department) continue;
      for (const std::string& name : listed.names) folder.enqueue(name);
      std::erase_if(folder.troubled, [&](const std::string& name) {
        return !std::binary_search(listed.names.begin(), listed.names.end(), name);
      });
    }
  }

  void read_next(std::size_t index) {
    FolderQueue& folder = folders_[index];
    std::string name = std::move(folder.queue.front());
    folder.queue.pop_front();
    folder.queued.erase(name);
    Heard heard;
    heard.created = folder.created.erase(name) > 0;
    heard.closed = folder.closed.contains(name);
    if (const auto waiting = folder.being_written.find(name);
        waiting != folder.being_written.end()) {
      heard.state = waiting->second.state;
      heard.unchanged_for =
          std::chrono::duration_cast<std::chrono::seconds>(steady_now() - waiting->second.since);
    }
    on_pool([path = folder.path, name, most = options_.max_bytes, heard,
             stop = stop_reading_] { return read_inbox_file(path, name, most, heard, *stop); },
            [index, name](Impl& self, InboxFile file) { self.read(index, name, std::move(file)); });
  }

  void read(std::size_t index, const std::string& name, InboxFile file) {
    FolderQueue& folder = folders_[index];
    switch (file.result) {
      case InboxFile::Result::gone:
        return folder.forget(name);
      case InboxFile::Result::not_a_file:
        folder.unsettled = {name, file.state, false,
                            not_a_file_receipt(folder.department, file.state.type)};
        return;
      case InboxFile::Result::being_written:
        return wait_for_writer(folder, name, file.state);
      case InboxFile::Result::failed:
        return file_trouble(folder, name, file.trouble);
      case InboxFile::Result::too_large:
        folder.unsettled = {
            name, file.state, false,
            too_large_receipt(folder.department, static_cast<std::uint64_t>(file.state.size),
                              options_.max_bytes)};
        return;
      case InboxFile::Result::read:
        return submit(index, name, std::move(file));
    }
  }

  void submit(std::size_t index, const std::string& name, InboxFile file) {
    busy_ = true;
    const FolderQueue& folder = folders_[index];
    std::string key = folder.keyless.contains(name) ? "" : key_of(file.state, name);
    Submission submission{folder.department,    kCollector, media_type_by_ending(name), name,
                          std::move(file.body), key};
    Settled settled{name, file.state, false, {}, true, std::move(key)};
    sink_.submit(std::move(submission), [weak = weak_from_this(), index,
                                         settled = std::move(settled)](SubmissionResult result) {
      const auto self = weak.lock();
      if (!self) return;
      self->busy_ = false;
      self->submitted(index, settled, std::move(result));
      self->next_step();
    });
  }

  void submitted(std::size_t index, Settled settled, SubmissionResult result) {
    FolderQueue& folder = folders_[index];
    const std::string& name = settled.name;
    if (result.outcome == Outcome::conflict) {
      folder.keyless.insert(name);
      if (folder.queued.insert(name).second) folder.queue.push_front(name);
      return;
    }
    if (result.outcome == Outcome::unavailable) {
      if (folder.queued.insert(name).second) folder.queue.push_front(name);
      if (++pauses_ == 1) {
        report_(ReportLevel::warn, "inbox_waiting",
                "files stay in the inbox and are tried again: " + result.reason, {});
      }
      paused_ = true;
      after(pause_timer_, backoff(pauses_, kLongestPause), [](Impl& self) {
        self.paused_ = false;
        self.next_step();
      });
      return;
    }
    if (std::exchange(pauses_, 0u) > 0) {
      report_(ReportLevel::info, "inbox_recovered", "files are taken from the inbox again", {});
    }
    settled.accepted = result.outcome == Outcome::taken;
    settled.receipt = std::move(result.receipt);
    folder.unsettled = std::move(settled);
  }

  void settle(std::size_t index) {
    const FolderQueue& folder = folders_[index];
    // A copy, because a verdict that cannot be put away is kept for the next try.
    on_pool(
        [path = folder.path, settled = *folder.unsettled] {
          return put_away(path, settled.name, settled.state, settled.accepted, settled.receipt);
        },
        [index](Impl& self, const PutAway& away) { self.was_put_away(index, away); });
  }

  void was_put_away(std::size_t index, const PutAway& away) {
    FolderQueue& folder = folders_[index];
    const std::string name = folder.unsettled->name;
    switch (away.result) {
      case PutAway::Result::moved:
        if (folder.troubled.contains(name)) trouble_over(folder.path / name);
        if (!folder.unsettled->was_submitted) {
          sink_.refused(kCollector, folder.unsettled->receipt);
        }
        // A file that somebody brings back is to be taken again.
        if (!folder.unsettled->key.empty()) {
          sink_.close_delivery(kCollector, folder.department, folder.unsettled->key);
        }
        folder.unsettled.reset();
        return folder.forget(name);
      case PutAway::Result::changed: {
        const FileState state = folder.unsettled->state;
        folder.unsettled.reset();
        return wait_for_writer(folder, name, state);
      }
      case PutAway::Result::failed:
        if (folder.unsettled->was_submitted) {
          folder.blocked = true;
        } else {
          folder.unsettled.reset();  // nothing was taken, so that it need not hold up the others
        }
        return file_trouble(folder, name, away.trouble);
    }
  }

  // Its close or the next try brings it back.
  void wait_for_writer(FolderQueue& folder, const std::string& name, const FileState& state) {
    if (!folder.queued.contains(name)) folder.closed.erase(name);
    const auto [waiting, is_new] =
        folder.being_written.try_emplace(name, BeingWritten{state, steady_now()});
    if (!is_new && waiting->second.state != state) waiting->second = {state, steady_now()};
    if (std::exchange(waiting_timer_runs_, true)) return;
    after(waiting_timer_, kTryBeingWrittenAgain, [](Impl& self) {
      self.waiting_timer_runs_ = false;
      for (FolderQueue& each : self.folders_) {
        for (const auto& [file, seen] : each.being_written) each.enqueue(file);
      }
      self.next_step();
    });
  }

  // The next survey brings it back.
  void file_trouble(FolderQueue& folder, const std::string& name, const std::string& message) {
    folder.being_written.erase(name);
    if (folder.troubled.insert(name).second) trouble_began(message);
    if (survey_timer_.expiry() <= steady_now() + kSurveyEveryInTrouble) return;
    after(survey_timer_, kSurveyEveryInTrouble, [](Impl& self) { self.survey_soon(); });
  }

  void trouble_began(const std::string& message) {
    report_(ReportLevel::error, "inbox_trouble", message, {});
  }

  void trouble_over(const std::filesystem::path& path) {
    report_(ReportLevel::info, "inbox_recovered", "the inbox works again: " + path.string(), {});
  }

  asio::io_context& io_;
  SubmissionSink& sink_;
  const InboxOptions options_;
  const std::vector<std::string> departments_;
  const CollectorReport report_;
  std::shared_ptr<InboxWatch> watch_;                      // shared with the survey on the pool
  std::vector<FolderQueue> folders_;                       // fixed; handlers keep indices
  std::map<std::filesystem::path, std::string> troubles_;  // of the last survey
  std::set<std::string> unknown_;                          // folders that were reported
  std::size_t turn_ = 0;                                   // whose turn it is
  bool busy_ = false;                                      // the pool or the sink is at work
  bool survey_due_ = false;
  bool paused_ = false;  // the sink was unavailable
  unsigned pauses_ = 0;  // in a row
  bool waiting_timer_runs_ = false;
  Timer survey_timer_;
  Timer waiting_timer_;
  Timer pause_timer_;
  std::shared_ptr<std::atomic<bool>> stop_reading_ =
      std::make_shared<std::atomic<bool>>(false);  // shared with the read on the pool
  asio::thread_pool pool_{1};
};

Inbox::Inbox(asio::io_context& io, SubmissionSink& sink, InboxOptions options,
             std::vector<std::string> departments, CollectorReport report)
    : impl_(std::make_shared<Impl>(io, sink, std::move(options), std::move(departments),
                                   std::move(report))) {}

Inbox::~Inbox() { impl_->stop(); }

void Inbox::start() {
  boost::asio::post(impl_->executor(), [weak = std::weak_ptr<Impl>(impl_)] {
    if (const auto self = weak.lock()) self->start();
  });
}

}  // namespace districtd

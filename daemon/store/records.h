// The words of the store's file: what it records of values, catalogues, judgements and bulletins,
// as the writer takes it and the reader gives it. docs/store.md describes the tables.
//
// What a submission or a decision is, and what becomes of it, is in append.h.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "daemon/domain/calendar.h"
#include "daemon/domain/catalogue_source.h"
#include "daemon/domain/narrative.h"
#include "daemon/domain/programme.h"
#include "daemon/domain/reading.h"
#include "daemon/domain/reported_value.h"

namespace districtd {

// The store cannot be opened or read. what() says in English what is wrong, with which file, and
// what to do; where another daemon holds the file, it names the process.
class StoreError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// One value of a target, with where it came from.
struct StoredObservation {
  Date as_of{};
  ReportedValue value;  // base units
  Basis basis = Basis::actual;
  std::string note;
  std::string explanation;  // 核实说明; "" without
  std::string submission;   // id
  Time received_at{};
  std::string collector;
  std::string name;         // of the submission: file name, URL or peer
  bool superseded = false;  // a later value for the same as_of exists
};

// What one row said of a target in words, with where it came from.
struct StoredNarrative {
  Date as_of{};
  Narrative said;
  std::string submission;  // id
  Time received_at{};
  std::string collector;
  std::string name;  // of the submission
};

// A value that replaced an earlier one for the same target and as_of.
struct Correction {
  std::string target;  // Target::key
  Date as_of{};
  ReportedValue value;         // base units, of the later row
  ReportedValue value_before;  // of the row that it replaced
  Basis basis = Basis::actual;
  Basis basis_before = Basis::actual;
  std::string note;    // of the later row
  Time received_at{};  // of the later row
};

// The texts of the catalogue that was in force from `adopted_at` on.
struct StoredCatalogue {
  std::int64_t number = 0;  // from 1
  Time adopted_at{};
  CatalogueSources sources;
  std::vector<Programme> programmes{};  // that these texts have
};

// A programme by the newest catalogue that has it.
struct StoredProgramme {
  Programme programme;         // id and days alone; the texts say the rest
  std::int64_t catalogue = 0;  // its number
};

// What the deviation log last said of a target, so that it says nothing twice across restarts.
struct Judged {
  std::string target;  // Target::key
  std::string status;
  bool report_overdue = false;
  int periods_behind = 0;   // Assessment::periods_behind
  int reports_missing = 0;  // Assessment::reports_missing
  friend bool operator==(const Judged&, const Judged&) = default;
};

// What became of one occasion of a [[bulletin]].
enum class OccasionOutcome {
  adopted,    // the entry was seen for the first time; nothing before that moment is made up for
  made,       // the bulletin was written
  unchanged,  // a daily digest had nothing to say
  skipped,  // it was missed and a later one was made up for instead, or its period has no programme
};

// How a bulletin goes to a recipient.
enum class DeliveryChannel { email, webhook };

// How far one delivery has come.
enum class DeliveryState {
  pending,    // to be tried, or to be tried again
  sending,    // an attempt is under way; after a crash nobody knows how it ended
  sent,       // the server took it
  failed,     // it was refused, or given up after the last attempt
  uncertain,  // it may have arrived or not; it is not sent again by itself
};

// The word of a closed set as the file, metrics, JSON and log say it: "made", "email", "pending".
std::string_view to_string(OccasionOutcome outcome);
std::string_view to_string(DeliveryChannel channel);
std::string_view to_string(DeliveryState state);

// The other way. Throws StoreError on a word that is none of the set's.
OccasionOutcome occasion_outcome_of(std::string_view word);
DeliveryChannel delivery_channel_of(std::string_view word);
DeliveryState delivery_state_of(std::string_view word);

// One occasion of a [[bulletin]].
struct OccasionRecord {
  std::string name;  // of the [[bulletin]]
  Time due_at{};
  OccasionOutcome outcome = OccasionOutcome::adopted;
  bool is_late = false;  // it was made up for after its time
  Time made_at{};
  std::string id;       // of the bulletin; "" where none was made
  std::string title;    // what deliveries need, so that they need no figures
  std::string summary;  // JSON
  std::string message;
  std::vector<std::string> files;
  friend bool operator==(const OccasionRecord&, const OccasionRecord&) = default;
};

// One delivery of a bulletin to one recipient.
struct DeliveryRecord {
  std::string bulletin;  // id
  DeliveryChannel channel = DeliveryChannel::email;
  std::string recipient;  // the address as configured, or the webhook's name
  int copy = 1;           // from 1; a person's resend is the next one
  DeliveryState state = DeliveryState::pending;
  int attempts = 0;
  Time changed_at{};
  std::string detail;  // why it has not arrived; English
  friend bool operator==(const DeliveryRecord&, const DeliveryRecord&) = default;
};

// Records of bulletins that become durable together.
struct BulletinRecords {
  std::vector<OccasionRecord> occasions;
  std::vector<DeliveryRecord> deliveries;
};

}  // namespace districtd

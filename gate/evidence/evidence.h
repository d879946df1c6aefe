// Evidence: everything measured for a decision. Questions ask for facts, not for PromQL; a source
// answers each with a reading, always, so that nothing can be dropped on the way. Plain values,
// pure.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include <absl/time/time.h>
#include <absl/types/span.h>

#include "gate/base/bounds.h"
#include "gate/policy/promql.h"
#include "gate/policy/selector.h"
#include "gate/policy/vocabulary.h"

namespace slogate {

enum class QuestionKind : uint8_t {
  kClock,   // the source's time, in seconds since 1970; no selector, no window, asked at no instant
  kEvents,  // how many events the counters counted within `over`; no value where no series has data
  kNewestSample,  // the age in seconds of the newest sample within `over`; no value where there is
                  // none
  kHistory,       // how far back, in seconds, samples go; `over` where they reach back that far or
                  // further; no value where there are none
  kCoverage,      // how many of the slots of `over` (slots.h) had a sample at their end, at most
                  // `max_age` old; no value where none had
  kSeriesSeen,  // 1 where the source knows a series of that selector, within `over` or at all; else
                // 0
  kBucketBounds,  // which bounds buckets had within `over`: never a value, but no_bucket with the
                  // bounds as its detail; nothing where there are no buckets
  kHistogramEvents,  // how many events native histograms counted within `over`; no value where no
                     // series has such data
  kHistogramWithin,  // how many of those took at most `within`, interpolated within a bucket
  kNumber,           // what `promql` gives for `over`; no value where it gives nothing
  kSlices,  // in how many slices of `over` there was a value, or an event; no value where there
            // was no sample in any
  kSlicesWhere,  // in how many of them that value, or the share of some events, compares as
                 // `slicing` says; no value where none has any
};

absl::string_view Word(QuestionKind kind);
std::optional<QuestionKind> QuestionFromWord(absl::string_view word);

// The equal slices of time that kSlices and kSlicesWhere count: those that end within `over`, on
// multiples of their length since 1970, so that the same slice is seen whatever the instant.
struct Slicing {
  absl::Duration length;  // whole seconds
  // Of the value of a gauge, at most `max_age` old, or of PromQL; or of the events of counters.
  enum class Of : uint8_t { kValue, kEvents } of = Of::kValue;
  // Of events: the counter whose share is looked at. Its events are some of the selector's, or,
  // `beside`, further ones.
  Selector part = {};
  bool beside = false;
  // Of kSlicesWhere.
  Comparator comparator = Comparator::kAbove;
  Rational limit = 0;

  friend bool operator==(const Slicing&, const Slicing&) = default;
  friend std::strong_ordering operator<=>(const Slicing& a, const Slicing& b);
};

struct Question {
  QuestionKind kind = QuestionKind::kEvents;
  std::string source;  // the source's name in the policy
  Selector selector;
  absl::Duration over = absl::ZeroDuration();
  // Of kCoverage, and of slices of a gauge's values.
  absl::Duration max_age = absl::ZeroDuration();
  absl::Duration ago = absl::ZeroDuration();  // kEvents: how long before the instant `over` ended
  absl::Duration within = absl::ZeroDuration();  // of kHistogramWithin, whole milliseconds
  Promql promql = {};  // of kNumber, with $window for `over`; of slices without a selector
  std::optional<Slicing> slicing = std::nullopt;

  friend bool operator==(const Question&, const Question&) = default;
  friend std::strong_ordering operator<=>(const Question& a, const Question& b);
};

// A defect of the data.
struct Finding {
  FindingKind kind = FindingKind::kMalformedAnswer;
  std::optional<Rational> measured, limit;  // seconds or events, where the kind has such
  std::string detail;  // what came back, in the server's or the gate's words; printable, cut,
                       // secrets masked
};

// The path of an Answer that was raw samples.
inline constexpr char kSamplesPath[] = "/api/v1/read";

// What went over the wire for a reading, whole, so that people can ask again and machines can
// replay. Of raw samples not the megabytes that came, but their SHA-256 and what each series counted.
struct Answer {
  std::string source;
  std::string path;   // "/api/v1/query"
  std::string query;  // the PromQL, or the match[] of /api/v1/series; as one can paste it
  int status = 0;     // HTTP; 0 where nobody answered
  std::string body;   // as it came; cut where it was no answer; secrets masked

  friend auto operator<=>(const Answer&, const Answer&) = default;
};

// Of the events of a whole, those that are not of a part of it, counted in one go: what nobody knows of a
// process at its first sample is the same doubt for both, so that these bounds are narrower than the
// difference of theirs. Below 0 where the part counted more.
struct Rest {
  Selector whole;
  Bounds events;

  friend bool operator==(const Rest&, const Rest&) = default;
};

// The answer to one question. Neither value nor finding: the source answered, and there is no such
// data.
struct Reading {
  Question question;
  std::optional<Bounds> value;
  bool estimate = false;          // the value is an extrapolation, not a count
  std::vector<Finding> findings;  // where not empty, `value` is not to be trusted and absent
  std::vector<size_t> answers;    // indices into Evidence::answers, in the order asked
  // Most counters began at about one time with more than was counted since: they are likely old ones
  // that look new, and what they began with is left out of the value.
  bool step = false;
  std::optional<Rest> rest =
      {};  // where the reading is of a part, and the way of counting knows it
};

struct Evidence {
  std::vector<Reading> readings;
  std::vector<Answer> answers;

  // The first reading for `question`, or nullptr where it was not asked. It notices where readings
  // were added or taken away, but not where one was put in another's place.
  const Reading* Find(const Question& question) const;

  // Takes over `other`, whose answers get new indices.
  void Append(Evidence other);

 private:
  // Indices into `readings` by the hash of their questions. Find makes it anew where the number of
  // readings changed: 1,000 SLOs have 15,000 readings, and each SLO looks for several.
  mutable std::unordered_multimap<size_t, size_t> by_hash_;
};

// Who answers questions: a Prometheus, or a recorded decision.
class Source {
 public:
  virtual ~Source() = default;

  // One reading per question, in order, all evaluated at `at` (whole seconds; not used by kClock).
  // Total: a question that could not be answered is a reading with findings.
  virtual Evidence Measure(absl::Span<const Question> questions, absl::Time at) = 0;
};

}  // namespace slogate

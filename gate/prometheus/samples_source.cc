#include "gate/prometheus/samples_source.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "gate/base/limits.h"
#include "gate/prometheus/counter_family.h"
#include "gate/prometheus/family_count.h"
#include "gate/prometheus/sample_read.h"
#include "gate/prometheus/sample_readings.h"
#include "gate/prometheus/start_times.h"

namespace slogate {
namespace {

// Streams fill the way to the server: more of them at once are no faster.
constexpr int kStreamsAtOnce = 2;

// A family, and what came of reading it.
struct ReadFamily {
  explicit ReadFamily(CounterFamily family, absl::Time at) : count(std::move(family), at) {}

  FamilyCount count;
  ReadEnd end;
  std::vector<Answer> answers;            // of the counters, then of the start times
  std::optional<Finding> no_starts = {};  // why start times are not known that would help
};

class Samples : public Source {
 public:
  Samples(std::unique_ptr<Source> other, std::string name, const SourceConfig& config,
          Credentials credentials, Http& http, Deadline deadline, Progress progress)
      : other_(std::move(other)),
        name_(std::move(name)),
        config_(config),
        credentials_(std::move(credentials)),
        http_(http),
        deadline_(deadline),
        progress_(std::move(progress)) {}

  Evidence Measure(absl::Span<const Question> questions, absl::Time at) override {
    if (at != at_) {
      places_.clear();
      families_.clear();
      at_ = at;
    }
    ReadNew(questions);
    Evidence evidence;
    std::vector<Question> open;
    std::vector<size_t> places;
    std::map<const ReadFamily*, std::vector<size_t>> recorded;
    for (const Question& question : questions) {
      std::optional<Reading> reading = Answered(question, evidence, recorded);
      if (!reading) {
        open.push_back(question);
        places.push_back(evidence.readings.size());
        reading = Reading{question, {}, false, {}, {}};
        reading->answers = Recorded(FailedFor(question), evidence, recorded);
      }
      evidence.readings.push_back(*std::move(reading));
    }
    if (!open.empty()) TakeOver(other_->Measure(open, at), places, evidence);
    return evidence;
  }

 private:
  // Where a selector was counted.
  struct Place {
    ReadFamily* family = nullptr;
    size_t index = 0;  // of CounterFamily::counted
  };

  bool Insists() const { return config_.counting == Counting::kSamples; }

  const Place* Find(const Question& question) const {
    if (!IsOfSamples(question)) return nullptr;
    const auto found = places_.find(Normal(question.selector));
    return found == places_.end() ? nullptr : &found->second;
  }

  // Whether the other source is to be asked for what the family could not be read for.
  bool FallsBack(const ReadFamily& family) const {
    const ReadEnd::Kind kind = family.end.kind;
    return !Insists() && (kind == ReadEnd::Kind::kNotOffered ||
                          kind == ReadEnd::Kind::kUnknownForm || kind == ReadEnd::Kind::kTooLarge);
  }

  // The family whose samples were sent and not taken, so that the other source is asked: that is told,
  // too.
  const ReadFamily* FailedFor(const Question& question) const {
    const Place* place = Find(question);
    if (place == nullptr || !FallsBack(*place->family)) return nullptr;
    return place->family->end.kind == ReadEnd::Kind::kNotOffered ? nullptr : place->family;
  }

  // The reading, where samples give it or should have given it.
  std::optional<Reading> Answered(const Question& question, Evidence& evidence,
                                  std::map<const ReadFamily*, std::vector<size_t>>& recorded) {
    const Place* place = Find(question);
    if (place == nullptr) return std::nullopt;
    const ReadFamily& family = *place->family;
    std::optional<Reading> reading;
    if (family.end.kind == ReadEnd::Kind::kRead) {
      const Tallied* tallied = family.count.Of(place->index);
      if (tallied != nullptr) reading = ReadingOf(question, family.count.family(), *tallied, at_);
      if (reading) AddRest(family.count, place->index, *reading);
      // Start times might have shown that there is no step.
      if (reading && reading->step && family.no_starts)
        reading = Reading{question, {}, false, {*family.no_starts}, {}};
    } else if (!FallsBack(family)) {
      reading = Reading{question, {}, false, {family.end.finding}, {}};
    }
    if (reading) reading->answers = Recorded(&family, evidence, recorded);
    return reading;
  }

  static void AddRest(const FamilyCount& count, size_t index, Reading& reading) {
    const Tallied* rest = count.RestOf(index);
    if (rest == nullptr) return;
    const CounterFamily& family = count.family();
    const Selector& whole = family.counted[*WholeOf(index, family)].selector;
    SetRest(whole, family, *rest, reading);
  }

  // The places of a family's answers in `evidence`, where they stand once.
  static std::vector<size_t> Recorded(const ReadFamily* family, Evidence& evidence,
                                      std::map<const ReadFamily*, std::vector<size_t>>& recorded) {
    if (family == nullptr) return {};
    const auto [place, is_new] = recorded.try_emplace(family);
    if (is_new) {
      for (const Answer& answer : family->answers) {
        place->second.push_back(evidence.answers.size());
        evidence.answers.push_back(answer);
      }
    }
    return place->second;
  }

  static void TakeOver(Evidence other, const std::vector<size_t>& places, Evidence& evidence) {
    const size_t before = evidence.answers.size();
    for (size_t i = 0; i < places.size(); ++i) {
      Reading& reading = evidence.readings[places[i]];
      std::vector<size_t> answers = std::move(reading.answers);
      reading = std::move(other.readings[i]);
      for (const size_t answer : reading.answers) answers.push_back(before + answer);
      reading.answers = std::move(answers);
    }
    std::move(other.answers.begin(), other.answers.end(), std::back_inserter(evidence.answers));
  }

  void ReadNew(absl::Span<const Question> questions) {
    std::vector<ReadFamily*> fresh;
    for (CounterFamily& family : FamiliesOf(questions)) {
      const bool known =
          std::any_of(family.counted.begin(), family.counted.end(),
                      [&](const auto& counted) { return places_.count(counted.selector) > 0; });
      if (known) continue;  // asked for another window: the other source answers that
      families_.push_back(std::make_unique<ReadFamily>(std::move(family), at_));
      fresh.push_back(families_.back().get());
      const std::vector<CountedSelector>& counted = fresh.back()->count.family().counted;
      for (size_t i = 0; i < counted.size(); ++i) places_[counted[i].selector] = {fresh.back(), i};
    }
    if (fresh.empty()) return;
    // One first: where it is refused, nobody need refuse the others.
    const absl::Span<ReadFamily* const> all = fresh;
    Read(all.first(1));
    if (fresh[0]->end.kind != ReadEnd::Kind::kNotOffered) {
      Read(all.subspan(1));
    } else {
      for (ReadFamily* family : all.subspan(1)) {
        family->end = fresh[0]->end;
        family->answers = fresh[0]->answers;
      }
    }
    for (ReadFamily* family : fresh) {
      if (family->end.kind == ReadEnd::Kind::kRead) family->count.Count({});
    }
    ReadStarts(fresh);
  }

  size_t MostBytes() const { return Insists() ? limits::kStreamBytes : limits::kCheapStreamBytes; }

  // What came of `reads`, in their order.
  std::vector<HttpExchange> Perform(const std::vector<std::unique_ptr<SampleRead>>& reads,
                                    absl::Duration left) {
    std::vector<HttpRequest> requests;
    for (const auto& read : reads) requests.push_back(read->RequestTo(config_, credentials_));
    std::vector<HttpExchange> exchanges = http_.Perform(
        requests, config_.concurrency.value_or(kStreamsAtOnce), left, [&](size_t ended) {
          if (progress_) progress_(ended, requests.size());
        });
    exchanges.resize(reads.size());
    return exchanges;
  }

  static Finding NotAsked() {
    return {FindingKind::kTimedOut, {}, {}, "not asked: the time was up before"};
  }

  void Read(absl::Span<ReadFamily* const> families) {
    if (families.empty()) return;
    const absl::Duration left = deadline_.Left();
    if (left <= absl::ZeroDuration()) {
      for (ReadFamily* family : families) family->end.finding = NotAsked();
      return;
    }
    std::vector<std::unique_ptr<SampleRead>> reads;
    for (ReadFamily* family : families) {
      reads.push_back(
          std::make_unique<SampleRead>(family->count.queries(), family->count, MostBytes()));
    }
    const std::vector<HttpExchange> exchanges = Perform(reads, left);
    for (size_t i = 0; i < reads.size(); ++i) {
      ReadFamily& family = *families[i];
      family.end = reads[i]->Finish(exchanges[i], credentials_);
      json::Object kept;
      if (family.end.kind == ReadEnd::Kind::kRead) kept = family.count.Kept();
      family.answers = {
          reads[i]->Record(name_, exchanges[i], family.end, std::move(kept), credentials_)};
    }
  }

  // When the processes began of which nobody knows whether their counters are new.
  void ReadStarts(const std::vector<ReadFamily*>& families) {
    std::set<SeriesLabels> targets;
    ReadQuery query;
    for (const ReadFamily* family : families) {
      if (family->end.kind != ReadEnd::Kind::kRead) continue;
      const std::set<SeriesLabels> more = family->count.Unexplained();
      targets.insert(more.begin(), more.end());
      const ReadQuery& counters = family->count.queries().front();
      if (query.end_ms == 0 || counters.start_ms < query.start_ms) {
        query.start_ms = counters.start_ms;
        query.end_ms = counters.end_ms;
      }
    }
    std::optional<Selector> selector = StartTimesOf(targets);
    if (!selector) return;
    query.selector = *std::move(selector);

    StartTimeSink sink;
    std::optional<Finding> failed;
    std::optional<Answer> answer;
    const absl::Duration left = deadline_.Left();
    if (left <= absl::ZeroDuration()) {
      failed = NotAsked();
    } else {
      std::vector<std::unique_ptr<SampleRead>> reads;
      reads.push_back(
          std::make_unique<SampleRead>(std::vector<ReadQuery>{query}, sink, MostBytes()));
      const HttpExchange exchange = Perform(reads, left).front();
      const ReadEnd end = reads[0]->Finish(exchange, credentials_);
      if (end.kind != ReadEnd::Kind::kRead) failed = end.finding;
      answer = reads[0]->Record(name_, exchange, end, {}, credentials_);
    }
    for (ReadFamily* family : families) {
      if (family->end.kind != ReadEnd::Kind::kRead || family->count.Unexplained().empty()) continue;
      if (answer) family->answers.push_back(*answer);
      family->no_starts = failed;
      if (!failed) family->count.Count(sink.starts());
    }
  }

  std::unique_ptr<Source> other_;
  std::string name_;
  SourceConfig config_;
  Credentials credentials_;
  Http& http_;
  Deadline deadline_;
  Progress progress_;
  // What was read at `at_`: questions that follow may be about it, too.
  absl::Time at_ = absl::InfinitePast();
  std::vector<std::unique_ptr<ReadFamily>> families_;
  std::map<Selector, Place> places_;
};

}  // namespace

std::unique_ptr<Source> SamplesSource(std::unique_ptr<Source> other, std::string name,
                                      const SourceConfig& config, Credentials credentials,
                                      Http& http, Deadline deadline, Progress progress) {
  return std::make_unique<Samples>(std::move(other), std::move(name), config,
                                   std::move(credentials), http, deadline, std::move(progress));
}

std::unique_ptr<Source> OpenSource(const std::string& name, const SourceConfig& config,
                                   const Credentials& credentials, Http& http, Deadline deadline,
                                   const Progress& progress, Asking asking) {
  std::unique_ptr<Source> promql =
      PrometheusSource(name, config, credentials, http, deadline, progress, asking);
  if (config.counting == Counting::kPromql || !MayReadSamples(config)) return promql;
  return SamplesSource(std::move(promql), name, config, credentials, http, deadline, progress);
}

}  // namespace slogate

#include "gate/prometheus/prometheus_source.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <variant>
#include <vector>

#include "gate/base/limits.h"
#include "gate/prometheus/api.h"
#include "gate/prometheus/grouping.h"
#include "gate/prometheus/oauth.h"
#include "gate/prometheus/promql.h"
#include "gate/prometheus/request.h"

namespace slogate {
namespace {

// Whether the source extrapolates for it, or may: nobody knows that of an author's own PromQL.
bool IsEstimate(const Question& question) {
  switch (question.kind) {
    case QuestionKind::kEvents:
    case QuestionKind::kHistogramEvents:
    case QuestionKind::kHistogramWithin:
    case QuestionKind::kNumber:
      return true;
    default:
      return question.slicing && question.slicing->of == Slicing::Of::kEvents;
  }
}

// How much of a body is recorded that is no answer, or whose content does not matter.
constexpr size_t kRecordedBytes = 4 * limits::kQuotedBytes;

// A round trip from which on it is worth more than a query of five minutes.
constexpr absl::Duration kFar = absl::Milliseconds(10);

class Prometheus : public Source {
 public:
  Prometheus(std::string name, const SourceConfig& config, Credentials credentials, Http& http,
             Deadline deadline, Progress progress, Asking asking)
      : name_(std::move(name)),
        config_(config),
        credentials_(std::move(credentials)),
        http_(http),
        deadline_(deadline),
        progress_(std::move(progress)),
        asking_(asking) {}

  Evidence Measure(absl::Span<const Question> questions, absl::Time at) override {
    if (credentials_.token && !token_asked_) {
      token_asked_ = true;
      no_token_ = FetchToken(config_, credentials_, http_, deadline_.Left());
    }
    if (no_token_) return AllUnknown(questions, *no_token_);
    Evidence evidence;
    std::vector<Pursuit> open;
    for (size_t i = 0; i < questions.size(); ++i) {
      evidence.readings.push_back({questions[i], {}, false, {}, {}});
      open.push_back({i, AsksFor(questions[i])});
    }
    // Round by round, so that all that can be asked at once is; nothing is asked twice.
    std::map<Ask, Told> told;
    for (size_t round = 0; !open.empty(); ++round) {
      std::vector<Ask> fresh;
      for (const Pursuit& pursuit : open) {
        if (told.try_emplace(pursuit.asks[round]).second) fresh.push_back(pursuit.asks[round]);
      }
      const std::vector<Ask> apart =
          Send(asking_ == Asking::kTogether ? GroupAsks(fresh) : EachApart(fresh), fresh, at, told,
               evidence.answers);
      Send(EachApart(apart), apart, at, told, evidence.answers);
      std::vector<Pursuit> still_open;
      for (Pursuit& pursuit : open) {
        Reading& reading = evidence.readings[pursuit.reading];
        const bool last = round + 1 == pursuit.asks.size();
        if (!Settles(told.at(pursuit.asks[round]), round, last, pursuit.asks[round], reading)) {
          still_open.push_back(std::move(pursuit));
        }
      }
      open = std::move(still_open);
    }
    return evidence;
  }

 private:
  // A question whose reading is still to be had.
  struct Pursuit {
    size_t reading = 0;
    std::vector<Ask> asks;
  };

  // What the server said to an ask, and where that is recorded; nowhere, if there was no time to
  // ask.
  struct Told {
    Heard heard;
    std::vector<size_t> answers;
  };

  static Evidence AllUnknown(absl::Span<const Question> questions, const Finding& finding) {
    Evidence evidence;
    for (const Question& question : questions) {
      evidence.readings.push_back({question, {}, false, {finding}, {}});
    }
    return evidence;
  }

  static std::vector<Group> EachApart(const std::vector<Ask>& asks) {
    std::vector<Group> groups;
    for (size_t i = 0; i < asks.size(); ++i) groups.push_back({asks[i], {}, {{i}}});
    return groups;
  }

  // Returns those of `asks` that are still to be asked apart.
  std::vector<Ask> Send(const std::vector<Group>& groups, const std::vector<Ask>& asks,
                        absl::Time at, std::map<Ask, Told>& told, std::vector<Answer>& answers) {
    if (groups.empty()) return {};
    const absl::Duration left = deadline_.Left();
    if (left <= absl::ZeroDuration()) {
      for (const Ask& ask : asks) {
        told[ask].heard.finding =
            Finding{FindingKind::kTimedOut, {}, {}, "not asked: the time was up before"};
      }
      return {};
    }
    std::vector<HttpRequest> requests;
    for (const Group& group : groups) requests.push_back(RequestFor(group, at, left));
    sent_ += requests.size();
    std::vector<HttpExchange> exchanges =
        http_.Perform(requests, AtOnce(), left, [this](size_t ended) {
          if (progress_) progress_(ended_ + ended, sent_);
        });
    ended_ += requests.size();
    exchanges.resize(groups.size());
    std::vector<Ask> apart;
    for (size_t i = 0; i < groups.size(); ++i) {
      const Group& group = groups[i];
      if (group.ask.kind == Ask::Kind::kTime) clock_wait_ = exchanges[i].wait;
      const std::vector<std::optional<Heard>> heard = Read(group, exchanges[i], at);
      for (size_t share = 0; share < heard.size(); ++share) {
        const Ask& ask = asks[group.shares[share].ask];
        told[ask].heard = heard[share].value_or(Heard{});
        told[ask].answers.push_back(answers.size());
        if (!heard[share]) apart.push_back(ask);
      }
      answers.push_back(Record(group, std::move(exchanges[i]), heard));
    }
    return apart;
  }

  // A server has few cores, and more requests at once only share them; a long way there is shared
  // gladly. The clock costs a server nothing, so that its answer takes as long as the way.
  int AtOnce() const { return config_.concurrency.value_or(clock_wait_ < kFar ? 2 : 4); }

  HttpRequest RequestFor(const Group& group, absl::Time at, absl::Duration left) const {
    const std::string text = QueryText(group.ask, group.by);
    if (group.ask.kind == Ask::Kind::kIndex) {
      // One is enough; servers that know no limit ignore it. VictoriaMetrics looks at the last days
      // only, unless told when to begin, and takes 0 for not told.
      return RequestTo(config_, credentials_, kSeriesPath,
                       {{"match[]", text}, {"start", "1"}, {"limit", "1"}});
    }
    const auto instant = IsPinned(group.ask) ? std::optional(at) : std::nullopt;
    return QueryRequest(config_, credentials_, text, instant, left);
  }

  // What each share of the group hears; nullopt where it must be asked apart.
  std::vector<std::optional<Heard>> Read(const Group& group, const HttpExchange& exchange,
                                         absl::Time at) const {
    const absl::Time asked = absl::FromUnixSeconds(absl::ToUnixSeconds(at));
    if (group.by.empty()) return {ReadAlone(group.ask, exchange, asked)};
    const auto read = ReadParts(exchange, asked, group.by, credentials_);
    if (const auto* parts = std::get_if<std::vector<Part>>(&read)) return Distribute(group, *parts);
    const Finding& finding = std::get<Finding>(read);
    const bool may_go_apart =
        finding.kind == FindingKind::kRejectedQuery || finding.kind == FindingKind::kTooLarge;
    const std::optional<Heard> all =
        may_go_apart ? std::nullopt : std::optional(Heard{{}, finding});
    return std::vector<std::optional<Heard>>(group.shares.size(), all);
  }

  Heard ReadAlone(const Ask& ask, const HttpExchange& exchange, absl::Time asked) const {
    switch (ask.kind) {
      case Ask::Kind::kIndex:
        return ReadSeries(exchange, credentials_);
      case Ask::Kind::kTime:
        return ReadNumber(exchange, std::nullopt, credentials_);
      case Ask::Kind::kBounds:
        return ReadBounds(exchange, credentials_);
      case Ask::Kind::kWritten:
        return ReadOneSeries(exchange, asked, credentials_);
      default:
        return ReadNumber(exchange, asked, credentials_);
    }
  }

  Answer Record(const Group& group, HttpExchange exchange,
                const std::vector<std::optional<Heard>>& heard) const {
    Answer answer{name_, PathOf(group.ask), QueryText(group.ask, group.by), exchange.status,
                  MaskCredentials(credentials_, std::move(exchange.body))};
    const bool useless = std::all_of(heard.begin(), heard.end(), [](const auto& share) {
      return !share || share->finding.has_value();
    });
    // Of series only whether there are any matters, and there may be many.
    if (useless || group.ask.kind == Ask::Kind::kIndex) {
      answer.body = Cut(answer.body, kRecordedBytes);
    }
    return answer;
  }

  // Takes what was told into `reading`; false where the next ask may still find something.
  static bool Settles(const Told& told, size_t index, bool last, const Ask& ask, Reading& reading) {
    reading.answers.insert(reading.answers.end(), told.answers.begin(), told.answers.end());
    const bool seen = reading.question.kind == QuestionKind::kSeriesSeen;
    // What a server's index cannot say is no: that only ever holds a release.
    if (told.heard.finding && ask.kind != Ask::Kind::kIndex) {
      reading.findings.push_back(*told.heard.finding);
      return true;
    }
    if (told.heard.value) {
      reading.value = MeaningOf(reading.question, index, *told.heard.value);
      reading.estimate = reading.value && IsEstimate(reading.question);
      return true;
    }
    if (last && seen) reading.value = Bounds::Exactly(0);
    return last;
  }

  std::string name_;
  SourceConfig config_;
  absl::Duration clock_wait_ = absl::ZeroDuration();
  Credentials credentials_;
  bool token_asked_ = false;
  std::optional<Finding> no_token_;  // why there is none, where one is needed
  Http& http_;
  Deadline deadline_;
  Progress progress_;
  Asking asking_;
  size_t ended_ = 0, sent_ = 0;  // requests, over all rounds
};

}  // namespace

std::unique_ptr<Source> PrometheusSource(std::string name, const SourceConfig& config,
                                         Credentials credentials, Http& http, Deadline deadline,
                                         Progress progress, Asking asking) {
  return std::make_unique<Prometheus>(std::move(name), config, std::move(credentials), http,
                                      deadline, std::move(progress), asking);
}

}  // namespace slogate

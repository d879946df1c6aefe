#include "gate/prometheus/prometheus_source.h"

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/string_view.h>
#include <absl/strings/strip.h>

#include "gate/base/limits.h"
#include "gate/prometheus/api.h"
#include "gate/prometheus/promql.h"

namespace slogate {
namespace {

// How much of a body is recorded that is no answer, or whose content does not matter.
constexpr size_t kRecordedBytes = 4 * limits::kQuotedBytes;

class Prometheus : public Source {
 public:
  Prometheus(std::string name, const SourceConfig& config, Credentials credentials, Http& http,
             Deadline deadline, Progress progress)
      : name_(std::move(name)),
        url_(config.url.value),
        proxy_(config.proxy.value),
        concurrency_(config.concurrency),
        credentials_(std::move(credentials)),
        http_(http),
        deadline_(deadline),
        progress_(std::move(progress)) {
    while (absl::EndsWith(url_, "/")) url_.pop_back();  // "//api" would be redirected
  }

  Evidence Measure(absl::Span<const Question> questions, absl::Time at) override {
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
      Send(fresh, at, told, evidence.answers);
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
    std::optional<size_t> answer;
  };

  void Send(const std::vector<Ask>& asks, absl::Time at, std::map<Ask, Told>& told,
            std::vector<Answer>& answers) {
    if (asks.empty()) return;
    const absl::Duration left = deadline_.Left();
    if (left <= absl::ZeroDuration()) {
      for (const Ask& ask : asks) {
        told[ask].heard.finding =
            Finding{FindingKind::kTimedOut, {}, {}, "not asked: the time was up before"};
      }
      return;
    }
    std::vector<HttpRequest> requests;
    for (const Ask& ask : asks) requests.push_back(RequestFor(ask, at, left));
    sent_ += requests.size();
    std::vector<HttpExchange> exchanges =
        http_.Perform(requests, concurrency_, left, [this](size_t ended) {
          if (progress_) progress_(ended_ + ended, sent_);
        });
    ended_ += requests.size();
    exchanges.resize(asks.size());
    for (size_t i = 0; i < asks.size(); ++i) {
      Told& entry = told[asks[i]];
      entry.heard = Read(asks[i], exchanges[i], at);
      entry.answer = answers.size();
      answers.push_back(Record(asks[i], std::move(exchanges[i]), entry.heard));
    }
  }

  HttpRequest RequestFor(const Ask& ask, absl::Time at, absl::Duration left) const {
    HttpRequest request;
    request.url = absl::StrCat(url_, ask.path);
    if (ask.path == kSeriesPath) {
      // One is enough; servers that know no limit ignore it.
      request.form = {{"match[]", ask.query}, {"limit", "1"}};
    } else {
      request.form = {{"query", ask.query}};
      if (ask.pinned) request.form.emplace_back("time", absl::StrCat(absl::ToUnixSeconds(at)));
      const int64_t seconds = std::max<int64_t>(1, absl::ToInt64Seconds(left));
      request.form.emplace_back("timeout", absl::StrCat(seconds, "s"));
    }
    request.headers = credentials_.headers;
    request.username = credentials_.username;
    request.password = credentials_.password;
    request.tls = credentials_.tls;
    request.proxy = proxy_;
    return request;
  }

  Heard Read(const Ask& ask, const HttpExchange& exchange, absl::Time at) const {
    if (ask.path == kSeriesPath) return ReadSeries(exchange, credentials_);
    if (!ask.pinned) return ReadNumber(exchange, std::nullopt, credentials_);
    if (ask.bounds) return ReadBounds(exchange, credentials_);
    Heard heard =
        ReadNumber(exchange, absl::FromUnixSeconds(absl::ToUnixSeconds(at)), credentials_);
    if (heard.value && heard.value->sign() < 0) {  // counts and ages have no less than nothing
      heard.finding = Finding{
          FindingKind::kMalformedAnswer,
          {},
          {},
          absl::StrCat("the value is negative: ", heard.value->ExactDecimal().value_or(""))};
      heard.value.reset();
    }
    return heard;
  }

  Answer Record(const Ask& ask, HttpExchange exchange, const Heard& heard) const {
    Answer answer{name_, ask.path, ask.query, exchange.status,
                  MaskCredentials(credentials_, std::move(exchange.body))};
    // Of series only whether there are any matters, and there may be many.
    if (heard.finding || ask.path == kSeriesPath) answer.body = Cut(answer.body, kRecordedBytes);
    return answer;
  }

  // Takes what was told into `reading`; false where the next ask may still find something.
  static bool Settles(const Told& told, size_t index, bool last, const Ask& ask, Reading& reading) {
    if (told.answer) reading.answers.push_back(*told.answer);
    const bool seen = reading.question.kind == QuestionKind::kSeriesSeen;
    // What a server's index cannot say is no: that only ever holds a release.
    if (told.heard.finding && ask.path != kSeriesPath) {
      reading.findings.push_back(*told.heard.finding);
      return true;
    }
    if (told.heard.value) {
      reading.value = MeaningOf(reading.question, index, *told.heard.value);
      reading.estimate = reading.value && reading.question.kind == QuestionKind::kEvents;
      return true;
    }
    if (last && seen) reading.value = Bounds::Exactly(0);
    return last;
  }

  std::string name_;
  std::string url_;    // without a slash at the end
  std::string proxy_;  // empty: none
  int concurrency_;
  Credentials credentials_;
  Http& http_;
  Deadline deadline_;
  Progress progress_;
  size_t ended_ = 0, sent_ = 0;  // requests, over all rounds
};

}  // namespace

std::unique_ptr<Source> PrometheusSource(std::string name, const SourceConfig& config,
                                         Credentials credentials, Http& http, Deadline deadline,
                                         Progress progress) {
  return std::make_unique<Prometheus>(std::move(name), config, std::move(credentials), http,
                                      deadline, std::move(progress));
}

}  // namespace slogate

#include "gate/prometheus/promql.h"

#include <algorithm>
#include <tuple>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

#include "gate/base/duration.h"
#include "gate/evidence/counter.h"
#include "gate/evidence/slots.h"
#include "gate/prometheus/promql_written.h"

namespace slogate {
namespace {

// How far back timestamp() sees a sample, by default on every server.
constexpr absl::Duration kLookback = absl::Minutes(5);

// How exactly the beginning of the history is told: by the slots of coverage, so that both speak of
// the same.
absl::Duration HistoryStep(absl::Duration over) { return SlotsOf(over, kLookback).length; }

// How exactly the age of a sample beyond the lookback is told. Each point of the grid costs as much
// as a query of its own (facts of 2.42), and it is asked only where nothing is fresh.
absl::Duration NewestStep(absl::Duration over) {
  return absl::Ceil(std::max(over / 96, absl::Minutes(1)), absl::Seconds(1));
}

std::string Range(const std::string& selector, absl::Duration over) {
  return absl::StrCat(selector, "[", PrintDuration(over), "]");
}

std::string Grid(const std::string& selector, absl::Duration over, absl::Duration step) {
  return absl::StrCat("timestamp(", selector, ")[", PrintDuration(over), ":", PrintDuration(step),
                      "]");
}

// "offset 0s" is a syntax error.
std::string Offset(absl::Duration ago) {
  return ago > absl::ZeroDuration() ? absl::StrCat(" offset ", PrintDuration(ago)) : "";
}

// Series younger than a step may stand at no point of the grid: the last step gets a finer one.
std::string OldestPoints(const std::string& selector, absl::Duration over, absl::Duration step) {
  const std::string oldest = absl::StrCat("min_over_time(", Grid(selector, over, step), ")");
  if (step <= kLookback) return oldest;
  return absl::StrCat(oldest, " or min_over_time(", Grid(selector, step, kLookback), ")");
}

}  // namespace

bool operator<(const Ask& a, const Ask& b) {
  return std::tie(a.kind, a.over, a.ago, a.step, a.selector, a.text) <
         std::tie(b.kind, b.over, b.ago, b.step, b.selector, b.text);
}

bool IsPinned(const Ask& ask) {
  return ask.kind != Ask::Kind::kTime && ask.kind != Ask::Kind::kIndex;
}

const char* PathOf(const Ask& ask) {
  return ask.kind == Ask::Kind::kIndex ? kSeriesPath : kQueryPath;
}

std::string QueryText(const Ask& ask, const std::vector<std::string>& by) {
  const std::string selector = Print(ask.selector);
  const auto aggregate = [&](const char* operation, const std::string& inner) {
    const std::string labels =
        by.empty() ? "" : absl::StrCat(" by (", absl::StrJoin(by, ", "), ") ");
    return absl::StrCat(operation, labels, "(", inner, ")");
  };
  switch (ask.kind) {
    case Ask::Kind::kTime:
      return "time()";
    case Ask::Kind::kIncrease:
      return aggregate("sum",
                       absl::StrCat("increase(", Range(selector, ask.over), Offset(ask.ago), ")"));
    case Ask::Kind::kAnySample:
      return aggregate("group", absl::StrCat("last_over_time(", Range(selector, ask.over),
                                             Offset(ask.ago), ")"));
    case Ask::Kind::kNewest:
      return "time() - " + aggregate("max", absl::StrCat("timestamp(", selector, ")"));
    case Ask::Kind::kNewestOnGrid:
      return "time() - " + aggregate("max", absl::StrCat("max_over_time(",
                                                         Grid(selector, ask.over, ask.step), ")"));
    case Ask::Kind::kOldestOnGrid:
      return "time() - " + aggregate("min", OldestPoints(selector, ask.over, ask.step));
    case Ask::Kind::kPoints:
      return absl::StrCat(
          "count_over_time(",
          aggregate("group", absl::StrCat("last_over_time(", Range(selector, ask.ago), ")")), "[",
          PrintDuration(ask.over), ":", PrintDuration(ask.step), "])");
    case Ask::Kind::kBounds:
      return absl::StrCat("group by (le) (last_over_time(", Range(selector, ask.over), "))");
    case Ask::Kind::kWritten:
      return ask.text;
    case Ask::Kind::kIndex:
      return selector;
  }
  return "";
}

std::vector<Ask> AsksFor(const Question& question) {
  const Selector& selector = question.selector;
  const absl::Duration over = question.over;
  switch (question.kind) {
    case QuestionKind::kClock:
      return {{Ask::Kind::kTime}};
    case QuestionKind::kEvents:
      return {{Ask::Kind::kIncrease, selector, over, question.ago}};
    case QuestionKind::kNewestSample: {
      const Ask beyond = {Ask::Kind::kNewestOnGrid, selector, over, {}, NewestStep(over)};
      const Ask within = {Ask::Kind::kAnySample, selector, over};
      return {{Ask::Kind::kNewest, selector}, over > kLookback ? beyond : within};
    }
    case QuestionKind::kHistory: {
      const absl::Duration step = HistoryStep(over);
      // A gap just where the window begins is no short history: the second looks for what is older.
      return {{Ask::Kind::kAnySample, selector, step, over - step},
              {Ask::Kind::kAnySample, selector, over, over - step},
              {Ask::Kind::kOldestOnGrid, selector, over, {}, step}};
    }
    case QuestionKind::kCoverage: {
      // Cheapest of what was compared on 2.42, by 30 days of 50 services in one query, in shares of
      // their increase(): this 0.4, and little more with a `max_age` of half an hour; as a range
      // query 0.4; 120 instant terms, each with its offset, 3.1, and 30 of them 0.4;
      // count_over_time() of all samples 1.0. Fewer points cost the same: the chunks are read anyhow.
      //
      // Points stand on multiples of the step. Half a second less than the slots, and exactly one
      // stands in each at every whole second, whether or not the server counts the range's ends.
      const auto [length, count] = SlotsOf(over, question.max_age);
      const absl::Duration range = length * count - absl::Milliseconds(500);
      return {{Ask::Kind::kPoints, selector, range, question.max_age, length}};
    }
    case QuestionKind::kSeriesSeen:
      return {{Ask::Kind::kAnySample, selector, over}, {Ask::Kind::kIndex, selector}};
    case QuestionKind::kBucketBounds:
      return {{Ask::Kind::kBounds, selector, over}};
    case QuestionKind::kHistogramEvents:
    case QuestionKind::kHistogramWithin:
    case QuestionKind::kNumber:
    case QuestionKind::kSlices:
    case QuestionKind::kSlicesWhere:
      return {{.kind = Ask::Kind::kWritten, .text = WrittenFor(question)}};
  }
  return {};
}

std::optional<Bounds> MeaningOf(const Question& question, size_t index, const Rational& value) {
  const Rational over = Seconds(question.over);
  switch (question.kind) {
    case QuestionKind::kClock:
      return Bounds::Exactly(value);
    case QuestionKind::kHistogramEvents:
    case QuestionKind::kHistogramWithin:
    case QuestionKind::kNumber:
    case QuestionKind::kEvents: {
      // increase() adds and multiplies float64s: its last digits are noise. Nothing stays nothing.
      const Rational noise = value * *Rational::FromDecimal("0.000000001");
      return Bounds{value - noise, value + noise};
    }
    case QuestionKind::kNewestSample:
      if (index > 0 && question.over <= kLookback) return Bounds{0, over};
      if (value > over) return std::nullopt;
      if (index == 0) return Bounds::Exactly(value);
      return Bounds{std::max(Rational(0), value - Seconds(NewestStep(question.over))), value};
    case QuestionKind::kHistory:
      if (index < 2) return Bounds::Exactly(over);
      return Bounds{value, value + Seconds(HistoryStep(question.over))};
    case QuestionKind::kCoverage:
      return Bounds::Exactly(
          std::min(value, Rational(SlotsOf(question.over, question.max_age).count)));
    case QuestionKind::kSlices:
    case QuestionKind::kSlicesWhere:
      return Bounds::Exactly(value);
    case QuestionKind::kSeriesSeen:
      return Bounds::Exactly(1);
    case QuestionKind::kBucketBounds:  // never a number
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace slogate

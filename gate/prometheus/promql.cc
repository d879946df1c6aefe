#include "gate/prometheus/promql.h"

#include <algorithm>

#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"

namespace slogate {
namespace {

// How far back timestamp() sees a sample, by default on every server.
constexpr absl::Duration kLookback = absl::Minutes(5);

// How exactly the beginning of the history is told: a 120th of the window, but not finer than the
// lookback.
absl::Duration HistoryStep(absl::Duration over) {
  const absl::Duration wanted = std::max(over / 120, std::min(kLookback, over / 2));
  return std::clamp(absl::Trunc(wanted, absl::Seconds(1)), std::min(absl::Seconds(1), over), over);
}

std::string Range(const std::string& selector, absl::Duration over) {
  return absl::StrCat(selector, "[", PrintDuration(over), "]");
}

// 1 where any series of `selector` has a sample in the `over` that ended `ago` before the instant.
Ask AnySample(const std::string& selector, absl::Duration over, absl::Duration ago) {
  // "offset 0s" is a syntax error.
  const std::string offset =
      ago > absl::ZeroDuration() ? absl::StrCat(" offset ", PrintDuration(ago)) : "";
  return {kQueryPath, absl::StrCat("group(last_over_time(", Range(selector, over), offset, "))")};
}

// How exactly the age of a sample beyond the lookback is told. Each point of the grid costs as much
// as a query of its own (facts of 2.42), and it is asked only where nothing is fresh.
absl::Duration NewestStep(absl::Duration over) {
  return absl::Ceil(std::max(over / 96, absl::Minutes(1)), absl::Seconds(1));
}

// The age of the newest sample that stands at a point of a grid over the window.
Ask NewestSample(const std::string& selector, absl::Duration over) {
  return {kQueryPath,
          absl::StrCat("time() - max(max_over_time(timestamp(", selector, ")[", PrintDuration(over),
                       ":", PrintDuration(NewestStep(over)), "]))")};
}

// The age of the oldest sample that stands at a point of a grid over the window. Series younger
// than a step may stand at none, so the last step gets a finer grid.
Ask OldestSample(const std::string& selector, absl::Duration over, absl::Duration step) {
  const auto oldest_of = [&](absl::Duration range, absl::Duration resolution) {
    return absl::StrCat("min_over_time(timestamp(", selector, ")[", PrintDuration(range), ":",
                        PrintDuration(resolution), "])");
  };
  std::string oldest = oldest_of(over, step);
  if (step > kLookback) absl::StrAppend(&oldest, " or ", oldest_of(step, kLookback));
  return {kQueryPath, absl::StrCat("time() - min(", oldest, ")")};
}

Rational Seconds(absl::Duration duration) {
  return Rational(absl::ToInt64Milliseconds(duration)) * *Rational::FromDecimal("0.001");
}

}  // namespace

std::vector<Ask> AsksFor(const Question& question) {
  const std::string selector = Print(question.selector);
  const absl::Duration over = question.over;
  switch (question.kind) {
    case QuestionKind::kClock:
      return {{kQueryPath, "time()", /*pinned=*/false}};
    case QuestionKind::kEvents:
      return {{kQueryPath, absl::StrCat("sum(increase(", Range(selector, over), "))")}};
    case QuestionKind::kNewestSample:
      return {{kQueryPath, absl::StrCat("time() - max(timestamp(", selector, "))")},
              over > kLookback ? NewestSample(selector, over)
                               : AnySample(selector, over, absl::ZeroDuration())};
    case QuestionKind::kHistory: {
      const absl::Duration step = HistoryStep(over);
      // A gap just where the window begins is no short history: the second looks for what is older.
      return {AnySample(selector, step, over - step), AnySample(selector, over, over - step),
              OldestSample(selector, over, step)};
    }
    case QuestionKind::kSeriesSeen:
      return {AnySample(selector, over, absl::ZeroDuration()),
              {kSeriesPath, selector, /*pinned=*/false}};
    case QuestionKind::kBucketBounds:
      return {{kQueryPath,
               absl::StrCat("group by (le) (last_over_time(", Range(selector, over), "))"),
               /*pinned=*/true, /*bounds=*/true}};
  }
  return {};
}

std::optional<Bounds> MeaningOf(const Question& question, size_t index, const Rational& value) {
  const Rational over = Seconds(question.over);
  switch (question.kind) {
    case QuestionKind::kClock:
      return Bounds::Exactly(value);
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
    case QuestionKind::kSeriesSeen:
      return Bounds::Exactly(1);
    case QuestionKind::kBucketBounds:  // never a number
      return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace slogate

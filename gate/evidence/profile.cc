#include "gate/evidence/profile.h"

#include <algorithm>
#include <utility>

#include "gate/evidence/counter.h"
#include "gate/evidence/sli_events.h"
#include "gate/evidence/sli_latency.h"

namespace slogate {
namespace {

constexpr absl::Duration kDay = absl::Hours(24);

// The counters whose events are bad, or all events and those of them that are good.
struct Halves {
  std::vector<Question> bad;
  std::vector<Question> total, good;
};

Halves HalvesOf(const Sli& sli, const std::string& source, absl::Duration over,
                absl::Duration ago) {
  Halves halves;
  std::vector<Question> asked;
  if (const auto* events = std::get_if<EventsSli>(&sli)) {
    asked = AskEvents(*events, source, over);
    if (events->bad) asked.erase(asked.begin());  // what all events were does not matter
  } else if (const auto* latency = std::get_if<LatencySli>(&sli)) {
    asked = AskEvents(*latency, source, over);
  }
  for (Question& question : asked) question.ago = ago;
  if (asked.size() == 1) halves.bad = {asked[0]};
  if (asked.size() == 2) halves = {{}, {asked[0]}, {asked[1]}};
  return halves;
}

// What was counted; 0 where there is nothing; nullopt where that is not known.
std::optional<Rational> SumOf(const std::vector<Question>& questions, const Evidence& evidence) {
  Rational sum = 0;
  for (const Question& question : questions) {
    const Reading* reading = evidence.Find(question);
    if (!HasData(reading) && !IsEmpty(reading)) return std::nullopt;
    if (HasData(reading)) sum = sum + reading->value->high;
  }
  return sum;
}

template <class Take>
void EachDay(absl::Duration window, Take take) {
  for (absl::Duration ago; ago < window; ago += kDay) take(ago, std::min(kDay, window - ago));
}

}  // namespace

std::vector<Question> AskProfile(const std::string& source, const EffectiveSlo& slo) {
  std::vector<Question> questions;
  EachDay(slo.window, [&](absl::Duration ago, absl::Duration over) {
    Halves halves = HalvesOf(slo.sli, source, over, ago);
    for (auto* half : {&halves.bad, &halves.total, &halves.good}) {
      std::move(half->begin(), half->end(), std::back_inserter(questions));
    }
  });
  return questions;
}

std::optional<std::vector<Spent>> ProfileOf(const std::string& source, const EffectiveSlo& slo,
                                            const Evidence& evidence) {
  std::vector<Spent> profile;
  bool whole = true;
  EachDay(slo.window, [&](absl::Duration ago, absl::Duration over) {
    const Halves halves = HalvesOf(slo.sli, source, over, ago);
    const auto bad = SumOf(halves.bad, evidence), total = SumOf(halves.total, evidence),
               good = SumOf(halves.good, evidence);
    const bool asked = !halves.bad.empty() || !halves.total.empty();
    whole = whole && asked && bad && total && good;
    if (whole) profile.push_back({ago, over, *bad + std::max(Rational(0), *total - *good)});
  });
  if (!whole || profile.empty()) return std::nullopt;
  return profile;
}

}  // namespace slogate

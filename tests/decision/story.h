// Decisions from a policy's text and a few lines of facts, for tests that tell stories.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "gate/decision/decision.h"
#include "gate/evidence/evidence.h"
#include "gate/policy/effective.h"

namespace slogate::fake {

// What the sources say, by question: "events errors 1h" before "events errors", "newest_sample
// requests", "history requests", "coverage requests", "series_seen errors", "clock". The answer is a number,
// "LOW..HIGH", "^NUMBER" (a step, left out), "none" (no such data), or "!KIND" (the finding of that kind). Where nothing is said,
// the data is 15 s old, goes back far enough, has no gap, no series was ever seen, and the clock is right;
// counts must be said. A source that is not called main is told what it says by its name, "us: events errors 1h";
// where nothing is, it says what main does.
using Facts = std::map<std::string, std::string>;

// Answers by facts, with a raw answer to each question.
class FactsSource : public Source {
 public:
  explicit FactsSource(Facts facts) : facts_(std::move(facts)) {}
  Evidence Measure(absl::Span<const Question> questions, absl::Time at) override;

 private:
  std::optional<std::string> SaidTo(const std::string& key) const;

  Facts facts_;
};

// The question as a fact's key, with its window: "events errors 1h", "us: events errors 1h", and for a window
// that ended earlier "events errors 31d@22d".
std::string KeyOf(const Question& question);

// The policy in `text` as it applies at the instant of all decisions; the test program ends where it has mistakes.
EffectivePolicy PolicyOf(const std::string& text, const Target& target = {});

// Clock, counts and all else that the policy asks for. `facts` over `healthy`.
Evidence EvidenceOf(const EffectivePolicy& policy, const Facts& facts);

// `facts`, and from `others` what they do not say.
Facts Over(Facts facts, const Facts& others);

// A whole decision, of the files policy.yaml; made at 2026-11-23T03:12:40Z by the server's clock.
Decision DecisionOf(const std::string& policy_text, const Facts& facts, const Request& request = {},
                    const Target& target = {});

// A ruling in lines: "hold blocked budget", "rule ID SLO TRUTH", "finding KIND SLO WINDOW VERDICT
// decisive", "next change CLASS".
std::string Summary(const Ruling& ruling);

// `got` is the committed file tests/decision/golden/NAME; SLOGATE_UPDATE=1 writes it instead.
void ExpectGolden(const std::string& name, const std::string& got);
std::string Golden(const std::string& name);

}  // namespace slogate::fake

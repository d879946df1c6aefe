#include "gate/decision/replay.h"

#include <algorithm>
#include <set>
#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/decision/decide.h"
#include "gate/decision/forecast.h"
#include "gate/evidence/plan.h"
#include "gate/evidence/recorded.h"
#include "gate/history/earlier.h"
#include "gate/policy/effective.h"
#include "gate/policy/load.h"

namespace slogate {
namespace {

constexpr size_t kDifferencesMost = 10;

// Walks both trees at once.
void Compare(const json::Value& a, const json::Value& b, const std::string& path,
             std::vector<std::string>& differences) {
  if (differences.size() >= kDifferencesMost || a == b) return;
  if (a.is_object() && b.is_object()) {
    std::set<std::string> keys;
    for (const auto& member : a.object()) keys.insert(member.first);
    for (const auto& member : b.object()) keys.insert(member.first);
    const bool top = path.empty();
    for (const std::string& key : keys) {
      const bool words =
          top ? key == "id" || key == "gate" || key == "next" : key == "text" || key == "problem";
      // policy.files[].text is no wording but the policy itself.
      if (words && path.rfind("policy.", 0) != 0) continue;
      Compare(a[key], b[key], top ? key : absl::StrCat(path, ".", key), differences);
    }
    return;
  }
  if (a.is_array() && b.is_array() && a.array().size() == b.array().size()) {
    for (size_t i = 0; i < a.array().size(); ++i) {
      Compare(a.array()[i], b.array()[i], absl::StrCat(path, "[", i, "]"), differences);
    }
    return;
  }
  differences.push_back(path);
}

// Whether the record's own policy took `change` for the ordinary one, as it does when nobody claims
// any.
bool WasOrdinary(const Document& document) {
  const Parsed<PolicyFiles> recorded = LoadPolicyFiles(document.inputs.files);
  if (!recorded.value || !recorded.value->policy) return false;
  const auto& changes = recorded.value->policy->changes;
  const auto claimed = changes.find(document.inputs.request.change);
  return changes.empty() ? document.inputs.request.change == kDefaultClass
                         : claimed != changes.end() && claimed->second.is_default;
}

}  // namespace

Parsed<Decision> Replay(const Document& document, const std::vector<SourceFile>& other) {
  Decision decision = document.inputs;
  decision.from_record = !other.empty();
  if (!other.empty()) {
    decision.files = other;
    // Another policy may call its ordinary change by another name.
    if (WasOrdinary(document)) decision.request.change.clear();
  }
  Parsed<Decision> result;
  Parsed<PolicyFiles> files = LoadPolicyFiles(decision.files);
  result.diagnostics = std::move(files.diagnostics);
  if (!files.value) return result;
  Target target{decision.request.subject.service, std::nullopt};
  if (!decision.request.subject.environment.empty())
    target.environment = decision.request.subject.environment;
  Parsed<EffectivePolicy> effective = Combine(*files.value, target);
  std::move(effective.diagnostics.begin(), effective.diagnostics.end(),
            std::back_inserter(result.diagnostics));
  if (!effective.value) return result;
  const EffectivePolicy pinned =
      PinnedAt(*std::move(effective.value), decision.instant, decision.calendar);
  const EffectivePolicy policy =
      WithEarlierObjectives(pinned, decision.request.history, decision.request.subject);

  const std::unique_ptr<Source> source = RecordedSource(decision.evidence);
  Evidence evidence;
  for (const Question& clock : ClockQuestions(policy)) {
    if (decision.evidence.Find(clock) == nullptr) continue;
    evidence.Append(source->Measure({clock}, decision.instant));
  }
  evidence.Append(MeasureAll(policy, *source, decision.instant));
  const Ruling closed = Decide(pinned, evidence, decision.request);
  std::vector<Question> forecasts = ForecastQuestions(policy, closed);
  forecasts.erase(std::remove_if(forecasts.begin(), forecasts.end(),
                                 [&](const Question& question) {  // another policy may want more
                                   return decision.evidence.Find(question) == nullptr ||
                                          evidence.Find(question) != nullptr;
                                 }),
                  forecasts.end());
  if (!forecasts.empty()) evidence.Append(source->Measure(forecasts, decision.instant));
  decision.evidence = std::move(evidence);
  decision.policy_name = policy.metadata.name;
  decision.policy_file = policy.file;
  decision.runbook = policy.metadata.runbook;
  decision.calendar = pinned.calendar;
  decision.combine = policy.combine;
  decision.ruling = Decide(pinned, decision.evidence, decision.request);
  result.value = std::move(decision);
  return result;
}

std::vector<std::string> Differences(const json::Value& recorded, const json::Value& replayed) {
  std::vector<std::string> differences;
  Compare(recorded, replayed, "", differences);
  return differences;
}

}  // namespace slogate

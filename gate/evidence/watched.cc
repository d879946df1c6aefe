#include "gate/evidence/watched.h"

#include <variant>

#include "gate/evidence/sli_kinds.h"

namespace slogate {

std::vector<Selector> WatchedAtFirst(const EffectiveSlo& slo) {
  return std::visit([](const auto& sli) { return WatchedSelectors(sli); }, slo.sli);
}

std::vector<Selector> Watched(const std::string& source, const EffectiveSlo& slo,
                              const Evidence& evidence) {
  const auto* latency = std::get_if<LatencySli>(&slo.sli);
  const bool native = latency != nullptr && IsNative(*latency, source, slo.window, evidence);
  return native ? std::vector<Selector>{NativeSelector(*latency)} : WatchedAtFirst(slo);
}

Question AskNewest(const EffectivePolicy& policy, const std::string& source,
                   const Selector& selector) {
  return {QuestionKind::kNewestSample, source, selector, policy.findings.stale_older_than};
}

Question AskAge(const std::string& source, const Selector& selector) {
  return {QuestionKind::kNewestSample, source, selector, kStaleAge};
}

Question AskHistory(const std::string& source, const Selector& selector, absl::Duration reach) {
  return {QuestionKind::kHistory, source, selector, reach};
}

Question AskCoverage(const EffectivePolicy& policy, const std::string& source,
                     const Selector& selector, absl::Duration window) {
  return {QuestionKind::kCoverage, source, selector, window, policy.findings.stale_older_than};
}

}  // namespace slogate

#include "gate/evidence/sli_query.h"

#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "gate/evidence/counter.h"

namespace slogate {
namespace {

const Promql& Half(const QuerySli& sli) { return sli.bad ? sli.bad->value : sli.good->value; }

Question NumberOf(const Promql& promql, const std::string& source, absl::Duration window) {
  Question question{QuestionKind::kNumber, source, {}, window};
  question.promql = promql;
  return question;
}

}  // namespace

std::vector<Selector> WatchedSelectors(const QuerySli& sli) { return {sli.watch.value}; }

std::vector<Question> AskEvents(const QuerySli& sli, const std::string& source,
                                absl::Duration window) {
  return {NumberOf(sli.total.value, source, window), NumberOf(Half(sli), source, window)};
}

std::vector<Question> AskFurther(const QuerySli&, const std::string&, absl::Duration,
                                 absl::Duration, const Evidence&) {
  return {};
}

std::variant<EventCount, std::vector<Finding>> CountEvents(const QuerySli& sli,
                                                           const std::string& source,
                                                           absl::Duration window, absl::Duration,
                                                           const Evidence& evidence) {
  const Reading* total = evidence.Find(NumberOf(sli.total.value, source, window));
  const Reading* half = evidence.Find(NumberOf(Half(sli), source, window));
  const char* name = sli.bad ? "bad" : "good";
  std::vector<Finding> findings;
  AddFindings(total, findings);
  AddFindings(half, findings);
  if (!findings.empty()) return findings;
  for (const auto& [key, reading] : {std::pair("total", total), std::pair(name, half)}) {
    if (reading->value) continue;
    findings.push_back(
        {FindingKind::kNoSeries,
         {},
         {},
         absl::StrCat("the query of ", key, " gives nothing over ", SpeakDuration(window), ": ",
                      WithWindow(reading->question.promql, PrintDuration(window)).text)});
  }
  if (!findings.empty()) return findings;

  EventCount count;
  count.estimate = total->estimate || half->estimate;
  count.total = *total->value;
  count.bad = sli.bad ? *half->value : BadFrom(count.total - *half->value);
  count.good_exceeds_total = !sli.bad && (count.total - *half->value).high.sign() < 0;
  if (count.total.high.sign() == 0 && count.bad.high.sign() > 0) {
    return std::vector<Finding>{
        {FindingKind::kNotFinite,
         {},
         {},
         absl::StrCat("the query of ", name, " counts events in the last ", SpeakDuration(window),
                      ", and that of total none: the two do not count the same thing")}};
  }
  return count;
}

}  // namespace slogate

#include <algorithm>
#include <string>
#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/base/duration.h"
#include "gate/decision/consent.h"
#include "gate/decision/sentences.h"
#include "gate/text/diagnostic.h"
#include "gate/text/shell_quote.h"

namespace slogate {
namespace {

// What people call a change of a well-known class; others go by their name.
std::string ChangePhrase(const std::string& name) {
  if (name == "rollback") return "roll back";
  if (name == "security") return "ship a fix for a vulnerability";
  return absl::StrCat("release it as ", name);
}

std::string ApprovalsText(const ConsentTerms& terms) {
  return terms.consent.approvals == 0 ? "" : absl::StrCat("needs ", ConsentText(terms.consent));
}

std::string PageText(const ConsentTerms& terms) {
  return terms.page.empty() ? "" : absl::StrCat("or at ", terms.page);
}

// What is left of the limit, and whose consent it takes: "(3 of 3 left in 30 d for checkout; …)".
std::string TermsText(const ConsentTerms& terms, const std::string& service) {
  std::string text;
  if (terms.limit) {
    text = absl::StrCat(std::max(0, terms.limit->count - terms.used), " of ", terms.limit->count,
                        " left in ", SpeakDuration(terms.limit->per), " for ", service);
  }
  for (const std::string& more : {ApprovalsText(terms), PageText(terms)}) {
    if (!text.empty() && !more.empty()) absl::StrAppend(&text, "; ");
    absl::StrAppend(&text, more);
  }
  return text.empty() ? "" : absl::StrCat("(", text, ")");
}

// People's consent: asking for it, or giving it where it was asked for.
WayOutText ConsentWay(std::string text, const WayOut& way, const Decision& decision,
                      const std::string& id) {
  const std::string policy = absl::StrCat(" --policy ", QuotedForShell(decision.policy_file));
  if (!way.terms->pending.empty()) {
    const std::string command = absl::StrCat("slogate override approve ",
                                             QuotedForShell(Printable(way.terms->pending)), policy);
    return {std::move(text), command, command,
            absl::StrCat("(", ApprovalsText(*way.terms),
                         way.terms->page.empty() ? "" : absl::StrCat("; ", PageText(*way.terms)),
                         "; or wait: --wait 20m)")};
  }
  std::string command = absl::StrCat("slogate override request --decision ", id);
  if (!way.change.empty()) absl::StrAppend(&command, " --change ", way.change);
  absl::StrAppend(&command, policy, " --reason '…'");
  if (!way.ticket_prefix.empty()) {
    absl::StrAppend(&command, " --ticket ", way.ticket_prefix, "…");
  }
  return {std::move(text), command, command,
          TermsText(*way.terms, decision.request.subject.service)};
}

WayOutText ChangeWay(const WayOut& way, const Decision& decision) {
  std::string option = absl::StrCat("--change ", way.change);
  if (!way.ticket_prefix.empty()) absl::StrAppend(&option, " --ticket ", way.ticket_prefix, "…");
  if (!way.released_before) {
    return {ChangePhrase(way.change), option, absl::StrCat(decision.command, " ", option), ""};
  }
  // Another artifact than this one, so this command line cannot be repeated.
  return {absl::StrCat(ChangePhrase(way.change), ", with an artifact that ran here in the last ",
                       SpeakDuration(*way.released_before)),
          absl::StrCat(option, " --artifact sha256:…"), "", ""};
}

}  // namespace

WayOutText Advice(FindingKind kind, const std::string& source, const Decision& decision) {
  if (decision.from_record && !Traits(kind).may_be_softened) {
    return {"measure anew: what the record does not hold, slogate check has to ask", "", "", ""};
  }
  const SourceNote& asked = SourceNamed(source, decision);
  const std::string& url = asked.url;
  const auto look = [&](absl::string_view text, std::string command) {
    return WayOutText{std::string(text), command, command, ""};
  };
  const auto say = [&](std::string text) {
    return WayOutText{std::move(text), "", decision.command, ""};
  };
  switch (kind) {
    case FindingKind::kUnreachable:
      return look(absl::StrCat("check that the source ", Quoted(asked.name),
                               " runs and can be reached from here"),
                  absl::StrCat("curl -fsS ", url, "/-/ready"));
    case FindingKind::kUnauthorized:
      return say(absl::StrCat("check the secret of the source ", Quoted(asked.name), " in ",
                              decision.policy_file));
    case FindingKind::kRejectedQuery:
      return say(
          "paste the query that slogate explain shows into Prometheus, and mend the selector");
    case FindingKind::kTimedOut:
      return say("run again, with a longer --deadline if the source is slow");
    case FindingKind::kMalformedAnswer:
      return look("look what answers there, a proxy or a login page perhaps",
                  absl::StrCat("curl -i '", url, "/api/v1/query?query=1'"));
    case FindingKind::kTooLarge:
      return say("narrow the selector, or raise the source's query limits");
    case FindingKind::kPartialAnswer:
      return say("bring back the stores that the source misses, then run again");
    case FindingKind::kNotFinite:
    case FindingKind::kManySeries:
      return say(
          "paste the query that slogate explain shows into Prometheus to see what it returns");
    case FindingKind::kClockSkew:
      return say(decision.sources.size() > 1
                     ? "synchronise the clocks of this machine and of the sources (NTP)"
                     : "synchronise the clocks of this machine and of the source (NTP)");
    case FindingKind::kNoBucket:
      return say(
          "set within: to a bound that the histogram has (in seconds), or give it a bucket there");
    case FindingKind::kNoSeries:
      return say("compare the metric and label names of the selector with what the source has");
    case FindingKind::kStale:
      return say("look whether the service is still scraped (the metric \"up\"), then run again");
    case FindingKind::kGap:
      return say(
          absl::StrCat("look why samples are missing (failed scrapes, lost blocks, scrapes further "
                       "apart than older_than of stale), or let the rest decide: findings: {gap: "
                       "warn} in ",
                       decision.policy_file));
    case FindingKind::kShortHistory:
      return say("wait until more is stored, or shorten the SLO's window");
    case FindingKind::kBirths:
      return say(absl::StrCat(
          "let process_start_time_seconds be scraped with the counters, wait until the window has "
          "passed the change, or take increase() as it is: counting: promql in ",
          decision.policy_file));
    case FindingKind::kNoTraffic:
    case FindingKind::kFewEvents:
      return say(absl::StrCat("lengthen the SLO's window, or set findings.", Word(kind), " in ",
                              decision.policy_file));
  }
  return {};
}

WayOutText DescribeWayOut(const WayOut& way, const Decision& decision,
                          const std::string& decision_id) {
  switch (way.kind) {
    case WayOut::Kind::kChange:
      return ChangeWay(way, decision);
    case WayOut::Kind::kWait:
      return {absl::StrCat("wait", way.until ? absl::StrCat(" until ", PrintTime(*way.until)) : "",
                           ", then run the same command again"),
              "", decision.command, ""};
    case WayOut::Kind::kMend:
      return Advice(way.finding, way.source, decision);
    case WayOut::Kind::kOverride:
      if (way.terms) return ConsentWay("override", way, decision, decision_id);
      return {"override it, once --artifact sha256:… says what: an override is for one artifact",
              "", "", ""};
    case WayOut::Kind::kProve:
      return ConsentWay(absl::StrCat(ChangePhrase(way.change), ", with consent"), way, decision,
                        decision_id);
  }
  return {};
}

}  // namespace slogate

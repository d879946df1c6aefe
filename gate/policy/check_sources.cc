#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/base/suggest.h"
#include "gate/policy/check_parts.h"
#include "gate/policy/report.h"

namespace slogate {
namespace {

void CheckTls(const SourceConfig& source, const Doubts& doubts, const std::string& file,
              Report& report) {
  const TlsConfig& tls = *source.tls;
  if (!doubts.About(file, source.at, "url") && !absl::StartsWith(source.url.value, "https://")) {
    report.Error("tls_without_https", tls.at, "tls: has no meaning for a source that is not https",
                 "write its URL with https://, or remove tls:");
  }
  const bool in_doubt = doubts.About(file, tls.at, "ca_file") ||
                        doubts.About(file, tls.at, "cert_file") ||
                        doubts.About(file, tls.at, "key_file");
  const bool has_cert = !tls.cert_file.value.empty(), has_key = !tls.key_file.value.empty();
  if (in_doubt) return;
  if (has_cert != has_key) {
    report.Error("tls_pair", has_cert ? tls.cert_file.at : tls.key_file.at,
                 has_cert ? "cert_file stands here without its key_file"
                          : "key_file stands here without its cert_file",
                 "a client certificate needs both; they may name the same file");
  } else if (!has_cert && tls.ca_file.value.empty()) {
    report.Error("tls_empty", tls.at, "tls: names no file",
                 "name ca_file, or cert_file and key_file, or remove tls:");
  }
}

// How an environment's sources make one count: said where there are several, and only there.
void CheckCombined(const std::string& name, const EnvironmentConfig& environment,
                   const std::string& file, const Doubts& doubts, Report& report) {
  const size_t count = environment.sources.size();
  const auto alone = [&](const char* key, Position at) {
    report.Error("combine_alone", at,
                 absl::StrCat("environment '", name, "' has one source, and so no use for ", key),
                 absl::StrCat("remove ", key, ":, or name more sources"));
  };
  if (count == 1 && environment.combine) alone("combine", environment.combine->at);
  if (count == 1 && environment.delay) alone("delay", environment.delay->at);
  if (count > 1 && !environment.combine && !doubts.About(file, environment.at, "combine")) {
    report.Error("combine_missing", environment.sources[1].at,
                 absl::StrCat("environment '", name, "' names ", count,
                              " sources and does not say how they make one count"),
                 "add combine: sum where each has events of its own (one a region), or combine: "
                 "worst where all have the same events (two replicas)");
  }
}

// What signs each form, or fetches a token for the queries, is not there for a stream of samples.
void CheckCounting(const SourceConfig& source, Report& report) {
  if (source.counting != Counting::kSamples || MayReadSamples(source)) return;
  report.Error("no_samples", source.at,
               "samples cannot be read from a source with sigv4 or oauth2 auth",
               "count by PromQL there: remove counting:, or write counting: promql");
}

}  // namespace

bool MayReadSamples(const SourceConfig& source) {
  return !std::holds_alternative<SigV4Auth>(source.auth) &&
         !std::holds_alternative<OAuth2Auth>(source.auth);
}

void CheckEnvironments(const ReleasePolicy& policy, const Doubts& doubts,
                       std::vector<Diagnostic>& diagnostics) {
  Report report(policy.file, diagnostics);
  const bool has_all_sources = !doubts.About(policy.file, policy.at, "sources");
  const bool has_no_environments =
      policy.environments.empty() && !doubts.About(policy.file, policy.at, "environments");
  if (has_all_sources && has_no_environments && policy.sources.size() > 1) {
    report.Error("one_source", policy.sources.begin()->second.at,
                 absl::StrCat("the policy has ", policy.sources.size(),
                              " sources and no environments that choose between them"),
                 "add environments:, each with its sources, or leave one source");
  }
  const std::vector<std::string> known = Names(policy.sources);
  for (const auto& [name, environment] : policy.environments) {
    if (environment.matchers.count("__name__") > 0) {
      report.Error("name_matcher", environment.at,
                   absl::StrCat("environment '", name, "' cannot match on __name__"),
                   "every selector names its metric itself; use other labels");
    }
    if (doubts.About(policy.file, environment.at, "sources")) continue;
    CheckEntriesOnce(environment.sources, report);
    for (const Placed<std::string>& source : environment.sources) {
      if (!has_all_sources || policy.sources.count(source.value) > 0) continue;
      report.Error("unknown_source", source.at,
                   absl::StrCat("the policy has no source '", source.value, "'",
                                DidYouMean(source.value, known)),
                   absl::StrCat("name one of ", Listed(known)));
    }
    CheckCombined(name, environment, policy.file, doubts, report);
  }
}

void CheckSources(const ReleasePolicy& policy, const Doubts& doubts,
                  std::vector<Diagnostic>& diagnostics) {
  Report report(policy.file, diagnostics);
  for (const auto& [name, source] : policy.sources) {
    if (source.tls && !doubts.About(policy.file, source.at, "tls")) {
      CheckTls(source, doubts, policy.file, report);
    }
    CheckCounting(source, report);
  }
}

}  // namespace slogate

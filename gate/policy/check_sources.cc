#include <absl/strings/match.h>

#include "gate/policy/check_parts.h"

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

}  // namespace

void CheckSources(const ReleasePolicy& policy, const Doubts& doubts,
                  std::vector<Diagnostic>& diagnostics) {
  Report report(policy.file, diagnostics);
  for (const auto& [name, source] : policy.sources) {
    if (source.tls && !doubts.About(policy.file, source.at, "tls")) {
      CheckTls(source, doubts, policy.file, report);
    }
  }
}

}  // namespace slogate

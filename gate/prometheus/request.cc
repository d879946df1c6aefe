#include "gate/prometheus/request.h"

#include <algorithm>
#include <cstdint>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/string_view.h>

#include "gate/prometheus/promql.h"

namespace slogate {

HttpRequest RequestTo(const SourceConfig& source, const Credentials& credentials,
                      const std::string& path,
                      std::vector<std::pair<std::string, std::string>> form) {
  absl::string_view url = source.url.value;
  while (absl::EndsWith(url, "/")) url.remove_suffix(1);  // "//api" would be redirected
  HttpRequest request;
  request.url = absl::StrCat(url, path);
  for (auto& parameter : ParametersOf(source.kind)) form.push_back(std::move(parameter));
  request.form = std::move(form);
  request.headers = credentials.headers;
  request.username = credentials.username;
  request.password = credentials.password;
  request.aws_sigv4 = credentials.aws_sigv4;
  request.tls = credentials.tls;
  request.proxy = source.proxy.value;
  return request;
}

HttpRequest QueryRequest(const SourceConfig& source, const Credentials& credentials,
                         const std::string& query, std::optional<absl::Time> at,
                         absl::Duration left) {
  std::vector<std::pair<std::string, std::string>> form = {{"query", query}};
  if (at) form.emplace_back("time", absl::StrCat(absl::ToUnixSeconds(*at)));
  const int64_t seconds = std::max<int64_t>(1, absl::ToInt64Seconds(left));
  form.emplace_back("timeout", absl::StrCat(seconds, "s"));
  // Without it VictoriaMetrics silently evaluates half a minute before the instant that it is asked
  // for, to hide what may still arrive. Prometheus does not know it, and what nobody named may be either.
  if (source.kind == ServerKind::kPrometheus || source.kind == ServerKind::kVictoriaMetrics) {
    form.emplace_back("nocache", "1");
  }
  return RequestTo(source, credentials, kQueryPath, std::move(form));
}

}  // namespace slogate

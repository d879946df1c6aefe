#include "tests/bench/workload.h"

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

namespace slogate::bench {
namespace {

constexpr char kHead[] = R"(apiVersion: slogate/v1
kind: ReleasePolicy
metadata: {name: bench}
service: bench
sources:
  main: {url: '%s'}
rules:
  - {id: spent,     when: {budget_remaining: {at_most: 0%%}}, verdict: deny}
  - {id: fast-burn, when: {budget_spent: {at_least: 2%%, over: 1h, confirmed_over: 5m}}, verdict: hold}
  - {id: day-burn,  when: {budget_spent: {at_least: 5%%, over: 6h, confirmed_over: 30m}}, verdict: hold}
  - {id: slow-burn, when: {burn_rate: {above: 1, over: [3d, 6h]}}, verdict: warn}
  - {id: failing,   when: {sli: {below: 90%%, over: 30m}}, verdict: hold}
  - {id: low,       when: {budget_remaining: {below: 10%%}}, verdict: warn}
slos:
)";

constexpr char kSlo[] = R"(  - name: %s
    objective: 99.9%%
    window: 30d
    sli: {events: {total: '%s{service="%s"}', bad: '{code="500"}'}}
)";

// As the server takes it in a form; what stands in these queries needs no more.
std::string Encoded(absl::string_view query) {
  std::string encoded;
  for (const char c : query) {
    if (absl::StrContains("{}[]\"= ", absl::string_view(&c, 1))) {
      absl::StrAppendFormat(&encoded, "%%%02X", static_cast<unsigned char>(c));
    } else {
      encoded += c;
    }
  }
  return encoded;
}

}  // namespace

std::string ServiceName(int service) { return absl::StrFormat("service-%03d", service); }

std::string PolicyText(absl::string_view url, int slos) {
  std::string text = absl::StrFormat(kHead, url);
  for (int i = 0; i < slos; ++i)
    absl::StrAppendFormat(&text, kSlo, ServiceName(i), kMetric, ServiceName(i));
  return text;
}

std::string CurlConfig(absl::string_view url, int slos, absl::Time at) {
  std::string text;
  for (int i = 0; i < slos; ++i) {
    for (const char* failed : {"", ",code=\"500\""}) {
      for (const char* window : {"30d", "3d", "6h", "1h", "30m", "5m"}) {
        const std::string query = absl::StrFormat("sum(increase(%s{service=\"%s\"%s}[%s]))",
                                                  kMetric, ServiceName(i), failed, window);
        absl::StrAppend(&text, text.empty() ? "" : "next\n", "url = \"", url,
                        "/api/v1/query\"\ndata = \"time=", absl::ToUnixSeconds(at),
                        "&query=", Encoded(query), "\"\noutput = \"/dev/null\"\n");
      }
    }
  }
  return text;
}

std::string RulesText(int slos) {
  std::string text = "groups:\n- name: bench\n  rules:\n";
  for (int i = 0; i < slos; ++i) {
    absl::StrAppendFormat(&text,
                          "  - alert: a%d\n    expr: sum(increase(%s{service=\"%s\",code=\"500\"}"
                          "[1h])) / sum(increase(%s{service=\"%s\"}[1h])) > 0.0144\n",
                          i, kMetric, ServiceName(i), kMetric, ServiceName(i));
  }
  return text;
}

}  // namespace slogate::bench

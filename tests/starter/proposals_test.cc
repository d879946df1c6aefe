#include "gate/starter/proposals.h"

#include <algorithm>
#include <map>
#include <ostream>
#include <set>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <gtest/gtest.h>

namespace slogate {
namespace {

using Groups = std::vector<SeriesGroup>;

SeriesGroup Of(const std::string& metric, Labels labels, int64_t count = 1) {
  labels["__name__"] = metric;
  if (labels.count("service") == 0 && labels.count("job") == 0) labels["service"] = "shop";
  return {std::move(labels), count};
}

// A histogram of one process for each entry, with these bounds.
Groups Histogram(const std::string& name, const std::vector<std::vector<const char*>>& processes,
                 const Labels& labels = {}) {
  std::map<std::string, int64_t> counts;
  for (const auto& bounds : processes) {
    for (const char* bound : bounds) ++counts[bound];
  }
  Groups groups;
  for (const auto& [bound, count] : counts) {
    Labels with = labels;
    with["le"] = bound;
    groups.push_back(Of(name + "_bucket", with, count));
  }
  return groups;
}

Groups operator+(Groups a, const Groups& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

std::string Told(const Proposals& proposals) {
  std::string text;
  for (const Proposal& slo : proposals.slos) {
    absl::StrAppend(&text, slo.name, " ", slo.objective, " ", slo.sli, "\n");
    for (const std::string& note : slo.notes) absl::StrAppend(&text, "  ", note, "\n");
  }
  if (!proposals.environment_label.empty()) {
    absl::StrAppend(&text, "by ", proposals.environment_label, ": ", proposals.production, ", ",
                    proposals.staging, "\n");
  }
  if (proposals.slos.empty())
    absl::StrAppend(&text, "seen ", absl::StrJoin(proposals.seen, " "), "\n");
  return text;
}

struct Case {
  const char* name;
  Groups groups;
  std::string metric;
  const char* want;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class ProposalCases : public testing::TestWithParam<Case> {};

TEST_P(ProposalCases, Proposes) {
  EXPECT_EQ(Told(ProposeSlos(GetParam().groups, "shop", GetParam().metric)), GetParam().want);
}

const Groups kHttp = {Of("http_requests_total", {{"code", "200"}, {"env", "prod"}}),
                      Of("http_requests_total", {{"code", "503"}, {"env", "prod"}})};
const std::vector<const char*> kBounds = {"0.1", "0.25", "0.5", "1", "+Inf"};

const char kHttpSlo[] =
    R"(availability 99.9% {events: {total: 'http_requests_total{service="shop"}', bad: '{code=~"5.."}'}}
  Of `code` there is now: 200, 503. Change `bad` where it means other failures.
)";

INSTANTIATE_TEST_SUITE_P(
    All, ProposalCases,
    testing::ValuesIn(std::vector<Case>{
        {"Nothing", {}, "", "seen \n"},
        {"Http",
         {Of("http_requests_total", {{"code", "200"}}),
          Of("http_requests_total", {{"code", "503"}})},
         "",
         kHttpSlo},
        {"HttpAndLatency",
         kHttp + Histogram("http_request_duration_seconds", {kBounds, kBounds}, {{"env", "prod"}}),
         "",
         R"(availability 99.9% {events: {total: 'http_requests_total{service="shop"}', bad: '{code=~"5.."}'}}
  Of `code` there is now: 200, 503. Change `bad` where it means other failures.
latency 99% {latency: {histogram: 'http_request_duration_seconds{service="shop"}', within: 500ms}}
  Bounds to choose from: 100ms, 250ms, 500ms, 1s. Take the one that users call fast enough.
by env: prod, 
)"},
        {"Spring",
         {Of("http_server_requests_seconds_count",
             {{"job", "shop"}, {"status", "200"}, {"outcome", "SUCCESS"}}),
          Of("jvm_gc_pause_seconds_count", {{"job", "shop"}})},
         "",
         R"(availability 99.9% {events: {total: 'http_server_requests_seconds_count{job="shop"}', bad: '{status=~"5.."}'}}
  Of `status` there is now: 200. Change `bad` where it means other failures.
)"},
        {"TheServiceBeforeTheJob",
         {Of("http_requests_total", {{"job", "shop"}, {"code", "200"}}),
          Of("http_requests_total", {{"service", "shop"}, {"code", "200"}})},
         "",
         R"(availability 99.9% {events: {total: 'http_requests_total{service="shop"}', bad: '{code=~"5.."}'}}
  Of `code` there is now: 200. Change `bad` where it means other failures.
)"},
        {"NotTheCallsOfAClient",
         {Of("http_client_requests_total", {{"code", "200"}}),
          Of("promhttp_metric_handler_requests_total", {{"code", "200"}})},
         "",
         "seen http_client_requests_total promhttp_metric_handler_requests_total\n"},
        {"UnlessToldTo",
         {Of("http_client_requests_total", {{"code", "200"}})},
         "http_client_requests_total",
         R"(availability 99.9% {events: {total: 'http_client_requests_total{service="shop"}', bad: '{code=~"5.."}'}}
  Of `code` there is now: 200. Change `bad` where it means other failures.
)"},
        {"TheFittest",
         {Of("cache_reads_total", {{"result", "error"}}),
          Of("grpc_server_handled_total", {{"grpc_code", "OK"}}),
          Of("jobs_total", {{"result", "failed"}})},
         "",
         R"(availability 99.9% {events: {total: 'grpc_server_handled_total{service="shop"}', bad: '{grpc_code=~"Unknown|DeadlineExceeded|Unimplemented|Internal|Unavailable|DataLoss"}'}}
  Of `grpc_code` there is now: OK. Change `bad` where it means other failures.
  Would do as well: cache_reads_total, jobs_total
)"},
        {"CodesNobodyKnows",
         {Of("cache_reads_total", {{"result", "hit"}}), Of("uptime_total", {})},
         "",
         "seen cache_reads_total uptime_total\n"},
        {"OnlyWholeMilliseconds",
         Histogram("rpc_seconds", {{"0.0005", "0.0125", "0.02", "1e+06", "+Inf"}}), "",
         R"(latency 99% {latency: {histogram: 'rpc_seconds{service="shop"}', within: 20ms}}
  Bounds to choose from: 20ms. Take the one that users call fast enough.
)"},
        {"AllAreFast", Histogram("rpc_seconds", {{"0.001", "0.2", "+Inf"}}), "",
         R"(latency 99% {latency: {histogram: 'rpc_seconds{service="shop"}', within: 200ms}}
  Bounds to choose from: 1ms, 200ms. Take the one that users call fast enough.
)"},
        {"OnlyBoundsOfAllProcesses",
         Histogram("rpc_seconds", {{"0.3", "0.5", "+Inf"}, {"0.30", "1", "+Inf"}}), "",
         R"(latency 99% {latency: {histogram: 'rpc_seconds{service="shop"}', within: 300ms}}
  Bounds to choose from: 300ms. Take the one that users call fast enough.
)"},
        {"NoBoundOfAllProcesses", Histogram("rpc_seconds", {{"0.3", "+Inf"}, {"0.5", "+Inf"}}), "",
         "seen rpc_seconds_bucket\n"},
        {"Environments",
         {Of("http_requests_total", {{"code", "200"}, {"environment", "production"}}),
          Of("http_requests_total", {{"code", "200"}, {"environment", "stage"}})},
         "",
         R"(availability 99.9% {events: {total: 'http_requests_total{service="shop"}', bad: '{code=~"5.."}'}}
  Of `code` there is now: 200. Change `bad` where it means other failures.
by environment: production, stage
)"},
        {"AnEnvironmentThatNotAllHave", kHttp + Histogram("rpc_seconds", {{"0.5", "+Inf"}}), "",
         R"(availability 99.9% {events: {total: 'http_requests_total{service="shop"}', bad: '{code=~"5.."}'}}
  Of `code` there is now: 200, 503. Change `bad` where it means other failures.
latency 99% {latency: {histogram: 'rpc_seconds{service="shop"}', within: 500ms}}
  Bounds to choose from: 500ms. Take the one that users call fast enough.
)"},
        {"OtherPeoplesWords",
         {Of("http_requests_total", {{"code", "200"}, {"env", "prod'}\nrules: []"}}),
          Of("http_requests_total", {{"code", "5'\n  - evil"}}),
          Of("http_requests_total", {{"code", "##[error]"}}),
          Of("bad\nname_total", {{"code", "200"}}), Of("bad{x=\"y\"}_total", {{"code", "200"}}),
          Of("http_requests_total", {{"service", "shop2"}, {"code", "200"}})},
         "",
         R"(availability 99.9% {events: {total: 'http_requests_total{service="shop"}', bad: '{code=~"5.."}'}}
  Of `code` there is now: 200. Change `bad` where it means other failures.
)"},
    }),
    [](const auto& test) { return test.param.name; });

TEST(Proposals, ListsAreCut) {
  Groups groups;
  for (int code = 200; code < 220; ++code) {
    groups.push_back(Of("http_requests_total", {{"code", absl::StrCat(code)}}));
  }
  const Proposals proposals = ProposeSlos(groups, "shop", "");
  ASSERT_EQ(proposals.slos.size(), 1);
  EXPECT_EQ(
      proposals.slos[0].notes[0],
      "Of `code` there is now: 200, 201, 202, 203, 204, 205, 206, 207, 208, 209, 210, 211, …. "
      "Change `bad` where it means other failures.");
}

std::vector<std::string> Printed(const std::vector<Selector>& selectors) {
  std::vector<std::string> texts;
  for (const Selector& selector : selectors) texts.push_back(Print(selector));
  return texts;
}

TEST(ProposalSelectors, LookForTheServiceByEachLabel) {
  const std::vector<std::string> all = Printed(ProposalSelectors("shop", ""));
  ASSERT_EQ(all.size(), ServiceLabels().size());
  EXPECT_EQ(all.front(),
            R"({__name__=~".+_total|.+_seconds_count|.+_seconds_bucket",service="shop"})");
  EXPECT_EQ(all.back(), R"({__name__=~".+_total|.+_seconds_count|.+_seconds_bucket",job="shop"})");
  EXPECT_EQ(Printed(ProposalSelectors("shop", "a_seconds")).front(),
            R"({__name__=~"a_seconds|a_seconds_bucket",service="shop"})");
  EXPECT_EQ(Printed(ProposalSelectors("shop", "a_seconds_bucket")).front(),
            R"({__name__=~"a_seconds_bucket|a_seconds_bucket",service="shop"})");
}

TEST(ProposalLabels, AreDistinct) {
  const std::vector<std::string> labels = ProposalLabels();
  EXPECT_EQ(std::set<std::string>(labels.begin(), labels.end()).size(), labels.size());
  for (const char* needed : {"__name__", "le", "code", "env"}) {
    EXPECT_NE(std::find(labels.begin(), labels.end(), needed), labels.end()) << needed;
  }
}

TEST(IsMetricName, TakesNamesAlone) {
  for (const char* name : {"a", "http_requests_total", "job:requests:rate5m"}) {
    EXPECT_TRUE(IsMetricName(name)) << name;
  }
  for (const char* other : {"", "a b", " a", "a{}", "{a=\"b\"}", "1a", "a.*", "a|b", "a\n", "ä"}) {
    EXPECT_FALSE(IsMetricName(other)) << other;
  }
}

}  // namespace
}  // namespace slogate

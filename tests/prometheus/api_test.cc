#include "gate/prometheus/api.h"

#include <algorithm>
#include <ostream>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <gtest/gtest.h>

#include "gate/base/limits.h"
#include "tests/testing/fakes.h"

namespace slogate {
namespace {

using Kind = FindingKind;

constexpr char kJson[] = "application/json";
const absl::Time kAt = absl::FromUnixSeconds(1795658347);

HttpExchange Ok(absl::string_view body) { return fake::Answered(200, kJson, body); }

// A success with this "data".
HttpExchange Data(absl::string_view data) {
  return Ok(absl::StrCat(R"({"status":"success","data":)", data, "}"));
}

// A success with one sample.
HttpExchange Value(absl::string_view pair) {
  return Data(
      absl::StrCat(R"({"resultType":"vector","result":[{"metric":{},"value":)", pair, "}]}"));
}

// A success with 7, and `more` members in the envelope.
HttpExchange Remarked(absl::string_view more) {
  return Ok(absl::StrCat(
      R"({"status":"success",)", more,
      R"(,"data":{"resultType":"vector","result":[{"metric":{},"value":[1795658347,"7"]}]}})"));
}

// What a reading comes to, in one line: the value, "no data", or the finding and its detail.
std::string Shown(const Heard& heard) {
  if (heard.value && heard.finding) return "both a value and a finding";
  if (heard.finding) return absl::StrCat(Word(heard.finding->kind), ": ", heard.finding->detail);
  return heard.value ? heard.value->ExactDecimal().value_or("no decimal") : "no data";
}

struct Case {
  std::string name;
  HttpExchange exchange;
  std::string shown;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

class Number : public testing::TestWithParam<Case> {};

TEST_P(Number, IsReadAs) {
  EXPECT_EQ(Shown(ReadNumber(GetParam().exchange, kAt, {})), GetParam().shown);
}

std::string NameOf(const testing::TestParamInfo<Case>& test) { return test.param.name; }

INSTANTIATE_TEST_SUITE_P(
    Values, Number,
    testing::Values(
        Case{"integer", Value(R"([1795658347,"51840"])"), "51840"},
        Case{"fractional_time", Value(R"([1795658347.000,"51840"])"), "51840"},
        Case{"shortest_decimal", Value(R"([1795658347,"50110.340000000004"])"),
             "50110.340000000004"},
        Case{"more_digits_than_a_float64", Value(R"([1795658347,"0.1000000000000000000001"])"),
             "0.1"},
        Case{"exponent", Value(R"([1795658347,"1e+21"])"), "1000000000000000000000"},
        Case{"small", Value(R"([1795658347,"1e-07"])"), "0.0000001"},
        Case{"zero", Value(R"([1795658347,"0"])"), "0"},
        Case{"minus_zero", Value(R"([1795658347,"-0"])"), "0"},
        Case{"negative", Value(R"([1795658347,"-2.5"])"),
             "malformed_answer: the value is negative: -2.5"},
        Case{"no_data", Data(R"({"resultType":"vector","result":[]})"), "no data"},
        Case{"charset",
             fake::Answered(200, "Application/JSON; charset=utf-8",
                            Data(R"({"resultType":"vector","result":[]})").body),
             "no data"},
        Case{"unknown_members", Remarked(R"("stats":{"seriesFetched":"12"},"trace":null)"), "7"},
        Case{"no_remarks", Remarked(R"("warnings":[],"infos":[],"isPartial":false)"), "7"},
        Case{"null_remarks", Remarked(R"("warnings":null,"isPartial":null)"), "7"},
        Case{
            "style_in_infos",
            Remarked(
                R"("infos":["PromQL info: metric might not be a counter, name does not end in _total: \"x\""])"),
            "7"},
        Case{"style_in_warnings",
             Remarked(R"("warnings":["PromQL info: metric might not be a counter"])"), "7"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Remarks, Number,
    testing::Values(
        Case{"warning", Remarked(R"("warnings":["store 10.0.0.1 is away"])"),
             "partial_answer: the server warned: store 10.0.0.1 is away"},
        Case{"warning_after_style",
             Remarked(R"("warnings":["PromQL info: style","results truncated due to limit"])"),
             "partial_answer: the server warned: results truncated due to limit"},
        Case{"promql_warning",
             Remarked(
                 R"("warnings":["PromQL warning: encountered a mix of histograms and floats"])"),
             "partial_answer: the server warned: PromQL warning: encountered a mix of histograms "
             "and floats"},
        Case{"ignored_histogram_in_infos",
             Remarked(R"("infos":["PromQL info: ignored histogram in sum aggregation"])"),
             "partial_answer: the server warned: PromQL info: ignored histogram in sum "
             "aggregation"},
        Case{
            "ignored_histograms_in_warnings",
            Remarked(
                R"("warnings":["PromQL info: ignored histograms in a range containing both floats and histograms"])"),
            "partial_answer: the server warned: PromQL info: ignored histograms in a range "
            "containing both floats and histograms"},
        Case{
            "warning_without_data",
            Ok(R"({"status":"success","data":{"resultType":"vector","result":[]},"warnings":["No StoreAPIs matched"]})"),
            "partial_answer: the server warned: No StoreAPIs matched"},
        Case{"is_partial", Remarked(R"("isPartial":true)"),
             "partial_answer: the server warned: isPartial is true"},
        Case{"is_partial_as_text", Remarked(R"("isPartial":"true")"),
             "malformed_answer: the warnings are not a list of texts"},
        Case{"warnings_as_text", Remarked(R"("warnings":"away")"),
             "malformed_answer: the warnings are not a list of texts"},
        Case{"warnings_of_numbers", Remarked(R"("warnings":[1])"),
             "malformed_answer: the warnings are not a list of texts"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Shapes, Number,
    testing::Values(
        Case{"no_data_member", Ok(R"({"status":"success"})"),
             "malformed_answer: there is no result"},
        Case{"null_result", Data(R"({"resultType":"vector","result":null})"),
             "malformed_answer: there is no result"},
        Case{"scalar_for_a_sum", Data(R"({"resultType":"scalar","result":[1795658347,"7"]})"),
             "malformed_answer: the result is a scalar, not one number"},
        Case{"matrix", Data(R"({"resultType":"matrix","result":[]})"),
             "malformed_answer: the result is a matrix, not one number"},
        Case{
            "two_series",
            Data(
                R"({"resultType":"vector","result":[{"metric":{"a":"1"},"value":[1795658347,"7"]},{"metric":{"a":"2"},"value":[1795658347,"7"]}]})"),
            "many_series: 2 series came where one was asked for"},
        Case{
            "labels",
            Data(
                R"({"resultType":"vector","result":[{"metric":{"code":"500"},"value":[1795658347,"7"]}]})"),
            R"(malformed_answer: a sum came with labels: {"code":"500"})"},
        Case{"no_labels_member",
             Data(R"({"resultType":"vector","result":[{"value":[1795658347,"7"]}]})"),
             "malformed_answer: the result has no labels, not even an empty set"},
        Case{
            "histogram",
            Data(
                R"({"resultType":"vector","result":[{"metric":{},"histogram":[1795658347,{"count":"480"}]}]})"),
            "malformed_answer: a histogram came where a number was asked for"},
        Case{"no_value", Data(R"({"resultType":"vector","result":[{"metric":{}}]})"),
             "malformed_answer: the value is not a pair of a time and a text"},
        Case{"value_as_number", Value("[1795658347,7]"),
             "malformed_answer: the value is not a pair of a time and a text"},
        Case{"time_as_text", Value(R"(["1795658347","7"])"),
             "malformed_answer: the value is not a pair of a time and a text"},
        Case{"three_in_the_pair", Value(R"([1795658347,"7","8"])"),
             "malformed_answer: the value is not a pair of a time and a text"},
        Case{"another_time", Value(R"([1795658348,"7"])"),
             "malformed_answer: the answer is for the time 1795658348, not for 1795658347"},
        Case{"a_millisecond_off", Value(R"([1795658347.001,"7"])"),
             "malformed_answer: the answer is for the time 1795658347.001, not for 1795658347"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Texts, Number,
    testing::Values(
        Case{"nan", Value(R"([1795658347,"NaN"])"), "not_finite: the value is NaN"},
        Case{"plus_inf", Value(R"([1795658347,"+Inf"])"), "not_finite: the value is +Inf"},
        Case{"minus_inf", Value(R"([1795658347,"-Inf"])"), "not_finite: the value is -Inf"},
        Case{"inf", Value(R"([1795658347,"Inf"])"), "not_finite: the value is Inf"},
        Case{"nan_in_small_letters", Value(R"([1795658347,"nan"])"),
             "malformed_answer: the value is no number: 'nan'"},
        Case{"infinity", Value(R"([1795658347,"infinity"])"),
             "malformed_answer: the value is no number: 'infinity'"},
        Case{"no_text", Value(R"([1795658347,""])"),
             "malformed_answer: the value is no number: ''"},
        Case{"plus", Value(R"([1795658347,"+7"])"),
             "malformed_answer: the value is no number: '+7'"},
        Case{"hexadecimal", Value(R"([1795658347,"0x10"])"),
             "malformed_answer: the value is no number: '0x10'"},
        Case{"comma", Value(R"([1795658347,"1,5"])"),
             "malformed_answer: the value is no number: '1,5'"},
        Case{"rest", Value(R"([1795658347,"7 "])"),
             "malformed_answer: the value is no number: '7'"},
        Case{"nul", Value(R"([1795658347,"7\u0000"])"),
             R"(malformed_answer: the value is no number: '7\x00')"},
        Case{"beyond_float64", Value(R"([1795658347,"1e400"])"),
             "malformed_answer: the value is no number: '1e400'"},
        Case{"escape_sequence", Value(R"([1795658347,"\u001b[2J"])"),
             R"(malformed_answer: the value is no number: '\x1b[2J')"}),
    NameOf);

class Clock : public testing::TestWithParam<Case> {};

TEST_P(Clock, IsReadAs) {
  EXPECT_EQ(Shown(ReadNumber(GetParam().exchange, std::nullopt, {})), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    Answers, Clock,
    testing::Values(
        Case{"scalar",
             Data(R"({"resultType":"scalar","result":[1795658347.754,"1795658347.754"]})"),
             "1795658347.754"},
        // VictoriaMetrics answers a scalar with a vector.
        Case{
            "vector",
            Data(
                R"({"resultType":"vector","result":[{"metric":{},"value":[1795658347,"1795658347"]}]})"),
            "1795658347"},
        Case{"empty", Data(R"({"resultType":"vector","result":[]})"),
             "malformed_answer: the server's time is none between 1970 and 9999"},
        Case{"before_1970", Data(R"({"resultType":"scalar","result":[1795658347,"-1"]})"),
             "malformed_answer: the server's time is none between 1970 and 9999"},
        Case{"after_9999", Data(R"({"resultType":"scalar","result":[1795658347,"253402300800"]})"),
             "malformed_answer: the server's time is none between 1970 and 9999"},
        Case{"not_finite", Data(R"({"resultType":"scalar","result":[1795658347,"NaN"]})"),
             "not_finite: the value is NaN"},
        Case{"string", Data(R"({"resultType":"string","result":[1795658347,"12"]})"),
             "malformed_answer: the result is a string, not one number"},
        Case{"refused", fake::NotAnswered(HttpEnd::kFailed, "refused"), "unreachable: refused"}),
    NameOf);

class Series : public testing::TestWithParam<Case> {};

TEST_P(Series, IsReadAs) {
  EXPECT_EQ(Shown(ReadSeries(GetParam().exchange, {})), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    Answers, Series,
    testing::Values(
        Case{"some", Data(R"([{"__name__":"up","job":"a"},{"__name__":"up","job":"b"}])"), "1"},
        Case{
            "some_of_more",
            Ok(R"({"status":"success","data":[{"__name__":"up"}],"warnings":["results truncated due to limit"]})"),
            "1"},
        Case{"none", Data("[]"), "no data"},
        Case{"no_list", Data("{}"), "malformed_answer: the series are not a list of label sets"},
        Case{"null", Data("null"), "malformed_answer: the series are not a list of label sets"},
        Case{"list_of_texts", Data(R"(["up"])"),
             "malformed_answer: the series are not a list of label sets"},
        Case{"not_found", fake::Answered(404, "text/plain", "404"),
             "unreachable: HTTP 404: no Prometheus API under this URL, perhaps its path lacks a "
             "prefix: 404"}),
    NameOf);

class BucketBounds : public testing::TestWithParam<Case> {};

TEST_P(BucketBounds, AreReadAs) {
  EXPECT_EQ(Shown(ReadBounds(GetParam().exchange, {})), GetParam().shown);
}

HttpExchange BoundsOf(const std::vector<std::string>& bounds) {
  std::string result;
  for (const std::string& bound : bounds) {
    absl::StrAppend(&result, result.empty() ? "" : ",", R"({"metric":{"le":")", bound,
                    R"("},"value":[1795403560,"1"]})");
  }
  return Data(absl::StrCat(R"({"resultType":"vector","result":[)", result, "]}"));
}

INSTANTIATE_TEST_SUITE_P(
    Answers, BucketBounds,
    testing::Values(
        Case{"by_their_numbers", BoundsOf({"10", "+Inf", "0.25", "1e-3", "2.5", "0.10"}),
             "no_bucket: 1e-3, 0.10, 0.25, 2.5, 10"},
        Case{"two_spellings_of_one", BoundsOf({"1", "1.0", "2"}), "no_bucket: 1, 2"},
        Case{"only_all_events", BoundsOf({"+Inf"}), "no data"},
        Case{"none", BoundsOf({}), "no data"}, Case{"no_number", BoundsOf({"fast", ""}), "no data"},
        Case{"no_label", Data(R"({"resultType":"vector","result":[{"metric":{}},{},7]})"),
             "no data"},
        Case{"no_vector", Data(R"({"resultType":"scalar","result":[1795403560,"1"]})"),
             "malformed_answer: the bounds are not a list of series"},
        Case{"no_list", Data(R"({"resultType":"vector","result":{}})"),
             "malformed_answer: the bounds are not a list of series"},
        Case{"nothing", Data("null"), "malformed_answer: the bounds are not a list of series"},
        Case{
            "partial",
            Ok(R"({"status":"success","data":{"resultType":"vector","result":[]},"warnings":["a store is down"]})"),
            "partial_answer: the server warned: a store is down"}),
    NameOf);

// An answer divided by service and code, in one line.
std::string Shown(const std::variant<std::vector<Part>, Finding>& read) {
  if (const auto* finding = std::get_if<Finding>(&read)) {
    return absl::StrCat(Word(finding->kind), ": ", finding->detail);
  }
  return absl::StrJoin(
      std::get<std::vector<Part>>(read), "; ", [](std::string* out, const Part& part) {
        absl::StrAppend(out, absl::StrJoin(part.labels, ","), " ", Shown(part.heard));
      });
}

// A success with these series, each as its labels and its value.
HttpExchange Vector(const std::vector<std::pair<std::string, std::string>>& series) {
  const auto one = [](std::string* out, const std::pair<std::string, std::string>& pair) {
    absl::StrAppend(out, R"({"metric":)", pair.first, R"(,"value":[1795658347,")", pair.second,
                    "\"]}");
  };
  return Data(
      absl::StrCat(R"({"resultType":"vector","result":[)", absl::StrJoin(series, ",", one), "]}"));
}

HttpExchange ManyParts(size_t count) {
  std::vector<std::pair<std::string, std::string>> series;
  for (size_t i = 0; i < count; ++i)
    series.emplace_back(absl::StrCat(R"({"code":")", i, "\"}"), "1");
  return Vector(series);
}

class Parts : public testing::TestWithParam<Case> {};

TEST_P(Parts, AreReadAs) {
  EXPECT_EQ(Shown(ReadParts(GetParam().exchange, kAt, {"service", "code"}, {})), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    Vectors, Parts,
    testing::Values(
        Case{"none", Vector({}), ""},
        Case{"in_the_order_of_the_labels_asked_for",
             Vector({{R"({"code":"200","service":"a"})", "90"},
                     {R"({"service":"b","code":"500"})", "2.5"}}),
             "a,200 90; b,500 2.5"},
        Case{"without_a_label", Vector({{R"({"service":"a"})", "90"}, {"{}", "1"}}), "a, 90; , 1"},
        Case{"what_is_not_finite_is_so_alone",
             Vector({{R"({"service":"a"})", "NaN"}, {R"({"service":"b"})", "1"}}),
             "a, not_finite: the value is NaN; b, 1"},
        Case{"negative", Vector({{R"({"service":"a"})", "-1"}}),
             "a, malformed_answer: the value is negative: -1"},
        Case{"of_another_time",
             Data(R"({"resultType":"vector","result":[{"metric":{},"value":[1795658346,"1"]}]})"),
             ", malformed_answer: the answer is for the time 1795658346, not for 1795658347"},
        Case{
            "a_histogram",
            Data(R"({"resultType":"vector","result":[{"metric":{},"histogram":[1795658347,{}]}]})"),
            ", malformed_answer: a histogram came where a number was asked for"},
        Case{"a_scalar", Data(R"({"resultType":"scalar","result":[1795658347,"1"]})"),
             "malformed_answer: the result is not a list of series"},
        Case{"no_result", Data(R"({"resultType":"vector"})"),
             "malformed_answer: the result is not a list of series"},
        Case{"other_labels", Vector({{R"({"service":"a","pod":"x"})", "1"}}),
             "malformed_answer: a sum by service, code came with other labels: "
             R"({"metric":{"pod":"x","service":"a"},"value":[1795658347,"1"]})"},
        Case{"no_labels", Data(R"({"resultType":"vector","result":[{"value":[1795658347,"1"]}]})"),
             "malformed_answer: a part has no labels, not even an empty set: "
             R"({"value":[1795658347,"1"]})"},
        Case{
            "a_label_that_is_no_text", Vector({{R"({"service":1})", "1"}}),
            R"(malformed_answer: a label is no text: {"metric":{"service":1},"value":[1795658347,"1"]})"},
        Case{"the_same_labels_twice",
             Vector({{R"({"service":"a"})", "1"}, {R"({"service":"a","code":""})", "2"}}),
             R"(many_series: two series came with the same labels: {"code":"","service":"a"})"},
        Case{
            "partial",
            Ok(R"({"status":"success","isPartial":true,"data":{"resultType":"vector","result":[]}})"),
            "partial_answer: the server warned: isPartial is true"},
        Case{"refused", fake::Answered(503, kJson, R"({"status":"error","errorType":"timeout"})"),
             "timed_out: HTTP 503: timeout: no message"},
        Case{"too_many_parts", ManyParts(limits::kParts + 1),
             "too_large: the answer has 10001 series, more than the 10000 that slogate puts "
             "together"}),
    NameOf);

TEST(ReadPartsTest, TakesAsManyAsAllowed) {
  const auto read = ReadParts(ManyParts(limits::kParts), kAt, {"code"}, {});
  ASSERT_TRUE(std::holds_alternative<std::vector<Part>>(read)) << Shown(read);
  EXPECT_EQ(std::get<std::vector<Part>>(read).size(), limits::kParts);
}

TEST(ReadPartsTest, OverlongLabel) {
  const std::string label(limits::kLabelBytes + 1, 'x');
  const auto read =
      ReadParts(Vector({{absl::StrCat(R"({"code":")", label, "\"}"), "1"}}), kAt, {"code"}, {});
  EXPECT_TRUE(absl::StartsWith(Shown(read), "malformed_answer: a label is too long: "));
  EXPECT_LE(Shown(read).size(), 3 * limits::kQuotedBytes);
}

// Whatever a hostile server sends, cut anywhere and with any byte changed, it is never a number
// other than the one it says, and the detail stays short, printable and without the secret.
TEST(HostileBodies, AreNeverAValue) {
  Credentials credentials;
  credentials.secrets = {"s3cr3t-t0ken"};
  const std::string good =
      R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1795658347,"7"]}]}})";
  ASSERT_EQ(Shown(ReadNumber(Ok(good), kAt, credentials)), "7");

  std::vector<std::string> bodies;
  for (size_t length = 0; length < good.size(); ++length) bodies.push_back(good.substr(0, length));
  for (size_t at = 0; at < good.size(); ++at) {
    bodies.push_back(good);
    bodies.back()[at] = '\x01';
    bodies.push_back(good.substr(0, at) + "s3cr3t-t0ken" + good.substr(at));
  }
  for (const char* end : {"x", "{}", "\xef\xbb\xbf", "]", "}", ",", "null", "\x80"})
    bodies.push_back(good + end);
  for (const char* start : {"x", "\xef\xbb\xbf", "[", "{", ")]}',", "//", "\x80"})
    bodies.push_back(start + good);
  bodies.push_back(std::string(100'000, '['));
  bodies.push_back(std::string(100'000, '{'));
  bodies.push_back(std::string(100'000, '"'));
  bodies.push_back(std::string(1'000'000, '\x1b'));
  bodies.push_back(absl::StrCat("\"", std::string(1'000'000, 'x'), "\""));
  bodies.push_back(std::string(1'000'000, '9'));

  for (const std::string& body : bodies) {
    for (const int status : {200, 422, 500}) {
      const Heard heard = ReadNumber(fake::Answered(status, kJson, body), kAt, credentials);
      EXPECT_FALSE(heard.value.has_value()) << body.substr(0, 200);
      ASSERT_TRUE(heard.finding.has_value()) << body.substr(0, 200);
      const std::string& detail = heard.finding->detail;
      EXPECT_FALSE(absl::StrContains(detail, "s3cr3t")) << detail;
      EXPECT_LE(detail.size(), 3 * limits::kQuotedBytes);
      EXPECT_TRUE(std::none_of(detail.begin(), detail.end(), [](char c) {
        return c >= 0 && c < ' ';
      })) << detail;
    }
  }
}

class OneSeries : public testing::TestWithParam<Case> {};

TEST_P(OneSeries, IsReadWhateverItsLabels) {
  EXPECT_EQ(Shown(ReadOneSeries(GetParam().exchange, kAt, {})), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(
    Answers, OneSeries,
    testing::Values(
        Case{"without_labels", Value(R"([1795658347,"7.5"])"), "7.5"},
        Case{
            "with_labels",
            Data(
                R"({"resultType":"vector","result":[{"metric":{"a":"b"},"value":[1795658347,"7"]}]})"),
            "7"},
        Case{"a_scalar", Data(R"({"resultType":"scalar","result":[1795658347,"3"]})"), "3"},
        Case{"nothing", Data(R"({"resultType":"vector","result":[]})"), "no data"},
        Case{
            "two",
            Data(
                R"({"resultType":"vector","result":[{"metric":{"a":"b"},"value":[1795658347,"7"]},)"
                R"({"metric":{},"value":[1795658347,"7"]}]})"),
            "many_series: 2 series came where one was asked for"},
        Case{"no_number", Value(R"([1795658347,"NaN"])"), "not_finite: the value is NaN"},
        Case{"below_nothing", Value(R"([1795658347,"-1"])"),
             "malformed_answer: the value is negative: -1"},
        Case{
            "a_native_histogram",
            Data(R"({"resultType":"vector","result":[{"metric":{},"histogram":[1795658347,{}]}]})"),
            "malformed_answer: a histogram came where a number was asked for"},
        Case{"of_another_time", Value(R"([1795658348,"7"])"),
             "malformed_answer: the answer is for the time 1795658348, not for 1795658347"},
        Case{"a_range", Data(R"({"resultType":"matrix","result":[]})"),
             "malformed_answer: the result is a matrix, not one number"}),
    [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace slogate

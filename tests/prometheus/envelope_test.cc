#include "gate/prometheus/envelope.h"

#include <ostream>
#include <string>
#include <variant>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/base/limits.h"
#include "tests/testing/fakes.h"

namespace slogate {
namespace {

constexpr char kJson[] = "application/json";

// What a right answer to a query looks like.
constexpr char kSeven[] =
    R"({"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1795658347,"7"]}]}})";

HttpExchange Ok(absl::string_view body) { return fake::Answered(200, kJson, body); }

HttpExchange Error(int status, absl::string_view type, absl::string_view error) {
  return fake::Answered(
      status, kJson,
      absl::StrCat(R"({"status":"error","errorType":")", type, R"(","error":")", error, "\"}"));
}

HttpExchange Redirect(int status, absl::string_view location) {
  HttpExchange exchange = fake::Answered(status, "text/html", "<a href='/login'>Found</a>");
  exchange.location = std::string(location);
  return exchange;
}

struct Case {
  std::string name;
  HttpExchange exchange;
  std::string shown;
};

void PrintTo(const Case& test, std::ostream* out) { *out << test.name; }

std::string NameOf(const testing::TestParamInfo<Case>& test) { return test.param.name; }

// What an exchange comes to, in one line: its data, or the finding and its detail.
std::string Shown(const HttpExchange& exchange) {
  const auto read = ReadEnvelope(exchange, {});
  if (const auto* finding = std::get_if<Finding>(&read)) {
    return absl::StrCat(Word(finding->kind), ": ", finding->detail);
  }
  return json::Dump(std::get<json::Value>(read)["data"]);
}

class Envelope : public testing::TestWithParam<Case> {};

TEST_P(Envelope, IsReadAs) { EXPECT_EQ(Shown(GetParam().exchange), GetParam().shown); }

INSTANTIATE_TEST_SUITE_P(
    Successes, Envelope,
    testing::Values(Case{"data", Ok(R"({"status":"success","data":[1]})"), "[1]"},
                    Case{"no_data", Ok(R"({"status":"success"})"), "null"},
                    Case{"empty_error",
                         Ok(R"({"status":"success","errorType":"","error":"","data":[1]})"), "[1]"},
                    Case{"charset",
                         fake::Answered(200, "Application/JSON; charset=utf-8",
                                        R"({"status":"success","data":[1]})"),
                         "[1]"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    NoAnswer, Envelope,
    testing::Values(
        Case{"nobody_filled_it_in", HttpExchange(), "unreachable: no answer"},
        Case{"refused",
             fake::NotAnswered(HttpEnd::kFailed, "could not connect: connection refused"),
             "unreachable: could not connect: connection refused"},
        Case{"timed_out", fake::NotAnswered(HttpEnd::kTimedOut, "no complete answer within 60 s"),
             "timed_out: no complete answer within 60 s"},
        Case{"timed_out_silently", fake::NotAnswered(HttpEnd::kTimedOut, ""),
             "timed_out: no complete answer before the deadline"},
        Case{"too_large", fake::NotAnswered(HttpEnd::kTooLarge, ""),
             "too_large: the answer is larger than slogate reads"}),
    NameOf);

INSTANTIATE_TEST_SUITE_P(
    Statuses, Envelope,
    testing::Values(
        Case{"unauthorized", fake::Answered(401, "text/plain", "Unauthorized\n"),
             "unauthorized: HTTP 401: Unauthorized"},
        Case{"forbidden_and_empty", fake::Answered(403, "", ""),
             "unauthorized: HTTP 403: an empty body"},
        Case{"parse_error", Error(400, "bad_data", "1:8: parse error: unclosed left parenthesis"),
             "rejected_query: HTTP 400: bad_data: 1:8: parse error: unclosed left parenthesis"},
        Case{"parse_error_about_a_limit", Error(400, "bad_data", "parse error: unexpected limit"),
             "rejected_query: HTTP 400: bad_data: parse error: unexpected limit"},
        Case{"execution", Error(422, "execution", "multiple matches for labels"),
             "rejected_query: HTTP 422: execution: multiple matches for labels"},
        Case{"victoria_metrics", Error(422, "422", "cannot parse query"),
             "rejected_query: HTTP 422: 422: cannot parse query"},
        // VictoriaMetrics repeats the query, whose words are no reason.
        Case{
            "victoria_metrics_quotes_the_query",
            Error(
                422, "422",
                R"(error when executing query=\"sum(timeout_limit_exceeded_total) \" for (time=7): no)"),
            "rejected_query: HTTP 422: 422: error when executing "
            "query=\"sum(timeout_limit_exceeded_total) \" for (time=7): no"},
        Case{
            "victoria_metrics_quotes_the_query_and_was_too_late",
            Error(422, "422", R"(error when executing query=\"x\" for (time=7): timeout exceeded)"),
            "timed_out: HTTP 422: 422: error when executing query=\"x\" for (time=7): timeout "
            "exceeded"},
        Case{"victoria_metrics_quotes_without_end",
             Error(422, "422", R"(error when executing query=\"x\": timeout exceeded)"),
             "timed_out: HTTP 422: 422: error when executing query=\"x\": timeout exceeded"},
        Case{"victoria_metrics_with_too_many_samples",
             Error(422, "422", "cannot select more than -search.maxSamplesPerQuery=9 samples"),
             "too_large: HTTP 422: 422: cannot select more than -search.maxSamplesPerQuery=9 "
             "samples"},
        Case{"victoria_metrics_with_too_many_samples_of_one_series",
             Error(422, "422", "cannot process more than 9 samples per series"),
             "too_large: HTTP 422: 422: cannot process more than 9 samples per series"},
        Case{
            "thanos_without_stores",
            Error(422, "execution",
                  "expanding series: proxy Series(): rpc error: code = Aborted desc = No StoreAPIs "
                  "matched for this query"),
            "partial_answer: HTTP 422: execution: expanding series: proxy Series(): rpc error: "
            "code = Aborted desc = No StoreAPIs matched for this query"},
        Case{"thanos_with_a_store_away",
             Error(422, "execution",
                   "expanding series: proxy Series(): rpc error: code = Unavailable desc = "
                   "connection refused"),
             "partial_answer: HTTP 422: execution: expanding series: proxy Series(): rpc error: "
             "code = Unavailable desc = connection refused"},
        Case{"thanos_with_a_slow_store",
             Error(422, "execution",
                   "expanding series: proxy Series(): rpc error: code = Aborted desc = context "
                   "deadline exceeded"),
             "timed_out: HTTP 422: execution: expanding series: proxy Series(): rpc error: code = "
             "Aborted desc = context deadline exceeded"},
        Case{"mimir_without_some_blocks",
             Error(422, "execution",
                   "expanding series: failed to fetch some blocks "
                   "(err-mimir-store-consistency-check-failed)"),
             "partial_answer: HTTP 422: execution: expanding series: failed to fetch some blocks "
             "(err-mimir-store-consistency-check-failed)"},
        Case{"mimir_with_too_many_chunks",
             Error(422, "execution",
                   "the query exceeded the maximum number of chunks (limit: 2000000 chunks) "
                   "(err-mimir-max-chunks-per-query)"),
             "too_large: HTTP 422: execution: the query exceeded the maximum number of chunks "
             "(limit: 2000000 chunks) (err-mimir-max-chunks-per-query)"},
        Case{"mimir_with_too_long_a_query",
             Error(
                 422, "execution",
                 "the total query time range exceeds the limit (err-mimir-max-total-query-length)"),
             "too_large: HTTP 422: execution: the total query time range exceeds the limit "
             "(err-mimir-max-total-query-length)"},
        Case{"mimir_with_too_many_requests",
             Error(429, "too_many_requests", "too many outstanding requests"),
             "unreachable: HTTP 429: too_many_requests: too many outstanding requests"},
        Case{"mimir_without_a_tenant", fake::Answered(401, "text/plain", "no org id\n"),
             "unauthorized: HTTP 401: no org id"},
        Case{"amazon_out_of_time", Error(422, "execution", "query timed out in query execution"),
             "timed_out: HTTP 422: execution: query timed out in query execution"},
        Case{
            "amazon_with_another_signature",
            fake::Answered(403, kJson,
                           R"({"message":"The request signature we calculated does not match"})"),
            R"(unauthorized: HTTP 403: {"message":"The request signature we calculated does not match"})"},
        Case{"google_without_permission",
             fake::Answered(403, kJson, R"({"error":{"code":403,"status":"PERMISSION_DENIED"}})"),
             R"(unauthorized: HTTP 403: {"error":{"code":403,"status":"PERMISSION_DENIED"}})"},
        Case{"error_without_words", fake::Answered(422, kJson, R"({"status":"error"})"),
             "rejected_query: HTTP 422: no type: no message"},
        Case{"deadline_as_422",
             Error(422, "execution", "expanding series: context deadline exceeded"),
             "timed_out: HTTP 422: execution: expanding series: context deadline exceeded"},
        Case{"time_out_as_422", Error(422, "execution", "query Timed Out"),
             "timed_out: HTTP 422: execution: query Timed Out"},
        Case{"too_many_samples",
             Error(422, "execution",
                   "query processing would load too many samples into memory in query execution"),
             "too_large: HTTP 422: execution: query processing would load too many samples into "
             "memory in query execution"},
        Case{"limit_of_mimir",
             Error(422, "execution", "the query exceeded the maximum number of series"),
             "too_large: HTTP 422: execution: the query exceeded the maximum number of series"},
        Case{"html_422", fake::Answered(422, "text/html", "<h1>Unprocessable</h1>"),
             "malformed_answer: HTTP 422: <h1>Unprocessable</h1>"},
        Case{"html_400",
             fake::Answered(400, "text/html",
                            "<h1>The plain HTTP request was sent to HTTPS port</h1>"),
             "malformed_answer: HTTP 400: <h1>The plain HTTP request was sent to HTTPS port</h1>"},
        Case{"server_gave_up", Error(503, "timeout", "query timed out in expression evaluation"),
             "timed_out: HTTP 503: timeout: query timed out in expression evaluation"},
        Case{"starting", fake::Answered(503, "text/plain", "Service Unavailable"),
             "unreachable: HTTP 503: Service Unavailable"},
        Case{"other_503", Error(503, "unavailable", "store is away"),
             "unreachable: HTTP 503: unavailable: store is away"},
        Case{"gateway_time_out", fake::Answered(504, "text/html", "<h1>Gateway Time-out</h1>"),
             "timed_out: HTTP 504: <h1>Gateway Time-out</h1>"},
        Case{"request_time_out", fake::Answered(408, "", ""), "timed_out: HTTP 408: an empty body"},
        Case{"cancelled", Error(499, "canceled", "query was canceled"),
             "timed_out: HTTP 499: canceled: query was canceled"},
        Case{"asked_to_wait_too_long",
             [] {
               HttpExchange exchange = fake::Answered(503, "text/plain", "starting");
               exchange.given_up = "Retry-After (90 s) is beyond the deadline";
               return exchange;
             }(),
             "unreachable: HTTP 503: starting; Retry-After (90 s) is beyond the deadline"},
        Case{"too_many_requests", fake::Answered(429, "text/plain", "slow down"),
             "unreachable: HTTP 429: slow down"},
        Case{"internal", Error(500, "internal", "disk on fire"),
             "unreachable: HTTP 500: internal: disk on fire"},
        Case{"bad_gateway",
             fake::Answered(502, "text/html", "<html>\n<h1>Bad   Gateway</h1>\r\n</html>"),
             "unreachable: HTTP 502: <html> <h1>Bad Gateway</h1> </html>"},
        Case{"wrong_path_of_victoria_metrics",
             fake::Answered(400, "text/plain", "unsupported path requested: \"/x\""),
             "unreachable: HTTP 400: no Prometheus API under this URL, perhaps its path lacks a "
             "prefix: unsupported path requested: \"/x\""},
        Case{"missing_prefix_of_victoria_metrics",
             fake::Answered(400, "text/plain", "missing -http.pathPrefix=\"/vm\" in the path"),
             "unreachable: HTTP 400: no Prometheus API under this URL, perhaps its path lacks a "
             "prefix: missing -http.pathPrefix=\"/vm\" in the path"},
        Case{"wrong_path", fake::Answered(404, "text/plain", "404 page not found"),
             "unreachable: HTTP 404: no Prometheus API under this URL, perhaps its path lacks a "
             "prefix: 404 page not found"},
        Case{"wrong_method", fake::Answered(405, "", ""),
             "unreachable: HTTP 405: no Prometheus API under this URL, perhaps its path lacks a "
             "prefix: an empty body"},
        Case{"redirect", Redirect(302, "https://sso.example/login?next=/api"),
             "malformed_answer: HTTP 302: redirected to https://sso.example/login?next=/api; "
             "slogate follows no redirects: put the final URL into the policy"},
        Case{"redirect_with_a_password", Redirect(307, "https://me:hunter2@sso.example/"),
             "malformed_answer: HTTP 307: redirected to https://***@sso.example/; slogate "
             "follows no redirects: put the final URL into the policy"},
        Case{"redirect_to_nowhere", Redirect(304, ""),
             "malformed_answer: HTTP 304: redirected to nowhere; slogate follows no redirects: "
             "put the final URL into the policy"},
        Case{"no_content", fake::Answered(204, "", ""),
             "malformed_answer: HTTP 204: an empty body"},
        Case{"created", fake::Answered(201, kJson, "{}"), "malformed_answer: HTTP 201: {}"},
        Case{"teapot", fake::Answered(418, "text/plain", "short and stout"),
             "malformed_answer: HTTP 418: short and stout"},
        Case{"no_status", fake::Answered(0, kJson, "{}"), "malformed_answer: HTTP 0: {}"}),
    NameOf);

// The status line and the body must agree.
INSTANTIATE_TEST_SUITE_P(
    Envelopes, Envelope,
    testing::Values(
        Case{"success_with_500", fake::Answered(500, kJson, kSeven),
             "malformed_answer: HTTP 500 with a body that says success"},
        Case{"success_with_401", fake::Answered(401, kJson, kSeven),
             "malformed_answer: HTTP 401 with a body that says success"},
        Case{"success_with_302", fake::Answered(302, kJson, kSeven),
             "malformed_answer: HTTP 302 with a body that says success"},
        Case{"error_with_200", Error(200, "execution", "no"),
             "malformed_answer: HTTP 200 with a body that says error: execution: no"},
        Case{
            "success_and_error", Ok(R"({"status":"success","error":"but no"})"),
            R"(malformed_answer: HTTP 200 with a body that says both success and error: {"status":"success","error":"but no"})"},
        Case{"login_page",
             fake::Answered(200, "text/html; charset=utf-8",
                            "<!doctype html>\n<title>Sign in</title>"),
             "malformed_answer: HTTP 200 with content type text/html; charset=utf-8 instead of "
             "application/json: <!doctype html> <title>Sign in</title>"},
        Case{"json_called_text", fake::Answered(200, "text/plain", "{}"),
             "malformed_answer: HTTP 200 with content type text/plain instead of "
             "application/json: {}"},
        Case{"json_called_nothing", fake::Answered(200, "", "{}"),
             "malformed_answer: HTTP 200 with no content type instead of application/json: {}"},
        Case{"json_lines", fake::Answered(200, "application/jsonl", "{}"),
             "malformed_answer: HTTP 200 with content type application/jsonl instead of "
             "application/json: {}"},
        Case{"empty", Ok(""),
             "malformed_answer: HTTP 200 with a broken body (not JSON, at byte 1): an empty body"},
        Case{
            "torn", Ok(R"({"status":"success","da)"),
            R"(malformed_answer: HTTP 200 with a broken body (not JSON, at byte 24): {"status":"success","da)"},
        Case{
            "trailing_text", Ok(R"({"status":"success"} x)"),
            R"(malformed_answer: HTTP 200 with a broken body (not JSON, at byte 22): {"status":"success"} x)"},
        Case{
            "duplicate_key", Ok(R"({"status":"error","status":"success"})"),
            R"(malformed_answer: HTTP 200 with a broken body (a key stands twice in one object, at byte 26): {"status":"error","status":"success"})"},
        Case{"array", Ok("[]"), "malformed_answer: HTTP 200 without a status of success: []"},
        Case{"no_status_member", Ok("{}"),
             "malformed_answer: HTTP 200 without a status of success: {}"},
        Case{"status_in_capitals", Ok(R"({"status":"Success"})"),
             R"(malformed_answer: HTTP 200 without a status of success: {"status":"Success"})"},
        Case{"status_of_another_type", Ok(R"({"status":true})"),
             R"(malformed_answer: HTTP 200 without a status of success: {"status":true})"}),
    NameOf);

TEST(Quoted, MasksBeforeItCuts) {
  Credentials credentials;
  credentials.secrets = {"s3cr3t-t0ken"};
  // Were it cut first, the beginning of the secret would be left.
  const std::string words = std::string(limits::kQuotedBytes - 4, 'x') + "s3cr3t-t0ken";
  EXPECT_EQ(Quoted(words, credentials), std::string(limits::kQuotedBytes - 4, 'x') + "***");
  EXPECT_EQ(Quoted("  a\n\t b \r\n", credentials), "a b");
  EXPECT_EQ(Quoted("", credentials), "");
}

}  // namespace
}  // namespace slogate

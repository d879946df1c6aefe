// Attacks on a release gate, and faults of what it depends on, each with the tests that hold it off. The
// numbers are those of the list of attacks that the gate was designed against; what concerns parts that are not
// built yet is not in it. A row names files and, after a colon, texts that stand in them: tests, cases of tables.
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

namespace slogate {
namespace {

struct Row {
  int number;
  const char* attack;
  std::vector<std::string> held_off_by;
};

const Row kRows[] = {
    {1,
     "commands for the CI system in a name, a label or a server's words",
     {"faults/rows_test.cc: Row01_CommandsInAServersWords",
      "adapters/hostile_test.cc: TheRunnerObeysAnnotationsAlone",
      "scenarios/1109_hostile_words.txt", "scenarios/1110_github_diagnostics.txt",
      "text/diagnostic_test.cc: EscapesWhatTerminalsObeyOrHide"}},
    {2,
     "line breaks and delimiters in an output of GitHub Actions",
     {"adapters/escape_test.cc: HoldsAnyValue",
      "adapters/hostile_test.cc: TheOutputsAreTheSixAndProceedIsOurs"}},
    {3,
     "shell syntax in a version or a branch",
     {"cli/values_test.cc: WithoutTheChangeClassAndQuotedForAShell",
      "pipelines/github/github_test.py: test_text_of_people_stays_text",
      "pipelines/jenkins/examples_test.py: hostile",
      "pipelines/circleci/check_test.py: test_text_stays_text"}},
    {4,
     "arguments that begin with '-', hold NUL or are too long",
     {"process/process_test.cc: ValuesThatBeginWithADash",
      "process/process_test.cc: ArgumentsThatAreNoText",
      "process/process_test.cc: Row04_OverlongArguments"}},
    {5,
     "terminal escapes, bidirectional and zero-width characters",
     {"faults/rows_test.cc: Row05_ADecisionThatSpeaksToTheTerminal",
      "text/diagnostic_test.cc: EscapesWhatTerminalsObeyOrHide", "policy/selector_test.cc: u202e",
      "fuzz/policy_fuzz.cc: diagnostics are printable"}},
    {6,
     "Markdown and HTML in a step summary, markup in a report",
     {"adapters/hostile_test.cc: TheSummaryKeepsItsForm",
      "adapters/hostile_test.cc: XmlAndJsonStayWellFormed",
      "adapters/escape_test.cc: LeavesNoMarkup"}},
    {7,
     "a policy from the pull request's own branch",
     {"doctor/github_test.cc: pull_request", "scenarios/0402_the_files_do_not_fit_together.txt"}},
    {8, "a policy that includes another file or URL", {"faults/rows_test.cc: Row08_NoIncludes"}},
    {9,
     "a policy swapped between check and use",
     {"faults/rows_test.cc: Row09_EveryFileIsReadOnce"}},
    {10,
     "an error message that shows what is in a secret file",
     {"prometheus/credentials_test.cc: NamesThePlaceAndNeverTheContent",
      "io/files_test.cc: ReadSaysWhyNot"}},
    {11,
     "a link in the way of an output, predictable temporary files",
     {"io/files_test.cc: TwoAtOnceDoNotMeet", "io/files_test.cc: RefusesWhatIsNoRegularFile"}},
    {12,
     "an environment that weakens the gate",
     {"process/process_test.cc: TheEnvironmentChangesNothing",
      "io/curl_http_test.cc: TheEnvironmentChangesNothing",
      "io/curl_tls_test.cc: KeysAreNotWrittenWhereTheEnvironmentSays"}},
    {13,
     "a dry run by environment or configuration",
     {"cli/options_test.cc: OnlyTheFlagMakesADryRun", "process/process_test.cc: SLOGATE_DRY_RUN"}},
    {14,
     "a pipeline that lets a denial pass",
     {"doctor/shell_test.cc: tee", "doctor/github_test.cc: continue-on-error",
      "doctor/jenkins_test.cc: catchError", "doctor/circleci_test.cc: step halt"}},
    {15,
     "killed, out of memory, aborted",
     {"process/signals_test.cc: WhileItSaysThatItProceeds", "process/limits_test.cc: Memory"}},
    {16,
     "standard output closed or full",
     {"process/process_test.cc: LostStandardOutputIsAnInternalError",
      "scenarios/0803_nobody_hears_the_words.txt"}},
    {17,
     "an empty result",
     {"scenarios/0703_wrong_metric_name.txt", "scenarios/0706_bad_never_seen.txt",
      "faults/fault_loop_test.cc: \"no data\""}},
    {18,
     "NaN, infinite and negative numbers, 0/0, more good than total",
     {"scenarios/0609_not_finite.txt", "scenarios/0615_no_traffic.txt",
      "scenarios/0707_good_above_total.txt",
      "prometheus/prometheus_source_test.cc: NegativeCountsAndAgesAreNone",
      "fuzz/answer_fuzz.cc: no measure is negative"}},
    {19, "several series where one is expected", {"scenarios/0610_many_series.txt"}},
    {20, "a success with warnings", {"scenarios/0608_partial_answer.txt"}},
    {21,
     "status and body that disagree, a login page",
     {"prometheus/envelope_test.cc: IsReadAs", "scenarios/0605_malformed_answer.txt"}},
    {22,
     "torn JSON, text after its end, wrong types",
     {"text/json_test.cc: SaysWhere", "prometheus/api_test.cc: AreNeverAValue"}},
    {23,
     "JSON nested 100,000 deep, of millions of values, of one huge text; thousands of series",
     {"prometheus/api_test.cc: too_many_parts", "prometheus/api_test.cc: OverlongLabel",
      "text/json_test.cc: VeryDeep", "text/json_test.cc: TakesAsManyValuesAsAllowedAndNoMore",
      "prometheus/api_test.cc: AreNeverAValue"}},
    {24,
     "the same key twice",
     {"text/json_test.cc: DuplicateKeyEscaped", "text/yaml_refused_test.cc: DuplicateKeysAll"}},
    {25,
     "a body without end, or a byte now and then",
     {"io/curl_http_failures_test.cc: AnAnswerWithoutEndIsCut",
      "io/curl_http_failures_test.cc: TheTimeIsUp"}},
    {26, "compressed bombs", {"io/curl_http_failures_test.cc: compresses twice"}},
    {27,
     "a redirect to another host or scheme",
     {"io/curl_http_test.cc: ARedirectIsShownAndNotFollowed",
      "io/curl_http_failures_test.cc: file, upper case", "scenarios/0606_redirect.txt"}},
    {28, "redirects in a circle", {"io/curl_http_test.cc: ARedirectIsShownAndNotFollowed"}},
    {30,
     "a second URL beside the source's",
     {"policy/check_sources_test.cc: http://ops:hunter2@proxy:3128",
      "io/curl_retry_test.cc: the proxy's URL holds a user name or a password"}},
    {31,
     "credentials in a URL",
     {"policy/policy_types_source_test.cc: CredentialInUrl",
      "io/curl_http_failures_test.cc: password in the URL"}},
    {32,
     "a secret that the server sends back",
     {"scenarios/0503_bearer_token.txt",
      "prometheus/prometheus_source_test.cc: SecretsThatTheServerEchoesAreNowhere"}},
    {33,
     "a token on the command line or in the policy",
     {"cli/options_test.cc: CheckHasTheOptionsOfTheContract",
      "policy/policy_types_source_test.cc: LiteralToken"}},
    {34,
     "a certificate that is expired, of another host or self-signed; old TLS",
     {"io/curl_tls_test.cc: ACertificateNobodyVouchesForIsRefused",
      "io/curl_tls_test.cc: WhomAnOwnAuthorityDoesNotVouchFor",
      "io/curl_tls_test.cc: VersionsBefore12AreNotSpoken"}},
    {35,
     "credentials that reach another endpoint over a kept connection",
     {"io/curl_http_test.cc: OneRequestsCredentialsAreNotTheNexts"}},
    {36, "line breaks in a header", {"io/http_text_test.cc: NamesAndValues"}},
    {37,
     "PromQL in a label's value",
     {"policy/selector_test.cc: AddsWhatIsMissing", "fuzz/selector_fuzz.cc: vector(0)",
      "prometheus/promql_test.cc: QuotesWhatASelectorSays"}},
    {38, "regular expressions in a label's value", {"policy/selector_test.cc: AddsWhatIsMissing"}},
    {39,
     "another service's or environment's objectives",
     {"policy/effective_test.cc: ForeignServiceAndUnknownEnvironment",
      "scenarios/0404_a_selector_for_another_environment.txt"}},
    {40,
     "too many or too heavy queries",
     {"io/curl_http_test.cc: AtMostSoManyAtOnce",
      "prometheus/prometheus_source_test.cc: TheServerIsToldWholeSecondsAndAtLeastOne"}},
    {41,
     "YAML bombs, recursion, depth, merge keys",
     {"text/yaml_refused_test.cc: AliasBomb", "text/yaml_refused_test.cc: AliasOfItself",
      "text/yaml_refused_test.cc: MergeKey", "text/yaml_refused_test.cc: HostileDepthEndsAtOnce"}},
    {42,
     "YAML that is read otherwise than it looks",
     {"text/yaml_test.cc: WordsStayTexts", "text/yaml_refused_test.cc: ByteOrderMark",
      "text/yaml_refused_test.cc: SecondDocument", "text/type_test.cc: TypeMistakeTest"}},
    {43, "regular expressions without bound", {"layering_test.cc: no bound on time or stack"}},
    {44,
     "objectives, windows and thresholds out of range",
     {"policy/policy_types_slo_test.cc: ObjectiveForms",
      "policy/policy_types_slo_test.cc: WindowForms"}},
    {45,
     "overflow of numbers, durations and years",
     {"base/rational_test.cc: AreRationalsOfAnySize",
      "base/duration_test.cc: RefusesEverythingElse",
      "fuzz/decimal_fuzz.cc: it is read as it is computed by hand"}},
    {46,
     "refused, reset, name not found, 429, 502, 503, 504",
     {"io/retry_test.cc: ByHowItEnded", "io/retry_test.cc: PausesDoubleAndEnd",
      "scenarios/0601_unreachable.txt"}},
    {47,
     "400, 401, 403, 404, 422",
     {"io/retry_test.cc: WhatDoesNotPassIsNotTriedAgain", "scenarios/0602_unauthorized.txt"}},
    {48,
     "Retry-After of a day, negative, a date, garbage",
     {"io/retry_test.cc: SecondsDatesAndGarbage",
      "io/retry_test.cc: RetryAfterIsHonouredWithinTheDeadline"}},
    {49,
     "the deadline during the last try",
     {"io/retry_test.cc: NoPauseGoesBeyondTheDeadline",
      "io/curl_http_failures_test.cc: OneDeadlineForAll",
      "prometheus/prometheus_source_test.cc: TheTimeMayBeUpBetweenRounds"}},
    {50,
     "silence, half answers, at every request",
     {"scenarios/0017_silent_server_later.txt",
      "io/curl_http_failures_test.cc: NoPrefixOfAnAnswerIsAnAnswer",
      "faults/fault_loop_test.cc: AreSeenThroughOrBlock"}},
    {53, "stale data", {"scenarios/0612_stale.txt"}},
    {54,
     "clocks that differ",
     {"scenarios/0611_clock_skew.txt", "evidence/plan_test.cc: AllowsForTheTimeThatAskingTook"}},
    {55,
     "a clock that steps, time zones",
     {"io/clock_test.cc: GoesByTheMonotonicClockAlone",
      "faults/failing_world.h: Either clock jumps ahead",
      "process/process_test.cc: Asia/Kathmandu"}},
};

std::string Read(const std::string& file) {
  std::ifstream in(absl::StrCat(SLOGATE_SOURCE_DIR "/tests/", file), std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

TEST(Attacks, EachIsHeldOffByTestsThatAreThere) {
  std::set<int> numbers;
  for (const Row& row : kRows) {
    SCOPED_TRACE(absl::StrCat("row ", row.number, ", ", row.attack));
    EXPECT_TRUE(numbers.insert(row.number).second);
    EXPECT_FALSE(row.held_off_by.empty());
    for (const std::string& place : row.held_off_by) {
      const std::vector<std::string> parts = absl::StrSplit(place, absl::MaxSplits(": ", 1));
      const std::string text = Read(parts[0]);
      EXPECT_NE(text, "") << parts[0] << " is not there";
      EXPECT_TRUE(absl::StrContains(text, parts.back()) || parts.size() == 1)
          << parts[0] << " has no " << parts.back();
    }
  }
}

}  // namespace
}  // namespace slogate

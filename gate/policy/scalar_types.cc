#include "gate/policy/scalar_types.h"

#include <memory>
#include <optional>
#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/strip.h>
#include <re2/re2.h>

#include "gate/base/duration.h"
#include "gate/policy/url.h"

namespace slogate {
namespace {

constexpr size_t kLineBytes = 100;
constexpr char kDurationPattern[] = "[0-9]+w|(?:[0-9]+d)?(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+s)?";

// A decimal with at least one digit before the point and no superfluous zeros, which some readers
// take for octal numbers.
constexpr char kDecimalPattern[] = R"((?:0|[1-9][0-9]*)(?:\.[0-9]+)?)";

Shape ScalarShape(std::string name, std::string expected, std::string bad_id, std::string pattern) {
  Shape shape;
  shape.name = std::move(name);
  shape.expected = std::move(expected);
  shape.bad_id = std::move(bad_id);
  shape.pattern = std::move(pattern);
  return shape;
}

bool Matches(const std::string& pattern, absl::string_view text) {
  return RE2::FullMatch(re2::StringPiece(text.data(), text.size()), pattern);
}

// "99.9%" as 0.999.
std::optional<Rational> Percentage(absl::string_view text) {
  if (!Matches(absl::StrCat("-?", kDecimalPattern, "%"), text)) return std::nullopt;
  const std::optional<Rational> percent = Rational::FromDecimal(absl::StripSuffix(text, "%"));
  return percent ? Quotient(*percent, 100) : std::nullopt;
}

std::optional<Rational> Number(absl::string_view text) {
  if (!Matches(absl::StrCat("-?", kDecimalPattern), text)) return std::nullopt;
  return Rational::FromDecimal(text);
}

bool ReadDuration(absl::string_view text, absl::Duration least, absl::Duration& out,
                  BadValue& why) {
  const std::optional<absl::Duration> duration = ParseDuration(text);
  if (!duration) {
    if (Matches("[0-9]+", text)) why.hint = "add the unit: s, m, h, d or w";
    return false;
  }
  if (*duration % absl::Seconds(1) != absl::ZeroDuration()) {
    why.message = absl::StrCat("'", text, "' is not a whole number of seconds");
    return false;
  }
  if (*duration < least) {
    why.message = absl::StrCat("'", text, "' is too short; at least ", FormatDuration(least));
    return false;
  }
  out = *duration;
  return true;
}

bool ReadPromql(absl::string_view text, const std::vector<absl::string_view>& placeholders,
                Promql& out, BadValue& why) {
  PromqlMistake mistake;
  if (ParsePromql(text, placeholders, out, mistake)) return true;
  why.message = std::move(mistake.message);
  why.hint = std::move(mistake.hint);
  why.offset = mistake.offset;
  return false;
}

}  // namespace

Type<std::string> PatternType(Shape shape) {
  const auto pattern = std::make_shared<const RE2>(shape.pattern);
  return Scalar<std::string>(std::move(shape),
                             [pattern](absl::string_view text, std::string& out, BadValue&) {
                               out = std::string(text);
                               return RE2::FullMatch(out, *pattern);
                             });
}

Type<std::string> NameType() {
  Shape shape = ScalarShape("Name", "a name", "bad_name", "[A-Za-z0-9][A-Za-z0-9._-]{0,62}");
  shape.hint = "letters, digits, '.', '_' and '-', at most 63, beginning with a letter or digit";
  shape.doc =
      "A name: letters, digits, '.', '_' and '-', at most 63, beginning with a letter or digit.";
  return PatternType(std::move(shape));
}

Type<std::string> ServiceNameType() {
  Shape shape = ScalarShape("ServiceName", "a service's name", "bad_name",
                            "[A-Za-z0-9][A-Za-z0-9._/-]{0,62}");
  shape.hint =
      "letters, digits, '.', '_', '-' and '/', at most 63, beginning with a letter or digit";
  shape.doc = "A service's name: as other names, and may have slashes.";
  return PatternType(std::move(shape));
}

Type<std::string> LabelNameType() {
  Shape shape = ScalarShape("LabelName", "a label's name", "bad_name", "[a-zA-Z_][a-zA-Z0-9_]*");
  shape.hint = "letters, digits and '_', not beginning with a digit";
  return PatternType(std::move(shape));
}

Type<std::string> LineType() {
  Shape shape = ScalarShape("Line", "a text of one line", "bad_text", "");
  shape.hint = absl::StrCat("1 to ", kLineBytes, " bytes that can all be seen");
  return Scalar<std::string>(std::move(shape),
                             [](absl::string_view text, std::string& out, BadValue& why) {
                               if (text.empty()) why.message = "this text is empty";
                               if (Printable(text) != text)
                                 why.message = "this text holds a character that cannot be seen";
                               if (text.size() > kLineBytes) why.message = "this text is too long";
                               out = std::string(text);
                               return why.message.empty();
                             });
}

Type<std::string> TicketPrefixType() {
  Shape shape = ScalarShape("", "a ticket's prefix such as CVE-", "bad_text",
                            "[A-Za-z0-9][A-Za-z0-9._#/-]{0,31}");
  shape.hint = "letters, digits, '.', '_', '#', '/' and '-', at most 32";
  return PatternType(std::move(shape));
}

Type<bool> BoolType() {
  Shape shape = ScalarShape("", "true or false", "bad_truth", "");
  shape.form = ScalarForm::kBool;
  shape.hint = "write true or false";
  return Scalar<bool>(std::move(shape), [](absl::string_view text, bool& out, BadValue&) {
    out = text == "true";
    return out || text == "false";
  });
}

Type<int> WholeNumberType(int least, int most) {
  Shape shape =
      ScalarShape("", absl::StrCat("a whole number from ", least, " to ", most), "bad_number", "");
  shape.form = ScalarForm::kInteger;
  return Scalar<int>(std::move(shape), [least, most](absl::string_view text, int& out, BadValue&) {
    int number = 0;
    if (!Matches("0|[1-9][0-9]*", text) || !absl::SimpleAtoi(text, &number)) return false;
    out = number;
    return number >= least && number <= most;
  });
}

Type<Rational> NumberType() {
  Shape shape = ScalarShape("", "a number such as 1 or 14.4", "bad_number", "");
  shape.form = ScalarForm::kNumber;
  return Scalar<Rational>(std::move(shape),
                          [](absl::string_view text, Rational& out, BadValue& why) {
                            const std::optional<Rational> number = Number(text);
                            if (!number && absl::EndsWith(text, "%"))
                              why.hint = "a number, not a percentage, is wanted here";
                            if (number) out = *number;
                            return number.has_value();
                          });
}

Type<Rational> PositiveNumberType() {
  Shape shape = ScalarShape("", "a number above 0", "bad_number", "");
  shape.form = ScalarForm::kNumber;
  return Scalar<Rational>(std::move(shape), [](absl::string_view text, Rational& out, BadValue&) {
    const std::optional<Rational> number = Number(text);
    if (number) out = *number;
    return number && number->sign() > 0;
  });
}

Type<Rational> SampleNumberType() {
  // Of at most 15 digits, no two decimals have the same float64.
  constexpr int kDigits = 15;
  Shape shape = ScalarShape("", "a number such as 0.5 or -20", "bad_number", "");
  shape.form = ScalarForm::kNumber;
  return Scalar<Rational>(
      std::move(shape), [](absl::string_view text, Rational& out, BadValue& why) {
        const std::optional<Rational> number = Number(text);
        if (!number) return false;
        out = *number;
        if (Rational::FromDecimal(number->Significant(kDigits, Rounding::kDown)) == number)
          return true;
        why.message = absl::StrCat("'", text, "' has more digits than a server can tell apart");
        why.hint = absl::StrCat("write at most ", kDigits, " digits");
        return false;
      });
}

Type<Rational> PercentageType() {
  Shape shape = ScalarShape("Percentage", "a percentage such as 99.9%", "bad_percentage",
                            absl::StrCat("-?", kDecimalPattern, "%"));
  shape.hint = "write it with a percent sign and no blank";
  shape.doc = "A decimal with a percent sign and no blank: 99.9%.";
  return Scalar<Rational>(std::move(shape), [](absl::string_view text, Rational& out, BadValue&) {
    const std::optional<Rational> ratio = Percentage(text);
    if (ratio) out = *ratio;
    return ratio.has_value();
  });
}

Type<Rational> ObjectiveType() {
  Shape shape = ScalarShape("Objective", "an objective such as 99.9%", "bad_objective",
                            R"([0-9]{1,2}(?:\.[0-9]+)?%)");
  shape.hint = "write it with a percent sign and no blank, above 0% and below 100%";
  shape.doc = "The target share of good events, above 0% and below 100%: 99.9%.";
  return Scalar<Rational>(
      std::move(shape), [](absl::string_view text, Rational& out, BadValue& why) {
        const std::optional<Rational> ratio = Percentage(text);
        if (!ratio) return false;
        if (*ratio == Rational(1)) {
          why.message = "an objective of 100% leaves no error budget";
          why.hint = "choose the share of events that users do not miss, such as 99.9%";
          return false;
        }
        out = *ratio;
        return ratio->sign() > 0 && *ratio < Rational(1);
      });
}

Type<Rational> CoverageType() {
  Shape shape = ScalarShape("Coverage", "a share such as 90%", "bad_percentage",
                            R"((?:[0-9]{1,2}(?:\.[0-9]+)?|100(?:\.0+)?)%)");
  shape.hint = "write it with a percent sign and no blank, above 0% and at most 100%";
  shape.doc = "A share of time, above 0% and at most 100%: 90%.";
  return Scalar<Rational>(std::move(shape), [](absl::string_view text, Rational& out, BadValue&) {
    const std::optional<Rational> ratio = Percentage(text);
    if (ratio) out = *ratio;
    return ratio && ratio->sign() > 0 && *ratio <= Rational(1);
  });
}

Type<Rational> ConfidenceType() {
  Shape shape = ScalarShape("Confidence", "a confidence such as 95%", "bad_percentage",
                            R"([5-9][0-9](?:\.[0-9]+)?%)");
  shape.hint = "write it with a percent sign and no blank, at least 50% and below 100%";
  shape.doc = "How often a statement of chance must hold, at least 50% and below 100%: 95%.";
  return Scalar<Rational>(std::move(shape), [](absl::string_view text, Rational& out, BadValue&) {
    const std::optional<Rational> ratio = Percentage(text);
    if (ratio) out = *ratio;
    return ratio && *ratio >= *Quotient(1, 2) && *ratio < Rational(1);
  });
}

Type<absl::Duration> DurationType() {
  Shape shape =
      ScalarShape("Duration", "a duration such as 5m or 1h30m", "bad_duration", kDurationPattern);
  shape.hint =
      "whole numbers with units in falling order (d, h, m, s), or weeks (4w); at most 732d";
  shape.doc = "Whole numbers with units in falling order, or weeks alone: 1d12h, 90m, 4w.";
  return Scalar<absl::Duration>(std::move(shape),
                                [](absl::string_view text, absl::Duration& out, BadValue& why) {
                                  return ReadDuration(text, absl::Seconds(1), out, why);
                                });
}

Type<absl::Duration> RollingWindowType() {
  Shape shape =
      ScalarShape("RollingWindow", "a window such as 30d", "bad_window", kDurationPattern);
  shape.hint =
      "such as 30d or 4w, at least 1m, at most 732d; or {calendar: month, time_zone: "
      "Europe/Berlin}";
  shape.doc = "A rolling window of at least a minute: 30d, 4w.";
  return Scalar<absl::Duration>(std::move(shape),
                                [](absl::string_view text, absl::Duration& out, BadValue& why) {
                                  return ReadDuration(text, absl::Minutes(1), out, why);
                                });
}

Type<absl::Duration> DurationWithinType(absl::Duration least, absl::Duration most) {
  Shape shape = ScalarShape(
      "", absl::StrCat("a duration from ", PrintDuration(least), " to ", PrintDuration(most)),
      "bad_duration", kDurationPattern);
  shape.hint = "whole numbers with units in falling order (d, h, m, s), or weeks (1w)";
  return Scalar<absl::Duration>(
      std::move(shape), [least, most](absl::string_view text, absl::Duration& out, BadValue& why) {
        absl::Duration duration;
        if (!ReadDuration(text, absl::Seconds(1), duration, why)) return false;
        out = duration;
        return duration >= least && duration <= most;
      });
}

Type<absl::Duration> LatencyBoundType() {
  Shape shape = ScalarShape("LatencyBound", "a latency such as 300ms", "bad_latency",
                            "(?:[0-9]+h)?(?:[0-9]+m)?(?:[0-9]+s)?(?:[0-9]+ms)?");
  shape.hint = "whole numbers with units in falling order (h, m, s, ms), at least 1ms";
  shape.doc = "How long something may take, at least 1ms: 300ms, 2s, 1s500ms.";
  const std::string pattern = shape.pattern;
  return Scalar<absl::Duration>(
      std::move(shape), [pattern](absl::string_view text, absl::Duration& out, BadValue& why) {
        const std::optional<absl::Duration> duration = ParseDuration(text);
        if (!duration && Matches("[0-9]+", text)) why.hint = "add the unit: ms, s, m or h";
        if (!duration || !Matches(pattern, text)) return false;
        out = *duration;
        return true;
      });
}

Type<std::string> TimeZoneType() {
  Shape shape = ScalarShape("TimeZone", "a time zone such as Europe/Berlin", "bad_time_zone",
                            kTimeZonePattern);
  shape.hint = "an IANA name such as Europe/Berlin or UTC";
  shape.doc = "The IANA name of a time zone that the machine knows: Europe/Berlin, UTC.";
  const std::string pattern = shape.pattern;
  return Scalar<std::string>(
      std::move(shape), [pattern](absl::string_view text, std::string& out, BadValue& why) {
        out = std::string(text);
        if (!Matches(pattern, text)) return false;
        if (KnowsTimeZone(text)) return true;
        why.id = "unknown_time_zone";
        why.message = absl::StrCat("this machine knows no time zone '", text, "'");
        why.hint =
            "an IANA name such as Europe/Berlin; where that is right, install the machine's time "
            "zones (package tzdata)";
        return false;
      });
}

Type<absl::Duration> SliceType() {
  Shape shape =
      ScalarShape("Slice", "a slice of time such as 5m", "bad_duration", kDurationPattern);
  shape.hint = "from 10s to 1d; several times as long as the data is scraped";
  shape.doc = "How long a slice of time is, from 10s to 1d: 5m.";
  return Scalar<absl::Duration>(std::move(shape),
                                [](absl::string_view text, absl::Duration& out, BadValue& why) {
                                  absl::Duration slice;
                                  if (!ReadDuration(text, absl::Seconds(10), slice, why))
                                    return false;
                                  out = slice;
                                  return slice <= absl::Hours(24);
                                });
}

Type<std::string> SourceUrlType() {
  Shape shape = ScalarShape("SourceUrl", "a URL such as https://prometheus.example:9090", "bad_url",
                            R"(https?://[^\s@?#]+)");
  shape.secret = true;  // where a URL is broken, a password may be anywhere in it
  shape.doc =
      "http or https, with a host, maybe a port and a path; no credentials, query or fragment.";
  return Scalar<std::string>(std::move(shape),
                             [](absl::string_view text, std::string& out, BadValue& why) {
                               out = std::string(text);
                               return CheckUrl(text, UrlUse::kSource, why);
                             });
}

Type<std::string> PageUrlType() {
  Shape shape = ScalarShape("PageUrl", "a URL such as https://wiki.example/release-gate", "bad_url",
                            R"(https?://[^\s@]+)");
  shape.secret = true;
  return Scalar<std::string>(std::move(shape),
                             [](absl::string_view text, std::string& out, BadValue& why) {
                               out = std::string(text);
                               return CheckUrl(text, UrlUse::kPage, why);
                             });
}

Type<Selector> SelectorType() {
  Shape shape = ScalarShape("Selector", "a selector", "bad_selector", "");
  shape.hint = "quote the selector: 'http_requests_total{service=\"checkout\"}'";
  shape.doc =
      "An instant vector selector of PromQL, a counter's name and matchers, in quotes: "
      "'http_requests_total{service=\"checkout\"}'.";
  return Scalar<Selector>(std::move(shape),
                          [](absl::string_view text, Selector& out, BadValue& why) {
                            SelectorMistake mistake;
                            if (ParseSelector(text, out, mistake)) return true;
                            why.message = std::move(mistake.message);
                            why.hint = std::move(mistake.hint);
                            why.offset = mistake.offset;
                            return false;
                          });
}

Type<Promql> PromqlType() {
  Shape shape = ScalarShape("Promql", "PromQL", "bad_promql", "");
  shape.hint = "quote the expression: 'sum(increase(orders_total{$matchers}[$window]))'";
  shape.doc =
      "PromQL that gives one number, in quotes. $window stands for the window, $matchers within "
      "braces for the environment's matchers.";
  return Scalar<Promql>(std::move(shape), [](absl::string_view text, Promql& out, BadValue& why) {
    return ReadPromql(text, {kWindowPlaceholder, kMatchersPlaceholder}, out, why);
  });
}

Type<std::variant<Promql, Selector>> GaugeType() {
  Shape shape = ScalarShape("Gauge", "a selector or PromQL", "bad_promql", "");
  shape.hint = "quote the expression: 'max(queue_length{$matchers})'";
  shape.doc =
      "A gauge's name and matchers, or PromQL that gives one series, in quotes. In PromQL "
      "$matchers stands within braces for the environment's matchers.";
  return Scalar<std::variant<Promql, Selector>>(
      std::move(shape),
      [](absl::string_view text, std::variant<Promql, Selector>& out, BadValue& why) {
        Selector selector;
        SelectorMistake mistake;
        if (ParseSelector(text, selector, mistake)) {
          out = std::move(selector);
          return true;
        }
        return ReadPromql(text, {kMatchersPlaceholder}, out.emplace<Promql>(), why);
      });
}

Type<NoData> NoDataType() {
  Shape shape = ScalarShape("", "skip, bad or good", "bad_word", "");
  shape.hint = "skip: such slices are not counted; bad or good: they are counted so";
  return Words<NoData>(std::move(shape),
                       {{"skip", NoData::kSkip}, {"bad", NoData::kBad}, {"good", NoData::kGood}});
}

Type<Labels> LabelsType(size_t least) {
  return Map("a mapping of labels to values such as {tier: '1'}", LabelNameType(), LineType(),
             least);
}

Type<Enforcement> EnforcementType() {
  Shape shape = ScalarShape("", "enforce or observe", "bad_word", "");
  shape.hint = "enforce, or observe: the verdict stands, and the release goes out all the same";
  return Words<Enforcement>(
      std::move(shape), {{"enforce", Enforcement::kEnforce}, {"observe", Enforcement::kObserve}});
}

Type<Combining> CombiningType() {
  Shape shape = ScalarShape("", "sum or worst", "bad_word", "");
  shape.hint = "sum where each source has events of its own, worst where all have the same";
  return Words<Combining>(std::move(shape),
                          {{"sum", Combining::kSum}, {"worst", Combining::kWorst}});
}

Type<ServerKind> ServerKindType() {
  std::vector<std::pair<std::string, ServerKind>> words;
  for (const ServerKind kind : {ServerKind::kPrometheus, ServerKind::kVictoriaMetrics,
                                ServerKind::kThanos, ServerKind::kMimir}) {
    words.emplace_back(Word(kind), kind);
  }
  Shape shape = ScalarShape("", "prometheus, victoriametrics, thanos or mimir", "bad_word", "");
  shape.hint = "what else speaks Prometheus' API is prometheus; Cortex is mimir";
  return Words<ServerKind>(std::move(shape), words);
}

Type<std::monostate> ConstantType(const std::string& word, std::string expected,
                                  std::string bad_id) {
  return Words<std::monostate>(ScalarShape("", std::move(expected), std::move(bad_id), ""),
                               {{word, {}}});
}

}  // namespace slogate

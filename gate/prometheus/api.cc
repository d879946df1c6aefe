#include "gate/prometheus/api.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <variant>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/string_view.h>

#include "gate/base/limits.h"
#include "gate/prometheus/envelope.h"
#include "gate/text/json.h"

namespace slogate {
namespace {

using Kind = FindingKind;

Finding Because(Kind kind, std::string detail) {
  return {kind, std::nullopt, std::nullopt, std::move(detail)};
}

// The first remark of the server that data was left out. Most remarks since Prometheus 2.48 are
// about style.
std::optional<std::string> LeftOut(const json::Value& envelope) {
  if (envelope["isPartial"].boolean()) return "isPartial is true";
  for (const char* member : {"warnings", "infos"}) {
    for (const json::Value& remark : envelope[member].array()) {
      const bool style =
          member == absl::string_view("infos") || absl::StartsWith(remark.text(), "PromQL info:");
      if (!style || absl::StrContains(remark.text(), "ignored histogram")) return remark.text();
    }
  }
  return std::nullopt;
}

// Whether the remarks are of the types they should be.
bool RemarksAreWell(const json::Value& envelope) {
  const json::Value& partial = envelope["isPartial"];
  if (!partial.is_null() && !partial.is_bool()) return false;
  for (const char* member : {"warnings", "infos"}) {
    const json::Value& remarks = envelope[member];
    if (!remarks.is_null() && !remarks.is_array()) return false;
    for (const json::Value& remark : remarks.array()) {
      if (!remark.is_string()) return false;
    }
  }
  return true;
}

std::optional<Finding> FromRemarks(const json::Value& envelope, const Credentials& credentials) {
  if (!RemarksAreWell(envelope)) {
    return Because(Kind::kMalformedAnswer, "the warnings are not a list of texts");
  }
  std::optional<std::string> remark = LeftOut(envelope);
  if (!remark) return std::nullopt;
  return Because(Kind::kPartialAnswer,
                 absl::StrCat("the server warned: ", Quoted(*std::move(remark), credentials)));
}

// [seconds, "value"]: what every number looks like.
class Sample {
 public:
  Sample(const json::Value& sample, const Credentials& credentials)
      : sample_(sample), credentials_(credentials) {}

  Heard Read(std::optional<absl::Time> at) const {
    const json::Array& pair = sample_.array();
    if (pair.size() != 2 || !pair[0].is_number() || !pair[1].is_string()) {
      return Malformed("the value is not a pair of a time and a text");
    }
    const std::optional<Rational> time = Rational::FromDecimal(pair[0].text());
    if (!time) return Malformed(absl::StrCat("the time is ", Quote(pair[0].text())));
    if (at) {
      const Rational asked = Rational(absl::ToUnixMillis(*at)) * *Rational::FromDecimal("0.001");
      if (*time != asked) {
        return Malformed(absl::StrCat("the answer is for the time ", Quote(pair[0].text()),
                                      ", not for ", asked.ExactDecimal().value_or("")));
      }
    }
    return Number(pair[1].text(), at.has_value());
  }

 private:
  Heard Number(const std::string& text, bool at) const {
    for (const char* word : {"NaN", "+Inf", "-Inf", "Inf"}) {
      if (text == word) return {{}, Because(Kind::kNotFinite, absl::StrCat("the value is ", text))};
    }
    double value = 0;
    // from_chars alone would also take "inf", "nan(1)" and leave a rest.
    const bool decimal = Rational::FromDecimal(text).has_value();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (!decimal || error != std::errc() || end != text.data() + text.size()) {
      return Malformed(absl::StrCat("the value is no number: '", Quote(text), "'"));
    }
    if (at && value < 0) {  // counts and ages have no less than nothing
      return Malformed(absl::StrCat("the value is negative: ", text));
    }
    return {Rational::FromDouble(value), std::nullopt};
  }

  Heard Malformed(std::string detail) const {
    return {{}, Because(Kind::kMalformedAnswer, std::move(detail))};
  }
  std::string Quote(const std::string& text) const { return Quoted(text, credentials_); }

  const json::Value& sample_;
  const Credentials& credentials_;
};

// The value of a series that is one number.
Heard ReadSample(const json::Value& series, std::optional<absl::Time> at,
                 const Credentials& credentials) {
  if (!series["histogram"].is_null()) {
    return {{}, Because(Kind::kMalformedAnswer, "a histogram came where a number was asked for")};
  }
  return Sample(series["value"], credentials).Read(at);
}

// Whether a series that is one number may have labels.
enum class Labelled : uint8_t { kNo, kYes };

Heard ReadResult(const json::Value& data, std::optional<absl::Time> at, Labelled labelled,
                 const Credentials& credentials) {
  const auto malformed = [&](std::string detail) -> Heard {
    return {{}, Because(Kind::kMalformedAnswer, std::move(detail))};
  };
  const std::string& type = data["resultType"].text();
  const json::Value& result = data["result"];
  const bool scalar = type == "scalar" && (!at || labelled == Labelled::kYes);
  if (scalar) return Sample(result, credentials).Read(at);
  if (type != "vector" || !result.is_array()) {
    return malformed(
        type.empty() || type == "vector"
            ? "there is no result"
            : absl::StrCat("the result is a ", Quoted(type, credentials), ", not one number"));
  }
  if (result.array().empty()) return {};
  if (result.array().size() > 1) {
    return {{},
            Because(Kind::kManySeries,
                    absl::StrCat(result.array().size(), " series came where one was asked for"))};
  }
  const json::Value& series = result.array()[0];
  const json::Value& labels = series["metric"];
  if (!labels.is_object()) return malformed("the result has no labels, not even an empty set");
  if (labelled == Labelled::kNo && !labels.object().empty()) {
    return malformed(
        absl::StrCat("a sum came with labels: ", Quoted(json::Dump(labels), credentials)));
  }
  return ReadSample(series, at, credentials);
}

// The values of the labels `by` that a part of an answer bears, or what is wrong with its labels.
std::variant<std::vector<std::string>, std::string> LabelsOf(const json::Value& labels,
                                                             const std::vector<std::string>& by) {
  if (!labels.is_object()) return "a part has no labels, not even an empty set";
  std::vector<std::string> values;
  size_t known = 0;
  for (const std::string& label : by) {
    const json::Value& value = labels[label];
    if (!value.is_null()) ++known;
    if (!value.is_null() && !value.is_string()) return "a label is no text";
    if (value.text().size() > limits::kLabelBytes) return "a label is too long";
    values.push_back(value.text());
  }
  if (known < labels.object().size()) {
    return absl::StrCat("a sum by ", absl::StrJoin(by, ", "), " came with other labels");
  }
  return values;
}

// Seconds that are a time between 1970 and 9999.
bool IsClock(const Rational& seconds) {
  return seconds.sign() >= 0 && seconds < Rational(253402300800);
}

Heard ReadVector(const HttpExchange& exchange, std::optional<absl::Time> at, Labelled labelled,
                 const Credentials& credentials) {
  auto read = ReadEnvelope(exchange, credentials);
  if (auto* finding = std::get_if<Finding>(&read)) return {{}, std::move(*finding)};
  const json::Value& envelope = std::get<json::Value>(read);
  if (std::optional<Finding> remark = FromRemarks(envelope, credentials)) return {{}, remark};
  return ReadResult(envelope["data"], at, labelled, credentials);
}

}  // namespace

Heard ReadNumber(const HttpExchange& exchange, std::optional<absl::Time> at,
                 const Credentials& credentials) {
  Heard heard = ReadVector(exchange, at, Labelled::kNo, credentials);
  if (!at && !heard.finding && !(heard.value && IsClock(*heard.value))) {
    return {{}, Because(Kind::kMalformedAnswer, "the server's time is none between 1970 and 9999")};
  }
  return heard;
}

Heard ReadOneSeries(const HttpExchange& exchange, absl::Time at, const Credentials& credentials) {
  return ReadVector(exchange, at, Labelled::kYes, credentials);
}

std::variant<std::vector<Part>, Finding> ReadParts(const HttpExchange& exchange, absl::Time at,
                                                   const std::vector<std::string>& by,
                                                   const Credentials& credentials) {
  auto read = ReadEnvelope(exchange, credentials);
  if (auto* finding = std::get_if<Finding>(&read)) return std::move(*finding);
  const json::Value& envelope = std::get<json::Value>(read);
  if (std::optional<Finding> remark = FromRemarks(envelope, credentials)) return *remark;
  const json::Value& result = envelope["data"]["result"];
  if (envelope["data"]["resultType"].text() != "vector" || !result.is_array()) {
    return Because(Kind::kMalformedAnswer, "the result is not a list of series");
  }
  if (result.array().size() > limits::kParts) {
    return Because(Kind::kTooLarge,
                   absl::StrCat("the answer has ", result.array().size(), " series, more than the ",
                                limits::kParts, " that slogate puts together"));
  }
  std::vector<Part> parts;
  std::set<std::vector<std::string>> seen;
  for (const json::Value& series : result.array()) {
    auto labels = LabelsOf(series["metric"], by);
    if (const auto* wrong = std::get_if<std::string>(&labels)) {
      return Because(Kind::kMalformedAnswer,
                     absl::StrCat(*wrong, ": ", Quoted(json::Dump(series), credentials)));
    }
    parts.push_back({std::move(std::get<std::vector<std::string>>(labels)),
                     ReadSample(series, at, credentials)});
    if (!seen.insert(parts.back().labels).second) {
      return Because(Kind::kManySeries,
                     absl::StrCat("two series came with the same labels: ",
                                  Quoted(json::Dump(series["metric"]), credentials)));
    }
  }
  return parts;
}

Heard ReadBounds(const HttpExchange& exchange, const Credentials& credentials) {
  auto read = ReadEnvelope(exchange, credentials);
  if (auto* finding = std::get_if<Finding>(&read)) return {{}, std::move(*finding)};
  const json::Value& envelope = std::get<json::Value>(read);
  if (std::optional<Finding> remark = FromRemarks(envelope, credentials)) return {{}, remark};
  const json::Value& result = envelope["data"]["result"];
  if (envelope["data"]["resultType"].text() != "vector" || !result.is_array()) {
    return {{}, Because(Kind::kMalformedAnswer, "the bounds are not a list of series")};
  }
  std::map<Rational, std::string> bounds;  // of two spellings of one number, the first
  for (const json::Value& series : result.array()) {
    const std::string& spelling = series["metric"]["le"].text();
    if (const auto number = Rational::FromDecimal(spelling)) bounds.emplace(*number, spelling);
  }
  if (bounds.empty()) return {};
  const std::string list = absl::StrJoin(
      bounds, ", ", [](std::string* out, const auto& bound) { out->append(bound.second); });
  return {{}, Because(Kind::kNoBucket, Quoted(list, credentials))};
}

Heard ReadSeries(const HttpExchange& exchange, const Credentials& credentials) {
  auto read = ReadEnvelope(exchange, credentials);
  if (auto* finding = std::get_if<Finding>(&read)) return {{}, std::move(*finding)};
  const json::Value& data = std::get<json::Value>(read)["data"];
  const json::Array& series = data.array();
  const bool well =
      data.is_array() && std::all_of(series.begin(), series.end(),
                                     [](const auto& labels) { return labels.is_object(); });
  if (!well)
    return {{}, Because(Kind::kMalformedAnswer, "the series are not a list of label sets")};
  if (series.empty()) return {};
  return {Rational(1), std::nullopt};
}

}  // namespace slogate

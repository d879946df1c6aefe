#include "gate/prometheus/envelope.h"

#include <algorithm>
#include <initializer_list>
#include <optional>
#include <utility>

#include <absl/status/statusor.h>
#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/string_view.h>

#include "gate/base/limits.h"
#include "gate/text/diagnostic.h"

namespace slogate {
namespace {

using Kind = FindingKind;

Finding Because(Kind kind, std::string detail) {
  return {kind, std::nullopt, std::nullopt, std::move(detail)};
}

bool SaysAny(absl::string_view text, std::initializer_list<absl::string_view> words) {
  const std::string lower = absl::AsciiStrToLower(text);
  return std::any_of(words.begin(), words.end(),
                     [&](absl::string_view word) { return absl::StrContains(lower, word); });
}

// The reason that an error gives, without the query that VictoriaMetrics repeats before it (`error
// when executing query="…" for (time=…): why`): its words are not the server's.
absl::string_view Reason(absl::string_view error) {
  if (!absl::StartsWith(error, "error when executing query=")) return error;
  const size_t after_query = error.find("\" for (time=");
  return after_query == absl::string_view::npos ? error : error.substr(after_query);
}

std::string TextOr(const json::Value& value, absl::string_view otherwise) {
  return std::string(value.is_string() ? absl::string_view(value.text()) : otherwise);
}

bool IsJson(absl::string_view content_type) {
  const absl::string_view type = content_type.substr(0, content_type.find(';'));
  return absl::EqualsIgnoreCase(absl::StripAsciiWhitespace(type), "application/json");
}

// An exchange that was answered: its status, its content type, and its body as far as it is an
// envelope of the API, {"status": …}.
class Answered {
 public:
  Answered(const HttpExchange& exchange, const Credentials& credentials)
      : exchange_(exchange),
        credentials_(credentials),
        http_(absl::StrCat("HTTP ", exchange.status)) {
    absl::StatusOr<json::Value> parsed = json::Parse(exchange.body);
    if (!parsed.ok()) {
      parse_error_ = std::string(parsed.status().message());
    } else if (parsed->is_object()) {
      envelope_ = *std::move(parsed);
    }
  }

  // The envelope of a success, or what came instead.
  std::variant<json::Value, Finding> Envelope() {
    if (exchange_.status != 200) return Because(KindOfStatus(), Told());
    if (std::optional<std::string> wrong = WrongWithSuccess()) {
      return Because(Kind::kMalformedAnswer, absl::StrCat(http_, *wrong));
    }
    return std::move(envelope_);
  }

 private:
  std::string Words() const {
    if (Status() == "error") {
      return absl::StrCat(Quoted(TextOr(envelope_["errorType"], "no type"), credentials_), ": ",
                          Quoted(TextOr(envelope_["error"], "no message"), credentials_));
    }
    const std::string words = Quoted(exchange_.body, credentials_);
    return words.empty() ? "an empty body" : words;
  }

  absl::string_view Status() const {
    const json::Value& status = envelope_["status"];
    return status.is_string() ? absl::string_view(status.text()) : "";
  }

  // What a server says that has no such path; VictoriaMetrics says so with 400.
  bool HasNoSuchPath() const {
    if (exchange_.status == 400 && envelope_.is_null()) {
      return SaysAny(exchange_.body, {"unsupported path requested", "missing -http.pathprefix"});
    }
    return exchange_.status == 404 || exchange_.status == 405;
  }

  bool Redirected() const { return exchange_.status >= 300 && exchange_.status < 400; }

  // Not by the status alone: servers also say 422 when the time was up, or when they were asked for
  // too much.
  Kind KindOfStatus() const {
    const int status = exchange_.status;
    if (Status() == "success") return Kind::kMalformedAnswer;
    if (status == 401 || status == 403) return Kind::kUnauthorized;
    if ((status == 400 || status == 422) && Status() == "error") {
      if (status == 400) return Kind::kRejectedQuery;
      const std::string text = TextOr(envelope_["error"], "");
      const absl::string_view error = Reason(text);
      if (SaysAny(error, {"deadline", "timed out", "timeout"})) return Kind::kTimedOut;
      if (SaysAny(error, {"too many samples", "too many points", "exceed", "limit",
                          "cannot select more than", "cannot process more than"})) {
        return Kind::kTooLarge;
      }
      // Stores of Thanos and Mimir that are away, where an answer without them was not wanted.
      if (SaysAny(error, {"no storeapis matched", "code = unavailable", "code = aborted",
                          "failed to fetch some blocks", "consistency check failed"})) {
        return Kind::kPartialAnswer;
      }
      return Kind::kRejectedQuery;
    }
    if (status == 408 || status == 499 || status == 504) return Kind::kTimedOut;
    if (status == 503 && TextOr(envelope_["errorType"], "") == "timeout") return Kind::kTimedOut;
    if (HasNoSuchPath() || status == 429 || (status >= 500 && status < 600)) {
      return Kind::kUnreachable;
    }
    return Kind::kMalformedAnswer;
  }

  // What a status other than 200 means for the reader.
  std::string Told() const {
    if (Status() == "success") return absl::StrCat(http_, " with a body that says success");
    if (Redirected()) {
      const std::string to = exchange_.location.empty()
                                 ? "nowhere"
                                 : Quoted(MaskSecrets(exchange_.location), credentials_);
      return absl::StrCat(http_, ": redirected to ", to,
                          "; slogate follows no redirects: put the final URL into the policy");
    }
    if (HasNoSuchPath()) {
      return absl::StrCat(
          http_, ": no Prometheus API under this URL, perhaps its path lacks a prefix: ", Words());
    }
    return absl::StrCat(http_, ": ", Words(),
                        exchange_.given_up.empty() ? "" : absl::StrCat("; ", exchange_.given_up));
  }

  // What is wrong with an answer of status 200, after "HTTP 200"; nullopt where it is a success.
  std::optional<std::string> WrongWithSuccess() const {
    if (!IsJson(exchange_.content_type)) {
      const std::string type =
          exchange_.content_type.empty()
              ? "no content type"
              : absl::StrCat("content type ", Quoted(exchange_.content_type, credentials_));
      return absl::StrCat(" with ", type, " instead of application/json: ", Words());
    }
    if (!parse_error_.empty()) {
      return absl::StrCat(" with a broken body (", Quoted(parse_error_, credentials_),
                          "): ", Words());
    }
    if (Status() == "error") return absl::StrCat(" with a body that says error: ", Words());
    if (Status() != "success") return absl::StrCat(" without a status of success: ", Words());
    for (const char* member : {"error", "errorType"}) {
      const json::Value& value = envelope_[member];
      if (!value.is_null() && value != json::Value("")) {
        return absl::StrCat(" with a body that says both success and error: ", Words());
      }
    }
    return std::nullopt;
  }

  const HttpExchange& exchange_;
  const Credentials& credentials_;
  std::string http_;
  json::Value envelope_;     // null where the body is no JSON object
  std::string parse_error_;  // empty where the body is JSON
};

}  // namespace

std::variant<json::Value, Finding> ReadEnvelope(const HttpExchange& exchange,
                                                const Credentials& credentials) {
  const std::string failure = Quoted(exchange.failure, credentials);
  switch (exchange.end) {
    case HttpEnd::kAnswered:
      return Answered(exchange, credentials).Envelope();
    case HttpEnd::kTimedOut:
      return Because(Kind::kTimedOut,
                     failure.empty() ? "no complete answer before the deadline" : failure);
    case HttpEnd::kTooLarge:
      return Because(Kind::kTooLarge,
                     failure.empty() ? "the answer is larger than slogate reads" : failure);
    case HttpEnd::kFailed:
      break;
  }
  return Because(Kind::kUnreachable, failure.empty() ? "no answer" : failure);
}

std::string Quoted(std::string words, const Credentials& credentials) {
  std::string masked = MaskCredentials(credentials, std::move(words));
  std::replace_if(
      masked.begin(), masked.end(),
      [](char c) { return absl::ascii_isspace(static_cast<unsigned char>(c)); }, ' ');
  absl::RemoveExtraAsciiWhitespace(&masked);
  // Escapes only lengthen: nothing beyond these bytes would be kept, and an answer may be large.
  masked.resize(std::min(masked.size(), 4 * limits::kQuotedBytes));
  return Cut(Printable(masked), limits::kQuotedBytes);
}

}  // namespace slogate

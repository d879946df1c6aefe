#include "gate/prometheus/oauth.h"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include <absl/status/statusor.h>
#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/base/limits.h"
#include "gate/prometheus/envelope.h"
#include "gate/text/json.h"

namespace slogate {
namespace {

HttpRequest RequestFor(const TokenRequest& token, const SourceConfig& source,
                       const Credentials& credentials) {
  HttpRequest request;
  request.url = token.url;
  request.form = token.form;
  request.headers = {{"Accept", "application/json"}};
  request.tls = credentials.tls;
  request.proxy = source.proxy.value;
  return request;
}

// RFC 6750 §2.1 allows less; what goes into a header must hold nothing that ends it.
bool IsToken(const std::string& text) {
  return !text.empty() && text.size() <= limits::kTokenBytes &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return absl::ascii_isgraph(static_cast<unsigned char>(c)); });
}

// The token of a success; "" where there is none that can be used.
std::string TokenIn(const json::Value& answer) {
  const std::string& token = answer["access_token"].text();
  const bool bearer = absl::EqualsIgnoreCase(answer["token_type"].text(), "bearer");
  return bearer && IsToken(token) ? token : "";
}

// What an answer that gives no token says of itself: error and error_description (§5.2), and nothing
// else of it, which may hold a token all the same.
std::string ErrorIn(const json::Value& answer, const Credentials& credentials) {
  std::string words;
  for (const char* member : {"error", "error_description"}) {
    const std::string said = Quoted(answer[member].text(), credentials);
    if (!said.empty()) absl::StrAppend(&words, ": ", said);
  }
  return words;
}

}  // namespace

std::optional<Finding> FetchToken(const SourceConfig& source, Credentials& credentials, Http& http,
                                  absl::Duration time_left) {
  const TokenRequest& token = *credentials.token;
  const auto no_token = [&](FindingKind kind, const std::string& why) {
    return Finding{kind, {}, {}, absl::StrCat("no token from ", token.url, ": ", why)};
  };
  std::vector<HttpExchange> exchanges =
      http.Perform({RequestFor(token, source, credentials)}, 1, time_left, nullptr);
  exchanges.resize(1);
  const HttpExchange& exchange = exchanges.front();
  if (exchange.end == HttpEnd::kTimedOut) {
    return no_token(FindingKind::kTimedOut, Quoted(exchange.failure, credentials));
  }
  if (exchange.end != HttpEnd::kAnswered) {
    return no_token(FindingKind::kUnreachable, Quoted(exchange.failure, credentials));
  }
  const bool small = exchange.body.size() <= limits::kTokenBytes;
  const absl::StatusOr<json::Value> parsed = json::Parse(small ? exchange.body : "");
  const json::Value answer = parsed.ok() && parsed->is_object() ? *parsed : json::Value();
  if (exchange.status != 200) {
    const bool may_pass = exchange.status == 429 || exchange.status >= 500;
    return no_token(may_pass ? FindingKind::kUnreachable : FindingKind::kUnauthorized,
                    absl::StrCat("HTTP ", exchange.status, ErrorIn(answer, credentials)));
  }
  const std::string given = TokenIn(answer);
  if (given.empty()) {
    return no_token(FindingKind::kUnauthorized,
                    "HTTP 200 without a bearer token that can be sent on");
  }
  credentials.headers.emplace_back("Authorization", absl::StrCat("Bearer ", given));
  credentials.secrets.push_back(given);
  return std::nullopt;
}

}  // namespace slogate

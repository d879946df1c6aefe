#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/base/limits.h"
#include "gate/policy/policy_parts.h"
#include "gate/policy/scalar_types.h"
#include "gate/policy/url.h"

namespace slogate {
namespace {

constexpr char kNameASecret[] =
    "write {file: PATH} or {env: NAME}; the secret itself never stands in a policy";

Type<std::string> PathType() {
  Shape shape;
  shape.expected = "a path";
  shape.bad_id = "bad_text";
  shape.secret = true;  // people put the secret itself here
  return Scalar<std::string>(std::move(shape),
                             [](absl::string_view text, std::string& out, BadValue& why) {
                               if (text.empty() || Printable(text) != text)
                                 why.message = "this path is empty or holds a control character";
                               out = std::string(text);
                               return why.message.empty();
                             });
}

Type<std::string> VariableType() {
  Shape shape;
  shape.expected = "the name of an environment variable";
  shape.bad_id = "bad_name";
  shape.pattern = "[A-Za-z_][A-Za-z0-9_]*";
  shape.hint = "letters, digits and '_', not beginning with a digit, without '$'";
  shape.secret = true;
  return PatternType(std::move(shape));
}

Type<Secret> SecretType() {
  const auto set = [](Secret::Kind kind) {
    return [kind](std::string name, const Node&, Secret& out) {
      out.kind = kind;
      out.name = std::move(name);
    };
  };
  return Struct<Secret>("Secret", "a secret", "Where a secret is kept; never the secret itself.")
      .Place(&Secret::at)
      .Hidden()
      .Choice<std::string>("file", PathType(), set(Secret::Kind::kFile),
                           "A file that holds the secret; one newline at its end is left off.")
      .Choice<std::string>("env", VariableType(), set(Secret::Kind::kEnvironment),
                           "An environment variable that holds the secret.")
      .Otherwise("literal_secret", "a secret must be named here, not written out", kNameASecret);
}

Type<BasicAuth> BasicType() {
  return Struct<BasicAuth>("Basic", "basic authentication", "A user name and a password.")
      .Hidden()
      .Required("username", &BasicAuth::username, LineType(), "The user's name.")
      .Required("password", &BasicAuth::password, SecretType(), "The user's password.");
}

// A word of some other system: what it may hold, that system says.
Type<std::string> PlainWordType(const char* expected) {
  Shape shape;
  shape.expected = expected;
  shape.bad_id = "bad_text";
  shape.pattern = "[!-~]+";
  shape.hint = "printable ASCII without blanks";
  return PatternType(std::move(shape));
}

Type<std::string> AwsWordType(const char* expected) {
  Shape shape;
  shape.expected = expected;
  shape.bad_id = "bad_name";
  shape.pattern = "[a-z0-9-]+";
  shape.hint = "lower-case letters, digits and '-'";
  return PatternType(std::move(shape));
}

Type<SigV4Auth> SigV4Type() {
  return Struct<SigV4Auth>("SigV4", "signing for AWS",
                           "Requests signed with AWS Signature Version 4. The keys are those named "
                           "here: no profile, no metadata service of the machine.")
      .Hidden()
      .Required("region", &SigV4Auth::region, AwsWordType("a region such as eu-central-1"),
                "The region of the workspace.")
      .Optional("service", &SigV4Auth::service, AwsWordType("a service's name such as aps"),
                "The service that is signed for.", "aps")
      .Required("access_key_id", &SigV4Auth::access_key_id, SecretType(), "Which key signs.")
      .Required("secret_access_key", &SigV4Auth::secret_access_key, SecretType(), "That key.")
      .Optional("session_token", &SigV4Auth::session_token, SecretType(),
                "Comes with keys that expire.");
}

Type<OAuth2Auth> OAuth2Type() {
  return Struct<OAuth2Auth>("OAuth2", "OAuth 2.0 client credentials",
                            "A token that slogate asks for before it measures, once, and sends as "
                            "Authorization: Bearer.")
      .Hidden()
      .Required("token_url", &OAuth2Auth::token_url,
                WithPlace<Placed<std::string>>(SourceUrlType()),
                "Who gives the token; asked by the same tls and proxy as the source.")
      .Required("client_id", &OAuth2Auth::client_id, LineType(), "Who asks for it.")
      .Required("client_secret", &OAuth2Auth::client_secret, SecretType(), "Proves it.")
      .Optional("scopes", &OAuth2Auth::scopes,
                List("a list of scopes", PlainWordType("a scope"), 1),
                "What the token shall be good for.")
      .Optional("audience", &OAuth2Auth::audience, LineType(),
                "Whom the token is for, where the giver wants to know.");
}

Type<Auth> AuthType() {
  return Struct<Auth>("Auth", "authentication",
                      "How slogate shows a source who it is. Left out: not at all.")
      .Hidden()
      .Choice<Secret>(
          "bearer_token", SecretType(),
          [](Secret token, const Node&, Auth& out) { out = BearerToken{std::move(token)}; },
          "Sent as Authorization: Bearer.")
      .Choice<BasicAuth>(
          "basic", BasicType(),
          [](BasicAuth basic, const Node&, Auth& out) { out = std::move(basic); },
          "Sent as Authorization: Basic.")
      .Choice<SigV4Auth>(
          "sigv4", SigV4Type(),
          [](SigV4Auth keys, const Node&, Auth& out) { out = std::move(keys); },
          "Every request is signed, as Amazon Managed Service for Prometheus wants it.")
      .Choice<OAuth2Auth>(
          "oauth2", OAuth2Type(),
          [](OAuth2Auth client, const Node&, Auth& out) { out = std::move(client); },
          "A token by OAuth 2.0, client credentials.");
}

Type<std::string> HeaderTextType() {
  Shape shape;
  shape.expected = "a header's value";
  shape.bad_id = "bad_text";
  shape.secret = true;  // nobody knows what it is
  return Scalar<std::string>(
      std::move(shape), [](absl::string_view text, std::string& out, BadValue& why) {
        if (text.empty() || Printable(text) != text) {
          why.message = "a header's value must not be empty or hold control characters";
        }
        out = std::string(text);
        return why.message.empty();
      });
}

Type<std::string> HeaderNameType() {
  Shape shape;
  shape.expected = "a header's name";
  shape.bad_id = "bad_name";
  shape.pattern = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  shape.hint = "letters, digits and '-', such as X-Scope-OrgID";
  return PatternType(std::move(shape));
}

bool IsReserved(absl::string_view lower) {
  constexpr std::array<absl::string_view, 7> kReserved = {
      "content-type",      "content-length", "host",  "accept-encoding",
      "transfer-encoding", "connection",     "expect"};
  return std::find(kReserved.begin(), kReserved.end(), lower) != kReserved.end();
}

bool LooksLikeCredential(absl::string_view lower) {
  constexpr std::array<absl::string_view, 8> kParts = {
      "authorization", "cookie", "token", "api-key", "apikey", "secret", "password", "credential"};
  return std::any_of(kParts.begin(), kParts.end(),
                     [&](absl::string_view part) { return absl::StrContains(lower, part); });
}

using Headers = std::map<std::string, Placed<HeaderValue>>;

void CheckHeaders(const Node& node, Decoder& decoder, const Headers&) {
  std::map<std::string, int> lines;  // header names are the same in any case
  for (const auto& [key, value] : node.map) {
    const std::string lower = absl::AsciiStrToLower(key.scalar);
    if (const auto [first, added] = lines.emplace(lower, key.at.line); !added) {
      decoder.Error(key.at, "duplicate_key",
                    absl::StrCat("header '", key.scalar, "' stands here again; first on line ",
                                 first->second),
                    "keep one of them; case makes no difference");
    }
    if (IsReserved(lower)) {
      decoder.Error(key.at, "reserved_header",
                    absl::StrCat("slogate sets '", key.scalar, "' itself"), "remove it");
    } else if (LooksLikeCredential(lower) && value.kind == Node::Kind::kScalar && !IsNull(value)) {
      decoder.Error(
          key.at, "literal_secret",
          absl::StrCat("'", key.scalar, "' looks like a credential and must not be written out"),
          kNameASecret);
    }
  }
}

Type<Headers> HeadersType() {
  const auto value = Either<HeaderValue>(
      "a text or a secret", {As<HeaderValue>(HeaderTextType()), As<HeaderValue>(SecretType())});
  return Checked<Headers>(Map("a mapping of headers to values", HeaderNameType(),
                              WithPlace<Placed<HeaderValue>>(value)),
                          CheckHeaders);
}

Type<TlsConfig> TlsType() {
  const auto path = WithPlace<Placed<std::string>>(PathType());
  return Struct<TlsConfig>("Tls", "the files for TLS",
                           "Whom to trust and who slogate is, where the source is https. All files "
                           "are in PEM.")
      .Place(&TlsConfig::at)
      .Hidden()
      .Optional("ca_file", &TlsConfig::ca_file, path,
                "Certificates that are trusted in place of the machine's.")
      .Optional("cert_file", &TlsConfig::cert_file, path,
                "The certificate that slogate shows; with key_file.")
      .Optional("key_file", &TlsConfig::key_file, path,
                "Its private key, not encrypted; with cert_file.");
}

Type<Counting> CountingType() {
  Shape shape;
  shape.expected = "auto, promql or samples";
  shape.bad_id = "bad_word";
  shape.hint = "one of auto, promql and samples";
  return Words<Counting>(
      std::move(shape),
      {{"auto", Counting::kAuto}, {"promql", Counting::kPromql}, {"samples", Counting::kSamples}});
}

Type<std::string> ProxyUrlType() {
  Shape shape;
  shape.name = "ProxyUrl";
  shape.expected = "a URL such as http://proxy.example:3128";
  shape.bad_id = "bad_url";
  shape.pattern = R"(https?://[^\s@?#/]+:[0-9]+/?)";
  shape.secret = true;
  shape.doc = "http or https, with a host and a port, and nothing else.";
  return Scalar<std::string>(std::move(shape),
                             [](absl::string_view text, std::string& out, BadValue& why) {
                               out = std::string(text);
                               return CheckUrl(text, UrlUse::kProxy, why);
                             });
}

}  // namespace

Type<SourceConfig> SourceType() {
  return Struct<SourceConfig>("Source", "a source", "One server that speaks Prometheus' HTTP API.")
      .Place(&SourceConfig::at)
      .Required("url", &SourceConfig::url, WithPlace<Placed<std::string>>(SourceUrlType()),
                "Where it is; a path is put before /api/v1.")
      .Optional("kind", &SourceConfig::kind, ServerKindType(),
                "What answers there, where that makes a difference: thanos is asked with "
                "partial_response=false and dedup=true. Left out: prometheus.",
                "prometheus")
      .Optional("auth", &SourceConfig::auth, AuthType(), "How slogate shows who it is.")
      .Optional("headers", &SourceConfig::headers, HeadersType(),
                "Sent with every request, such as X-Scope-OrgID. What looks like a credential must "
                "be a secret.")
      .Optional("tls", &SourceConfig::tls, TlsType(),
                "Whom to trust, and a client certificate. Left out: the machine's certificates.")
      .Optional("proxy", &SourceConfig::proxy, WithPlace<Placed<std::string>>(ProxyUrlType()),
                "The proxy to go through. Left out: none, whatever the environment says.")
      .Optional("concurrency", &SourceConfig::concurrency,
                WholeNumberType(1, limits::kConcurrencyMost),
                "How many requests are under way at once. Left out: 2, or 4 where an answer takes "
                "10 ms to come.")
      .Optional(
          "counting", &SourceConfig::counting, CountingType(),
          "How events are counted. promql: by the server's increase(), which never sees what a "
          "counter held at its first sample. samples: from raw samples by remote read, exactly; "
          "a server that does not stream them is a finding. auto: from samples where the "
          "server streams them and they are not too many, else by PromQL.",
          "promql");
}

}  // namespace slogate

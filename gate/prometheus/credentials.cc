#include "gate/prometheus/credentials.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <variant>

#include <absl/status/status.h>
#include <absl/strings/ascii.h>
#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/string_view.h>
#include <absl/strings/strip.h>

#include "gate/base/limits.h"
#include "gate/text/json.h"

namespace slogate {
namespace {

// A token is a few kB at most; whoever names a log file by mistake should hear it.
constexpr size_t kSecretBytes = size_t{64} << 10;

constexpr char kMask[] = "***";

class Reader {
 public:
  Reader(const SourceConfig& source, const std::string& policy_file, Files& files,
         Environment& environment)
      : source_(source), policy_file_(policy_file), files_(files), environment_(environment) {}

  // The secret, or nullopt with a diagnostic. `purpose` as in "the bearer token".
  std::optional<std::string> Read(const Secret& secret, absl::string_view purpose) {
    const bool file = secret.kind == Secret::Kind::kFile;
    const std::string place = file ? absl::StrCat("the file '", secret.name, "'")
                                   : absl::StrCat("the environment variable '", secret.name, "'");
    const std::string what = absl::StrCat(place, " for ", purpose, " of ", source_.url.value);
    std::optional<std::string> content =
        file ? FromFile(secret, what) : FromEnvironment(secret, what);
    if (!content) return std::nullopt;
    if (content->empty()) {
      return Refuse(secret, "secret_empty", absl::StrCat(what, " is empty"),
                    file ? "write the secret into it" : "set it to the secret");
    }
    const auto is_control = [](char c) {
      return absl::ascii_iscntrl(static_cast<unsigned char>(c));
    };
    if (std::any_of(content->begin(), content->end(), is_control)) {
      return Refuse(secret, "secret_malformed",
                    absl::StrCat(what, " has a control character in it, such as a line break"),
                    "a secret is one line");
    }
    secrets_.push_back(*content);
    return content;
  }

  // The content of a file for TLS, which holds `label` between the dashes of PEM; "" where `path`
  // is, or with a diagnostic. `purpose` as in "the client certificate".
  std::string ReadPem(const Placed<std::string>& path, absl::string_view label,
                      absl::string_view purpose) {
    if (path.value.empty()) return "";
    const std::string what =
        absl::StrCat("the file '", path.value, "' for ", purpose, " of ", source_.url.value);
    const auto refuse = [&](const char* id, std::string message, std::string hint) {
      diagnostics_.push_back({Severity::kError, id, policy_file_, path.at,
                              absl::StrCat(what, message), std::move(hint)});
      return "";
    };
    const absl::StatusOr<std::string> read = files_.Read(path.value, limits::kCertificateBytes);
    if (absl::IsNotFound(read.status())) {
      return refuse("tls_file_missing", " does not exist", "create it, or name the right one");
    }
    if (!read.ok()) {
      return refuse("tls_file_unreadable",
                    absl::StrCat(" cannot be used: ", std::string(read.status().message())),
                    absl::IsPermissionDenied(read.status())
                        ? "let the user that runs slogate read it"
                        : "name a file that holds it in PEM and nothing else");
    }
    // OpenSSL would ask for the passphrase, and there is nobody to answer.
    if (absl::StrContains(*read, "ENCRYPTED")) {
      return refuse("tls_file_encrypted", " is encrypted",
                    "decrypt the key: openssl pkey -in FILE -out PLAIN_FILE");
    }
    if (!absl::StrContains(*read, absl::StrCat(label, "-----"))) {
      return refuse("tls_file_malformed", absl::StrCat(" holds no ", label, " in PEM"),
                    "convert it with openssl, or name the right one");
    }
    return *read;
  }

  std::vector<std::string> TakeSecrets() { return std::move(secrets_); }
  std::vector<Diagnostic> TakeDiagnostics() { return std::move(diagnostics_); }

 private:
  std::optional<std::string> FromFile(const Secret& secret, const std::string& what) {
    absl::StatusOr<std::string> read = files_.Read(secret.name, kSecretBytes);
    if (absl::IsNotFound(read.status())) {
      return Refuse(secret, "secret_missing", absl::StrCat(what, " does not exist"),
                    "create it, or name the one that holds the secret");
    }
    if (!read.ok()) {
      return Refuse(secret, "secret_unreadable",
                    absl::StrCat(what, " cannot be used: ", std::string(read.status().message())),
                    absl::IsPermissionDenied(read.status())
                        ? "let the user that runs slogate read it"
                        : "name a file that holds the secret and nothing else");
    }
    // Editors and `echo` end a file with a newline that nobody means.
    absl::string_view content = *read;
    if (absl::ConsumeSuffix(&content, "\n")) absl::ConsumeSuffix(&content, "\r");
    return std::string(content);
  }

  std::optional<std::string> FromEnvironment(const Secret& secret, const std::string& what) {
    std::optional<std::string> value = environment_.Get(secret.name);
    if (!value) {
      Refuse(secret, "secret_missing", absl::StrCat(what, " is not set"),
             "export it to the step that runs slogate");
    }
    return value;
  }

  std::nullopt_t Refuse(const Secret& secret, std::string id, std::string message,
                        std::string hint) {
    diagnostics_.push_back({Severity::kError, std::move(id), policy_file_, secret.at,
                            std::move(message), std::move(hint)});
    return std::nullopt;
  }

  const SourceConfig& source_;
  const std::string& policy_file_;
  Files& files_;
  Environment& environment_;
  std::vector<std::string> secrets_;
  std::vector<Diagnostic> diagnostics_;
};

std::string PercentEncoded(absl::string_view text, bool upper, absl::string_view blank) {
  std::string out;
  for (const char c : text) {
    if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || absl::StrContains("-._~", c)) {
      out += c;
    } else if (c == ' ') {
      absl::StrAppend(&out, blank);
    } else {
      const std::string hex = absl::BytesToHexString(absl::string_view(&c, 1));
      absl::StrAppend(&out, "%", upper ? absl::AsciiStrToUpper(hex) : hex);
    }
  }
  return out;
}

// As it stands inside a JSON string; Go also escapes what could end an HTML script.
std::string JsonEscaped(absl::string_view text, bool html) {
  const std::string quoted = json::Dump(json::Value(text));
  const std::string escaped = quoted.substr(1, quoted.size() - 2);
  if (!html) return escaped;
  return absl::StrReplaceAll(escaped, {{"<", "\\u003c"}, {">", "\\u003e"}, {"&", "\\u0026"}});
}

// The characters of the base64 of `secret` that do not depend on what stands round it, for each of
// the three ways in which it may lie in groups of three bytes. Short rests would mask innocent
// text.
void AddBase64(absl::string_view secret, std::vector<std::string>& forms) {
  constexpr size_t kLeast = 8;
  for (const size_t before : {size_t{0}, size_t{1}, size_t{2}}) {
    const size_t first = (before * 8 + 5) / 6;  // whole characters before the secret's bits
    const size_t last = (before + secret.size()) * 8 / 6;  // and where its last whole one ends
    if (last < first + kLeast) continue;
    const std::string bytes = absl::StrCat(std::string(before, '\0'), secret);
    forms.push_back(absl::Base64Escape(bytes).substr(first, last - first));
    forms.push_back(absl::WebSafeBase64Escape(bytes).substr(first, last - first));
  }
}

std::vector<std::string> FormsOf(const Credentials& credentials) {
  std::vector<std::string> forms;
  for (const std::string& secret : credentials.secrets) {
    forms.push_back(secret);
    for (const bool flag : {false, true}) {
      forms.push_back(PercentEncoded(secret, flag, "%20"));
      forms.push_back(PercentEncoded(secret, flag, "+"));
      forms.push_back(JsonEscaped(secret, flag));
    }
    forms.push_back(absl::Base64Escape(secret));
    AddBase64(secret, forms);
  }
  if (!credentials.username.empty() || !credentials.password.empty()) {
    forms.push_back(
        absl::Base64Escape(absl::StrCat(credentials.username, ":", credentials.password)));
  }
  return forms;
}

void ReadAuth(std::monostate, Reader&, Credentials&) {}

void ReadAuth(const BearerToken& bearer, Reader& reader, Credentials& credentials) {
  if (const auto token = reader.Read(bearer.token, "the bearer token")) {
    credentials.headers.emplace_back("Authorization", absl::StrCat("Bearer ", *token));
  }
}

void ReadAuth(const BasicAuth& basic, Reader& reader, Credentials& credentials) {
  credentials.username = basic.username;
  credentials.password = reader.Read(basic.password, "the password").value_or("");
}

void ReadAuth(const SigV4Auth& keys, Reader& reader, Credentials& credentials) {
  credentials.aws_sigv4 = absl::StrCat("aws:amz:", keys.region, ":", keys.service);
  credentials.username = reader.Read(keys.access_key_id, "the access key's id").value_or("");
  credentials.password = reader.Read(keys.secret_access_key, "the secret access key").value_or("");
  if (!keys.session_token) return;
  if (const auto token = reader.Read(*keys.session_token, "the session token")) {
    credentials.headers.emplace_back("X-Amz-Security-Token", *token);
  }
}

void ReadAuth(const OAuth2Auth& client, Reader& reader, Credentials& credentials) {
  TokenRequest& token = credentials.token.emplace();
  token.url = client.token_url.value;
  token.form = {
      {"grant_type", "client_credentials"},
      {"client_id", client.client_id},
      {"client_secret", reader.Read(client.client_secret, "the client's secret").value_or("")}};
  if (!client.scopes.empty()) token.form.emplace_back("scope", absl::StrJoin(client.scopes, " "));
  if (!client.audience.empty()) token.form.emplace_back("audience", client.audience);
}

}  // namespace

Parsed<Credentials> ReadCredentials(const SourceConfig& source, const std::string& policy_file,
                                    Files& files, Environment& environment) {
  Reader reader(source, policy_file, files, environment);
  Credentials credentials;
  std::visit([&](const auto& auth) { ReadAuth(auth, reader, credentials); }, source.auth);
  for (const auto& [name, value] : source.headers) {
    if (const auto* plain = std::get_if<std::string>(&value.value)) {
      credentials.headers.emplace_back(name, *plain);
    } else if (const auto secret =
                   reader.Read(std::get<Secret>(value.value), absl::StrCat("the header ", name))) {
      credentials.headers.emplace_back(name, *secret);
    }
  }
  if (source.tls) {
    HttpTls tls;
    tls.ca = reader.ReadPem(source.tls->ca_file, "CERTIFICATE", "the trusted certificates");
    tls.certificate =
        reader.ReadPem(source.tls->cert_file, "CERTIFICATE", "the client certificate");
    tls.key = reader.ReadPem(source.tls->key_file, "PRIVATE KEY", "the client's key");
    credentials.tls = std::make_shared<const HttpTls>(std::move(tls));
  }
  credentials.secrets = reader.TakeSecrets();
  Parsed<Credentials> parsed;
  parsed.diagnostics = reader.TakeDiagnostics();
  if (!HasErrors(parsed.diagnostics)) parsed.value = std::move(credentials);
  return parsed;
}

std::string MaskCredentials(const Credentials& credentials, std::string text) {
  std::vector<std::pair<std::string, std::string>> replacements;
  for (std::string& form : FormsOf(credentials)) {
    if (!form.empty()) replacements.emplace_back(std::move(form), kMask);
  }
  if (replacements.empty()) return text;
  return absl::StrReplaceAll(text, replacements);
}

}  // namespace slogate

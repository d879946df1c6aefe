#include "gate/ledger/postgresql_url.h"

#include <algorithm>
#include <optional>

#include <absl/status/status.h>
#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>

#include "gate/base/limits.h"
#include "gate/text/utf8.h"

namespace slogate {
namespace {

constexpr absl::string_view kScheme = "postgresql://";

absl::Status Wrong(absl::string_view what) {
  return absl::InvalidArgumentError(absl::StrCat("the ledger's URL ", what));
}

int HexDigit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

// Percent signs undone; nullopt where they are none, and for what no name or path may hold.
std::optional<std::string> Decoded(absl::string_view text) {
  std::string decoded;
  for (size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (i + 2 >= text.size()) return std::nullopt;
      const int high = HexDigit(text[i + 1]), low = HexDigit(text[i + 2]);
      if (high < 0 || low < 0) return std::nullopt;
      c = static_cast<char>(high * 16 + low);
      i += 2;
    }
    if (absl::ascii_iscntrl(static_cast<unsigned char>(c))) return std::nullopt;
    decoded += c;
  }
  for (absl::string_view rest = decoded; !rest.empty();) {
    const Utf8Character next = FirstCharacter(rest);
    if (!next.valid) return std::nullopt;
    rest.remove_prefix(next.bytes);
  }
  return decoded;
}

bool IsSocket(const std::string& host) { return absl::StartsWith(host, "/"); }

bool IsThisMachine(const std::string& host) {
  return host == "localhost" || host == "::1" || host == "127.0.0.1";
}

// HOST, HOST:PORT, [ADDRESS] or [ADDRESS]:PORT.
absl::Status ReadServer(absl::string_view text, PostgresqlUrl& url) {
  absl::string_view host = text, port;
  if (absl::ConsumePrefix(&host, "[")) {
    const size_t end = host.find(']');
    if (end == absl::string_view::npos) return Wrong("has a '[' without its ']'");
    port = host.substr(end + 1);
    host = host.substr(0, end);
  } else if (const size_t colon = host.find(':'); colon != absl::string_view::npos) {
    port = host.substr(colon);
    host = host.substr(0, colon);
  }
  int number = 5432;
  if (absl::ConsumePrefix(&port, ":") &&
      (!absl::SimpleAtoi(port, &number) || number < 1 || number > 65535)) {
    return Wrong("has a port that is none");
  }
  const auto is_host_byte = [](char c) {
    return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
           absl::string_view(".-_:").find(c) != absl::string_view::npos;
  };
  const std::optional<std::string> decoded = Decoded(host);
  // A list of hosts would be tried one after the other: one of them might be anybody's.
  if (!decoded ||
      !(IsSocket(*decoded) || std::all_of(decoded->begin(), decoded->end(), is_host_byte))) {
    return Wrong("names no single server between \"//\" and \"/\"");
  }
  url.host = *decoded;
  url.port = absl::StrCat(number);
  return absl::OkStatus();
}

absl::Status ReadOption(absl::string_view text, PostgresqlUrl& url) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits('=', 1));
  const std::string key(parts.first);
  const std::optional<std::string> value = Decoded(parts.second);
  if (key == "password") return Wrong("holds a password: keep it in ~/.pgpass or in PGPASSWORD");
  if (key == "host" && url.host.empty() && value && IsSocket(*value)) {
    url.host = *value;
    return absl::OkStatus();
  }
  constexpr absl::string_view kKnown[] = {"sslmode", "sslrootcert", "sslcert", "sslkey", "sslcrl"};
  if (std::find(std::begin(kKnown), std::end(kKnown), key) == std::end(kKnown)) {
    return Wrong(
        "has an option that is not known here: there are sslmode, sslrootcert, sslcert, sslkey, "
        "sslcrl, and host for the folder of a socket");
  }
  if (!value || value->empty()) return Wrong(absl::StrCat("has no value for ", key));
  if (!url.tls.emplace(key, *value).second) return Wrong(absl::StrCat("has ", key, " twice"));
  return absl::OkStatus();
}

absl::Status SettleTls(PostgresqlUrl& url) {
  if (IsSocket(url.host)) {
    url.tls = {{"sslmode", "disable"}};  // a socket knows no TLS
    return absl::OkStatus();
  }
  const std::string& mode = url.tls.emplace("sslmode", "verify-full").first->second;
  if (mode == "verify-full" || mode == "verify-ca") return absl::OkStatus();
  if (mode == "disable" && IsThisMachine(url.host)) return absl::OkStatus();
  return Wrong(
      "has an sslmode with which somebody else could answer: take verify-full or verify-ca, with "
      "sslrootcert=FILE for the certificates that you trust (disable is for localhost alone)");
}

}  // namespace

absl::StatusOr<PostgresqlUrl> ParsePostgresqlUrl(absl::string_view text) {
  if (!absl::ConsumePrefix(&text, kScheme)) return Wrong("does not begin with postgresql://");
  if (text.find('#') != absl::string_view::npos) return Wrong("has a '#': write %23");
  PostgresqlUrl url;
  const std::pair<absl::string_view, absl::string_view> halves =
      absl::StrSplit(text, absl::MaxSplits('?', 1));
  const std::pair<absl::string_view, absl::string_view> path =
      absl::StrSplit(halves.first, absl::MaxSplits('/', 1));
  absl::string_view server = path.first;
  if (const size_t at = server.rfind('@'); at != absl::string_view::npos) {
    const absl::string_view user = server.substr(0, at);
    if (user.find(':') != absl::string_view::npos) {
      return Wrong("holds a password: keep it in ~/.pgpass or in PGPASSWORD");
    }
    const std::optional<std::string> decoded = Decoded(user);
    if (!decoded || decoded->empty()) return Wrong("has a user that is none");
    url.user = *decoded;
    server.remove_prefix(at + 1);
  }
  if (absl::Status read = ReadServer(server, url); !read.ok()) return read;
  const std::optional<std::string> database = Decoded(path.second);
  if (!database || database->empty() || database->find('/') != std::string::npos) {
    return Wrong("names no database: postgresql://HOST/DATABASE");
  }
  url.database = *database;
  for (absl::string_view option : absl::StrSplit(halves.second, '&', absl::SkipEmpty())) {
    if (absl::Status read = ReadOption(option, url); !read.ok()) return read;
  }
  if (url.host.empty()) {
    return Wrong("names no server: postgresql://HOST/DATABASE, or ?host=/FOLDER of its socket");
  }
  if (absl::Status settled = SettleTls(url); !settled.ok()) return settled;
  return url;
}

std::string Describe(const PostgresqlUrl& url) {
  const bool brackets = url.host.find(':') != std::string::npos;
  if (IsSocket(url.host)) return absl::StrCat(kScheme, "/", url.database, "?host=", url.host);
  return absl::StrCat(kScheme, brackets ? "[" : "", url.host, brackets ? "]" : "", ":", url.port,
                      "/", url.database);
}

std::vector<std::pair<std::string, std::string>> ConnectionParameters(const PostgresqlUrl& url) {
  std::vector<std::pair<std::string, std::string>> parameters = {
      {"host", url.host},
      {"port", url.port},
      {"dbname", url.database},
      {"application_name", "slogate"},
      {"client_encoding", "UTF8"},
      {"connect_timeout", absl::StrCat(limits::kLedgerWaitSeconds)},
      // A connection that goes to nowhere is noticed, not waited for.
      {"keepalives", "1"},
      {"keepalives_idle", "10"},
      {"keepalives_interval", "5"},
      {"keepalives_count", "3"},
      {"tcp_user_timeout", "30000"},
      // What is looked for by a bare name is PostgreSQL's own, whatever the database has.
      {"options",
       absl::StrCat("-c search_path=pg_catalog -c lock_timeout=", limits::kLedgerWaitSeconds,
                    "s -c statement_timeout=", limits::kStatementSeconds,
                    "s -c idle_in_transaction_session_timeout=", limits::kStatementSeconds, "s")},
      // A primary, or our own words for what else it is.
      {"target_session_attrs", "any"},
      {"replication", "false"},
      {"gssencmode", "disable"},  // it would take the place of TLS and what is checked there
      {"ssl_min_protocol_version", "TLSv1.2"},
      {"sslcompression", "0"},
      {"sslsni", "1"},
      {"channel_binding", "prefer"},
  };
  if (!url.user.empty()) parameters.emplace_back("user", url.user);
  parameters.insert(parameters.end(), url.tls.begin(), url.tls.end());
  return parameters;
}

}  // namespace slogate

#include "gate/ledger/postgresql_connection.h"

#include <libpq-fe.h>

#include <string.h>

#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include "gate/base/limits.h"

namespace slogate {
namespace {

using Result = std::unique_ptr<PGresult, void (*)(PGresult*)>;

Result Owned(PGresult* result) { return {result, PQclear}; }

absl::string_view Text(const char* text) { return text == nullptr ? "" : text; }

// libpq's messages have several lines.
std::string OneLine(absl::string_view text) {
  return absl::StrJoin(absl::StrSplit(text, absl::ByAnyChar("\n\t"), absl::SkipWhitespace()), "; ");
}

struct Meaning {
  absl::string_view state;  // a SQLSTATE, or the class that it begins with
  absl::StatusCode code;
  absl::string_view words;
};

// By PostgreSQL's table of error codes; the first that fits.
constexpr Meaning kMeanings[] = {
    {"40", absl::StatusCode::kAborted, "another writer was faster"},
    {"23505", absl::StatusCode::kAborted, "another record stands there"},
    {"23", absl::StatusCode::kInvalidArgument, "it is no record that may stand there"},
    {"22", absl::StatusCode::kInvalidArgument,
     "it is no record that PostgreSQL can keep, which has no character U+0000"},
    {"25006", absl::StatusCode::kPermissionDenied,
     "the database may only be read here (default_transaction_read_only): use the role of a gate "
     "or "
     "an approver, at the primary"},
    {"42501", absl::StatusCode::kPermissionDenied,
     "this database role may not do that. Members of slogate_gate may append decisions, override "
     "requests, uses and revocations, and releases; members of slogate_approver requests, "
     "approvals, "
     "rejections, revocations, reviews and releases: GRANT one of them to the role"},
    {"3F000", absl::StatusCode::kNotFound,
     "there is no ledger in this database: make one with slogate ledger init"},
    {"42P01", absl::StatusCode::kNotFound,
     "there is no ledger in this database: make one with slogate ledger init"},
    {"55P03", absl::StatusCode::kUnavailable,
     "other writers have kept it busy for too long: try again, or look for them in "
     "pg_stat_activity"},
    {"57014", absl::StatusCode::kUnavailable, "the server ended a statement that took too long"},
    {"53", absl::StatusCode::kUnavailable, "the server has no room, memory or connections left"},
    {"XX001", absl::StatusCode::kDataLoss,
     "the server finds its data damaged: put back a backup, and compare it with a checkpoint that "
     "you remember (slogate ledger verify --expect)"},
    {"XX002", absl::StatusCode::kDataLoss,
     "the server finds an index damaged: have it looked after (REINDEX TABLE slogate.records)"},
};

// What PGSERVICE or PGHOSTADDR name would lead the connection somewhere else than the URL does.
absl::Status CheckVariables(const std::string& name) {
  const std::unique_ptr<PQconninfoOption, void (*)(PQconninfoOption*)> defaults(PQconndefaults(),
                                                                                PQconninfoFree);
  bool misled = defaults == nullptr;  // a service that is named and cannot be read
  for (const PQconninfoOption* option = defaults.get();
       option != nullptr && option->keyword != nullptr; ++option) {
    const absl::string_view keyword = option->keyword;
    misled |= (keyword == "service" || keyword == "hostaddr") && !Text(option->val).empty();
  }
  if (!misled) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(
      name,
      ": PGSERVICE or PGHOSTADDR is set and would lead elsewhere than the ledger's URL: unset "
      "it"));
}

// libpq would print them on standard error.
void DropNotice(void*, const PGresult*) {}

}  // namespace

absl::StatusOr<std::unique_ptr<PostgresqlConnection>> PostgresqlConnection::Open(
    const PostgresqlUrl& url, const std::string& name) {
  if (absl::Status checked = CheckVariables(name); !checked.ok()) return checked;
  const std::vector<std::pair<std::string, std::string>> parameters = ConnectionParameters(url);
  std::vector<const char*> keywords, values;
  for (const auto& [keyword, value] : parameters) {
    keywords.push_back(keyword.c_str());
    values.push_back(value.c_str());
  }
  keywords.push_back(nullptr);
  values.push_back(nullptr);
  std::unique_ptr<PostgresqlConnection> connection(
      new PostgresqlConnection(PQconnectdbParams(keywords.data(), values.data(), 0), name));
  if (absl::Status connected = connection->Connected(); !connected.ok()) return connected;
  PQsetNoticeReceiver(connection->connection_, DropNotice, nullptr);
  return connection;
}

PostgresqlConnection::~PostgresqlConnection() { PQfinish(connection_); }

bool PostgresqlConnection::IsAlive() const { return PQstatus(connection_) == CONNECTION_OK; }

absl::Status PostgresqlConnection::Connected() const {
  if (IsAlive()) return absl::OkStatus();
  const std::string said = OneLine(Text(PQerrorMessage(connection_)));
  absl::string_view hint = "is the server up, and the address right?";
  if (absl::StrContains(said, "root certificate file")) {
    hint = "say which certificates you trust: ?sslrootcert=FILE";
  } else if (absl::StrContains(said, "does not support SSL")) {
    hint = "the server must speak TLS (ssl = on), unless it is this machine's own";
  } else if (PQconnectionNeedsPassword(connection_) != 0 ||
             absl::StrContains(said, "authentication failed")) {
    hint = "the password belongs into ~/.pgpass or PGPASSWORD";
  }
  return absl::UnavailableError(absl::StrCat(name_, ": cannot connect: ", said, " (", hint, ")"));
}

absl::Status PostgresqlConnection::Reconnect() {
  PQreset(connection_);
  return Connected();
}

absl::Status PostgresqlConnection::Error(const pg_result* result) const {
  const absl::string_view state = Text(PQresultErrorField(result, PG_DIAG_SQLSTATE));
  absl::string_view said = Text(PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
  if (!IsAlive()) {
    if (said.empty()) said = Text(PQerrorMessage(connection_));
    return absl::UnavailableError(absl::StrCat(name_, ": the connection broke: ", OneLine(said)));
  }
  for (const Meaning& meaning : kMeanings) {
    if (!absl::StartsWith(state, meaning.state)) continue;
    return absl::Status(meaning.code, absl::StrCat(name_, ": ", meaning.words,
                                                   " (PostgreSQL: ", OneLine(said), ")"));
  }
  return absl::UnavailableError(
      absl::StrCat(name_, ": the server failed (PostgreSQL: ", state, " ", OneLine(said), ")"));
}

absl::Status PostgresqlConnection::Query(const Statement& statement,
                                         const std::function<void(Cells)>& each) {
  std::vector<const char*> values;
  for (const std::string& value : statement.values) {
    // libpq would read it up to there, and another text would be stored.
    if (strlen(value.c_str()) != value.size()) {
      return absl::InvalidArgumentError(absl::StrCat(name_, ": PostgreSQL keeps no NUL byte"));
    }
    values.push_back(value.c_str());
  }
  const Result result =
      Owned(PQexecParams(connection_, statement.sql.c_str(), static_cast<int>(values.size()),
                         nullptr, values.data(), nullptr, nullptr, 0));
  const ExecStatusType ended = PQresultStatus(result.get());
  if (ended != PGRES_TUPLES_OK && ended != PGRES_COMMAND_OK) return Error(result.get());
  std::vector<absl::string_view> cells(static_cast<size_t>(PQnfields(result.get())));
  for (int row = 0; row < PQntuples(result.get()); ++row) {
    for (size_t i = 0; i < cells.size(); ++i) {
      const auto column = static_cast<int>(i);
      cells[i] = {PQgetvalue(result.get(), row, column),
                  static_cast<size_t>(PQgetlength(result.get(), row, column))};
    }
    each(cells);
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> PostgresqlConnection::Run(const std::string& sql) {
  const Result result = Owned(PQexec(connection_, sql.c_str()));
  const ExecStatusType ended = PQresultStatus(result.get());
  if (ended != PGRES_TUPLES_OK && ended != PGRES_COMMAND_OK) return Error(result.get());
  std::vector<std::string> cells;
  for (int column = 0; PQntuples(result.get()) == 1 && column < PQnfields(result.get()); ++column) {
    cells.emplace_back(PQgetvalue(result.get(), 0, column));
  }
  return cells;
}

absl::Status PostgresqlConnection::Commit() {
  const Result result = Owned(PQexec(connection_, "COMMIT"));
  // The server answers ROLLBACK where a statement before had failed.
  if (Text(PQcmdStatus(result.get())) == "COMMIT") return absl::OkStatus();
  if (!IsAlive()) {
    return absl::UnknownError(absl::StrCat(
        name_, ": the connection broke while committing, so nobody knows whether it was written: ",
        OneLine(Text(PQerrorMessage(connection_)))));
  }
  if (PQresultStatus(result.get()) == PGRES_COMMAND_OK) {
    return absl::AbortedError(absl::StrCat(name_, ": the server took it back"));
  }
  return Error(result.get());
}

}  // namespace slogate

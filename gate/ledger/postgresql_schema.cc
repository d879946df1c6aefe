#include "gate/ledger/postgresql_schema.h"

#include <algorithm>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <absl/strings/strip.h>
#include <absl/types/span.h>

#include "gate/history/record.h"
#include "gate/ledger/schema.h"

namespace slogate {
namespace {

constexpr RecordKind kGateKinds[] = {RecordKind::kDecision,    RecordKind::kOverrideRequest,
                                     RecordKind::kOverrideUse, RecordKind::kOverrideRevoke,
                                     RecordKind::kRelease,     RecordKind::kCheckpoint};
constexpr RecordKind kApproverKinds[] = {RecordKind::kOverrideRequest, RecordKind::kOverrideApprove,
                                         RecordKind::kOverrideReject,  RecordKind::kOverrideRevoke,
                                         RecordKind::kOverrideReview,  RecordKind::kRelease,
                                         RecordKind::kCheckpoint};

constexpr absl::string_view kMark = "slogate ledger, form ";

// PostgreSQL's own texts sort by the language of the database; these sort by bytes. `role` is who the
// database says wrote the row: nobody is given the right to say it themselves.
std::string TableSql() {
  std::string sql =
      "CREATE TABLE slogate.records(\n  seq bigint PRIMARY KEY,\n  bytes json NOT NULL,\n"
      "  role text COLLATE \"C\" NOT NULL DEFAULT session_user";
  for (const schema::Column& column : schema::GeneratedColumns()) {
    absl::StrAppend(&sql, ",\n  ", column.name, " text COLLATE \"C\" GENERATED ALWAYS AS (",
                    column.expression, ") STORED", column.always ? " NOT NULL" : "");
  }
  for (const schema::Check& check : schema::Checks()) {
    absl::StrAppend(&sql, ",\n  ", schema::CheckSql(check));
  }
  return absl::StrCat(sql, "\n)");
}

// Beside what SQLite's guards refuse: a record that does not hold the hash of the one before, and one from
// the future, behind which no later record could have its own time.
std::string FollowFunction() {
  return absl::StrCat(R"(CREATE FUNCTION slogate.follow() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog AS $$
DECLARE
  last slogate.records%ROWTYPE;
  now text := to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"');
  hash text := encode(sha256(''), 'hex');
BEGIN
  SELECT * INTO last FROM slogate.records ORDER BY seq DESC LIMIT 1;
  IF FOUND THEN
    IF NEW.seq <= last.seq THEN
      RAISE unique_violation USING MESSAGE = ')",
                      schema::kTaken, R"(';
    END IF;
    hash := encode(sha256('\x00'::bytea || convert_to(last.bytes::text, 'UTF8')), 'hex');
  END IF;
  IF NEW.seq <> coalesce(last.seq, -1) + 1 OR NEW.bytes ->> 'prev' IS DISTINCT FROM hash
      OR NEW.bytes ->> 'log_id' IS DISTINCT FROM coalesce(last.log_id, NEW.bytes ->> 'log_id')
      OR (NEW.bytes ->> 'time') COLLATE "C" > greatest(last.time, now) THEN
    RAISE check_violation USING MESSAGE = ')",
                      schema::kNotNext, R"(';
  END IF;
  RETURN NEW;
END $$)");
}

std::string StayFunction() {
  return absl::StrCat(R"(CREATE FUNCTION slogate.stay() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog AS $$
BEGIN
  RAISE insufficient_privilege USING MESSAGE = ')",
                      schema::kNeverChanged, R"(';
END $$)");
}

// What members of `role` may append: these kinds, under their own name.
std::string PolicySql(absl::string_view role, absl::Span<const RecordKind> kinds) {
  const auto quoted = [](std::string* out, RecordKind kind) {
    absl::StrAppend(out, "'", Word(kind), "'");
  };
  return absl::StrCat("CREATE POLICY ", role, " ON slogate.records FOR INSERT TO ", role,
                      " WITH CHECK (kind IN (", absl::StrJoin(kinds, ", ", quoted),
                      ") AND role = session_user AND bytes -> 'actor' ->> 'role' = session_user)");
}

// What DescribePostgresqlTables says of tables as they were made.
std::string Wanted() {
  std::vector<std::string> columns = {"bytes", "role", "seq"}, indexes = {"records_pkey"};
  for (const schema::Column& column : schema::GeneratedColumns()) {
    columns.push_back(absl::StrCat(column.name, ":s"));
  }
  for (const schema::Index& index : schema::Indexes()) {
    indexes.push_back(absl::StrCat(index.name, index.unique ? ":unique" : ""));
  }
  indexes[0] += ":unique";
  std::sort(columns.begin(), columns.end());
  std::sort(indexes.begin(), indexes.end());
  return absl::StrCat("columns ", absl::StrJoin(columns, " "), "\nindexes ",
                      absl::StrJoin(indexes, " "), "\nchecks ", schema::Checks().size(),
                      "\ntriggers follow:A remain:A stay:A\n"
                      "policies everybody_reads slogate_approver slogate_gate\n"
                      "table r, row security");
}

}  // namespace

std::vector<std::string> PostgresqlTables() {
  std::vector<std::string> sql = {"CREATE SCHEMA IF NOT EXISTS slogate", TableSql()};
  for (const schema::Index& index : schema::Indexes()) {
    sql.push_back(schema::CreateIndex(index, "slogate.records"));
  }
  sql.push_back(FollowFunction());
  sql.push_back(StayFunction());
  for (const char* trigger :
       {"follow BEFORE INSERT ON slogate.records FOR EACH ROW EXECUTE FUNCTION slogate.follow()",
        "stay BEFORE UPDATE OR DELETE ON slogate.records FOR EACH ROW EXECUTE FUNCTION "
        "slogate.stay()",
        "remain BEFORE TRUNCATE ON slogate.records FOR EACH STATEMENT EXECUTE FUNCTION "
        "slogate.stay()"}) {
    sql.push_back(absl::StrCat("CREATE TRIGGER ", trigger));
  }
  // ALWAYS: also where a session claims to be a replica.
  for (const char* trigger : {"follow", "stay", "remain"}) {
    sql.push_back(absl::StrCat("ALTER TABLE slogate.records ENABLE ALWAYS TRIGGER ", trigger));
  }
  sql.push_back("ALTER TABLE slogate.records ENABLE ROW LEVEL SECURITY");
  sql.push_back("CREATE POLICY everybody_reads ON slogate.records FOR SELECT USING (true)");
  sql.push_back(PolicySql(kGateRole, kGateKinds));
  sql.push_back(PolicySql(kApproverRole, kApproverKinds));
  for (const absl::string_view role : {kGateRole, kApproverRole}) {
    sql.push_back(absl::StrCat("GRANT USAGE ON SCHEMA slogate TO ", role));
    sql.push_back(absl::StrCat("GRANT SELECT, INSERT (seq, bytes) ON slogate.records TO ", role));
  }
  sql.push_back(
      absl::StrCat("COMMENT ON TABLE slogate.records IS '", kMark, schema::kVersion, "'"));
  return sql;
}

Statement DescribePostgresqlTables() {
  // An unlogged table ('u') is emptied after a crash; generated columns are marked 's'.
  return {R"(
SELECT coalesce(obj_description(t.oid, 'pg_class'), 'none'),
  'columns ' || (SELECT string_agg(attname || CASE attgenerated WHEN '' THEN '' ELSE ':' ||
      attgenerated::text END, ' ' ORDER BY attname COLLATE "C") FROM pg_attribute
      WHERE attrelid = t.oid AND attnum > 0 AND NOT attisdropped) ||
  E'\nindexes ' || (SELECT string_agg(c.relname || CASE WHEN indisunique THEN ':unique' ELSE '' END,
      ' ' ORDER BY c.relname COLLATE "C") FROM pg_index JOIN pg_class c ON c.oid = indexrelid
      WHERE indrelid = t.oid AND indisvalid) ||
  E'\nchecks ' || (SELECT count(*) FROM pg_constraint
      WHERE conrelid = t.oid AND contype = 'c' AND convalidated) ||
  E'\ntriggers ' || coalesce((SELECT string_agg(tgname || ':' || tgenabled::text, ' '
      ORDER BY tgname COLLATE "C") FROM pg_trigger WHERE tgrelid = t.oid), 'none') ||
  E'\npolicies ' || coalesce((SELECT string_agg(polname, ' ' ORDER BY polname COLLATE "C")
      FROM pg_policy WHERE polrelid = t.oid), 'none') ||
  E'\ntable ' || t.relkind::text || CASE WHEN t.relpersistence <> 'p' THEN ', not durable' ELSE '' END ||
  CASE WHEN t.relrowsecurity THEN ', row security' ELSE '' END ||
  CASE WHEN t.relhasrules THEN ', rules' ELSE '' END ||
  CASE WHEN t.relhassubclass THEN ', children' ELSE '' END
FROM pg_class t JOIN pg_namespace n ON n.oid = t.relnamespace
WHERE n.nspname = 'slogate' AND t.relname = 'records')"};
}

absl::Status CheckPostgresqlTables(absl::string_view form, absl::string_view description) {
  if (form.empty()) {
    return absl::NotFoundError(
        "there is no ledger in this database: make one with slogate ledger init");
  }
  int version = 0;
  if (!absl::ConsumePrefix(&form, kMark) || !absl::SimpleAtoi(form, &version)) {
    return absl::FailedPreconditionError(
        "it has a table slogate.records that slogate did not make: name another database");
  }
  if (version > schema::kVersion) {
    return absl::FailedPreconditionError(absl::StrCat("a newer slogate made it (form ", version,
                                                      "; this one knows form ", schema::kVersion,
                                                      "): use that one"));
  }
  const std::string wanted_text = Wanted();
  const std::vector<absl::string_view> wanted = absl::StrSplit(wanted_text, '\n');
  const std::vector<absl::string_view> there = absl::StrSplit(description, '\n');
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (i < there.size() && there[i] == wanted[i]) continue;
    return absl::FailedPreconditionError(
        absl::StrCat("somebody changed its table (\"", i < there.size() ? there[i] : "",
                     "\", made as \"", wanted[i],
                     "\"), so nobody knows what it finds: put that back as it was, or put back a "
                     "backup and see whether "
                     "it verifies (slogate ledger verify --expect CHECKPOINT)"));
  }
  return absl::OkStatus();
}

Statement FindFalsePostgresqlColumn(const SeqRange& range) {
  std::vector<std::string> names, different;
  for (const schema::Column& column : schema::GeneratedColumns()) {
    names.emplace_back(column.name);
    different.push_back(absl::StrCat(column.name, " IS DISTINCT FROM (", column.expression, ")"));
  }
  // OFFSET 0: the bytes are read as jsonb once for each record, not once for each column.
  return {absl::StrCat("SELECT coalesce(min(seq), -1) FROM (SELECT seq, bytes::jsonb AS bytes, ",
                       absl::StrJoin(names, ", "),
                       " FROM slogate.records WHERE seq >= $1 AND seq < $2 OFFSET 0) AS r WHERE ",
                       absl::StrJoin(different, " OR ")),
          {absl::StrCat(range.from), absl::StrCat(range.to)}};
}

}  // namespace slogate

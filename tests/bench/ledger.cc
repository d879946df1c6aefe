#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

#include "gate/ledger/ledger.h"
#include "gate/ledger/verify.h"
#include "tests/bench/blocks.h"
#include "tests/bench/ledger_data.h"
#include "tests/bench/workload.h"
#include "tests/testing/postgresql_server.h"
#include "tests/testing/sample_records.h"

namespace slogate::bench {
namespace {

constexpr int kAppends = 100;  // a round
// With room for a machine that does other things, too: a quiet one appends in six syncs and verifies in two
// seconds and a half.
constexpr double kMostOfASync = 10, kMostOfAnInsert = 6;
constexpr double kMostRecordsSeconds = 4, kMostVerifySeconds = 50, kMostListMs = 20;
constexpr double kMostGrowth = 1.1;
constexpr int64_t kSmall = 100'000, kLarge = 1'000'000;

[[noreturn]] void Fail(const std::string& why) {
  std::fprintf(stderr, "slogate_bench: %s\n", why.c_str());
  std::exit(1);
}

double MillisecondsOf(const std::function<void()>& work) {
  const auto start = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start)
      .count();
}

std::unique_ptr<Ledger> NewLedger(const LedgerLocation& location, Clock& clock) {
  absl::StatusOr<std::unique_ptr<Store>> store = CreateStore(location, clock);
  if (!store.ok()) Fail(store.status().ToString());
  absl::StatusOr<std::unique_ptr<Ledger>> ledger =
      Ledger::Create(*std::move(store), "acme", {"local:root", "operating system", ""});
  if (!ledger.ok()) Fail(ledger.status().ToString());
  return *std::move(ledger);
}

std::string Append(Ledger& ledger) {
  const absl::StatusOr<Receipt> receipt = ledger.Append([](LedgerView& view) {
    return view.Add(fake::SampleRecord(RecordKind::kDecision)).status();
  });
  if (!receipt.ok()) Fail(receipt.status().ToString());
  return receipt->records[0].bytes;
}

// Writes `bytes` behind what is in the file, and waits until they are on the disk.
void WriteAndSync(int file, const std::string& bytes) {
  if (::write(file, bytes.data(), bytes.size()) != static_cast<ssize_t>(bytes.size()) ||
      ::fsync(file) != 0) {
    Fail("cannot write and sync");
  }
}

// An append to SQLite and a bare write with fsync of the same bytes, in turn.
void AddSqliteRound(const Setup& setup, Duel& duel) {
  const std::unique_ptr<Clock> clock = RealClock();
  const std::string path = absl::StrCat(setup.folder, "/append.db");
  const int file = ::open(absl::StrCat(setup.folder, "/append.bytes").c_str(),
                          O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  std::filesystem::remove(path);
  const std::unique_ptr<Ledger> ledger = NewLedger({LedgerLocation::Kind::kSqlite, path}, *clock);
  std::vector<double> appends, syncs;
  std::string bytes;
  for (int i = 0; i < kAppends; ++i) {
    appends.push_back(MillisecondsOf([&] { bytes = Append(*ledger); }));
    syncs.push_back(MillisecondsOf([&] { WriteAndSync(file, bytes); }));
  }
  ::close(file);
  duel.a.rounds.push_back(Median(appends));
  duel.b.rounds.push_back(Median(syncs));
  duel.ratios.push_back(duel.a.rounds.back() / duel.b.rounds.back());
}

// What pgbench says an insert of a row of that size takes, in milliseconds, with one client.
double PgbenchLatency(const Setup& setup, PostgresqlServer& server, const std::string& database,
                      size_t bytes) {
  const std::string script =
      Written(setup, "insert.sql",
              absl::StrCat("INSERT INTO bare(bytes) VALUES (repeat('x', ", bytes, "));\n"));
  const std::string said = Output({setup.pgbench, "--no-vacuum", "--file", script, "--transactions",
                                   absl::StrCat(kAppends), "--host", server.folder(), "--username",
                                   "postgres", database});
  constexpr absl::string_view kLatency = "latency average = ";
  const size_t at = said.find(std::string(kLatency));
  double latency = 0;
  if (at == std::string::npos ||
      !absl::SimpleAtod(
          said.substr(at + kLatency.size(), said.find(" ms", at) - at - kLatency.size()),
          &latency)) {
    Fail(absl::StrCat("pgbench says no latency: ", said));
  }
  return latency;
}

void AddPostgresqlRound(const Setup& setup, PostgresqlServer& server, Duel& duel) {
  const std::unique_ptr<Clock> clock = RealClock();
  const std::string database = server.NewDatabase();
  server.Run(database, "postgres", "CREATE TABLE bare(id bigserial PRIMARY KEY, bytes text)");
  const absl::StatusOr<LedgerLocation> location = ParseLedgerLocation(server.Url(database));
  if (!location.ok()) Fail(location.status().ToString());
  const std::unique_ptr<Ledger> ledger = NewLedger(*location, *clock);
  const size_t bytes = Append(*ledger).size();
  std::vector<double> appends;
  for (int i = 0; i < kAppends; ++i) {
    appends.push_back(MillisecondsOf([&] { Append(*ledger); }));
  }
  duel.a.rounds.push_back(Median(appends));
  duel.b.rounds.push_back(PgbenchLatency(setup, server, database, bytes));
  duel.ratios.push_back(duel.a.rounds.back() / duel.b.rounds.back());
}

void ShowAppends(const Setup& setup, Report& report) {
  Duel sqlite, postgresql;
  absl::StatusOr<std::unique_ptr<PostgresqlServer>> server = PostgresqlServer::Start({});
  if (!server.ok()) Fail(server.status().ToString());
  for (int round = 0; round < setup.rounds; ++round) {
    AddSqliteRound(setup, sqlite);
    AddPostgresqlRound(setup, **server, postgresql);
  }
  report.Begin("ledger: one decision appended, durable",
               {"ledger", "ms (min to max)", "beside", "ms (min to max)", "ratio", "limit"});
  const double of_sync = Median(sqlite.ratios), of_insert = Median(postgresql.ratios);
  report.Row({"SQLite", sqlite.a.Text(), "write and fsync of the same bytes", sqlite.b.Text(),
              absl::StrFormat("%.1f", of_sync),
              report.Held("append on SQLite beside fsync", "%.1f", of_sync, kMostOfASync)});
  report.Row(
      {"PostgreSQL", postgresql.a.Text(), "pgbench, one insert", postgresql.b.Text(),
       absl::StrFormat("%.1f", of_insert),
       report.Held("append on PostgreSQL beside pgbench", "%.1f", of_insert, kMostOfAnInsert)});
  report.End();
}

// Whether it has a ledger whose newest record this slogate would have written so, too.
bool IsOfNow(const std::string& path) {
  const std::unique_ptr<Clock> clock = RealClock();
  absl::StatusOr<std::unique_ptr<Store>> store =
      OpenStore({LedgerLocation::Kind::kSqlite, path}, *clock);
  if (!store.ok()) return false;
  const absl::StatusOr<std::unique_ptr<Ledger>> ledger = Ledger::Open(*std::move(store), {});
  RecordQuery newest;
  newest.newest_first = true;
  newest.most = 1;
  return ledger.ok() &&
         (*ledger)
             ->Read([&](LedgerView& view) {
               return view.Scan(newest, [](const Record&) { return absl::OkStatus(); });
             })
             .ok();
}

// A ledger that is kept from run to run, as making it takes minutes.
std::string KeptLedger(const Setup& setup, int64_t records) {
  const std::string path = absl::StrCat(setup.ledgers, "/", records, ".db");
  if (IsOfNow(path)) return path;
  std::printf("Making a ledger of %lld records, %s\n", static_cast<long long>(records),
              path.c_str());
  std::fflush(stdout);
  const std::string unfinished = absl::StrCat(path, ".new");
  std::filesystem::remove(unfinished);
  MakeLedger(unfinished, records);
  std::filesystem::rename(unfinished, path);
  return path;
}

// Every record's bytes, its link and the tree alone, in this process.
double VerifySeconds(const std::string& file) {
  const std::unique_ptr<Clock> clock = RealClock();
  const absl::StatusOr<std::unique_ptr<Store>> store =
      OpenStore({LedgerLocation::Kind::kSqlite, file}, *clock);
  if (!store.ok()) Fail(store.status().ToString());
  return MillisecondsOf([&] {
           const absl::StatusOr<Verification> verified = Verify(
               [&](const auto& each) {
                 return (*store)->Scan({}, [&](const Store::Row& row) { return each(row.bytes); });
               },
               {});
           if (!verified.ok() || !verified->problem.empty()) Fail("the ledger does not verify");
         }) /
         1000;
}

struct Large {
  double records_s = 0, verify_s = 0, megabytes = 0, list_ms = 0;
};

Large Measure(const Setup& setup, int64_t records) {
  const std::string file = KeptLedger(setup, records), ledger = absl::StrCat("sqlite:", file);
  const Command verify = {setup.static_program, "ledger", "verify", "--ledger", ledger};
  const Command list = {setup.static_program, "ledger", "list", "--most", "20", "--ledger", ledger};
  VerifySeconds(file);  // so that it is in memory
  std::vector<double> passes, lists;
  for (int round = 0; round < setup.rounds; ++round) {
    passes.push_back(VerifySeconds(file));
    for (int i = 0; i < 10; ++i) lists.push_back(Milliseconds(list));
  }
  return {Median(passes), Milliseconds(verify) / 1000, PeakMegabytes(verify), Median(lists)};
}

void ShowLarge(const Setup& setup, Report& report) {
  const Large small = Measure(setup, kSmall), large = Measure(setup, kLarge);
  report.Begin("ledger: of 1,000,000 records beside one of 100,000",
               {"", "100,000", "1,000,000", "limit"});
  const auto row = [&](const std::string& what, const char* format, double Large::*figure,
                       double most) {
    char texts[2][32];
    std::snprintf(texts[0], sizeof texts[0], format, small.*figure);
    std::snprintf(texts[1], sizeof texts[1], format, large.*figure);
    report.Row({what, texts[0], texts[1], report.Held(what, format, large.*figure, most)});
  };
  row("every record, link and the tree, s", "%.2f", &Large::records_s, kMostRecordsSeconds);
  row("ledger verify: also what they are found by, s", "%.1f", &Large::verify_s,
      kMostVerifySeconds);
  row("peak of ledger verify, MB", "%.1f", &Large::megabytes, kMostGrowth * small.megabytes);
  row("ledger list --most 20, ms", "%.1f", &Large::list_ms, kMostListMs);
  report.End();
}

// The same check with a ledger and without.
void ShowCheck(const Setup& setup, Report& report) {
  const std::string url = absl::StrCat("http://127.0.0.1:", setup.port);
  const std::string path = absl::StrCat(setup.folder, "/check.db");
  const std::unique_ptr<Clock> clock = RealClock();
  NewLedger({LedgerLocation::Kind::kSqlite, path}, *clock);
  const std::string plain = PolicyText(url, 1);
  const auto check = [&](const std::string& name, const std::string& policy) {
    return Command{
        setup.static_program,         "check",  "--policy",
        Written(setup, name, policy), "--json", absl::StrCat(setup.folder, "/decision.json")};
  };
  const Command without = check("without.yaml", plain);
  Command with = check("with.yaml", absl::StrCat(plain, "ledger: {id: acme}\n"));
  with.insert(with.end(), {"--ledger", absl::StrCat("sqlite:", path)});
  Duel duel;
  constexpr int kRunsARound = 10;
  for (int round = 0; round < setup.rounds; ++round) {
    AddRound(with, without, kRunsARound, 0, duel);
  }
  report.Begin("ledger: a whole check of one SLO, recorded or not",
               {"recorded, ms (min to max)", "not recorded", "difference, ms"});
  report.Row({duel.a.Text(), duel.b.Text(),
              absl::StrFormat("%.1f", Median(duel.a.rounds) - Median(duel.b.rounds))});
  report.End();
}

}  // namespace

void BenchLedger(const Setup& setup, Report& report) {
  ShowAppends(setup, report);
  ShowLarge(setup, report);
  ShowCheck(setup, report);
}

}  // namespace slogate::bench

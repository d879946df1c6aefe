#include "tests/bench/ledger_data.h"

#include <cstdio>
#include <cstdlib>
#include <memory>
#include <utility>

#include <absl/strings/str_format.h>

#include "gate/ledger/import.h"
#include "gate/ledger/ledger.h"
#include "gate/ledger/transfer.h"
#include "gate/ledger/verify.h"
#include "tests/bench/workload.h"
#include "tests/testing/sample_records.h"

namespace slogate::bench {
namespace {

constexpr int64_t kServicesRecorded = 50;
const absl::Time kBegin = absl::FromUnixSeconds(1'764'000'000);

[[noreturn]] void Fail(const absl::Status& status) {
  std::fprintf(stderr, "slogate_bench: %s\n", status.ToString().c_str());
  std::exit(1);
}

// The record that comes next in the chain.
Record Next(const Chain& chain) {
  const auto seq = static_cast<int64_t>(chain.frontier().size());
  Record record;
  if (seq == 0) {
    record.kind = RecordKind::kGenesis;
    record.log_id = "acme";
    record.actor = {"local:root", "operating system", ""};
  } else if (seq % static_cast<int64_t>(Ledger::kTailMost) == 0) {
    record.kind = RecordKind::kCheckpoint;
    record.actor = {"github:alice", "GITHUB_TRIGGERING_ACTOR", ""};
    TreeHead head{Hex(chain.frontier().Root()), {}};
    for (const Digest& hash : chain.frontier().hashes()) head.frontier.push_back(Hex(hash));
    record.payload = std::move(head);
  } else {
    record = fake::SampleRecord(RecordKind::kDecision);
    record.subject.service = ServiceName(static_cast<int>(seq % kServicesRecorded));
    std::get<DecisionMade>(record.payload).id =
        absl::StrFormat("sha256:%s", Sha256Hex(absl::StrFormat("decision %d", seq)));
  }
  record.nonce = Sha256Hex(absl::StrFormat("nonce %d", seq)).substr(0, 32);
  record.gate = "0.1.0";
  record.time = kBegin + absl::Seconds(30 * seq);
  chain.Place(record);
  return record;
}

}  // namespace

void MakeLedger(const std::string& file, int64_t records) {
  const std::unique_ptr<Clock> clock = RealClock();
  absl::StatusOr<std::unique_ptr<Store>> store =
      CreateStore({LedgerLocation::Kind::kSqlite, file}, *clock);
  if (!store.ok()) Fail(store.status());
  const LineSource lines = [&](const auto& each) -> absl::Status {
    Chain chain;
    for (int64_t i = 0; i < records; ++i) {
      const std::string bytes = WriteRecord(Next(chain));
      if (const std::string wrong = chain.Add(bytes); !wrong.empty()) {
        return absl::InternalError(wrong);
      }
      if (absl::Status taken = each(bytes); !taken.ok()) return taken;
    }
    std::string last = ExportTrailer(chain.head());
    last.pop_back();
    return each(last);
  };
  const absl::StatusOr<Imported> imported = Import(**store, lines, {});
  if (!imported.ok()) Fail(imported.status());
}

}  // namespace slogate::bench

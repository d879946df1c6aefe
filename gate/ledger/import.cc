#include "gate/ledger/import.h"

#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/base/version.h"
#include "gate/ledger/transfer.h"
#include "gate/ledger/verify.h"

namespace slogate {
namespace {

// Puts the lines of an export into a store as long as they verify.
class Importer {
 public:
  explicit Importer(Store& store) : store_(store) {}

  // Errors are the store's.
  absl::Status Take(absl::string_view line) {
    if (problem_.empty()) {
      const absl::StatusOr<ExportReader::Line> kind = reader_.Add(line);
      if (!kind.ok()) {
        problem_ = std::string(kind.status().message());
      } else if (*kind == ExportReader::Line::kTrailer) {
        return absl::OkStatus();
      } else if (const std::string wrong = chain_.Add(line); !wrong.empty()) {
        problem_ = absl::StrCat("record ", chain_.frontier().size(), " is bad: ", wrong);
      } else {
        return store_.Insert(static_cast<int64_t>(chain_.frontier().size()) - 1, line);
      }
    }
    lost_.Append(LeafHash(line));
    return absl::OkStatus();
  }

  // After the last line: what is wrong with the whole, or "".
  std::string Problem() const {
    if (!problem_.empty()) return problem_;
    const absl::StatusOr<Checkpoint> named = reader_.Finish();
    if (!named.ok()) return std::string(named.status().message());
    if (*named == chain_.head()) return "";
    return absl::StrCat("its last line names ", PrintCheckpoint(*named),
                        ", and its records come to ", PrintCheckpoint(chain_.head()));
  }

  absl::Status AddRepair(const Repair& repair) {
    const absl::StatusOr<absl::Time> now = store_.Now();
    if (!now.ok()) return now.status();
    Record record;
    record.kind = RecordKind::kRepair;
    record.actor = repair.actor;
    record.nonce = repair.nonce;
    record.gate = std::string(Version());
    record.time = absl::FromUnixSeconds(absl::ToUnixSeconds(*now));
    record.payload = Repaired{repair.reason, static_cast<int64_t>(lost_.size()), Hex(lost_.Root())};
    chain_.Place(record);
    const std::string bytes = WriteRecord(record);
    if (const std::string wrong = chain_.Add(bytes); !wrong.empty()) {
      return absl::InternalError(absl::StrCat("the repair record is none: ", wrong));
    }
    return store_.Insert(record.seq, bytes);
  }

  uint64_t taken() const { return chain_.frontier().size(); }
  Imported result() const { return {chain_.head(), static_cast<int64_t>(lost_.size())}; }

 private:
  Store& store_;
  ExportReader reader_;
  Chain chain_;
  Frontier lost_;
  std::string problem_;
};

absl::Status Fill(Store& store, const LineSource& lines, const Repair& repair, Importer& importer) {
  bool empty = true;
  RecordQuery any;
  any.most = 1;
  absl::Status status = store.Scan(any, [&](const Store::Row&) {
    empty = false;
    return absl::OkStatus();
  });
  if (!status.ok()) return status;
  if (!empty) {
    return absl::AlreadyExistsError(
        absl::StrCat(store.name(), ": there is a ledger already, and it stays as it is"));
  }
  status = lines([&](absl::string_view line) { return importer.Take(line); });
  if (!status.ok()) return status;
  const std::string problem = importer.Problem();
  if (problem.empty()) return absl::OkStatus();
  if (repair.reason.empty() || importer.taken() == 0) {
    return absl::DataLossError(
        absl::StrCat("the export does not verify: ", problem, ". Nothing is imported",
                     importer.taken() > 0 ? "; --repair REASON takes the records before it" : ""));
  }
  return importer.AddRepair(repair);
}

}  // namespace

absl::StatusOr<Imported> Import(Store& store, const LineSource& lines, const Repair& repair) {
  if (absl::Status begun = store.Begin(Store::Access::kAppend); !begun.ok()) return begun;
  Importer importer(store);
  if (absl::Status filled = Fill(store, lines, repair, importer); !filled.ok()) {
    store.Rollback();
    return filled;
  }
  if (absl::Status committed = store.Commit(); !committed.ok()) return committed;
  return importer.result();
}

}  // namespace slogate

#include "gate/ledger/ledger.h"

#include <algorithm>
#include <map>
#include <utility>

#include <absl/strings/str_cat.h>

#include "gate/base/limits.h"
#include "gate/base/version.h"
#include "gate/ledger/match.h"
#include "gate/ledger/tail.h"
#include "gate/ledger/tree.h"

namespace slogate {
namespace {

absl::Time WholeSecond(absl::Time time) { return absl::FromUnixSeconds(absl::ToUnixSeconds(time)); }

class View : public LedgerView {
 public:
  // In a transaction of `store`, which must outlive this.
  static absl::StatusOr<View> Of(Store& store, const std::string& log_id) {
    View view(store, log_id);
    absl::StatusOr<Tail> tail = VerifyTail(store, log_id);
    if (!tail.ok()) return tail.status();
    const absl::StatusOr<absl::Time> now = store.Now();
    if (!now.ok()) return now.status();
    absl::StatusOr<std::string> role = store.Role();
    if (!role.ok()) return role.status();
    view.head_ = tail->chain.head();
    view.clock_ = WholeSecond(*now);
    view.now_ = std::max(view.clock_, tail->newest);
    view.role_ = *std::move(role);
    view.begin_ = tail->begin;
    view.chain_ = std::move(tail->chain);
    return view;
  }

  const Checkpoint& head() const override { return head_; }
  absl::Time now() const override { return now_; }
  absl::Time clock() const override { return clock_; }
  const std::string& role() const override { return role_; }

  absl::Status Scan(const RecordQuery& query,
                    const std::function<absl::Status(const Record&)>& each) override {
    return store_->Scan(query, [&](const Store::Row& row) {
      const absl::StatusOr<Record> record = ReadRecord(row.bytes);
      if (!record.ok()) return BadRecord(*store_, row.seq, record.status().message());
      if (record->seq != row.seq || record->log_id != log_id_ || !Meets(*record, query)) {
        return BadRecord(*store_, row.seq, "it is not what the database finds it by");
      }
      return each(*record);
    });
  }

  absl::StatusOr<std::vector<Record>> Find(const std::vector<RecordQuery>& queries) override {
    std::map<int64_t, Record> found;
    for (const RecordQuery& query : queries) {
      absl::Status status = Scan(query, [&](const Record& record) {
        found.emplace(record.seq, record);
        return absl::OkStatus();
      });
      if (!status.ok()) return status;
    }
    std::vector<Record> records;
    for (auto& [seq, record] : found) records.push_back(std::move(record));
    return records;
  }

  absl::StatusOr<Record> Add(Record record) override {
    if (new_token_ == nullptr) {
      return absl::FailedPreconditionError("a ledger that is only read takes no record");
    }
    record.log_id = log_id_;
    chain_.Place(record);
    record.nonce = (*new_token_)();
    record.gate = std::string(Version());
    record.time = now_;
    record.actor.role = role_;
    record.bytes = WriteRecord(record);
    if (const std::string wrong = chain_.Add(record.bytes); !wrong.empty()) {
      return absl::InvalidArgumentError(absl::StrCat(
          store_->name(), ": a record that is no part of a ledger was not written: ", wrong));
    }
    if (failed_.ok()) failed_ = store_->Insert(record.seq, record.bytes);
    if (!failed_.ok()) return failed_;
    added_.push_back(record);
    return record;
  }

  // Lets records be added, with nonces made by `new_token`, which must outlive this.
  void Open(const std::function<std::string()>& new_token) { new_token_ = &new_token; }

  // Adds what later checks verify from, where it is time for it.
  absl::Status AddCheckpoint() {
    if (added_.empty() || chain_.frontier().size() - begin_ < Ledger::kTailMost) {
      return absl::OkStatus();
    }
    Record record;
    record.kind = RecordKind::kCheckpoint;
    record.actor = added_.back().actor;
    TreeHead head{Hex(chain_.frontier().Root()), {}};
    for (const Digest& hash : chain_.frontier().hashes()) head.frontier.push_back(Hex(hash));
    record.payload = std::move(head);
    return Add(std::move(record)).status();
  }

  // What the store said to an Add: nothing can be kept then, whatever became of the error.
  const absl::Status& failed() const { return failed_; }
  const std::vector<Record>& added() const { return added_; }
  Checkpoint NewHead() const { return chain_.head(); }

 private:
  View(Store& store, const std::string& log_id) : store_(&store), log_id_(log_id) {}

  Store* store_;
  std::string log_id_;
  Checkpoint head_;  // as it was found
  absl::Time now_, clock_;
  std::string role_;
  uint64_t begin_ = 0;  // of the tail
  Chain chain_;         // with what was added
  std::vector<Record> added_;
  absl::Status failed_;
  const std::function<std::string()>* new_token_ = nullptr;
};

// Ends a transaction that was not committed.
class Ending {
 public:
  explicit Ending(Store& store) : store_(store) {}
  ~Ending() { store_.Rollback(); }
  Ending(const Ending&) = delete;
  Ending& operator=(const Ending&) = delete;

 private:
  Store& store_;
};

absl::Status CheckFirst(const Store& store, absl::string_view bytes, const Record& first,
                        const LedgerIdentity& wanted) {
  if (first.kind != RecordKind::kGenesis || first.seq != 0 || !IsLogId(first.log_id)) {
    return BadRecord(store, 0, "a ledger begins with a genesis record");
  }
  if (!wanted.log_id.empty() && first.log_id != wanted.log_id) {
    return absl::FailedPreconditionError(absl::StrCat(
        store.name(), ": it is the ledger \"", first.log_id, "\", and \"", wanted.log_id,
        "\" is wanted: name the right one with --ledger, or set ledger.id in the policy"));
  }
  const std::string genesis = Hex(LeafHash(bytes));
  if (wanted.genesis && *wanted.genesis != genesis) {
    return absl::FailedPreconditionError(absl::StrCat(
        store.name(), ": it has the right id and is another ledger: its first record has the hash ",
        genesis, ", and the policy's ledger.genesis is ", *wanted.genesis,
        ". Was it made anew? Then what it was before is gone from it"));
  }
  return absl::OkStatus();
}

}  // namespace

Ledger::Ledger(std::unique_ptr<Store> store, std::function<std::string()> new_token)
    : store_(std::move(store)), new_token_(std::move(new_token)) {}

absl::StatusOr<std::unique_ptr<Ledger>> Ledger::Open(std::unique_ptr<Store> store,
                                                     const LedgerIdentity& wanted,
                                                     std::function<std::string()> new_token) {
  std::unique_ptr<Ledger> ledger(new Ledger(std::move(store), std::move(new_token)));
  Store& opened = *ledger->store_;
  RecordQuery query;
  query.to = 1;
  absl::Status status = opened.Scan(query, [&](const Store::Row& row) {
    const absl::StatusOr<Record> first = ReadRecord(row.bytes);
    if (absl::IsFailedPrecondition(first.status())) {
      return absl::FailedPreconditionError(
          absl::StrCat(opened.name(), ": ", first.status().message()));
    }
    if (!first.ok()) return BadRecord(opened, 0, first.status().message());
    ledger->log_id_ = first->log_id;
    return CheckFirst(opened, row.bytes, *first, wanted);
  });
  if (!status.ok()) return status;
  if (ledger->log_id_.empty()) {
    return absl::NotFoundError(absl::StrCat(
        opened.name(),
        ": its tables have no record, not even the first: finish it with slogate ledger "
        "init, if it never had any; else put back a copy"));
  }
  return ledger;
}

absl::StatusOr<std::unique_ptr<Ledger>> Ledger::Create(std::unique_ptr<Store> store,
                                                       const std::string& log_id,
                                                       const Actor& actor,
                                                       std::function<std::string()> new_token) {
  if (!IsLogId(log_id)) {
    return absl::InvalidArgumentError(
        "a ledger's id has letters, digits, '.', '_' and '-', at most 63, and begins with a letter "
        "or digit");
  }
  std::unique_ptr<Ledger> ledger(new Ledger(std::move(store), std::move(new_token)));
  ledger->log_id_ = log_id;
  Record genesis;
  genesis.kind = RecordKind::kGenesis;
  genesis.actor = actor;
  const absl::StatusOr<Receipt> receipt = ledger->AppendSurely(
      [&](LedgerView& view) { return view.Add(genesis).status(); }, /*first=*/true);
  if (!receipt.ok()) return receipt.status();
  return ledger;
}

absl::Status Ledger::Read(const std::function<absl::Status(LedgerView&)>& look) {
  if (absl::Status begun = store_->Begin(Store::Access::kRead); !begun.ok()) return begun;
  const Ending ending(*store_);
  absl::StatusOr<View> view = View::Of(*store_, log_id_);
  return view.ok() ? look(*view) : view.status();
}

absl::StatusOr<Receipt> Ledger::Append(const Writer& write) {
  return AppendSurely(write, /*first=*/false);
}

absl::StatusOr<Receipt> Ledger::AppendSurely(const Writer& write, bool first) {
  for (int i = 0; i < limits::kAppendTries; ++i) {
    absl::Status own;  // of `write`: not the database's, whatever its code
    absl::StatusOr<Receipt> receipt = TryAppend(write, first, own);
    if (!own.ok()) return own;
    if (!absl::IsAborted(receipt.status())) return receipt;
  }
  return absl::UnavailableError(
      absl::StrCat(store_->name(), ": somebody else was faster, ", limits::kAppendTries,
                   " times in a row: something else than slogate writes there"));
}

absl::StatusOr<Receipt> Ledger::TryAppend(const Writer& write, bool first, absl::Status& own) {
  if (absl::Status begun = store_->Begin(Store::Access::kAppend); !begun.ok()) return begun;
  Receipt receipt;
  absl::Status committed;
  {
    const Ending ending(*store_);
    absl::StatusOr<View> view = View::Of(*store_, log_id_);
    if (!view.ok()) return view.status();
    if (first && view->head().size > 0) {
      return absl::AlreadyExistsError(
          absl::StrCat(store_->name(), ": there is a ledger already, and it stays as it is"));
    }
    view->Open(new_token_);
    absl::Status written = write(*view);
    if (!view->failed().ok()) return view->failed();
    if (!written.ok()) return own = written;
    receipt.records = view->added();
    receipt.head = view->head();
    if (receipt.records.empty()) return receipt;
    if (written = view->AddCheckpoint(); !written.ok()) return written;
    receipt.head = view->NewHead();
    committed = store_->Commit();
  }
  if (committed.ok()) return receipt;
  if (!absl::IsUnknown(committed)) return committed;
  const absl::StatusOr<bool> there = store_->Has(receipt.records.back().nonce);
  if (!there.ok()) {
    return absl::UnknownError(
        absl::StrCat(committed.message(), ". Looking it up failed, too: ", there.status().message(),
                     ". slogate ledger list shows whether it is there"));
  }
  if (*there) return receipt;
  return absl::AbortedError(committed.message());
}

}  // namespace slogate

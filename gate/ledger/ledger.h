// The ledger: records in one gapless order, each holding the hash of the one before, under one RFC 6962
// tree. One contract over both databases.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/time/time.h>

#include "gate/history/history.h"
#include "gate/history/record.h"
#include "gate/io/token.h"
#include "gate/ledger/checkpoint.h"
#include "gate/ledger/store.h"

namespace slogate {

// Which ledger it must be.
struct LedgerIdentity {
  std::string log_id;                  // "": any
  std::optional<std::string> genesis;  // the hash of its first record, where a policy names it
};

// The ledger at one moment: inside a transaction of the store.
class LedgerView {
 public:
  virtual ~LedgerView() = default;
  virtual const Checkpoint& head() const = 0;  // size: how many records there are
  // The store's clock, in whole seconds, and never before the newest record's time.
  virtual absl::Time now() const = 0;
  virtual absl::Time clock() const = 0;  // the store's clock itself, which may have stepped back
  virtual const std::string& role() const = 0;
  // As Store::Scan, decoded; DataLoss where a record's bytes, or what was searched by, are not what a
  // ledger would hold.
  virtual absl::Status Scan(const RecordQuery& query,
                            const std::function<absl::Status(const Record&)>& each) = 0;
  // All that the queries find: in the ledger's order, each once.
  virtual absl::StatusOr<std::vector<Record>> Find(const std::vector<RecordQuery>& queries) = 0;

  // Inside Append alone: adds a record behind all that is there, and gives it back as it is written. The
  // ledger itself fills in seq, log_id, prev, nonce, gate, time and the actor's role. An error ends the
  // transaction: hand it on.
  virtual absl::StatusOr<Record> Add(Record record) = 0;
};

// What an Append left behind.
struct Receipt {
  std::vector<Record> records;  // that were added; a checkpoint record of the ledger's own is none
  Checkpoint head;              // after them
};

class Ledger {
 public:
  // FailedPrecondition where it is another ledger than wanted; NotFound where it has no record yet;
  // DataLoss where its first one is damaged. `new_token` makes the records' nonces.
  static absl::StatusOr<std::unique_ptr<Ledger>> Open(
      std::unique_ptr<Store> store, const LedgerIdentity& wanted,
      std::function<std::string()> new_token = RandomToken);
  // Writes the first record into an empty store; AlreadyExists where it is not.
  static absl::StatusOr<std::unique_ptr<Ledger>> Create(
      std::unique_ptr<Store> store, const std::string& log_id, const Actor& actor,
      std::function<std::string()> new_token = RandomToken);

  const std::string& log_id() const { return log_id_; }

  // `look` sees one snapshot, whose tail since the last checkpoint record verifies (else DataLoss, with the
  // first bad record and what is wrong with it).
  absl::Status Read(const std::function<absl::Status(LedgerView&)>& look);

  // `write` sees the ledger as it is while every other writer waits, its tail verified as above, and adds
  // to it; an error of its own takes back all of it and is returned. Where the database asks for it, `write` is
  // called again, and everything it did before is forgotten. OK means durable, once: a commit whose fate is
  // unknown is looked up by a record's nonce. Adds a checkpoint record of its own where the tail has grown to
  // kTailMost.
  absl::StatusOr<Receipt> Append(const std::function<absl::Status(LedgerView&)>& write);

  // How many records a check verifies at most before it decides.
  static constexpr uint64_t kTailMost = 256;

  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

 private:
  using Writer = std::function<absl::Status(LedgerView&)>;

  Ledger(std::unique_ptr<Store> store, std::function<std::string()> new_token);
  absl::StatusOr<Receipt> TryAppend(const Writer& write, bool first, absl::Status& own);
  absl::StatusOr<Receipt> AppendSurely(const Writer& write, bool first);

  std::unique_ptr<Store> store_;
  std::function<std::string()> new_token_;
  std::string log_id_;
};

}  // namespace slogate

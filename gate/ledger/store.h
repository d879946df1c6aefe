// A database that keeps records: the part of a ledger that differs between SQLite and PostgreSQL. It
// keeps bytes in order and finds them again; what they mean and how they hang together, Ledger knows.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include <absl/status/status.h>
#include <absl/status/statusor.h>
#include <absl/strings/string_view.h>
#include <absl/time/time.h>

#include "gate/history/history.h"
#include "gate/io/clock.h"
#include "gate/ledger/location.h"

namespace slogate {

// Codes that every function may return:
// - NotFound: nothing there, or no ledger in it.
// - FailedPrecondition: there, and not to be trusted with records as it is: another schema or a newer
//   version, a standby, synchronous_commit=off, a network file system, a file that others may write.
// - PermissionDenied: it may only be read, or this role may not write that kind of record.
// - Unavailable: nobody answers, too busy for too long, the disk is full, a write or fsync failed.
// - DataLoss: the database itself says that it is damaged.
// - Aborted: somebody else was faster (a conflict, a deadlock); the same again may succeed.
// - Unknown, from Commit alone: the connection broke while committing.
// Every message begins with name().
class Store {
 public:
  virtual ~Store() = default;

  virtual const std::string& name() const = 0;  // for messages: Describe(location)

  enum class Access : uint8_t { kRead, kAppend };
  // kRead: one snapshot, taken now; it holds up no writer, however long it is looked at. kAppend: keeps
  // every other writer out until Commit or Rollback.
  virtual absl::Status Begin(Access access) = 0;
  // Durable when it returns OK. After any error nothing of the transaction is there, but for Unknown,
  // and for a disk that failed while committing: there nobody knows.
  virtual absl::Status Commit() = 0;
  virtual void Rollback() = 0;

  virtual absl::StatusOr<absl::Time> Now() = 0;    // the database's clock; SQLite: this machine's
  virtual absl::StatusOr<std::string> Role() = 0;  // who the database says we are; "" for SQLite

  // `seq` is what stands in `bytes`; refused (Aborted) where it, its prev or its nonce is taken, and
  // (InvalidArgument) where the bytes are no record, or do not go on where the ledger ends.
  virtual absl::Status Insert(int64_t seq, absl::string_view bytes) = 0;

  struct Row {
    int64_t seq;
    absl::string_view bytes;
  };
  // Rows in the order of seq, or the other way round, one after the other: never all in memory. Ends with
  // the first status of `each` that is not OK, and returns it.
  virtual absl::Status Scan(const RecordQuery& query,
                            const std::function<absl::Status(const Row&)>& each) = 0;

  // Whether a record with this nonce is there, once no other writer is under way; opens a new connection
  // where the old one broke. Outside of Begin and Commit.
  virtual absl::StatusOr<bool> Has(absl::string_view nonce) = 0;

  // Where what is searched by does not say what the bytes say: the first such seq, or -1.
  virtual absl::StatusOr<int64_t> FindFalseColumn() = 0;
};

// What only tests choose.
struct StoreSeams {
  std::string sqlite_vfs;  // the name of a registered VFS; "" is the system's
};

// An existing ledger. Does not look at its records. `clock` must outlive the store.
absl::StatusOr<std::unique_ptr<Store>> OpenStore(const LedgerLocation& location, Clock& clock,
                                                 const StoreSeams& seams = {});

// The tables of a new one, with no record yet; those that are there already, where no record is in them.
// AlreadyExists where one is. SQLite: makes the file, with mode 0600. PostgreSQL: in an existing database
// of encoding UTF8, by a role that may create tables; also the roles' rights (README.md).
absl::StatusOr<std::unique_ptr<Store>> CreateStore(const LedgerLocation& location, Clock& clock,
                                                   const StoreSeams& seams = {});

}  // namespace slogate

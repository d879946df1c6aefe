// Commands about a ledger as a whole: slogate ledger init, verify, checkpoint, export, import.
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>

#include "gate/base/ed25519.h"
#include "gate/base/limits.h"
#include "gate/cli/commands.h"
#include "gate/cli/ledger_access.h"
#include "gate/cli/progress.h"
#include "gate/cli/report.h"
#include "gate/ledger/import.h"
#include "gate/ledger/note.h"
#include "gate/ledger/transfer.h"
#include "gate/ledger/verify.h"

namespace slogate {
namespace {

// The database alone: a ledger that does not verify is opened, too.
absl::StatusOr<std::unique_ptr<Store>> OpenBare(const LedgerOptions& options, World& world) {
  const absl::StatusOr<std::optional<LedgerLocation>> location = LocateLedger(options, world);
  if (!location.ok()) return location.status();
  if (!*location) {
    return absl::InvalidArgumentError(
        "which ledger? Give --ledger sqlite:FILE or --ledger postgresql://…, or set "
        "SLOGATE_LEDGER");
  }
  return world.open_store(**location, world.clock);
}

// As OpenBare, but a new one.
absl::StatusOr<std::unique_ptr<Store>> CreateBare(const LedgerOptions& options, World& world) {
  const absl::StatusOr<std::optional<LedgerLocation>> location = LocateLedger(options, world);
  if (!location.ok()) return location.status();
  if (!*location) {
    return absl::InvalidArgumentError(
        "where is it to be? Give --ledger sqlite:FILE or --ledger postgresql://…");
  }
  if (const absl::Status place = CheckLedgerPlace(**location, options, world); !place.ok()) {
    return place;
  }
  return world.create_store(**location, world.clock);
}

std::string Records(uint64_t count) {
  return absl::StrCat(count, count == 1 ? " record" : " records");
}

// All records' bytes; the transaction ends with it.
RecordSource RecordsOf(Store& store) {
  return [&store](const std::function<absl::Status(absl::string_view)>& each) -> absl::Status {
    if (const absl::Status begun = store.Begin(Store::Access::kRead); !begun.ok()) return begun;
    absl::Status scanned = store.Scan({}, [&](const Store::Row& row) { return each(row.bytes); });
    store.Rollback();
    return scanned;
  };
}

// The same, with how far it has come.
RecordSource Watched(RecordSource source, ProgressLine& progress) {
  return [source = std::move(source),
          &progress](const std::function<absl::Status(absl::string_view)>& each) {
    constexpr uint64_t kStep = 50'000;  // a tenth of a second's work
    uint64_t seen = 0;
    return source([&](absl::string_view bytes) {
      if (++seen % kStep == 0) progress.Show(absl::StrCat("verifying: ", Records(seen)));
      return each(bytes);
    });
  };
}

// An export's records; `head` is what its last line names, once all are read.
RecordSource RecordsOfExport(const std::string& file, World& world,
                             std::optional<Checkpoint>& head) {
  return [&](const std::function<absl::Status(absl::string_view)>& each) -> absl::Status {
    ExportReader reader;
    const absl::Status read = world.files.ReadLines(
        file == "-" ? "/dev/stdin" : file, limits::kRecordBytes,
        [&](absl::string_view line) -> absl::Status {
          const absl::StatusOr<ExportReader::Line> kind = reader.Add(line);
          if (!kind.ok()) return kind.status();
          return *kind == ExportReader::Line::kRecord ? each(line) : absl::OkStatus();
        });
    if (!read.ok()) return read;
    const absl::StatusOr<Checkpoint> named = reader.Finish();
    if (!named.ok()) return named.status();
    head = *named;
    return absl::OkStatus();
  };
}

// A remembered head: its one-line form, or a file with that or with a signed note.
absl::StatusOr<Checkpoint> ReadExpected(const std::string& text, const std::vector<NoteKey>& keys,
                                        World& world) {
  if (keys.empty()) {
    absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(text);
    if (checkpoint.ok()) return checkpoint;
  }
  const absl::StatusOr<std::string> file = world.files.Read(text, limits::kNoteBytes);
  if (!file.ok()) {
    return absl::InvalidArgumentError(
        absl::StrCat("--expect wants a checkpoint, such as acme:1204:q83v…, or a file with one: ",
                     file.status().message()));
  }
  for (const NoteKey& key : keys) {
    const absl::StatusOr<std::string> body = VerifyNote(*file, key);
    if (body.ok()) return ParseCheckpointBody(*body);
  }
  if (!keys.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(text, " is not signed by any of the keys that --key names"));
  }
  const std::string line = file->substr(0, file->find('\n'));
  absl::StatusOr<Checkpoint> checkpoint = ParseCheckpoint(line);
  if (checkpoint.ok()) return checkpoint;
  if (absl::StrContains(*file, "\n\n")) {
    return absl::InvalidArgumentError(
        absl::StrCat(text, " is a signed note: give the key that it must be signed with, --key"));
  }
  return absl::InvalidArgumentError(absl::StrCat(text, ": ", checkpoint.status().message()));
}

int FailOnOutput(World& world, const absl::Status& status) {
  Complain(world, status);
  return kExitInternal;
}

// The line that says what to remember, and the tampering that nobody finds without it.
std::string Remember(const Checkpoint& head, bool expected) {
  return absl::StrCat("checkpoint ", PrintCheckpoint(head), "\n",
                      expected
                          ? ""
                          : "Remember it elsewhere, and give it to --expect next time: without "
                            "one, nobody can tell whether the ledger was cut or written anew.\n");
}

int ReportVerification(const Verification& verified, bool expected, World& world) {
  for (const std::string& note : verified.notes) {
    Complain(world, absl::StrCat("slogate: note: ", note, "\n"));
  }
  if (verified.problem.empty()) {
    return Say(world, absl::StrCat("ok: ", Records(verified.head.size), " of the ledger ",
                                   verified.head.log_id, ", every link and the tree\ngenesis ",
                                   verified.genesis, "\n", Remember(verified.head, expected)));
  }
  std::string text = absl::StrCat("slogate: the ledger does not verify: ", verified.problem, "\n");
  if (verified.bad_seq && verified.head.size > 0) {
    absl::StrAppend(&text, "slogate: the ", Records(verified.head.size),
                    " before it verify: checkpoint ", PrintCheckpoint(verified.head), "\n");
  }
  absl::StrAppend(&text,
                  "slogate: keep it as it is, find out who could write it, and see ledger export "
                  "and ledger import --repair: exit ",
                  kExitLedger, "\n");
  Complain(world, text);
  return kExitLedger;
}

}  // namespace

int InitLedger(const LedgerInitOptions& options, World& world) {
  const std::optional<Actor> actor = ActorHere(world);
  if (!actor) return kExitUsage;
  absl::StatusOr<std::unique_ptr<Store>> store = CreateBare(options, world);
  if (!store.ok()) return FailOnLedger(world, store.status());
  const absl::StatusOr<std::unique_ptr<Ledger>> ledger =
      Ledger::Create(*std::move(store), options.id, *actor, world.new_nonce);
  if (!ledger.ok()) return FailOnLedger(world, ledger.status());
  std::string genesis;
  Checkpoint head;
  const absl::Status read = (*ledger)->Read([&](LedgerView& view) {
    head = view.head();
    return view.Scan({}, [&](const Record& record) {
      genesis = Hex(LeafHash(record.bytes));
      return absl::OkStatus();
    });
  });
  if (!read.ok()) return FailOnLedger(world, read);
  return Say(world,
             absl::StrCat(
                 "The ledger ", options.id,
                 " is there. In the policy, so that no other will do:\n  ledger: {id: ", options.id,
                 ", genesis: ", genesis, "}\ncheckpoint ", PrintCheckpoint(head), "\n"));
}

int VerifyLedger(const LedgerVerifyOptions& options, World& world) {
  std::vector<NoteKey> keys;
  for (const std::string& key : options.keys) keys.push_back(*ParseNoteKey(key));
  std::vector<Checkpoint> expected;
  for (const std::string& text : options.expected) {
    const absl::StatusOr<Checkpoint> checkpoint = ReadExpected(text, keys, world);
    if (!checkpoint.ok()) return FailOnLedger(world, checkpoint.status());
    expected.push_back(*checkpoint);
  }
  std::optional<Checkpoint> named;
  std::unique_ptr<Store> store;
  RecordSource source;
  if (!options.file.empty()) {
    source = RecordsOfExport(options.file, world, named);
  } else {
    absl::StatusOr<std::unique_ptr<Store>> opened = OpenBare(options, world);
    if (!opened.ok()) return FailOnLedger(world, opened.status());
    store = *std::move(opened);
    source = RecordsOf(*store);
  }
  ProgressLine progress(world);
  absl::StatusOr<Verification> verified = Verify(Watched(std::move(source), progress), expected);
  if (!verified.ok()) {
    progress.Clear();
    if (store != nullptr) return FailOnLedger(world, verified.status());
    Complain(world,
             absl::StrCat("slogate: ", options.file, ": ", verified.status().message(), "\n"));
    return kExitUsage;
  }
  if (verified->problem.empty() && named && !(*named == verified->head)) {
    verified->problem = absl::StrCat("its last line names ", PrintCheckpoint(*named),
                                     ", and its records come to ", PrintCheckpoint(verified->head));
  }
  if (verified->problem.empty() && store != nullptr) {
    progress.Show(absl::StrCat("verifying: what ", Records(verified->head.size), " are found by"));
    const absl::StatusOr<int64_t> false_column = store->FindFalseColumn();
    if (!false_column.ok()) return FailOnLedger(world, false_column.status());
    if (*false_column >= 0) {
      verified->problem = absl::StrCat("record ", *false_column,
                                       " is found by something else than it says: the columns that "
                                       "are searched by were changed");
    }
  }
  progress.Clear();
  return ReportVerification(*verified, !expected.empty(), world);
}

int CheckpointLedger(const LedgerCheckpointOptions& options, World& world) {
  std::optional<Ed25519Key> key;
  if (!options.sign.empty()) {
    absl::StatusOr<std::string> pem = world.files.ReadPrivate(options.sign, limits::kNoteBytes);
    if (!pem.ok()) {
      Complain(world, pem.status());
      return kExitUsage;
    }
    absl::StatusOr<Ed25519Key> read = Ed25519Key::FromPem(*std::move(pem));
    if (!read.ok()) {
      Complain(world, absl::StrCat("slogate: ", options.sign, ": ", read.status().message(), "\n"));
      return kExitUsage;
    }
    key = *std::move(read);
  }
  absl::StatusOr<std::unique_ptr<Ledger>> ledger = OpenLedger(options, std::nullopt, world);
  if (!ledger.ok()) return FailOnLedger(world, ledger.status());
  Checkpoint head;
  const absl::Status read = (*ledger)->Read([&](LedgerView& view) {
    head = view.head();
    return absl::OkStatus();
  });
  if (!read.ok()) return FailOnLedger(world, read);
  if (!key) return Say(world, absl::StrCat(PrintCheckpoint(head), "\n"));
  const std::string name = absl::StrCat("slogate/", head.log_id);
  const absl::StatusOr<std::string> note = SignNote(PrintCheckpointBody(head), name, *key);
  if (!note.ok()) return FailOnLedger(world, note.status());
  Complain(world, absl::StrCat("slogate: verify with --key ",
                               PrintNoteKey({name, key->public_key()}), "\n"));
  return Say(world, *note);
}

int ExportLedger(const LedgerExportOptions& options, World& world) {
  absl::StatusOr<std::unique_ptr<Store>> store = OpenBare(options, world);
  if (!store.ok()) return FailOnLedger(world, store.status());
  absl::Status written;
  const auto write = [&](absl::string_view text) {
    written = world.out.Write(text);
    return written;
  };
  if (options.csv) {
    if (!write(CsvHeader()).ok()) return FailOnOutput(world, written);
    const absl::Status read = RecordsOf(**store)([&](absl::string_view bytes) -> absl::Status {
      const absl::StatusOr<Record> record = ReadRecord(bytes);
      if (!record.ok()) {
        return absl::DataLossError(absl::StrCat(
            "a record cannot be read: ", record.status().message(), "; see slogate ledger verify"));
      }
      return write(CsvLine(*record));
    });
    if (!written.ok()) return FailOnOutput(world, written);
    return read.ok() ? kExitOk : FailOnLedger(world, read);
  }
  // What does not verify is written all the same, so that it can be looked at; but without a last line.
  Chain chain;
  std::string problem;
  const absl::Status read = RecordsOf(**store)([&](absl::string_view bytes) {
    if (problem.empty()) problem = chain.Add(bytes);
    return write(absl::StrCat(bytes, "\n"));
  });
  if (!written.ok()) return FailOnOutput(world, written);
  if (!read.ok()) return FailOnLedger(world, read);
  if (!problem.empty()) {
    return FailOnLedger(
        world,
        absl::DataLossError(absl::StrCat(
            "the ledger does not verify: record ", chain.frontier().size(), " is bad: ", problem,
            ". All records are written, without the last line that an import wants")));
  }
  return write(ExportTrailer(chain.head())).ok() ? kExitOk : FailOnOutput(world, written);
}

int ImportLedger(const LedgerImportOptions& options, World& world) {
  const std::optional<Actor> actor = ActorHere(world);
  if (!actor) return kExitUsage;
  const absl::StatusOr<std::unique_ptr<Store>> store = CreateBare(options, world);
  if (!store.ok()) return FailOnLedger(world, store.status());
  const std::string file = options.file == "-" ? "/dev/stdin" : options.file;
  const absl::StatusOr<Imported> imported = Import(
      **store,
      [&](const auto& each) { return world.files.ReadLines(file, limits::kRecordBytes, each); },
      {options.repair, *actor, world.new_nonce()});
  if (!imported.ok()) return FailOnLedger(world, imported.status());
  return Say(world, absl::StrCat("imported ", Records(imported->head.size), " of the ledger ",
                                 imported->head.log_id,
                                 imported->lost_lines > 0
                                     ? absl::StrCat(", the last of which says that ",
                                                    imported->lost_lines, " lines were lost")
                                     : "",
                                 "\ncheckpoint ", PrintCheckpoint(imported->head), "\n"));
}

}  // namespace slogate

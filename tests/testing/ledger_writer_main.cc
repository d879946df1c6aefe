// slogate_ledger_writer LEDGER NAME COUNT: appends that many decisions of the service NAME to a ledger,
// once its standard input ends, so that many begin at once.
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include <absl/strings/numbers.h>

#include "gate/ledger/ledger.h"
#include "tests/testing/sample_records.h"

namespace slogate {
namespace {

absl::Status Write(const char* ledger_text, const std::string& service, int count) {
  const std::unique_ptr<Clock> clock = RealClock();
  const absl::StatusOr<LedgerLocation> location = ParseLedgerLocation(ledger_text);
  if (!location.ok()) return location.status();
  absl::StatusOr<std::unique_ptr<Store>> store = OpenStore(*location, *clock);
  if (!store.ok()) return store.status();
  const absl::StatusOr<std::unique_ptr<Ledger>> ledger =
      Ledger::Open(*std::move(store), {"acme", {}});
  if (!ledger.ok()) return ledger.status();
  Record record = fake::SampleRecord(RecordKind::kDecision);
  record.subject.service = service;
  for (int i = 0; i < count; ++i) {
    record.subject.version = std::to_string(i);
    const absl::StatusOr<Receipt> receipt =
        (*ledger)->Append([&](LedgerView& view) { return view.Add(record).status(); });
    if (!receipt.ok()) return receipt.status();
    printf("%d %s\n", static_cast<int>(receipt->records[0].seq), receipt->records[0].nonce.c_str());
  }
  return absl::OkStatus();
}

}  // namespace
}  // namespace slogate

int main(int argc, char** argv) {
  int count = 0;
  if (argc != 4 || !absl::SimpleAtoi(argv[3], &count)) return 2;
  char byte = 0;
  while (read(STDIN_FILENO, &byte, 1) > 0) {
  }
  const absl::Status written = slogate::Write(argv[1], argv[2], count);
  if (written.ok()) return 0;
  fprintf(stderr, "%s\n", written.ToString().c_str());
  return 1;
}

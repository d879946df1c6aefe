// Many processes that append to one ledger at the same time.
#include <fcntl.h>
#include <unistd.h>

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include "gate/ledger/verify.h"
#include "tests/testing/child_process.h"
#include "tests/testing/fakes.h"
#include "tests/testing/ledger_places.h"

namespace slogate {
namespace {

constexpr int kWriters = 64, kEach = 2;

class Writers : public testing::TestWithParam<fake::LedgerKind> {};

INSTANTIATE_TEST_SUITE_P(All, Writers, testing::ValuesIn(fake::LedgerKinds()),
                         [](const auto& test) { return fake::LedgerKindName(test.param); });

TEST_P(Writers, MakeOneChain) {
  if (auto why = fake::CannotHave(GetParam())) GTEST_SKIP() << *why;
  const fake::LedgerPlace place(GetParam());
  fake::FixedClock clock(absl::FromUnixSeconds(1'764'000'000));
  ASSERT_TRUE(fake::NewLedger(place, clock).ok());

  int gate[2];  // all begin when it closes
  ASSERT_EQ(pipe2(gate, O_CLOEXEC), 0);
  std::vector<std::unique_ptr<fake::Child>> writers;
  for (int i = 0; i < kWriters; ++i) {
    fake::ChildOptions options;
    options.descriptors = {{STDIN_FILENO, gate[0]}};
    writers.push_back(std::make_unique<fake::Child>(
        SLOGATE_LEDGER_WRITER,
        std::vector<std::string>{place.text(), absl::StrCat("service", i), absl::StrCat(kEach)},
        options));
  }
  close(gate[0]);
  close(gate[1]);
  std::map<int64_t, std::string> claimed;  // nonces, by seq
  for (const auto& writer : writers) {
    ASSERT_EQ(writer->Wait(), 0) << writer->Err();
    for (absl::string_view line : absl::StrSplit(writer->Out(), '\n', absl::SkipEmpty())) {
      const std::vector<std::string> words = absl::StrSplit(line, ' ');
      int64_t seq = 0;
      ASSERT_TRUE(absl::SimpleAtoi(words[0], &seq));
      EXPECT_TRUE(claimed.emplace(seq, words[1]).second) << "two have the place " << seq;
    }
  }
  ASSERT_EQ(claimed.size(), static_cast<size_t>(kWriters) * kEach);

  const std::vector<std::string> all = fake::AllBytes(place.location(), clock);
  const Verification verified = *Verify(
      [&](const auto& each) {
        for (const std::string& bytes : all) {
          if (absl::Status status = each(bytes); !status.ok()) return status;
        }
        return absl::OkStatus();
      },
      {});
  EXPECT_EQ(verified.problem, "");
  std::set<std::string> nonces;
  std::map<std::string, int> versions;  // the next of each service
  for (const std::string& bytes : all) {
    const Record record = ReadRecord(bytes).value();
    EXPECT_TRUE(nonces.insert(record.nonce).second);
    if (record.kind != RecordKind::kDecision) continue;
    EXPECT_EQ(claimed[record.seq], record.nonce);
    EXPECT_EQ(record.subject.version, absl::StrCat(versions[record.subject.service]++));
  }
  EXPECT_EQ(all.size(), claimed.size() + 1);  // and the first
  EXPECT_EQ(versions.size(), static_cast<size_t>(kWriters));
}

}  // namespace
}  // namespace slogate

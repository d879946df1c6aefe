// A database that answers something else than it was asked: never taken for "there is nothing".
#include "gate/ledger/sql_store.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

namespace slogate {
namespace {

// Answers every statement by the same rows of one cell.
class Answering : public SqlStore {
 public:
  explicit Answering(std::vector<std::string> rows)
      : SqlStore("sqlite:odd.db"), rows_(std::move(rows)) {}

  absl::StatusOr<absl::Time> Now() override { return absl::UnixEpoch(); }
  absl::StatusOr<std::string> Role() override { return std::string(); }

 protected:
  absl::Status Query(const Statement&, const std::function<void(Cells)>& each) override {
    for (const std::string& row : rows_) {
      const absl::string_view cells[] = {row};
      each(cells);
    }
    return absl::OkStatus();
  }
  absl::Status Reconnect() override { return absl::OkStatus(); }
  Statement FalseColumnIn(const SeqRange&) const override { return {"SELECT 0", {}}; }
  absl::Status BeginAppend() override { return absl::OkStatus(); }
  absl::Status CommitAppend() override { return absl::OkStatus(); }
  void RollbackAppend() override {}

 private:
  std::vector<std::string> rows_;
};

struct AnswerCase {
  const char* name;
  std::vector<std::string> rows;
  absl::StatusCode want;
};

class Answers : public testing::TestWithParam<AnswerCase> {};

TEST_P(Answers, ThatAreNoNumberAreDamage) {
  Answering store(GetParam().rows);
  EXPECT_EQ(store.Begin(Store::Access::kRead).code(), GetParam().want);
  EXPECT_EQ(store.Has("00000000000000000000000000000001").status().code(), GetParam().want);
  EXPECT_EQ(store.FindFalseColumn().status().code(), GetParam().want);
  RecordQuery query;
  query.since = absl::UnixEpoch();
  const absl::Status scanned =
      store.Scan(query, [](const Store::Row&) { return absl::OkStatus(); });
  EXPECT_EQ(scanned.code(), GetParam().want);
}

const AnswerCase kAnswers[] = {
    {"a_number", {"-1"}, absl::StatusCode::kOk},
    {"no_row", {}, absl::StatusCode::kDataLoss},
    {"null", {""}, absl::StatusCode::kDataLoss},
    {"a_text", {"7 records"}, absl::StatusCode::kDataLoss},
    {"two_rows", {"1", "2"}, absl::StatusCode::kDataLoss},
    {"a_number_too_large", {"99999999999999999999"}, absl::StatusCode::kDataLoss},
};

INSTANTIATE_TEST_SUITE_P(Cases, Answers, testing::ValuesIn(kAnswers),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate

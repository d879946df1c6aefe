// Any bytes at all: ScanRecord must come to what json::Parse and json::Dump say.
#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/ledger/scan.h"
#include "gate/text/json.h"
#include "tests/testing/slow_scan.h"

namespace slogate {
namespace {

const std::string kPrev(64, 'a');

// A record with one more member, which stands between "seq" and "time".
std::string With(const std::string& value) {
  return absl::StrCat(R"({"kind":"decision","log_id":"acme","prev":")", kPrev,
                      R"(","seq":7,"subject":)", value, R"(,"time":"2026-11-23T03:12:40Z","v":1})");
}

using Random = std::mt19937_64;
size_t Below(Random& random, size_t end) {
  return std::uniform_int_distribution<size_t>(0, end - 1)(random);
}

const std::vector<std::string> kPieces = {"a",
                                          "b",
                                          "Z",
                                          " ",
                                          "\"",
                                          "\\",
                                          "/",
                                          "\n",
                                          "\r",
                                          "\t",
                                          std::string(1, '\0'),
                                          "\x01",
                                          "\x1f",
                                          "\x7f",
                                          "ä",
                                          "€",
                                          "🚀",
                                          "\u2028",
                                          "01234567",
                                          "sha256:",
                                          "\b",
                                          "\f"};

std::string RandomText(Random& random) {
  std::string text;
  for (size_t i = Below(random, 6); i > 0; --i) text += kPieces[Below(random, kPieces.size())];
  return text;
}

json::Value RandomValue(Random& random, int depth) {
  const std::vector<std::string> numbers = {
      "0",   "-1",     "12345678901234567890123", "0.999", "-0.0",
      "1e5", "1E-400", "9223372036854775808"};
  switch (Below(random, depth > 0 ? 7 : 5)) {
    case 0:
      return json::Value();
    case 1:
      return json::Value(Below(random, 2) == 0);
    case 2:
      return json::Value::Number(numbers[Below(random, numbers.size())]);
    case 3:
    case 4:
      return json::Value(RandomText(random));
    case 5: {
      json::Array array;
      for (size_t i = Below(random, 4); i > 0; --i) array.push_back(RandomValue(random, depth - 1));
      return array;
    }
    default: {
      json::Object object;
      for (size_t i = Below(random, 6); i > 0; --i)
        object[RandomText(random)] = RandomValue(random, depth - 1);
      return object;
    }
  }
}

std::string RandomRecord(Random& random) {
  json::Object record;
  for (size_t i = Below(random, 5); i > 0; --i) record[RandomText(random)] = RandomValue(random, 3);
  record["kind"] = RandomText(random);
  record["log_id"] = "acme";
  record["prev"] = kPrev;
  record["seq"] = json::Value::Number(static_cast<int64_t>(random() >> 1U));
  record["time"] = "2026-11-23T03:12:40Z";
  record["v"] = json::Value::Number(int64_t{1});
  return json::Dump(record);
}

// One to three small changes: what a damaged disk or a careful hand might do.
std::string Mutated(std::string bytes, Random& random) {
  const std::vector<std::string> inserted = {
      "0",    "-", ".",     "e",        "\"",      "\\",   "u",       "n",   ",",   ":",
      "{",    "}", "[",     "]",        " ",       "\n",   "\\u000b", "\\n", "\\/", "\x80",
      "\xff", "é", "1e309", "\"a\":1,", "\"\":0,", "null", "-0",      "\x7f"};
  for (size_t changes = 1 + Below(random, 3); changes > 0; --changes) {
    const size_t at = Below(random, bytes.size() + 1);
    switch (Below(random, 5)) {
      case 0:
        bytes.insert(at, inserted[Below(random, inserted.size())]);
        break;
      case 1:
        bytes.erase(at, 1 + Below(random, 3));
        break;
      case 2:
        if (at < bytes.size()) bytes[at] = static_cast<char>(bytes[at] ^ (1 << Below(random, 8)));
        break;
      case 3:
        if (at < bytes.size()) bytes[at] = static_cast<char>(random() & 0xffU);
        break;
      default:
        bytes.insert(Below(random, bytes.size() + 1), bytes.substr(at, 1 + Below(random, 30)));
    }
  }
  return bytes;
}

TEST(ScanRecord, AcceptsWhatDumpWrites) {
  Random random(1);
  for (int i = 0; i < 10'000; ++i) {
    const std::string record = RandomRecord(random);
    const absl::StatusOr<RecordFrame> frame = ScanRecord(record);
    ASSERT_TRUE(frame.ok()) << record << "\n" << frame.status();
    ASSERT_TRUE(fake::ScansAgree(record));
  }
}

TEST(ScanRecord, JudgesDamagedRecordsAsJsonDoes) {
  Random random(2);
  int accepted = 0;
  for (int i = 0; i < 40'000; ++i) {
    const std::string bytes = Mutated(RandomRecord(random), random);
    ASSERT_TRUE(fake::ScansAgree(bytes));
    accepted += ScanRecord(bytes).ok() ? 1 : 0;
  }
  // Both ways: changes inside texts leave a record good.
  EXPECT_GT(accepted, 1'000);
  EXPECT_LT(accepted, 39'000);
}

TEST(ScanRecord, JudgesShortValuesAsJsonDoes) {
  Random random(3);
  const std::vector<std::string> tokens = {
      "0",  "1",  "9",   "-",    "+",    ".",      "e",    "E",    "308",  "\"",
      "\"", "\\", "u00", "1f",   "n",    "a",      "b",    ",",    ":",    "{",
      "}",  "[",  "]",   "true", "null", "\"a\":", "\xc3", "\xa9", "\x1f", "\"\""};
  int accepted = 0;
  for (int i = 0; i < 100'000; ++i) {
    std::string value;
    for (size_t count = 1 + Below(random, 6); count > 0; --count)
      value += tokens[Below(random, tokens.size())];
    ASSERT_TRUE(fake::ScansAgree(With(value)));
    accepted += ScanRecord(With(value)).ok() ? 1 : 0;
  }
  EXPECT_GT(accepted, 1'000);
}

// A text's end, and each character that ends a run of plain ones, at every place of eight bytes.
TEST(ScanRecord, LooksAtEveryByteOfATextWhereverItStands) {
  for (size_t before = 0; before < 24; ++before) {
    for (int byte = 0; byte < 256; ++byte) {
      const std::string text = absl::StrCat("\"", std::string(before, 'x'),
                                            std::string(1, static_cast<char>(byte)), "yyyyyyy\"");
      ASSERT_TRUE(fake::ScansAgree(With(text))) << before << " " << byte;
    }
  }
}

TEST(ScanRecord, ReadsNothingBehindTheEnd) {
  const std::string record = With(R"({"a":"\u001f","b":"äöü","c":[1.5e3,true,null]})");
  for (size_t size = 0; size < record.size(); ++size) {
    // Alone in memory of its own, so that a sanitizer sees a step too far.
    const std::vector<char> alone(record.begin(),
                                  record.begin() + static_cast<std::ptrdiff_t>(size));
    EXPECT_FALSE(ScanRecord({alone.data(), alone.size()}).ok()) << size;
  }
}

}  // namespace
}  // namespace slogate

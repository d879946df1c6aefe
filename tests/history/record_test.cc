#include "gate/history/record.h"

#include <functional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>

#include "gate/base/duration.h"

namespace slogate {
namespace {

const std::string kHex(64, 'a');  // NOLINT: a test's

absl::Time At(const char* time) { return ParseTime(time).value(); }

SloNote Budget() { return {"availability", "0.999", 2592000, "41882310.4", "44107", "-0.0532"}; }

Record Plain(RecordKind kind, Payload payload) {
  Record record;
  record.seq = 7;
  record.log_id = "acme";
  record.prev = kHex;
  record.nonce = std::string(32, 'b');
  record.gate = "0.1.0";
  record.time = At("2026-11-23T03:12:40.25Z");
  record.kind = kind;
  record.actor = {"github:alice", "GITHUB_TRIGGERING_ACTOR", "gate"};
  record.subject = {"checkout", "production", "sha256:ab", "4.18.2", "8f3c", "https://ci/7", ""};
  record.payload = std::move(payload);
  return record;
}

DecisionMade Made() {
  DecisionMade made;
  made.id = "sha256:4f1c";
  made.verdict = "deny";
  made.outcome = "proceed";
  made.basis = "override";
  made.enforcement = "enforce";
  made.exit_code = 0;
  made.instant = At("2026-11-23T03:12:40Z");
  made.change = "feature";
  made.change_claimed = "security";
  made.ticket = "INC-1";
  made.policy = {"acme", kHex};
  made.slos = {Budget(), {"latency", "0.99", 604800, "", "", ""}};
  made.rules = {{"spent", "availability", Truth::kTrue, Verdict::kDeny, true},
                {"fresh", "", Truth::kUnknown, Verdict::kHold, false}};
  made.findings = {"stale"};
  made.closed_by = {"spent", "fresh"};
  made.override_id = "ov-0123456789ab";
  made.refused_overrides = {{"ov-ba9876543210", "it expired"}};
  return made;
}

// One of each kind, with everything in it that it can hold, and the bytes it is written as.
struct KindCase {
  RecordKind kind;
  std::function<Record()> make;
  const char* want;  // PREFIX and SUBJECT stand for what all have
};

const KindCase kKinds[] = {
    {RecordKind::kGenesis, [] { return Plain(RecordKind::kGenesis, {}); },
     R"({ACTOR,"gate":"0.1.0","kind":"genesis",LOG,"v":1})"},
    {RecordKind::kDecision, [] { return Plain(RecordKind::kDecision, Made()); },
     R"({ACTOR,"basis":"override","change":"feature","change_claimed":"security",)"
     R"("closed_by":["spent","fresh"],"decision":"sha256:4f1c","enforcement":"enforce",)"
     R"("exit_code":0,"findings":["stale"],"gate":"0.1.0","instant":"2026-11-23T03:12:40Z",)"
     R"("kind":"decision",LOG,"outcome":"proceed","override":"ov-0123456789ab",)"
     R"("policy":{"name":"acme","sha256":"HEX"},PREV,"refused":null,"refused_overrides":)"
     R"([{"override":"ov-ba9876543210","why":"it expired"}],"rules":[{"closed":true,"id":"spent",)"
     R"("slo":"availability","truth":"true","verdict":"deny"},{"closed":false,"id":"fresh",)"
     R"("slo":null,"truth":"unknown","verdict":"hold"}],"seq":7,"slos":[{"bad":44107,)"
     R"("name":"availability","objective":0.999,"remaining_ratio":-0.0532,"total":41882310.4,"until":null,)"
     R"("window_seconds":2592000},{"bad":null,"name":"latency","objective":0.99,)"
     R"("remaining_ratio":null,"total":null,"until":null,"window_seconds":604800}],SUBJECT,"ticket":"INC-1",)"
     R"(TIME,"v":1,"verdict":"deny"})"},
    {RecordKind::kOverrideRequest,
     [] {
       return Plain(RecordKind::kOverrideRequest, OverrideRequested{"ov-0123456789ab",
                                                                    "sha256:4f1c",
                                                                    "",
                                                                    {"spent"},
                                                                    "a\nreason \"here\"",
                                                                    "",
                                                                    At("2026-11-23T07:12:40Z"),
                                                                    2,
                                                                    {"acme", kHex},
                                                                    {}});
     },
     R"({ACTOR,"change":null,"decision":"sha256:4f1c","expires_at":"2026-11-23T07:12:40Z",)"
     R"("gate":"0.1.0","kind":"override_request",LOG,"override":"ov-0123456789ab",)"
     R"("policy":{"name":"acme","sha256":"HEX"},PREV,"reason":"a\nreason \"here\"",)"
     R"("refused":null,"rules":["spent"],"seq":7,"slos":[],SUBJECT,"ticket":null,TIME,"uses":2,"v":1})"},
    {RecordKind::kOverrideApprove,
     [] {
       return Plain(RecordKind::kOverrideApprove, OverrideJudged{"ov-0123456789ab", ""});
     },
     R"({ACTOR,"gate":"0.1.0","kind":"override_approve",LOG,"override":"ov-0123456789ab",PREV,)"
     R"("refused":null,"seq":7,SUBJECT,"text":null,TIME,"v":1})"},
    {RecordKind::kOverrideReject,
     [] {
       Record record = Plain(RecordKind::kOverrideReject, OverrideJudged{"ov-0123456789ab", "no"});
       record.refused = "it was used";
       return record;
     },
     R"({ACTOR,"gate":"0.1.0","kind":"override_reject",LOG,"override":"ov-0123456789ab",PREV,)"
     R"("refused":"it was used","seq":7,SUBJECT,"text":"no",TIME,"v":1})"},
    {RecordKind::kOverrideUse,
     [] {
       return Plain(RecordKind::kOverrideUse, OverrideUsed{"ov-0123456789ab",
                                                           "sha256:4f1c",
                                                           true,
                                                           At("2026-11-26T03:12:40Z"),
                                                           {},
                                                           "security",
                                                           "CVE-1"});
     },
     R"({ACTOR,"again":true,"change":"security","decision":"sha256:4f1c","gate":"0.1.0",)"
     R"("kind":"override_use",LOG,"override":"ov-0123456789ab",PREV,"refused":null,)"
     R"("review_due":"2026-11-26T03:12:40Z","seq":7,"slos":[],SUBJECT,"ticket":"CVE-1",TIME,"v":1})"},
    {RecordKind::kOverrideRevoke,
     [] {
       return Plain(RecordKind::kOverrideRevoke, OverrideJudged{"ov-0123456789ab", "mistake"});
     },
     R"({ACTOR,"gate":"0.1.0","kind":"override_revoke",LOG,"override":"ov-0123456789ab",PREV,)"
     R"("refused":null,"seq":7,SUBJECT,"text":"mistake",TIME,"v":1})"},
    {RecordKind::kOverrideReview,
     [] {
       return Plain(RecordKind::kOverrideReview, OverrideJudged{"ov-0123456789ab", "it was right"});
     },
     R"({ACTOR,"gate":"0.1.0","kind":"override_review",LOG,"override":"ov-0123456789ab",PREV,)"
     R"("refused":null,"seq":7,SUBJECT,"text":"it was right",TIME,"v":1})"},
    {RecordKind::kRelease,
     [] {
       return Plain(RecordKind::kRelease,
                    ReleaseReported{"sha256:4f1c", ReleaseReported::Result::kRolledBack});
     },
     R"({ACTOR,"decision":"sha256:4f1c","gate":"0.1.0","kind":"release",LOG,PREV,"refused":null,)"
     R"("result":"rolled_back","seq":7,SUBJECT,TIME,"v":1})"},
    {RecordKind::kCheckpoint,
     [] {
       return Plain(RecordKind::kCheckpoint, TreeHead{kHex, {kHex, kHex}});
     },
     R"({ACTOR,"frontier":["HEX","HEX"],"gate":"0.1.0","kind":"checkpoint",LOG,PREV,"root":"HEX",)"
     R"("seq":7,TIME,"v":1})"},
    {RecordKind::kRepair,
     [] {
       return Plain(RecordKind::kRepair, Repaired{"disk", 12, kHex});
     },
     R"({ACTOR,"gate":"0.1.0","kind":"repair","log_id":"acme","lost_lines":12,"lost_root":"HEX",)"
     R"("nonce":"NONCE",PREV,)"
     R"("reason":"disk","seq":7,TIME,"v":1})"},
};

std::string Filled(const char* pattern) {
  // The genesis has nothing between its log and its version, so PREV and the rest follow LOG there.
  std::string text = absl::StrReplaceAll(
      pattern,
      {{"ACTOR",
        R"("actor":{"account":"github:alice","known_by":"GITHUB_TRIGGERING_ACTOR","role":"gate"})"},
       {"LOG,\"v\"", R"(LOG,PREV,"seq":7,TIME,"v")"}});
  text = absl::StrReplaceAll(
      text, {{"LOG", R"("log_id":"acme","nonce":"NONCE")"},
             {"PREV", R"("prev":"HEX")"},
             {"TIME", R"("time":"2026-11-23T03:12:40.25Z")"},
             {"SUBJECT",
              R"("subject":{"artifact":"sha256:ab","commit":"8f3c","environment":"production",)"
              R"("run_url":"https://ci/7","service":"checkout","version":"4.18.2"})"}});
  return absl::StrReplaceAll(text, {{"HEX", kHex}, {"NONCE", std::string(32, 'b')}});
}

class RecordTest : public testing::TestWithParam<KindCase> {};

TEST_P(RecordTest, IsWrittenAsItIsTold) {
  EXPECT_EQ(WriteRecord(GetParam().make()), Filled(GetParam().want));
}

TEST_P(RecordTest, ComesBackWhole) {
  const Record record = GetParam().make();
  const std::string bytes = WriteRecord(record);
  const absl::StatusOr<Record> read = ReadRecord(bytes);
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(read->bytes, bytes);
  EXPECT_EQ(read->kind, GetParam().kind);
  EXPECT_EQ(read->seq, 7);
  EXPECT_EQ(read->time, record.time) << "with its fraction";
  EXPECT_EQ(read->payload.index(), record.payload.index());
  EXPECT_EQ(WriteRecord(*read), bytes);
}

// Losing or adding any byte, or any member, makes it something else than a record.
TEST_P(RecordTest, NoCutIsARecord) {
  const std::string bytes = WriteRecord(GetParam().make());
  for (size_t size = 0; size < bytes.size(); ++size) {
    EXPECT_FALSE(ReadRecord(bytes.substr(0, size)).ok()) << size;
  }
  for (const char* more : {" ", "\n", "{}"}) EXPECT_FALSE(ReadRecord(bytes + more).ok()) << more;
}

INSTANTIATE_TEST_SUITE_P(Kinds, RecordTest, testing::ValuesIn(kKinds),
                         [](const auto& test) { return std::string(Word(test.param.kind)); });

TEST(RecordTest, EveryKindHasACaseAndAWord) {
  std::vector<std::string> words;
  for (const KindCase& one : kKinds) {
    words.emplace_back(Word(one.kind));
    EXPECT_EQ(RecordKindFromWord(words.back()), one.kind);
  }
  EXPECT_EQ(words.size(), 11U);
  EXPECT_EQ(RecordKindFromWord("override"), std::nullopt);
  for (const char* word : {"deployed", "failed", "rolled_back"}) {
    ASSERT_TRUE(ResultFromWord(word));
    EXPECT_EQ(Word(*ResultFromWord(word)), word);
  }
  EXPECT_EQ(ResultFromWord("ok"), std::nullopt);
}

TEST(RecordTest, TextsStayAsTheyAre) {
  // What a terminal obeys, what nobody sees, and what is not ASCII: stored, not mended.
  const std::string reason = "\x1b[2J \u202e \u200b ünïcode ::error:: \t\r\n";
  Record record = Plain(RecordKind::kOverrideRequest, OverrideRequested{});
  std::get<OverrideRequested>(record.payload).reason = reason;
  const absl::StatusOr<Record> read = ReadRecord(WriteRecord(record));
  ASSERT_TRUE(read.ok()) << read.status();
  EXPECT_EQ(std::get<OverrideRequested>(read->payload).reason, reason);
}

struct BadCase {
  const char* name;
  const char* from;  // in a release's bytes
  const char* to;
  absl::StatusCode code;
  const char* want;  // the beginning of the message
};

const auto kInvalid = absl::StatusCode::kInvalidArgument;

const BadCase kBad[] = {
    {"newer", "\"v\":1", "\"v\":2", absl::StatusCode::kFailedPrecondition,
     "a record of version 2, and this slogate knows version 1: use a newer slogate"},
    {"version_zero", "\"v\":1", "\"v\":0", kInvalid,
     "no record of a ledger: it has no version \"v\""},
    {"no_version", ",\"v\":1", "", kInvalid, "no record of a ledger: it has no version \"v\""},
    {"version_is_a_text", "\"v\":1", "\"v\":\"one\"", kInvalid,
     "no record of a ledger: it has no version \"v\""},
    {"unknown_kind", "\"kind\":\"release\"", "\"kind\":\"holiday\"", kInvalid,
     "\"kind\" is missing or not what it must be"},
    {"another_kind", "\"kind\":\"release\"", "\"kind\":\"checkpoint\"", kInvalid,
     "\"root\" is missing or not what it must be"},
    {"unknown_result", "rolled_back", "vanished", kInvalid,
     "\"result\" is missing or not what it must be"},
    {"seq_is_a_text", "\"seq\":7", "\"seq\":\"7\"", kInvalid,
     "\"seq\" is missing or not what it must be"},
    {"seq_is_a_fraction", "\"seq\":7", "\"seq\":7.5", kInvalid,
     "\"seq\" is missing or not what it must be"},
    {"seq_beyond_64_bits", "\"seq\":7", "\"seq\":9223372036854775808", kInvalid,
     "\"seq\" is missing or not what it must be"},
    {"time_is_none", "2026-11-23T03:12:40.25Z", "yesterday", kInvalid,
     "\"time\" is missing or not what it must be"},
    {"time_in_another_zone", "2026-11-23T03:12:40.25Z", "2026-11-23T04:12:40.25+01:00", kInvalid,
     "not in the form that slogate writes"},
    {"a_member_missing", "\"decision\":\"sha256:4f1c\",", "", kInvalid,
     "\"decision\" is missing or not what it must be"},
    {"an_inner_member_missing", ",\"service\":\"checkout\"", "", kInvalid,
     "\"service\" is missing or not what it must be"},
    {"no_actor", "\"account\":\"github:alice\",", "", kInvalid,
     "\"account\" is missing or not what it must be"},
    {"a_member_more", "\"seq\":7", "\"mood\":\"good\",\"seq\":7", kInvalid,
     "not in the form that slogate writes"},
    {"an_inner_member_more", "\"role\":\"gate\"", "\"role\":\"gate\",\"z\":1", kInvalid,
     "not in the form that slogate writes"},
    {"blanks", "\"seq\":7", "\"seq\": 7", kInvalid, "not in the form that slogate writes"},
    {"an_escape_too_many", "checkout", "\\u0063heckout", kInvalid,
     "not in the form that slogate writes"},
    {"number_written_otherwise", "\"seq\":7", "\"seq\":07", kInvalid, "not JSON"},
    {"a_key_twice", "\"seq\":7", "\"seq\":7,\"seq\":7", kInvalid,
     "a key stands twice in one object"},
    {"empty_for_null", "\"refused\":null", "\"refused\":\"\"", kInvalid,
     "not in the form that slogate writes"},
};

class BadRecordTest : public testing::TestWithParam<BadCase> {};

TEST_P(BadRecordTest, IsRefused) {
  const std::string bytes = WriteRecord(Plain(
      RecordKind::kRelease, ReleaseReported{"sha256:4f1c", ReleaseReported::Result::kRolledBack}));
  ASSERT_TRUE(absl::StrContains(bytes, GetParam().from)) << bytes;
  const std::string harmed = absl::StrReplaceAll(bytes, {{GetParam().from, GetParam().to}});
  const absl::StatusOr<Record> read = ReadRecord(harmed);
  ASSERT_FALSE(read.ok()) << harmed;
  EXPECT_EQ(read.status().code(), GetParam().code);
  EXPECT_TRUE(absl::StartsWith(read.status().message(), GetParam().want)) << read.status();
}

INSTANTIATE_TEST_SUITE_P(Records, BadRecordTest, testing::ValuesIn(kBad),
                         [](const auto& test) { return std::string(test.param.name); });

// A calendar's window alone has a beginning; other notes stay as they were written before there were any.
TEST(RecordTest, OnlyCalendarsHaveABeginning) {
  DecisionMade made = Made();
  made.slos[0].since = At("2026-10-31T23:00:00Z");
  const std::string bytes = WriteRecord(Plain(RecordKind::kDecision, made));
  EXPECT_TRUE(absl::StrContains(
      bytes, R"("remaining_ratio":-0.0532,"since":"2026-10-31T23:00:00Z","total":41882310.4)"))
      << bytes;
  const absl::StatusOr<Record> read = ReadRecord(bytes);
  ASSERT_TRUE(read.ok()) << read.status();
  const std::vector<SloNote>& slos = std::get<DecisionMade>(read->payload).slos;
  EXPECT_EQ(slos[0].since, made.slos[0].since);
  EXPECT_EQ(slos[1].since, std::nullopt);
  EXPECT_FALSE(
      ReadRecord(absl::StrReplaceAll(bytes, {{R"("2026-10-31T23:00:00Z")", "null"}})).ok());
}

TEST(RecordTest, NumbersInANoteKeepTheirDigits) {
  const std::string bytes = WriteRecord(Plain(RecordKind::kDecision, Made()));
  const absl::StatusOr<Record> other =
      ReadRecord(absl::StrReplaceAll(bytes, {{"41882310.4", "41882310.40"}}));
  ASSERT_TRUE(other.ok()) << other.status();
  EXPECT_EQ(std::get<DecisionMade>(other->payload).slos[0].total, "41882310.40");
  EXPECT_FALSE(ReadRecord(absl::StrReplaceAll(bytes, {{"41882310.4", "\"41882310.4\""}})).ok());
}

}  // namespace
}  // namespace slogate

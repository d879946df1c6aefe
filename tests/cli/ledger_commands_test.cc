// The ledger's commands on a real database in a folder of its own: what goes out comes back byte for byte, and
// what was changed on the way is found.
#include <sys/stat.h>

#include <string>
#include <utility>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_replace.h>
#include <absl/strings/str_split.h>
#include <gtest/gtest.h>

#include "gate/cli/run.h"
#include "gate/ledger/ledger.h"
#include "tests/cli/memory_world.h"
#include "tests/testing/temp_folder.h"

namespace slogate {
namespace {

class LedgerCommands : public testing::Test {
 protected:
  struct Ran {
    int exit = 0;
    std::string out, err;
  };

  Ran Run(std::vector<std::string> arguments) {
    fake::MemoryWorld memory;
    const std::unique_ptr<Files> files = RealFiles();
    World world{memory.clock, memory.environment, *files, memory.http, memory.out, memory.err};
    world.login_name = [] { return std::string("alice"); };
    const int exit = slogate::Run(arguments, world);
    return {exit, memory.out.text, memory.err.text};
  }

  std::string Path(const std::string& name) const {
    return absl::StrCat(folder_.path(), "/", name);
  }
  std::string Ledger(const std::string& name = "ledger.db") const {
    return absl::StrCat("sqlite:", Path(name));
  }

  // A ledger of `decisions` decisions.
  void Fill(int decisions) {
    ASSERT_EQ(Run({"ledger", "init", "--id", "acme", "--ledger", Ledger()}).exit, 0);
    absl::StatusOr<std::unique_ptr<Store>> store =
        OpenStore(*ParseLedgerLocation(Ledger()), clock_);
    ASSERT_TRUE(store.ok()) << store.status();
    absl::StatusOr<std::unique_ptr<slogate::Ledger>> ledger =
        slogate::Ledger::Open(*std::move(store), {"acme", std::nullopt});
    ASSERT_TRUE(ledger.ok()) << ledger.status();
    for (int i = 0; i < decisions; ++i) {
      const auto receipt = (*ledger)->Append([&](LedgerView& view) {
        Record record;
        record.kind = RecordKind::kDecision;
        record.actor = {i % 2 == 0 ? "github:alice" : "github:bob", "GITHUB_TRIGGERING_ACTOR", ""};
        record.subject.service = i % 3 == 0 ? "payments" : "checkout";
        record.subject.environment = "production";
        record.subject.version = absl::StrCat("=", i);
        DecisionMade made;
        made.id = absl::StrFormat("sha256:%064x", i + 0xabcdef00LL);
        made.verdict = i % 2 == 0 ? "deny" : "allow";
        made.outcome = i % 2 == 0 ? "blocked" : "proceed";
        made.basis = "budget";
        made.enforcement = "enforce";
        record.payload = made;
        return view.Add(record).status();
      });
      ASSERT_TRUE(receipt.ok()) << receipt.status();
      clock_.now += absl::Hours(1);
    }
  }

  std::string Export() {
    const Ran ran = Run({"ledger", "export", "--ledger", Ledger()});
    EXPECT_EQ(ran.exit, 0) << ran.err;
    folder_.Write("export.jsonl", ran.out);
    return ran.out;
  }

  std::string CheckpointOf(const std::string& ledger) {
    const Ran ran = Run({"ledger", "checkpoint", "--ledger", ledger});
    EXPECT_EQ(ran.exit, 0) << ran.err;
    return std::string(absl::StripSuffix(ran.out, "\n"));
  }

  static size_t Lines(const std::string& text) {
    return static_cast<size_t>(std::count(text.begin(), text.end(), '\n'));
  }

  fake::TempFolder folder_;
  fake::FixedClock clock_{absl::FromUnixSeconds(1'795'403'560)};
};

TEST_F(LedgerCommands, AnExportIsImportedByteForByte) {
  Fill(7);
  const std::string exported = Export();
  EXPECT_EQ(Lines(exported), 9U);  // genesis, seven, and the last line
  const Ran imported =
      Run({"ledger", "import", Path("export.jsonl"), "--ledger", Ledger("new.db")});
  EXPECT_EQ(imported.exit, 0) << imported.err;
  EXPECT_EQ(imported.out, absl::StrCat("imported 8 records of the ledger acme\ncheckpoint ",
                                       CheckpointOf(Ledger()), "\n"));
  EXPECT_EQ(Run({"ledger", "export", "--ledger", Ledger("new.db")}).out, exported);
  EXPECT_EQ(
      Run({"ledger", "verify", "--ledger", Ledger("new.db"), "--expect", CheckpointOf(Ledger())})
          .exit,
      0);
  // Not over one that is there.
  const Ran again = Run({"ledger", "import", Path("export.jsonl"), "--ledger", Ledger("new.db")});
  EXPECT_EQ(again.exit, 4);
  EXPECT_EQ(Run({"ledger", "export", "--ledger", Ledger("new.db")}).out, exported);
}

struct TamperCase {
  const char* name;
  std::function<std::string(std::vector<std::string> lines)> tamper;
  const char* problem;  // the beginning of what verify says of the file
};

std::string Joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) absl::StrAppend(&text, line, "\n");
  return text;
}

class Tampering : public LedgerCommands, public testing::WithParamInterface<TamperCase> {};

TEST_P(Tampering, IsFoundAndNotImported) {
  Fill(5);
  const std::string checkpoint = CheckpointOf(Ledger());
  std::vector<std::string> lines = absl::StrSplit(Export(), '\n');
  lines.pop_back();
  folder_.Write("tampered.jsonl", GetParam().tamper(lines));
  const Ran verified = Run({"ledger", "verify", Path("tampered.jsonl"), "--expect", checkpoint});
  EXPECT_NE(verified.exit, 0);
  EXPECT_EQ(verified.out, "");
  EXPECT_TRUE(absl::StrContains(verified.err, GetParam().problem)) << verified.err;
  const Ran imported =
      Run({"ledger", "import", Path("tampered.jsonl"), "--ledger", Ledger("new.db")});
  EXPECT_EQ(imported.exit, 4) << imported.out;
  EXPECT_NE(Run({"ledger", "list", "--ledger", Ledger("new.db")}).exit, 0);
}

const TamperCase kTampers[] = {
    {"an_edit",
     [](auto lines) {
       lines[2] = absl::StrReplaceAll(lines[2], {{"\"allow\"", "\"deny\""}});
       return Joined(lines);
     },
     "record 3 is bad: it holds another hash than the record before it has"},
    {"an_edit_of_the_last",
     [](auto lines) {
       lines[5] = absl::StrReplaceAll(lines[5], {{"\"deny\"", "\"allow\""}});
       return Joined(lines);
     },
     "they were changed, replaced or forked"},
    {"a_line_less",
     [](auto lines) {
       lines.erase(lines.begin() + 3);
       return Joined(lines);
     },
     "record 3 is bad: it says that it is record 4, and stands in place 3"},
    {"no_last_line",
     [](auto lines) {
       lines.pop_back();
       return Joined(lines);
     },
     "the export has no last line, which names its head: it was cut off, or is none"},
    {"cut_with_a_last_line",
     [](auto lines) {
       lines.erase(lines.end() - 2);
       return Joined(lines);
     },
     "what came after was cut off, or an old copy was put back"},
    {"something_behind_the_end",
     [](auto lines) {
       lines.push_back(lines[1]);
       return Joined(lines);
     },
     "something follows the last line of the export"},
    {"nothing_at_all", [](auto) { return std::string(); },
     "the export has no last line, which names its head: it was cut off, or is none"},
    {"something_else", [](auto) { return std::string("{\"hello\":\"world\"}\n"); },
     "record 0 is bad: it is no record"},
};

INSTANTIATE_TEST_SUITE_P(Tampers, Tampering, testing::ValuesIn(kTampers),
                         [](const auto& test) { return std::string(test.param.name); });

TEST_F(LedgerCommands, ARepairSaysWhatIsLost) {
  Fill(5);
  std::vector<std::string> lines = absl::StrSplit(Export(), '\n');
  lines.pop_back();
  lines[4] = absl::StrReplaceAll(lines[4], {{"\"seq\":4", "\"seq\":9"}});
  folder_.Write("damaged.jsonl", Joined(lines));
  const Ran ran = Run({"ledger", "import", Path("damaged.jsonl"), "--repair", "a disk died",
                       "--ledger", Ledger("new.db")});
  EXPECT_EQ(ran.exit, 0) << ran.err;
  EXPECT_EQ(ran.out,
            absl::StrCat("imported 5 records of the ledger acme, the last of which says that "
                         "3 lines were lost\ncheckpoint ",
                         CheckpointOf(Ledger("new.db")), "\n"));
  EXPECT_EQ(Run({"ledger", "verify", "--ledger", Ledger("new.db")}).exit, 0);
  const Ran shown = Run({"ledger", "list", "--json", "--most", "1", "--ledger", Ledger("new.db")});
  EXPECT_TRUE(absl::StrContains(shown.out, "\"kind\":\"repair\"")) << shown.out;
  EXPECT_TRUE(absl::StrContains(shown.out, "\"lost_lines\":3,")) << shown.out;
  EXPECT_TRUE(absl::StrContains(shown.out, "\"reason\":\"a disk died\"")) << shown.out;
  // What the ledger knew is not there any more, and a head remembered from it says so.
  EXPECT_EQ(
      Run({"ledger", "verify", "--ledger", Ledger("new.db"), "--expect", CheckpointOf(Ledger())})
          .exit,
      4);
}

TEST_F(LedgerCommands, ASignedCheckpointIsVerifiedByItsKey) {
  Fill(3);
  ASSERT_EQ(std::system(absl::StrCat("openssl genpkey -algorithm ed25519 -out '", Path("key.pem"),
                                     "' 2>/dev/null && chmod 600 '", Path("key.pem"), "'")
                            .c_str()),
            0);
  const Ran note = Run({"ledger", "checkpoint", "--sign", Path("key.pem"), "--ledger", Ledger()});
  ASSERT_EQ(note.exit, 0) << note.err;
  ASSERT_TRUE(absl::StartsWith(note.out, "slogate/acme\n4\n")) << note.out;
  const std::string prefix = "slogate: verify with --key ";
  ASSERT_TRUE(absl::StartsWith(note.err, prefix)) << note.err;
  const std::string key(absl::StripSuffix(note.err.substr(prefix.size()), "\n"));
  folder_.Write("note.txt", note.out);
  const auto verify = [&](const std::string& file, const std::string& with) {
    return Run({"ledger", "verify", "--ledger", Ledger(), "--expect", Path(file), "--key", with});
  };
  EXPECT_EQ(verify("note.txt", key).exit, 0);

  folder_.Write("forged.txt", absl::StrReplaceAll(note.out, {{"\n4\n", "\n3\n"}}));
  EXPECT_EQ(verify("forged.txt", key).exit, 2);
  // Any other key, though the note is whole.
  const std::string other = "slogate/acme+9a4a4d6d+AdsEBpEVCtWDYTUTGGBQUNlsPuPzt0nrc3MItWMbNaMx";
  EXPECT_EQ(verify("note.txt", other).exit, 2);
  // Without a key, a signature says nothing.
  const Ran unchecked =
      Run({"ledger", "verify", "--ledger", Ledger(), "--expect", Path("note.txt")});
  EXPECT_EQ(unchecked.exit, 2);
  EXPECT_TRUE(absl::StrContains(unchecked.err, "is a signed note: give the key")) << unchecked.err;
  // A key that others can read is none.
  ASSERT_EQ(chmod(Path("key.pem").c_str(), 0644), 0);
  const Ran open = Run({"ledger", "checkpoint", "--sign", Path("key.pem"), "--ledger", Ledger()});
  EXPECT_EQ(open.exit, 2);
  EXPECT_EQ(open.out, "");
  EXPECT_FALSE(absl::StrContains(open.err, "PRIVATE")) << open.err;
}

TEST_F(LedgerCommands, ListsWhatIsAskedFor) {
  Fill(6);
  const auto list = [&](std::vector<std::string> options) {
    std::vector<std::string> arguments = {"ledger", "list", "--json", "--ledger", Ledger()};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const Ran ran = Run(arguments);
    EXPECT_EQ(ran.exit, 0) << ran.err;
    return Lines(ran.out);
  };
  EXPECT_EQ(list({}), 7U);
  EXPECT_EQ(list({"--most", "2"}), 2U);
  EXPECT_EQ(list({"--service", "payments"}), 2U);
  EXPECT_EQ(list({"--verdict", "deny"}), 3U);
  EXPECT_EQ(list({"--person", "github:bob"}), 3U);
  EXPECT_EQ(list({"--person", "github:bob", "--service", "payments"}), 1U);
  EXPECT_EQ(list({"--kind", "genesis"}), 1U);
  EXPECT_EQ(list({"--kind", "release"}), 0U);
  EXPECT_EQ(list({"--since", "2026-11-23T05:12:40Z"}), 4U);
  EXPECT_EQ(list({"--until", "2026-11-23T05:12:40Z", "--kind", "decision"}), 2U);
}

TEST_F(LedgerCommands, TablesForAuditorsHoldNoFormulas) {
  Fill(2);
  const Ran ran = Run({"ledger", "export", "--csv", "--ledger", Ledger()});
  EXPECT_EQ(ran.exit, 0);
  const std::vector<std::string> lines = absl::StrSplit(ran.out, "\r\n");
  ASSERT_EQ(lines.size(), 5U);
  EXPECT_EQ(lines[2],
            "1,2026-11-23T03:12:40Z,decision,payments,production,,'=0,,deny,blocked,budget,,"
            "sha256:00000000000000000000000000000000000000000000000000000000abcdef00,github:alice,"
            "GITHUB_TRIGGERING_ACTOR,,,,,,0.1.0");
}

TEST_F(LedgerCommands, ADecisionIsFoundByItsBeginning) {
  Fill(3);
  const auto show = [&](const std::string& id) {
    return Run({"ledger", "show", id, "--json", "--ledger", Ledger()});
  };
  const std::string zeros(56, '0');
  EXPECT_EQ(Lines(show(absl::StrCat(zeros, "abcdef01")).out), 1U);
  EXPECT_EQ(Lines(show(absl::StrCat("sha256:", zeros, "abcdef01")).out), 1U);
  EXPECT_EQ(Lines(show("2").out), 1U);
  const Ran none = show("7");
  EXPECT_EQ(none.exit, 2);
  EXPECT_EQ(none.err,
            "slogate: there is no record 7 in this ledger; slogate ledger list shows the newest\n");
}

TEST_F(LedgerCommands, AClosedPagerIsNoFailureOfTheLedger) {
  Fill(1);
  fake::MemoryWorld memory;
  memory.out.status = absl::UnavailableError("cannot write to standard output: Broken pipe");
  const std::unique_ptr<Files> files = RealFiles();
  World world{memory.clock, memory.environment, *files, memory.http, memory.out, memory.err};
  EXPECT_EQ(slogate::Run({"ledger", "list", "--ledger", Ledger()}, world), kExitInternal);
  EXPECT_EQ(memory.err.text, "slogate: cannot write to standard output: Broken pipe\n");
}

}  // namespace
}  // namespace slogate

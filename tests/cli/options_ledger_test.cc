// The command lines of a check with a ledger, of record, override … and ledger ….
#include <string>

#include <gtest/gtest.h>

#include "tests/cli/teller.h"

namespace slogate {
namespace {

using fake::ArgumentsCase;
using fake::Tell;

const std::string kNovel(5000, 'x');

const ArgumentsCase kCases[] = {
    {"check_with_a_ledger",
     {"check", "--policy", "p", "--ledger", "sqlite:l.db", "--wait", "20m"},
     "check policy=p ledger=sqlite:l.db wait=20m"},
    {"check_asks_in_the_same_step",
     {"check", "--policy", "p", "--override-reason", "why", "--override-ticket", "INC-1",
      "--approved-by", "bob"},
     "check policy=p reason=why override_ticket=INC-1 approved_by=bob"},
    {"an_empty_reason_asks_for_nothing",
     {"check", "--policy", "p", "--override-reason=", "--override-ticket=", "--approved-by="},
     "check policy=p"},
    {"check_override_mistakes",
     {"check", "--policy", "p", "--ledger", "ledger.db", "--wait", "5s", "--override-ticket",
      "I-1"},
     "usage check: --ledger: a ledger is named as sqlite:FILE or "
     "postgresql://[USER@]HOST[:PORT]/DATABASE / --override-ticket and --approved-by go with "
     "--override-reason / --wait wants a duration from 1m to 24h, such as 20m"},
    {"wait_in_a_dry_run",
     {"check", "--policy", "p", "--dry-run", "--wait", "5m"},
     "usage check: --wait does not go with --dry-run, which blocks nothing"},
    {"record",
     {"record", "--decision", "4f1c2a9b", "--result", "rolled_back"},
     "record 4f1c2a9b rolled_back"},
    {"record_mistakes",
     {"record", "--decision", "4f1c", "--result", "deplyed"},
     "usage record: --decision wants a decision's id: sha256: and 64 hexadecimal digits, or at "
     "least "
     "8 of them / unknown result 'deplyed'; did you mean 'deployed'?"},
    {"record_nothing",
     {"record"},
     "usage record: --decision is missing: the id that the check printed, or its beginning / "
     "--result is missing: deployed, failed or rolled_back"},
    {"override_request",
     {"override", "request", "--decision", "sha256:4f1c2a9b", "--policy", "p", "--reason", "x y",
      "--ticket", "INC-1", "--ledger", "postgresql://db/l"},
     "request sha256:4f1c2a9b policy=p reason=x y ticket=INC-1 ledger=postgresql://db/l"},
    {"override_request_nothing",
     {"override", "request"},
     "usage override request: --decision is missing: the id that the check printed, or its "
     "beginning / --policy FILE is missing / --reason is missing: why can it not wait?"},
    {"override_approve",
     {"override", "approve", "ov-1", "--policy", "p", "--comment", "seen"},
     "approve ov-1 policy=p text=seen"},
    {"override_approve_nothing",
     {"override", "approve"},
     "usage override approve: ID is missing / --policy FILE is missing"},
    {"override_reject", {"override", "reject", "ov-1", "--reason", "no"}, "reject ov-1 text=no"},
    {"override_reject_with_a_novel",
     {"override", "reject", "ov-1", "--reason", kNovel},
     "usage override reject: --reason has 5000 bytes; at most 4096 are kept"},
    {"override_revoke_without_a_reason",
     {"override", "revoke", "ov-1"},
     "usage override revoke: --reason is missing: Why it no longer holds"},
    {"override_review",
     {"override", "review", "ov-1", "--finding", "right"},
     "review ov-1 text=right"},
    {"override_list",
     {"override", "list", "--service", "checkout", "--since", "2026-11-01"},
     "override list service=checkout since=2026-11-01T00:00:00Z"},
    {"override_show", {"override", "show", "ov-1", "--json"}, "override show ov-1 json"},
    {"override_without_a_command",
     {"override"},
     "help not asked for: Open a closed gate by hand, with an audit note"},
    {"override_help",
     {"override", "--help"},
     "help: Open a closed gate by hand, with an audit note"},
    {"help_override", {"help", "override"}, "help: Open a closed gate by hand, with an audit note"},
    {"help_override_request",
     {"help", "override", "request"},
     "help: Ask that a closed gate be opened by hand"},
    {"override_typo",
     {"override", "aprove", "ov-1"},
     "usage override: unknown override command 'aprove'; did you mean 'approve'?"},
    {"ledger_init",
     {"ledger", "init", "--id", "acme", "--ledger", "sqlite:l.db"},
     "ledger init acme ledger=sqlite:l.db"},
    {"ledger_init_id",
     {"ledger", "init", "--id", "a b"},
     "usage ledger init: --id wants letters, digits, '.', '_' and '-', at most 63, the first a "
     "letter "
     "or digit"},
    {"ledger_verify",
     {"ledger", "verify", "e.jsonl", "--expect", "a", "--expect", "b"},
     "verify file=e.jsonl expect=a,b"},
    {"ledger_verify_two",
     {"ledger", "verify", "e.jsonl", "--ledger", "sqlite:l.db"},
     "usage ledger verify: FILE and --ledger are two: which of them?"},
    {"ledger_checkpoint", {"ledger", "checkpoint", "--sign", "k.pem"}, "checkpoint sign=k.pem"},
    {"ledger_list",
     {"ledger", "list", "--verdict", "deny", "--person", "github:alice", "--most", "0", "--json"},
     "ledger list verdict=deny person=github:alice most=0 json"},
    {"ledger_list_mistakes",
     {"ledger", "list", "--verdict", "denied", "--kind", "realease", "--since", "yesterday",
      "--most", "few"},
     "usage ledger list: unknown verdict 'denied'; there are allow, warn, hold, deny / unknown "
     "kind 'realease'; "
     "did "
     "you mean 'release'? / --since wants a day or a time, such as 2026-11-20 or "
     "2026-11-20T09:00:00Z / --most wants a number, such as 100; 0 is all"},
    {"ledger_show", {"ledger", "show", "12"}, "ledger show 12"},
    {"ledger_export", {"ledger", "export", "--csv"}, "export csv"},
    {"ledger_import",
     {"ledger", "import", "e.jsonl", "--repair", "the disk died"},
     "import e.jsonl repair=the disk died"},
    {"ledger_report",
     {"ledger", "report", "--from", "2026-11-01", "--to", "2026-12-01", "--json"},
     "report from=2026-11-01T00:00:00Z to=2026-12-01T00:00:00Z json"},
    {"ledger_report_backwards",
     {"ledger", "report", "--from", "2026-12-01", "--to", "2026-11-01"},
     "usage ledger report: --to is not after --from"},
};

class LedgerArguments : public testing::TestWithParam<ArgumentsCase> {};

TEST_P(LedgerArguments, MeanOneThing) { EXPECT_EQ(Tell(GetParam().arguments), GetParam().want); }

INSTANTIATE_TEST_SUITE_P(Table, LedgerArguments, testing::ValuesIn(kCases),
                         [](const auto& test) { return std::string(test.param.name); });

}  // namespace
}  // namespace slogate

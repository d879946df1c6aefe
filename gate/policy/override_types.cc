#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "gate/policy/policy_parts.h"
#include "gate/policy/scalar_types.h"

namespace slogate {
namespace {

using Names = std::vector<Placed<std::string>>;

constexpr int kApprovalsMost = 5;  // more people are not found while a gate is closed
constexpr int kReasonMost = 500;   // a longer text belongs into the ticket
constexpr int kUsesMost = 20;
constexpr int kCountMost = 1000;

Type<Placed<std::string>> PlacedName() { return WithPlace<Placed<std::string>>(NameType()); }

Type<Names> GroupsType() { return OneOrList("a group's name, or a list of them", PlacedName()); }

// Reads a member of a member, which no pointer can name.
template <class T, class M>
typename Struct<T>::Read Into(const Type<M>& type, std::function<M&(T&)> of) {
  return [type, of](const Node& node, Decoder& decoder, T& out) {
    type.decode(node, decoder, of(out));
  };
}

// ticket: {prefix: CVE-}
Type<std::string> TicketType() {
  struct Ticket {
    std::string prefix;
    operator std::string() const { return prefix; }  // NOLINT: a ticket is no more than its prefix
  };
  const Type<Ticket> type =
      Struct<Ticket>("Ticket", "a ticket", "The ticket that a release or an override has to name.")
          .Required("prefix", &Ticket::prefix, TicketPrefixType(),
                    "What the ticket begins with, such as CVE-.");
  return As<std::string>(type);
}

// reason: {min_length: 20}
Type<size_t> ReasonType() {
  struct Reason {
    int min_length = 0;
    operator size_t() const { return static_cast<size_t>(min_length); }  // NOLINT: as a ticket
  };
  const Type<Reason> type =
      Struct<Reason>("Reason", "a reason", "The reason that whoever asks for an override gives.")
          .Required("min_length", &Reason::min_length, WholeNumberType(1, kReasonMost),
                    "How many characters it has at least, blanks at its ends not counted.");
  return As<size_t>(type);
}

Type<std::string> RecordHashType() {
  Shape shape;
  shape.expected = "the hash of a record";
  shape.bad_id = "bad_hash";
  shape.pattern = "[0-9a-f]{64}";
  shape.hint = "64 digits from 0 to 9 and a to f, as 'slogate ledger init' prints them";
  return PatternType(std::move(shape));
}

constexpr char kCountDoc[] = "How often within per, for one service in one environment.";
constexpr char kPerDoc[] = "The time before now within which uses count.";

Type<UsageLimit> LimitType() {
  return Struct<UsageLimit>("Limit", "a limit of a class", "How often a class counts.")
      .Place(&UsageLimit::at)
      .Required("count", &UsageLimit::count, WholeNumberType(1, kCountMost), kCountDoc)
      .Required("per", &UsageLimit::per, DurationType(), kPerDoc);
}

// Zero approvals and no groups stand for what was left out.
Type<Consent> BeyondType() {
  return Struct<Consent>("Beyond", "beyond",
                         "What an override takes once its limit is used up: more, never nothing.")
      .Optional("approvals", &Consent::approvals, WholeNumberType(1, kApprovalsMost),
                "How many people have to approve. Left out: one more than before.")
      .Optional("approvers", &Consent::approvers, GroupsType(),
                "The groups they belong to. Left out: the same as before.");
}

// limit: {count: 3, per: 30d, beyond: {approvals: 2}}
struct Escalation {
  Position at;
  int count = 0;
  absl::Duration per = absl::ZeroDuration();
  Consent beyond = {0, {}};
};

Type<Escalation> EscalationType() {
  return Struct<Escalation>("OverrideLimit", "a limit of overrides",
                            "How often an override takes no more than usual. It never rules one "
                            "out.")
      .Place(&Escalation::at)
      .Required("count", &Escalation::count, WholeNumberType(1, kCountMost), kCountDoc)
      .Required("per", &Escalation::per, DurationType(), kPerDoc)
      .Optional("beyond", &Escalation::beyond, BeyondType(),
                "What it takes from then on. Left out: one approval more, by the same groups.");
}

void SetLimit(OverrideRules& rules, Escalation limit) {
  rules.limit = UsageLimit{limit.at, limit.count, limit.per};
  rules.beyond = std::move(limit.beyond);
}

// What `beyond` leaves out follows from the ordinary consent, which may stand after it.
void CompleteBeyond(OverrideRules& rules) {
  if (rules.beyond.approvals == 0) rules.beyond.approvals = rules.consent.approvals + 1;
  if (rules.beyond.approvers.empty()) rules.beyond.approvers = rules.consent.approvers;
}

Type<OverrideRules> WrittenOverridesType() {
  using O = OverrideRules;
  const Type<int> approvals = WholeNumberType(0, kApprovalsMost);
  const Type<Names> approvers = GroupsType();
  const Type<Escalation> limit = EscalationType();
  return Struct<O>("Overrides", "overrides",
                   "How a closed gate is opened by hand, for one artifact of one service in one "
                   "environment. Left out: it is not.")
      .Place(&O::at)
      .Add({"approvals", approvals.shape, Presence::kOptional, "1",
            "How many people have to approve, beside whoever asks. 0: nobody."},
           Into<O, int>(approvals, [](O& out) -> int& { return out.consent.approvals; }))
      .Add({"approvers", approvers.shape, Presence::kOptional, "",
            "The groups they belong to. Left out: anybody but whoever asks, named under people or "
            "not."},
           Into<O, Names>(approvers, [](O& out) -> Names& { return out.consent.approvers; }))
      .Optional("reason", &O::reason_min_length, ReasonType(),
                "What the reason must be like. Left out: at least 20 characters.")
      .Optional("ticket", &O::ticket_prefix, TicketType(), "The ticket it needs; one each.")
      .Optional("expires", &O::expires, DurationWithinType(absl::Minutes(5), absl::Hours(7 * 24)),
                "How long after the request it can be used.", "4h")
      .Optional("uses", &O::uses, WholeNumberType(1, kUsesMost), "How often it can be used.", "1")
      .Optional("never", &O::never, List("a list of rules' ids", PlacedName()),
                "The rules that no override opens.", "[]")
      .Add({"limit", limit.shape, Presence::kOptional, "",
            "How often overrides may be used before they take more."},
           [limit](const Node& node, Decoder& decoder, O& out) {
             Escalation read;
             limit.decode(node, decoder, read);
             SetLimit(out, std::move(read));
           })
      .Optional("review_within", &O::review_within, DurationType(),
                "How long after its use somebody has to have looked back at it.")
      .Optional("page", &O::page, PageUrlType(),
                "Where people ask for one and approve it, such as a workflow's page; shown where "
                "the gate "
                "is closed.")
      .Optional("vouching", &O::vouching,
                List("a list of CI systems", WithPlace<Placed<std::string>>(VouchingType())),
                "The CI systems whose word for who approved is taken, where a pipeline asks for an "
                "override at its start.",
                "[]");
}

Type<Proof> ProofType() {
  const auto consent = [](Proof& out) -> Consent& {
    return out.consent ? *out.consent : out.consent.emplace();
  };
  const Type<Names> from = GroupsType();
  return Struct<Proof>("Proof", "a proof",
                       "What makes a claim of the class count. A claim without its proof is one of "
                       "the default class.")
      .Place(&Proof::at)
      .Choice<absl::Duration>(
          "released_before", DurationType(),
          [](absl::Duration within, const Node&, Proof& out) { out.released_before = within; },
          "The ledger has a release of this artifact to this environment within that time.")
      .Choice<int>(
          "approvals", WholeNumberType(1, kApprovalsMost),
          [consent](int approvals, const Node&, Proof& out) { consent(out).approvals = approvals; },
          "So many people, beside whoever asks, approved that the release is of the class.")
      .Add({"from", from.shape, Presence::kOptional, "",
            "The groups they belong to. Left out: anybody but whoever asks, named under people or "
            "not."},
           Into<Proof, Names>(from,
                              [consent](Proof& out) -> Names& { return consent(out).approvers; }));
}

}  // namespace

Type<LedgerConfig> LedgerType() {
  return Struct<LedgerConfig>("Ledger", "a ledger",
                              "The append-only record of decisions and overrides. Where it is, the "
                              "command line says; which it must be, this does.")
      .Place(&LedgerConfig::at)
      .Required("id", &LedgerConfig::id, NameType(), "The id it was created with.")
      .Optional("genesis", &LedgerConfig::genesis, RecordHashType(),
                "The hash of its first record: then no other ledger of that id will do.");
}

Type<PersonConfig> PersonType() {
  return Struct<PersonConfig>("Person", "a person",
                              "Somebody, by all accounts that are theirs, so that nobody approves "
                              "what they asked for.")
      .Place(&PersonConfig::at)
      .Required("accounts", &PersonConfig::accounts,
                List("a list of accounts", WithPlace<Placed<std::string>>(AccountType()), 1),
                "Their accounts, such as 'github:alice'.")
      .Optional("groups", &PersonConfig::groups, List("a list of groups' names", PlacedName()),
                "What they belong to, for approvers and from.", "[]");
}

Type<OverrideRules> OverridesType() {
  const Type<OverrideRules> written = WrittenOverridesType();
  return {written.shape, [written](const Node& node, Decoder& decoder, OverrideRules& out) {
            written.decode(node, decoder, out);
            if (out.limit) CompleteBeyond(out);
          }};
}

Type<ChangeClass> ChangeType() {
  return Struct<ChangeClass>("Change", "a change class",
                             "What kind of change a release is, and what it may skip.")
      .Place(&ChangeClass::at)
      .Optional("default", &ChangeClass::is_default, BoolType(),
                "Whether a release that claims nothing is of this class.", "false")
      .Optional("skips", &ChangeClass::skips, List("a list of words", PlacedName()),
                "What does not count: rules, findings, freezes, the id of a rule or freeze, or a "
                "finding's kind.",
                "[]")
      .Optional("ticket", &ChangeClass::ticket_prefix, TicketType(),
                "The claim counts only with such a ticket.")
      .Optional("proof", &ChangeClass::proof, ProofType(),
                "The claim counts only with this proof. Left out: the claim is enough.")
      .Optional("limit", &ChangeClass::limit, LimitType(),
                "How often the claim counts; beyond it, it is one of the default class.")
      .Optional("review_within", &ChangeClass::review_within, DurationType(),
                "How long after a release that the class let out somebody has to have looked back "
                "at it.");
}

}  // namespace slogate

#include "gate/policy/check.h"

namespace slogate {
namespace {

constexpr DiagnosticDoc kDocs[] = {
    {"always_true",
     "Every value meets the rule's threshold, so the rule says nothing about the service."},
    {"bad_band",
     "reopens_above is not above its rule's threshold, or so high that the rule never reopens."},
    {"bad_confirmation",
     "confirmed_over needs a single window in over, and must be shorter than it."},
    {"bound_matcher",
     "The histogram of a latency SLI has a matcher on le, which slogate adds itself."},
    {"combine_alone", "An environment with one source says how several make one count."},
    {"combine_missing", "An environment has several sources and no combine."},
    {"default_class",
     "Exactly one change class is the default: the one that an ordinary release has."},
    {"default_class_proof",
     "The default class has a proof, a limit or review_within; only claims can have them."},
    {"default_class_skips",
     "Warning: the default class skips something, so every ordinary release does."},
    {"duplicate_entry", "The same entry stands twice in a list."},
    {"duplicate_rule", "Two rules or freezes have the same id."},
    {"duplicate_slo", "Two SLOs of the service have the same name."},
    {"duplicate_window", "A rule gives the same window twice."},
    {"empty_freeze", "A freeze does not end after it begins."},
    {"foreign_service", "The file is about another service than the one that --service names."},
    {"free_overrides", "Warning: overrides need no approval and have no limit."},
    {"freeze_is_far", "Warning of lint: a freeze begins more than a year from now."},
    {"freeze_is_over", "Warning of lint: a freeze is over."},
    {"histogram_part",
     "A latency SLI names the series of a histogram's buckets, count or sum instead of the "
     "histogram."},
    {"idle_approvers", "Warning: groups that approve are named, but approvals is 0."},
    {"idle_from", "A proof by a release before names who approves."},
    {"missing_environment", "The policy has environments, so --environment must name one of them."},
    {"name_matcher", "An environment's matchers name __name__, which every selector has already."},
    {"never_matches",
     "Two matchers of a selector exclude each other, one of them perhaps added by an environment. "
     "A "
     "warning where it is so in some environments only."},
    {"never_true", "No value meets the rule's threshold."},
    {"no_burn_rule",
     "An SLO has a calendar window, and no rule that applies to it holds or denies by budget_spent "
     "or "
     "burn_rate: at the turn of the calendar the gate would open to a service that fails."},
    {"no_ledger", "Something needs to know or record what was, and the policy has no ledger."},
    {"no_matchers_place",
     "PromQL of an SLI has no $matchers, so the environment's matchers cannot be added to it. A "
     "warning where only some environments have any."},
    {"no_metric_name",
     "total, a half without a total, a histogram, a gauge or watch consists of "
     "matchers alone."},
    {"no_policy", "No ReleasePolicy is given."},
    {"no_samples", "A source with sigv4 or oauth2 auth cannot be asked for samples."},
    {"no_slos", "There is no SLO to judge a release by."},
    {"no_spare_approver",
     "Warning: no more people may approve than approvals are needed, so none of them can ask."},
    {"no_time_zone", "A freeze tells a time by clocks, and no time_zone whose they are."},
    {"no_watch", "A threshold SLI has PromQL as its value but no watch."},
    {"no_window", "PromQL of a query SLI has no $window."},
    {"nobody_named",
     "Warning: approvals are needed, but people says of nobody which accounts are theirs."},
    {"nothing_to_override", "Warning: never names every rule that can close the gate."},
    {"one_source", "Without environments, which choose between them, the policy has one source."},
    {"reserved_rule_id",
     "The id of a rule or freeze means something else in skips: rules, findings, freezes or a "
     "finding's kind."},
    {"same_beyond", "Warning: beyond its limit an override takes no more than before."},
    {"same_selection", "Two halves of an SLI select the same events, so all or none would be bad."},
    {"selects_nothing",
     "The rule selects none of the SLOs. A warning where the SLOs are in another file than the "
     "rule."},
    {"service_without_slos", "A policy that names a service carries its slos, too."},
    {"shared_account", "Two people have the same account."},
    {"sli_pair", "An events or slices SLI has exactly two of good, bad and total."},
    {"slice_too_long", "A slice is longer than a window that it is counted in."},
    {"slos_of_no_slo", "A rule whose condition looks at no SLO has slos."},
    {"slos_without_service", "A policy that carries slos names their service."},
    {"tls_empty", "tls: of a source names no file."},
    {"tls_pair", "A client certificate has no key, or a key no certificate."},
    {"tls_without_https", "A source has tls: but a URL that is not https."},
    {"too_few_approvers", "More approvals are needed than there are people who may approve."},
    {"too_many_slices", "The window of an SLO has more than 50,000 slices."},
    {"two_services", "The ServiceObjectives files are about different services."},
    {"two_sets_of_slos",
     "The policy carries slos of its own, and a ServiceObjectives file is given, too."},
    {"unknown_environment",
     "--environment, or a freeze, names an environment that the policy does not have."},
    {"unknown_group", "Nobody belongs to a group that is to approve."},
    {"unknown_rule", "never names something that is neither a rule nor a freeze of the policy."},
    {"unknown_skip",
     "A class skips something that is neither rules, findings, freezes, a rule or freeze, nor a "
     "kind of "
     "finding."},
    {"unknown_slo", "A rule names an SLO that nobody has."},
    {"unknown_source", "An environment names a source that the policy does not have."},
    {"unreachable_rule",
     "The rule can never be true for an SLO: its windows are not shorter than the SLO's, or not "
     "even a total "
     "failure would reach its threshold. A warning where other SLOs remain, or stand in another "
     "file."},
    {"unwatched_slo", "No rule looks at the SLO, or none that can become true for it."},
    {"weak_beyond", "Beyond its limit an override would take fewer approvals than before."},
    {"whole_ratio",
     "A slices SLI wants all events of a slice to be good, and does not count the bad."},
};

}  // namespace

absl::Span<const DiagnosticDoc> PolicyDiagnostics() { return kDocs; }

}  // namespace slogate

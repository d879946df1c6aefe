#include "gate/policy/policy_types.h"

#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "gate/base/limits.h"
#include "gate/policy/policy_parts.h"
#include "gate/policy/scalar_types.h"

namespace slogate {
namespace {

Type<Placed<std::string>> PlacedName() { return WithPlace<Placed<std::string>>(NameType()); }

Type<Metadata> MetadataType() {
  return Struct<Metadata>("Metadata", "the policy's metadata",
                          "What a policy is called and where people find more.")
      .Required("name", &Metadata::name, LineType(), "Names the policy in every decision.")
      .Optional("runbook", &Metadata::runbook, PageUrlType(),
                "A page shown where the gate is closed.");
}

Type<EnvironmentConfig> EnvironmentType() {
  return Struct<EnvironmentConfig>("Environment", "an environment",
                                   "Where releases go to, and what is measured there.")
      .Place(&EnvironmentConfig::at)
      .Required("sources", &EnvironmentConfig::sources,
                List("a list of sources' names", PlacedName(), 1),
                "The sources that have its data. Each is asked every question.")
      .Optional("combine", &EnvironmentConfig::combine,
                WithPlace<Placed<Combining>>(CombiningType()),
                "How several sources make one count: sum adds their events, which are different "
                "ones; worst is for servers that hold the same, and takes the larger share of bad "
                "ones. Required where there are several sources.")
      .Optional("delay", &EnvironmentConfig::delay,
                WithPlace<Placed<absl::Duration>>(
                    DurationWithinType(absl::Seconds(1), absl::Seconds(limits::kDelaySeconds))),
                "How long before the oldest of several sources' clocks everything is measured, so "
                "that all have what they will have. Left out: 1m.")
      .Optional("matchers", &EnvironmentConfig::matchers, LabelsType(),
                "Labels that are added to every selector, such as {env: prod}.")
      .Optional("enforcement", &EnvironmentConfig::enforcement, EnforcementType(),
                "observe lets every release go out and says so. Left out: the policy's.");
}

Type<CalendarWindow> CalendarWindowType() {
  Shape unit;
  unit.expected = "week, month or quarter";
  unit.bad_id = "bad_word";
  unit.hint = "one of week (from Monday on), month and quarter";
  return Struct<CalendarWindow>("CalendarWindow", "a calendar window",
                                "The week, month or quarter that is running, by the clocks of a "
                                "place. The budget begins anew with each.")
      .Required("calendar", &CalendarWindow::unit,
                Words<CalendarUnit>(std::move(unit), {{"week", CalendarUnit::kWeek},
                                                      {"month", CalendarUnit::kMonth},
                                                      {"quarter", CalendarUnit::kQuarter}}),
                "Weeks begin on Monday.")
      .Required("time_zone", &CalendarWindow::time_zone, TimeZoneType(),
                "Whose midnight ends it. Days at which clocks change are shorter or longer.");
}

Type<Window> WindowType() {
  return Either<Window>("a window such as 30d, or {calendar: month, time_zone: Europe/Berlin}",
                        {As<Window>(RollingWindowType()), As<Window>(CalendarWindowType())});
}

// Members that both kinds of file begin with; they have been looked at before the file is decoded.
template <class T>
Struct<T>& Header(Struct<T>& file, const std::string& kind) {
  const auto version = ConstantType("slogate/v1", "slogate/v1, the version that this slogate reads",
                                    "bad_api_version");
  const auto kind_type = ConstantType(kind, kind, "unknown_kind");
  const auto ignore = [](const Type<std::monostate>& type) {
    return [type](const Node& node, Decoder& decoder, T&) {
      std::monostate nothing;
      type.decode(node, decoder, nothing);
    };
  };
  return file
      .Add({"apiVersion", version.shape, Presence::kRequired, "",
            "The version of the policy language: slogate/v1."},
           ignore(version))
      .Add({"kind", kind_type.shape, Presence::kRequired, "", "What kind of file this is."},
           ignore(kind_type));
}

// A list or map that would leave nothing to judge, or nothing to judge by.
template <class T>
Type<T> NotEmpty(const Type<T>& type, const char* id, const char* message, const char* hint) {
  return Checked<T>(type, [id, message, hint](const Node& node, Decoder& decoder, const T&) {
    const bool wanted = node.kind == Node::Kind::kList || node.kind == Node::Kind::kMap;
    if (wanted && node.list.empty() && node.map.empty()) decoder.Error(node.at, id, message, hint);
  });
}

constexpr char kLabels[] = "Labels of all SLOs in this file, for rules to select by.";

}  // namespace

Type<Slo> SloType() {
  const Type<Rational> objective = ObjectiveType();
  return Struct<Slo>("Slo", "an SLO", "One objective of the service.")
      .Place(&Slo::at)
      .Required("name", &Slo::name, NameType(), "Used in reasons and rules.")
      .Optional("labels", &Slo::labels, LabelsType(),
                "For rules to select by; beside those of the file.")
      .Add({"objective", objective.shape, Presence::kRequired, "",
            "The target share of good events."},
           [objective](const Node& node, Decoder& decoder, Slo& out) {
             objective.decode(node, decoder, out.objective);
             out.objective_text = node.scalar;
           })
      .Required("window", &Slo::window, WindowType(),
                "The window that the objective is about: rolling, or a calendar's.")
      .Required("sli", &Slo::sli, SliType(), "What is measured.");
}

Type<ReleasePolicy> ReleasePolicyType() {
  using P = ReleasePolicy;
  Struct<P> file("ReleasePolicy", "a ReleasePolicy",
                 "What a platform team owns: where to measure, and what closes the gate.");
  return Header(file, "ReleasePolicy")
      .Place(&P::at)
      .Required("metadata", &P::metadata, MetadataType(),
                "The policy's name, and where people find more.")
      .Required("sources", &P::sources,
                NotEmpty(Map("a mapping of names to sources", NameType(), SourceType()),
                         "no_source", "the policy has no source to measure with",
                         "add one, such as main: {url: 'https://prometheus.example:9090'}"),
                "The servers to ask, by name.")
      .Optional("environments", &P::environments,
                Map("a mapping of names to environments", NameType(), EnvironmentType()),
                "Where releases go to. With it, --environment must name one; without, there is "
                "exactly one source.")
      .Optional("enforcement", &P::enforcement, EnforcementType(),
                "observe lets every release go out and says so.", "enforce")
      .Optional("changes", &P::changes,
                Map("a mapping of names to change classes", NameType(), ChangeType()),
                "The change classes. Left out: one, feature, that skips nothing.")
      .Required("rules", &P::rules,
                NotEmpty(List("a list of rules", RuleType()), "no_rules",
                         "the policy has no rules, so nothing would ever close the gate",
                         "add one, such as - {id: spent, when: {budget_remaining: {at_most: 0%}}, "
                         "verdict: deny}"),
                "What closes the gate; the order is for the reader.")
      .Optional("freezes", &P::freezes, List("a list of freezes", FreezeType()),
                "When releases stop, whatever is measured.")
      .Optional("findings", &P::findings, FindingsType(), "What defects of the data mean.")
      .Optional("ledger", &P::ledger, LedgerType(),
                "Which ledger every decision is recorded in. Left out: none.")
      .Optional("people", &P::people, Map("a mapping of names to people", NameType(), PersonType()),
                "Who has which accounts and belongs to which groups.")
      .Optional("overrides", &P::overrides, OverridesType(),
                "How a closed gate is opened by hand. Left out: it is not.")
      .Optional("service", &P::service, WithPlace<Placed<std::string>>(ServiceNameType()),
                "The service, where the policy carries its SLOs itself.")
      .Optional("labels", &P::labels, LabelsType(), kLabels)
      .Optional("slos", &P::slos, List("a list of SLOs", SloType()),
                "The service's SLOs, in place of a ServiceObjectives file.");
}

Type<ServiceObjectives> ServiceObjectivesType() {
  using S = ServiceObjectives;
  Struct<S> file("ServiceObjectives", "a ServiceObjectives file",
                 "What a service team owns: the objectives of one service.");
  return Header(file, "ServiceObjectives")
      .Place(&S::at)
      .Required("service", &S::service, WithPlace<Placed<std::string>>(ServiceNameType()),
                "The service's name.")
      .Optional("labels", &S::labels, LabelsType(), kLabels)
      .Required("slos", &S::slos,
                NotEmpty(List("a list of SLOs", SloType()), "no_slos", "the file has no SLO",
                         "add at least one"),
                "The service's SLOs.");
}

}  // namespace slogate

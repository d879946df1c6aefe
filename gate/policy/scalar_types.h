// The scalars of the policy language: each with the text it takes, as a pattern for schemas and in
// words for diagnostics.
#pragma once

#include <string>
#include <variant>

#include <absl/time/time.h>

#include "gate/policy/policy.h"
#include "gate/text/type.h"

namespace slogate {

Type<std::string> NameType();         // of SLOs, rules, classes, sources, environments
Type<std::string> ServiceNameType();  // may have slashes
Type<std::string> LabelNameType();
Type<std::string> LineType();  // free text, one line
Type<std::string> TicketPrefixType();

Type<bool> BoolType();
Type<int> WholeNumberType(int least, int most);
Type<Rational> NumberType();
Type<Rational> PositiveNumberType();
Type<Rational> SampleNumberType();  // that a server's float64 tells from every other such
Type<Rational> PercentageType();    // as a ratio; may be negative
Type<Rational> ObjectiveType();     // as a ratio, above 0 and below 1
Type<Rational> CoverageType();      // as a ratio, above 0 and at most 1
Type<Rational> ConfidenceType();    // as a ratio, at least a half and below 1

Type<absl::Duration> DurationType();  // whole seconds
Type<absl::Duration> DurationWithinType(absl::Duration least, absl::Duration most);
Type<absl::Duration> RollingWindowType();  // whole seconds, a minute at least
Type<absl::Duration> LatencyBoundType();   // whole milliseconds
Type<absl::Duration> SliceType();          // whole seconds, of time
Type<std::string> TimeZoneType();          // one that the machine knows

Type<std::string> SourceUrlType();
Type<std::string> PageUrlType();
Type<Selector> SelectorType();
Type<Promql> PromqlType();                         // with $window and $matchers
Type<std::variant<Promql, Selector>> GaugeType();  // a selector, or PromQL with $matchers
Type<NoData> NoDataType();
Type<Labels> LabelsType(size_t least = 0);
Type<Enforcement> EnforcementType();
Type<Combining> CombiningType();
Type<ServerKind> ServerKindType();

// A constant, such as the value of `kind`.
Type<std::monostate> ConstantType(const std::string& word, std::string expected,
                                  std::string bad_id);

// A text that `shape.pattern` matches as a whole.
Type<std::string> PatternType(Shape shape);

}  // namespace slogate

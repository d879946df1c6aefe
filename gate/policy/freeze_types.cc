#include <utility>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <re2/re2.h>

#include "gate/base/duration.h"
#include "gate/policy/policy_parts.h"
#include "gate/policy/scalar_types.h"

namespace slogate {
namespace {

constexpr char kLocalPattern[] = "[0-9]{4}-[0-9]{2}-[0-9]{2}(?: [0-9]{2}:[0-9]{2})?";
constexpr char kOffsetPattern[] =
    "[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:Z|[+-][0-9]{2}:[0-9]{2})";

bool ReadLocal(absl::string_view text, WrittenMoment& out) {
  if (!RE2::FullMatch(re2::StringPiece(text.data(), text.size()), kLocalPattern)) return false;
  const std::string iso = absl::StrReplaceAll(text, {{" ", "T"}});
  absl::CivilSecond local;
  if (!absl::ParseLenientCivilTime(iso, &local) || local.year() < 1971) return false;
  out = local;
  return true;
}

Type<WrittenMoment> MomentType() {
  Shape shape;
  shape.name = "Moment";
  shape.expected = "a time such as 2026-12-24 18:00";
  shape.bad_id = "bad_moment";
  shape.pattern = absl::StrCat(kLocalPattern, "|", kOffsetPattern);
  shape.hint =
      "2026-12-24 (the day's first moment) or 2026-12-24 18:00, by the clocks of time_zone; or "
      "2026-12-24T18:00:00+01:00";
  shape.doc =
      "A day's first moment (2026-12-24) or a time (2026-12-24 18:00) by the clocks of time_zone, "
      "or a "
      "time with its offset (2026-12-24T18:00:00+01:00).";
  return Scalar<WrittenMoment>(
      std::move(shape), [](absl::string_view text, WrittenMoment& out, BadValue&) {
        if (!RE2::FullMatch(re2::StringPiece(text.data(), text.size()), kOffsetPattern)) {
          return ReadLocal(text, out);
        }
        const std::optional<absl::Time> time = ParseTime(text);
        if (!time || *time <= absl::UnixEpoch()) return false;
        out = *time;
        return true;
      });
}

}  // namespace

Type<FreezeConfig> FreezeType() {
  const auto moment = WithPlace<Placed<WrittenMoment>>(MomentType());
  return Struct<FreezeConfig>("Freeze", "a freeze",
                              "A time in which releases stop, whatever is measured. Of several the "
                              "strongest verdict wins.")
      .Place(&FreezeConfig::at)
      .Required("id", &FreezeConfig::id, NameType(),
                "Used in reasons and in skips; no rule has the same.")
      .Optional(
          "environments", &FreezeConfig::environments,
          List("a list of environments' names", WithPlace<Placed<std::string>>(NameType()), 1),
          "Where it holds. Left out: everywhere.")
      .Required("from", &FreezeConfig::from, moment, "Its first moment.")
      .Required(
          "to", &FreezeConfig::to, moment,
          "The first moment after it: with a day alone, it lasts to the end of the day before.")
      .Optional("time_zone", &FreezeConfig::time_zone, TimeZoneType(),
                "By whose clocks from and to are meant, where they have no offset.")
      .Required("verdict", &FreezeConfig::verdict, RuleVerdictType(),
                "warn lets the release pass; hold and deny stop it.")
      .Optional("reason", &FreezeConfig::reason, LineType(), "Told to whoever is stopped.");
}

}  // namespace slogate

#include "adapters/plain/plain.h"

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>

namespace slogate {
namespace {

absl::string_view Colour(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAllow:
      return "\x1b[1;32m";
    case Verdict::kWarn:
      return "\x1b[1;33m";
    case Verdict::kHold:
      return "\x1b[1;35m";
    case Verdict::kDeny:
      return "\x1b[1;31m";
    case Verdict::kNone:
      break;
  }
  return "\x1b[1m";
}

}  // namespace

std::string RenderPlain(const Telling& telling) {
  const Screen& screen = telling.screen;
  std::string head = screen.headline;
  if (telling.colour) {
    head = absl::StrCat(Colour(telling.decision.ruling.verdict), screen.verdict, "\x1b[0m",
                        head.substr(screen.verdict.size()));
  }
  return absl::StrCat(head, "\n", absl::StrJoin(screen.lines, "\n"),
                      screen.lines.empty() ? "" : "\n");
}

}  // namespace slogate

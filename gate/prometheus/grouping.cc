#include "gate/prometheus/grouping.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/string_view.h>

#include "gate/base/limits.h"
#include "gate/prometheus/plain_matcher.h"
#include "gate/text/diagnostic.h"

namespace slogate {
namespace {

// The same ask, whatever the order of its matchers.
Ask Sorted(Ask ask) {
  ask.selector.matchers = SortedMatchers(std::move(ask.selector.matchers));
  return ask;
}

// An ask that no other contains, and those that it contains.
struct Whole {
  size_t ask = 0;
  std::string label = "";          // by whose values the others are parts of it
  std::vector<Share> shares = {};  // of those others
};

// What is left of `ask` without its matchers on `label`; those are then in `taken`.
Ask Without(const std::string& label, const Ask& ask, std::vector<Matcher>& taken) {
  Ask rest = ask;
  rest.selector.matchers.clear();
  for (const Matcher& matcher : ask.selector.matchers) {
    (matcher.label == label ? taken : rest.selector.matchers).push_back(matcher);
  }
  return rest;
}

// Finds for every counter another that contains it. What contains another is itself asked for
// whole: parts of parts are left to the server.
std::vector<Whole> FindWholes(const std::vector<Ask>& asks) {
  std::map<Ask, size_t> known;
  std::vector<const Ask*> sorted;  // in `known`
  for (const Ask& ask : asks) {
    sorted.push_back(&known.emplace(Sorted(ask), sorted.size()).first->first);
  }

  std::vector<size_t> by_size(asks.size());  // what contains others has fewer matchers than they
  for (size_t i = 0; i < asks.size(); ++i) by_size[i] = i;
  std::stable_sort(by_size.begin(), by_size.end(), [&](size_t a, size_t b) {
    return sorted[a]->selector.matchers.size() < sorted[b]->selector.matchers.size();
  });

  std::map<size_t, Whole> wholes;
  const auto add_part = [&](size_t part) {
    if (asks[part].kind != Ask::Kind::kIncrease) return false;
    for (const Matcher& matcher : sorted[part]->selector.matchers) {
      std::vector<Matcher> taken;
      const auto found = known.find(Without(matcher.label, *sorted[part], taken));
      if (found == known.end()) continue;
      const auto whole = wholes.find(found->second);
      if (whole == wholes.end() || !std::all_of(taken.begin(), taken.end(), IsPlain)) continue;
      std::string& label = whole->second.label;
      if (!label.empty() && label != matcher.label) continue;
      label = matcher.label;
      whole->second.shares.push_back({part, std::move(taken)});
      return true;
    }
    return false;
  };
  for (const size_t i : by_size) {
    if (!add_part(i)) wholes.emplace(i, Whole{i});
  }
  std::vector<Whole> list;
  for (auto& [index, whole] : wholes) list.push_back(std::move(whole));
  return list;
}

// What asks that go into one query have in common: all but the value of one label.
struct Family {
  Ask ask;  // sorted, with that label's value empty
  std::string label;
  std::string split;  // Whole::label

  friend bool operator<(const Family& a, const Family& b) {
    return std::tie(a.ask, a.label, a.split) < std::tie(b.ask, b.label, b.split);
  }
};

bool MayJoin(const Ask& ask) {
  switch (ask.kind) {
    case Ask::Kind::kIncrease:
    case Ask::Kind::kAnySample:
    case Ask::Kind::kNewest:
    case Ask::Kind::kNewestOnGrid:
    case Ask::Kind::kOldestOnGrid:
    case Ask::Kind::kPoints:
      return true;
    case Ask::Kind::kTime:
    case Ask::Kind::kBounds:
    case Ask::Kind::kWritten:
    case Ask::Kind::kIndex:
      return false;
  }
  return false;
}

std::vector<Family> FamiliesOf(const Whole& whole, const Ask& ask) {
  std::vector<Family> families;
  if (!MayJoin(ask)) return families;
  for (size_t i = 0; i < ask.selector.matchers.size(); ++i) {
    const Matcher& matcher = ask.selector.matchers[i];
    if (matcher.op != "=" || matcher.label == whole.label || !IsPrintableAscii(matcher.value))
      continue;
    Family family{ask, matcher.label, whole.label};
    family.ask.selector.matchers[i].value.clear();
    family.ask = Sorted(std::move(family.ask));
    families.push_back(std::move(family));
  }
  return families;
}

const std::string& ValueOf(const std::string& label, const Ask& ask) {
  const auto found = std::find_if(
      ask.selector.matchers.begin(), ask.selector.matchers.end(),
      [&](const Matcher& matcher) { return matcher.label == label && matcher.op == "="; });
  return found->value;
}

// Into how many pieces of at most `most` so many go.
size_t Pieces(size_t count, size_t most) { return (count + most - 1) / most; }

Group Alone(const Whole& whole, const std::vector<Ask>& asks) {
  Group group{asks[whole.ask], {}, {{whole.ask}}};
  if (!whole.label.empty()) group.by = {whole.label};
  group.shares.insert(group.shares.end(), whole.shares.begin(), whole.shares.end());
  return group;
}

Group Together(const Family& family, const std::vector<Whole>& members,
               const std::vector<Ask>& asks) {
  std::set<std::string> values;
  Group group{asks[members[0].ask], {family.label}, {}};
  if (!family.split.empty()) group.by.push_back(family.split);
  for (const Whole& member : members) {
    const Matcher mine{family.label, "=", ValueOf(family.label, asks[member.ask])};
    values.insert(mine.value);
    group.shares.push_back({member.ask, {mine}});
    for (Share share : member.shares) {
      share.where.insert(share.where.begin(), mine);
      group.shares.push_back(std::move(share));
    }
  }
  for (Matcher& matcher : group.ask.selector.matchers) {
    if (matcher.label != family.label || matcher.op != "=") continue;
    matcher.op = "=~";
    matcher.value = absl::StrJoin(values, "|", [](std::string* out, const std::string& value) {
      out->append(Escaped(value));
    });
  }
  return group;
}

}  // namespace

std::vector<Group> GroupAsks(const std::vector<Ask>& asks) {
  const std::vector<Whole> wholes = FindWholes(asks);
  std::map<Family, size_t> sizes;
  for (const Whole& whole : wholes) {
    for (const Family& family : FamiliesOf(whole, asks[whole.ask])) ++sizes[family];
  }
  // Each joins the largest family it may.
  std::vector<Group> groups;
  std::map<Family, std::vector<Whole>> families;
  for (size_t i = 0; i < wholes.size(); ++i) {
    const std::vector<Family> candidates = FamiliesOf(wholes[i], asks[wholes[i].ask]);
    const auto largest =
        std::max_element(candidates.begin(), candidates.end(),
                         [&](const Family& a, const Family& b) { return sizes[a] < sizes[b]; });
    if (largest == candidates.end()) {
      groups.push_back(Alone(wholes[i], asks));
    } else {
      families[*largest].push_back(wholes[i]);
    }
  }
  for (const auto& [family, members] : families) {
    size_t bytes = 0;
    for (const Whole& member : members) bytes += ValueOf(family.label, asks[member.ask]).size();
    const size_t pieces = std::max(Pieces(members.size(), limits::kGroup),
                                   std::min(Pieces(bytes, limits::kGroupBytes), members.size()));
    for (size_t piece = 0; piece < pieces; ++piece) {
      const auto from = members.begin() + static_cast<ptrdiff_t>(members.size() * piece / pieces);
      const auto to =
          members.begin() + static_cast<ptrdiff_t>(members.size() * (piece + 1) / pieces);
      groups.push_back(to - from == 1 ? Alone(*from, asks) : Together(family, {from, to}, asks));
    }
  }
  const auto first_ask = [](const Group& group) {
    return std::min_element(group.shares.begin(), group.shares.end(),
                            [](const Share& a, const Share& b) { return a.ask < b.ask; })
        ->ask;
  };
  std::sort(groups.begin(), groups.end(),
            [&](const Group& a, const Group& b) { return first_ask(a) < first_ask(b); });
  return groups;
}

std::vector<std::optional<Heard>> Distribute(const Group& group, const std::vector<Part>& parts) {
  // Shares look at the parts that bear their value of the first label; a share without it, at all.
  const auto first_value = [&](const Share& share) -> const std::string* {
    const bool equal =
        !share.where.empty() && share.where[0].label == group.by[0] && share.where[0].op == "=";
    return equal ? &share.where[0].value : nullptr;
  };
  std::map<absl::string_view, std::vector<const Part*>> by_value;
  std::vector<const Part*> all;
  for (const Part& part : parts) {
    by_value[part.labels[0]].push_back(&part);
    all.push_back(&part);
  }

  std::vector<std::optional<Heard>> heard;
  std::set<const Part*> taken;
  for (const Share& share : group.shares) {
    const std::string* value = first_value(share);
    Heard sum;
    bool exact = true;
    for (const Part* part : value == nullptr ? all : by_value[*value]) {
      bool mine = true;
      for (const Matcher& matcher : share.where) {
        const size_t label = matcher.label == group.by[0] ? 0 : 1;
        const std::optional<bool> accepts = Accepts(matcher, part->labels[label]);
        if (!accepts) exact = false;
        mine = mine && accepts.value_or(false);
      }
      if (!mine) continue;
      taken.insert(part);
      if (part->heard.finding && !sum.finding) sum = {{}, part->heard.finding};
      if (part->heard.value && !sum.finding) {
        sum.value = sum.value.value_or(0) + *part->heard.value;
      }
    }
    heard.push_back(exact ? std::optional(std::move(sum)) : std::nullopt);
  }

  // Each share has asked for parts like these, and every part is somebody's.
  const auto foreign = std::find_if(parts.begin(), parts.end(),
                                    [&](const Part& part) { return taken.count(&part) == 0; });
  if (foreign == parts.end()) return heard;
  const Finding stranger{
      FindingKind::kMalformedAnswer,
      {},
      {},
      absl::StrCat("the answer speaks of ", group.by[0], "=\"", Printable(foreign->labels[0]),
                   "\", which was not asked for")};
  return std::vector<std::optional<Heard>>(group.shares.size(), Heard{{}, stranger});
}

}  // namespace slogate

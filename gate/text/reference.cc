#include "gate/text/reference.h"

#include <set>

#include <absl/strings/ascii.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_replace.h>

namespace slogate {
namespace {

// What may stand as a value, in a few words, with a link where that has a section of its own.
std::string ValueWords(const Shape& shape) {
  switch (shape.kind) {
    case Shape::Kind::kStruct:
      return absl::StrCat("[", shape.name, "](#", absl::AsciiStrToLower(shape.name), ")");
    case Shape::Kind::kScalar:
      return shape.words.empty() ? shape.expected
                                 : absl::StrCat("`", absl::StrJoin(shape.words, "`, `"), "`");
    case Shape::Kind::kList:
      return absl::StrCat("list of: ", ValueWords(*shape.element));
    case Shape::Kind::kMap:
      return absl::StrCat("mapping: ", ValueWords(*shape.key), " → ", ValueWords(*shape.element));
    case Shape::Kind::kEither: {
      std::vector<std::string> words;
      for (const ShapePtr& alternative : shape.alternatives)
        words.push_back(ValueWords(*alternative));
      return absl::StrJoin(words, "; or ");
    }
  }
  return "";
}

std::string DefaultWords(const MemberShape& member) {
  if (member.presence == Presence::kRequired) return "required";
  if (member.presence == Presence::kChoice) return "exactly one";
  return member.shown_default.empty() ? "" : absl::StrCat("`", member.shown_default, "`");
}

}  // namespace

std::string TableCell(std::string text) {
  return absl::StrReplaceAll(text, {{"|", "\\|"}, {"\n", " "}});
}

std::string ReferencePage(const std::vector<ShapePtr>& roots) {
  std::string page;
  std::set<std::string> told;
  for (const ShapePtr& root : roots) {
    for (const Shape* shape : StructsOf(*root)) {
      if (!told.insert(shape->name).second) continue;
      absl::StrAppend(&page, page.empty() ? "" : "\n", "## ", shape->name, "\n\n", shape->doc,
                      "\n\n");
      absl::StrAppend(&page, "| Key | Value | Default | Meaning |\n|---|---|---|---|\n");
      for (const MemberShape& member : shape->members) {
        absl::StrAppend(&page, "| `", member.key, "` | ", TableCell(ValueWords(*member.shape)),
                        " | ", TableCell(DefaultWords(member)), " | ", TableCell(member.doc),
                        " |\n");
      }
    }
  }
  return page;
}

}  // namespace slogate

#include <yaml.h>

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/str_cat.h>

#include "gate/base/limits.h"
#include "gate/text/characters.h"
#include "gate/text/node.h"
#include "gate/text/utf8.h"
#include "gate/text/yaml_words.h"

namespace slogate {
namespace {

// libyaml's event, freed at the end of its scope.
struct Event {
  yaml_event_t raw = {};
  Event() = default;
  Event(const Event&) = delete;
  Event& operator=(const Event&) = delete;
  ~Event() { yaml_event_delete(&raw); }
};

class Reader {
 public:
  Reader(const SourceFile& file, std::vector<Diagnostic>& diagnostics, YamlDialect dialect)
      : file_(file), diagnostics_(diagnostics), pipeline_(dialect == YamlDialect::kPipeline) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_encoding(&parser_, YAML_UTF8_ENCODING);
    // char and unsigned char have the same representation; libyaml only reads the input.
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(file.text.data()),
                                 file.text.size());
  }
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { yaml_parser_delete(&parser_); }

  std::optional<Node> Document();

 private:
  // Each of these returns false where the reading has to stop; the reason has been told.
  bool Next(Event& event);
  bool ReadNode(const Event& first, int depth, Node& node);
  bool ReadList(int depth, Node& node);
  bool ReadMap(int depth, Node& node);
  bool ReadInside(const Event& first, int depth, Node& node);
  bool Remember(const std::string& anchor, const Node& node);
  bool ReadAlias(const std::string& anchor, Node& node);

  // Whether a member with this key can be kept; `lines` holds those of the keys before it.
  bool CheckKey(const Node& key, std::map<std::string, int>& lines);
  void ReadScalar(const yaml_event_t& event, Node& node);
  std::nullopt_t Empty();
  void CheckDocumentStart(const yaml_event_t& event);
  void CheckProperties(const unsigned char* anchor, const unsigned char* tag, Position at);
  size_t ByteOffset(size_t character);
  bool Stop(Position at, absl::string_view id, std::string message, std::string hint);
  void Report(Position at, absl::string_view id, std::string message, std::string hint);

  const SourceFile& file_;
  std::vector<Diagnostic>& diagnostics_;
  const bool pipeline_;
  std::map<std::string, Node> anchors_;  // only in pipelines
  size_t copied_ = 0;
  yaml_parser_t parser_ = {};
  // Events come in the order of the text, so one pass over it finds all offsets.
  size_t seen_characters_ = 0;
  size_t seen_bytes_ = 0;
};

Position PositionOf(const yaml_mark_t& mark) {
  return {static_cast<int>(mark.line) + 1, static_cast<int>(mark.column) + 1};
}

void Reader::Report(Position at, absl::string_view id, std::string message, std::string hint) {
  diagnostics_.push_back({.id = std::string(id),
                          .file = file_.path,
                          .at = at,
                          .message = std::move(message),
                          .hint = std::move(hint)});
}

bool Reader::Stop(Position at, absl::string_view id, std::string message, std::string hint) {
  Report(at, id, std::move(message), std::move(hint));
  return false;
}

size_t Reader::ByteOffset(size_t character) {
  const absl::string_view text = file_.text;
  for (; seen_characters_ < character && seen_bytes_ < text.size(); ++seen_characters_) {
    seen_bytes_ += FirstCharacter(text.substr(seen_bytes_)).bytes;
  }
  return seen_bytes_;
}

bool Reader::Next(Event& event) {
  if (yaml_parser_parse(&parser_, &event.raw) != 0) return true;
  if (parser_.error == YAML_MEMORY_ERROR) return Stop({}, "yaml_syntax", "out of memory", "");
  const YamlMistake mistake = {
      .problem = parser_.problem != nullptr ? parser_.problem : "",
      .context = parser_.context != nullptr ? parser_.context : "",
      .at = PositionOf(parser_.problem_mark),
      .context_at = PositionOf(parser_.context_mark),
  };
  diagnostics_.push_back(Explain(mistake, file_));
  return false;
}

void Reader::CheckProperties(const unsigned char* anchor, const unsigned char* tag, Position at) {
  if (pipeline_) return;
  if (anchor != nullptr) {
    Report(at, "anchor", "anchors are not allowed", "write the value out where it is needed");
  }
  if (tag != nullptr) {
    Report(at, "tag", "tags are not allowed", "leave out the word that begins with '!'");
  }
}

void Reader::ReadScalar(const yaml_event_t& event, Node& node) {
  const auto& scalar = event.data.scalar;
  node.kind = Node::Kind::kScalar;
  node.scalar.assign(reinterpret_cast<const char*>(scalar.value), scalar.length);
  node.quoted = scalar.style != YAML_PLAIN_SCALAR_STYLE;
  const bool one_line = event.start_mark.line == event.end_mark.line;
  const bool in_quotes = scalar.style == YAML_SINGLE_QUOTED_SCALAR_STYLE ||
                         scalar.style == YAML_DOUBLE_QUOTED_SCALAR_STYLE;
  const size_t begin = ByteOffset(event.start_mark.index) + (in_quotes ? 1 : 0);
  node.text_column = node.at.column + (in_quotes ? 1 : 0);
  node.exact_columns = one_line && (in_quotes || !node.quoted) && begin <= file_.text.size() &&
                       file_.text.compare(begin, node.scalar.size(), node.scalar) == 0;
  CheckProperties(scalar.anchor, scalar.tag, node.at);
}

bool Reader::ReadList(int depth, Node& node) {
  node.kind = Node::Kind::kList;
  while (true) {
    Event event;
    if (!Next(event)) return false;
    if (event.raw.type == YAML_SEQUENCE_END_EVENT) return true;
    if (!ReadNode(event, depth + 1, node.list.emplace_back())) return false;
  }
}

bool Reader::CheckKey(const Node& key, std::map<std::string, int>& lines) {
  if (key.unreadable) return false;  // an alias
  if (key.scalar == "<<" && !key.quoted) {
    Report(key.at, "merge_key", "merge keys are not allowed", "write the members out");
    return false;
  }
  if (key.scalar.empty()) {
    Report(key.at, "bad_key", "a key is empty", "write 'key: value'");
    return false;
  }
  const auto [first, added] = lines.emplace(key.scalar, key.at.line);
  if (!added) {
    Report(key.at, "duplicate_key",
           absl::StrCat("key '", key.scalar, "' stands here again; first on line ", first->second),
           "keep one of them");
  }
  return added;
}

// What `<<: *name` stands for: the members that `node` has not itself.
void Merge(Node from, Node& node) {
  for (Node& element : from.list) Merge(std::move(element), node);
  for (Member& member : from.map) {
    if (node.Find(member.key.scalar) == nullptr) node.map.push_back(std::move(member));
  }
}

size_t CountNodes(const Node& node) {
  size_t count = 1;
  for (const Node& element : node.list) count += CountNodes(element);
  for (const Member& member : node.map) count += 1 + CountNodes(member.value);
  return count;
}

// Each anchor is a copy, and so is each alias; a few lines of them can stand for billions.
bool Reader::Remember(const std::string& anchor, const Node& node) {
  copied_ += CountNodes(node);
  if (copied_ > limits::kYamlCopies) {
    return Stop(
        node.at, "too_large",
        absl::StrCat("anchors and aliases stand for more than ", limits::kYamlCopies, " values"),
        "write out what is needed");
  }
  anchors_[anchor] = node;
  return true;
}

bool Reader::ReadAlias(const std::string& anchor, Node& node) {
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end()) {
    return Stop(node.at, "unknown_anchor",
                absl::StrCat("nothing before this place has the anchor '", anchor, "'"),
                "quote a text that begins with '*'");
  }
  node = found->second;
  return Remember(anchor, node);
}

bool Reader::ReadMap(int depth, Node& node) {
  node.kind = Node::Kind::kMap;
  std::map<std::string, int> lines;
  std::vector<Node> merged;
  while (true) {
    Event key_event;
    if (!Next(key_event)) return false;
    if (key_event.raw.type == YAML_MAPPING_END_EVENT) {
      for (Node& from : merged) Merge(std::move(from), node);
      return true;
    }
    Member member;
    Node& key = member.key;
    key.at = PositionOf(key_event.raw.start_mark);
    if (key_event.raw.type != YAML_SCALAR_EVENT && key_event.raw.type != YAML_ALIAS_EVENT) {
      return Stop(key.at, "bad_key", "a key must be a word, not a list or mapping",
                  "quote the key or the text it is part of");
    }
    if (!ReadNode(key_event, depth + 1, key)) return false;
    Event value_event;
    if (!Next(value_event) || !ReadNode(value_event, depth + 1, member.value)) return false;
    if (pipeline_ && key.scalar == "<<" && !key.quoted) {
      merged.push_back(std::move(member.value));
    } else if (CheckKey(key, lines)) {
      node.map.push_back(std::move(member));
    } else {
      node.incomplete = true;
    }
  }
}

// The anchor of what begins with this event, or "".
std::string AnchorOf(const yaml_event_t& event) {
  const unsigned char* anchor = nullptr;
  if (event.type == YAML_SCALAR_EVENT) anchor = event.data.scalar.anchor;
  if (event.type == YAML_SEQUENCE_START_EVENT) anchor = event.data.sequence_start.anchor;
  if (event.type == YAML_MAPPING_START_EVENT) anchor = event.data.mapping_start.anchor;
  if (event.type == YAML_ALIAS_EVENT) anchor = event.data.alias.anchor;
  return anchor == nullptr ? "" : reinterpret_cast<const char*>(anchor);
}

bool Reader::ReadNode(const Event& first, int depth, Node& node) {
  if (!ReadInside(first, depth, node)) return false;
  if (!pipeline_ || first.raw.type == YAML_ALIAS_EVENT) return true;
  const std::string anchor = AnchorOf(first.raw);
  return anchor.empty() || Remember(anchor, node);
}

bool Reader::ReadInside(const Event& first, int depth, Node& node) {
  node.at = PositionOf(first.raw.start_mark);
  const bool nests =
      first.raw.type == YAML_SEQUENCE_START_EVENT || first.raw.type == YAML_MAPPING_START_EVENT;
  if (nests && depth > limits::kFileDepth) {
    // libyaml needs quadratic time for deep brackets, so this is the end of the reading.
    return Stop(node.at, "too_deep",
                absl::StrCat("nested more than ", limits::kFileDepth, " levels deep"),
                "no policy needs that; look for a bracket that is never closed");
  }
  switch (first.raw.type) {
    case YAML_SCALAR_EVENT:
      ReadScalar(first.raw, node);
      return true;
    case YAML_SEQUENCE_START_EVENT: {
      const auto& start = first.raw.data.sequence_start;
      CheckProperties(start.anchor, start.tag, node.at);
      return ReadList(depth, node);
    }
    case YAML_MAPPING_START_EVENT: {
      const auto& start = first.raw.data.mapping_start;
      CheckProperties(start.anchor, start.tag, node.at);
      return ReadMap(depth, node);
    }
    case YAML_ALIAS_EVENT:
      if (pipeline_) return ReadAlias(AnchorOf(first.raw), node);
      node.unreadable = true;
      Report(node.at, "alias", "aliases are not allowed",
             "write the value out; quote a text that begins with '*'");
      return true;
    default:
      return Stop(node.at, "yaml_syntax", "a value is missing here", "");
  }
}

void Reader::CheckDocumentStart(const yaml_event_t& event) {
  const auto& start = event.data.document_start;
  if (start.version_directive != nullptr ||
      start.tag_directives.start != start.tag_directives.end) {
    Report(PositionOf(event.start_mark), "directive", "directives are not allowed",
           "remove the lines that begin with '%'");
  }
}

std::nullopt_t Reader::Empty() {
  Report({}, "empty_file", "the file is empty",
         pipeline_ ? "" : "a file begins with 'apiVersion: slogate/v1' and 'kind: …'");
  return std::nullopt;
}

std::optional<Node> Reader::Document() {
  Event stream;
  if (!Next(stream)) return std::nullopt;
  Event start;
  if (!Next(start)) return std::nullopt;
  if (start.raw.type == YAML_STREAM_END_EVENT) return Empty();
  CheckDocumentStart(start.raw);
  Event first;
  Node root;
  if (!Next(first) || !ReadNode(first, 1, root)) return std::nullopt;
  if (IsNull(root) && !root.unreadable) return Empty();
  Event end;
  Event after;
  if (!Next(end) || !Next(after)) return std::nullopt;
  if (after.raw.type != YAML_STREAM_END_EVENT) {
    Report(PositionOf(after.raw.start_mark), "second_document",
           "the file goes on after its first document", "put each document into a file of its own");
  }
  return root;
}

}  // namespace

std::optional<Node> ParseYaml(const SourceFile& file, std::vector<Diagnostic>& diagnostics,
                              YamlDialect dialect) {
  if (file.text.size() > limits::kFileBytes) {
    diagnostics.push_back(
        {.id = "file_too_large",
         .file = file.path,
         .at = {},
         .message = absl::StrCat("the file has ", file.text.size(), " bytes; at most ",
                                 limits::kFileBytes, " are read"),
         .hint = "split the objectives over several files"});
    return std::nullopt;
  }
  if (!CheckCharacters(file, diagnostics)) return std::nullopt;
  return Reader(file, diagnostics, dialect).Document();
}

}  // namespace slogate

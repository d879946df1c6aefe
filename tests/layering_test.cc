// The order of the house, held by a test: reads every source under gate/, adapters/ and tests/ and
// names each line that breaks a rule, with the rule. The linker cannot do it: all headers are in
// one place.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include <absl/strings/ascii.h>
#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>
#include <absl/strings/string_view.h>
#include <gtest/gtest.h>

namespace slogate {
namespace {

using Lines = std::vector<std::string>;

// A folder may include itself and those before it.
const std::vector<std::string> kOrder = {
    "gate/base",   "gate/text",    "gate/io",       "gate/policy",     "gate/evidence",
    "gate/slo",    "gate/history", "gate/decision", "gate/prometheus", "gate/ledger",
    "gate/doctor", "gate/starter", "adapters",      "gate/cli"};

// A library's headers stand in the files that wrap it and nowhere else; where a folder is named, in
// its sources but not in its headers.
struct Fence {
  std::string header;  // prefix of what is included
  std::vector<std::string> files;
};
const std::vector<Fence> kFences = {
    {"curl/", {"gate/io/curl_http.cc", "gate/io/curl_transfer.cc"}},
    {"yaml.h", {"gate/text/yaml.cc"}},
    {"nlohmann/", {"gate/text/json.cc"}},
    {"re2/", {"gate/text/", "gate/policy/", "tests/testing/"}},
    {"CLI/", {"gate/cli/option_table.cc"}},
    {"gmp", {"gate/base/rational.h"}},
    {"openssl/", {"gate/base/sha256.cc", "gate/base/ed25519.cc"}},
    {"sqlite3.h",
     {"gate/ledger/sqlite_connection.cc", "tests/testing/faulty_disk.cc",
      "tests/testing/sqlite_file.cc"}},
    {"protozero/",
     {"gate/prometheus/remote_read_request.cc", "gate/prometheus/chunk_response.cc",
      "tests/testing/read_answer.cc", "tests/testing/sample_store.cc",
      "tests/prometheus/remote_read_request_test.cc"}},
    {"snappy",
     {"gate/prometheus/remote_read_request.cc", "tests/testing/sample_store.cc",
      "tests/prometheus/remote_read_request_test.cc"}},
    {"libpq-fe.h", {"gate/ledger/postgresql_connection.cc", "tests/testing/postgresql_server.cc"}},
    {"boost/", {"gate/slo/binomial.cc"}},
    {"regex", {}},  // no bound on time or stack
};

// Words that only the outer folders may use, so that everything inside is a function of its
// arguments.
const std::vector<std::string> kOutside = {"gate/io/", "gate/cli/", "gate/main.cc"};
const std::vector<std::string> kOutsideWords = {
    "getenv",       "absl::Now", "system_clock", "steady_clock", "high_resolution_clock",
    "gettimeofday", "std::cout", "std::cerr",    "exit(",        "_exit(",
    "quick_exit("};

// Words that no test may use: a test that waits for a time is slow or false.
const std::vector<std::string> kWaitingWords = {"sleep(",    "usleep(",     "nanosleep(",
                                                "sleep_for", "sleep_until", "SleepFor"};

constexpr size_t kMostLines = 500;

bool IsWordByte(char c) { return absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '_'; }

// Whether `word` stands in `line` on its own; a "(" at its end may follow blanks.
bool HasWord(const std::string& line, const std::string& word) {
  const bool call = word.back() == '(';
  const std::string name = call ? word.substr(0, word.size() - 1) : word;
  for (size_t at = line.find(name); at != std::string::npos; at = line.find(name, at + 1)) {
    size_t end = at + name.size();
    if (at > 0 && IsWordByte(line[at - 1])) continue;
    if (end < line.size() && IsWordByte(line[end])) continue;
    if (!call) return true;
    while (end < line.size() && line[end] == ' ') ++end;
    if (end < line.size() && line[end] == '(') return true;
  }
  return false;
}

// Whether a literal begins at `at`: no path of an #include, no digit separator.
bool OpensLiteral(const std::string& source, size_t line_start, size_t at) {
  if (source[at] == '\'') return at == 0 || !IsWordByte(source[at - 1]);
  return source[at] == '"' &&
         !absl::StartsWith(absl::string_view(source).substr(line_start), "#include");
}

// The code of a source, line by line: comments and the inside of literals blanked, but for the
// paths of #include lines. Words in a text or a comment break no rule.
Lines Code(const std::string& source) {
  std::string code = source;
  size_t line_start = 0;
  const auto blank = [&code](size_t from, size_t to) {
    for (size_t i = from; i < std::min(to, code.size()); ++i) {
      if (code[i] != '\n') code[i] = ' ';
    }
  };
  const auto find = [&source](const std::string& what, size_t from) {
    return std::min(source.find(what, from), source.size());
  };
  for (size_t i = 0; i < source.size(); ++i) {
    const absl::string_view rest = absl::string_view(source).substr(i);
    if (source[i] == '\n') {
      line_start = i + 1;
    } else if (absl::StartsWith(rest, "//")) {
      const size_t end = find("\n", i);
      blank(i, end);
      i = end - 1;
    } else if (absl::StartsWith(rest, "/*")) {
      const size_t end = find("*/", i + 2) + 2;
      blank(i, end);
      i = end - 1;
    } else if (absl::StartsWith(rest, "R\"") && (i == 0 || !IsWordByte(source[i - 1]))) {
      const size_t open = find("(", i);
      const size_t end = find(")" + source.substr(i + 2, open - i - 2) + "\"", open);
      blank(open, end);
      i = end + (open - i - 2) + 1;
    } else if (OpensLiteral(source, line_start, i)) {
      size_t end = i + 1;
      while (end < source.size() && source[end] != source[i] && source[end] != '\n') {
        end += source[end] == '\\' ? 2U : 1U;
      }
      blank(i + 1, end);
      i = end;
    }
  }
  return absl::StrSplit(code, '\n');
}

// The path of an #include line, without its marks; "" for any other line.
std::string Included(const std::string& line) {
  absl::string_view rest = absl::StripAsciiWhitespace(line);
  if (!absl::StartsWith(rest, "#")) return "";
  rest = absl::StripLeadingAsciiWhitespace(rest.substr(1));
  if (!absl::StartsWith(rest, "include")) return "";
  const std::vector<std::string> parts = absl::StrSplit(rest, absl::ByAnyChar("<>\""));
  return parts.size() > 1 ? parts[1] : "";
}

// The place in kOrder of the folder that `path` belongs to, tests to that which they test; -1 for
// others. Folders stand one level deep, but for adapters.
int Rank(const std::string& path) {
  std::string of = path;
  if (absl::StartsWith(path, "tests/adapters/"))
    of = path.substr(std::string("tests/").size());
  else if (absl::StartsWith(path, "tests/"))
    of = absl::StrCat("gate/", path.substr(std::string("tests/").size()));
  for (size_t i = 0; i < kOrder.size(); ++i) {
    if (absl::StartsWith(of, kOrder[i] + "/")) return static_cast<int>(i);
  }
  return -1;
}

bool StandsIn(const std::string& path, const std::vector<std::string>& places) {
  return std::any_of(places.begin(), places.end(),
                     [&](const std::string& place) { return absl::StartsWith(path, place); });
}

bool Behind(const Fence& fence, const std::string& path) {
  return std::any_of(fence.files.begin(), fence.files.end(), [&](const std::string& place) {
    return path == place || (absl::EndsWith(place, "/") && absl::StartsWith(path, place) &&
                             absl::EndsWith(path, ".cc"));
  });
}

// What is wrong with one source, each as "path:line: what, and the rule".
Lines Broken(const std::string& path, const std::string& source) {
  Lines broken;
  const bool is_test = absl::StartsWith(path, "tests/");
  const Lines lines = Code(source);
  const auto report = [&](size_t line, const std::string& rule) {
    broken.push_back(absl::StrCat(path, ":", line, ": ", rule));
  };
  if (absl::EndsWith(path, ".h") &&
      std::find(lines.begin(), lines.end(), "#pragma once") == lines.end()) {
    report(1, "a header begins with #pragma once");
  }
  if (absl::StartsWith(path, "gate/") && lines.size() > kMostLines + 1) {
    report(lines.size() - 1, absl::StrCat("a file has at most ", kMostLines, " lines; split it"));
  }
  for (size_t i = 0; i < lines.size(); ++i) {
    const std::string& line = lines[i];
    if (const std::string included = Included(line); !included.empty()) {
      const int own = Rank(path);
      const int other = Rank(included);
      if (own >= 0 && other > own) {
        report(i + 1, absl::StrCat("includes ", included, ": ", kOrder[static_cast<size_t>(own)],
                                   " may include only what stands before it in ",
                                   absl::StrJoin(kOrder, " ")));
      }
      if (!is_test && absl::StartsWith(included, "tests/")) {
        report(i + 1, absl::StrCat("includes ", included, ": the product knows no tests"));
      }
      for (const Fence& fence : kFences) {
        if (!absl::StartsWith(included, fence.header) || Behind(fence, path)) continue;
        report(i + 1,
               absl::StrCat("includes ", included, ": allowed in ",
                            fence.files.empty() ? "no file" : absl::StrJoin(fence.files, ", "),
                            " only"));
      }
      continue;
    }
    if (HasWord(line, "std::string_view")) {
      report(i + 1,
             "std::string_view: write absl::string_view, which Debian's Abseil does not convert");
    }
    for (const std::string& word : is_test ? kWaitingWords : kOutsideWords) {
      if (!HasWord(line, word) || (!is_test && StandsIn(path, kOutside))) continue;
      report(i + 1,
             is_test ? absl::StrCat(word, ": a test waits for events, not for a time")
                     : absl::StrCat(word, ": allowed in ", absl::StrJoin(kOutside, ", "), " only"));
    }
  }
  return broken;
}

struct Case {
  std::string name, path, source;
  Lines want;
};

class LayeringRules : public testing::TestWithParam<Case> {};

TEST_P(LayeringRules, Names) {
  EXPECT_EQ(Broken(GetParam().path, GetParam().source), GetParam().want);
}

const char kOrderText[] =
    " may include only what stands before it in gate/base gate/text gate/io gate/policy "
    "gate/evidence gate/slo gate/history "
    "gate/decision gate/prometheus gate/ledger gate/doctor gate/starter adapters gate/cli";
const char kOutsideText[] = ": allowed in gate/io/, gate/cli/, gate/main.cc only";

INSTANTIATE_TEST_SUITE_P(
    All, LayeringRules,
    testing::ValuesIn(std::vector<Case>{
        {"UpIsFine",
         "gate/slo/a.cc",
         "#include \"gate/base/bounds.h\"\n#include \"gate/slo/a.h\"\n",
         {}},
        {"DownIsNot",
         "gate/base/a.cc",
         "\n#include \"gate/slo/budget.h\"\n",
         {absl::StrCat("gate/base/a.cc:2: includes gate/slo/budget.h: gate/base", kOrderText)}},
        {"AdaptersKnowNoCommandLine",
         "adapters/jenkins/a.cc",
         "# include <gate/cli/run.h>\n",
         {absl::StrCat("adapters/jenkins/a.cc:1: includes gate/cli/run.h: adapters", kOrderText)}},
        {"TestsKeepTheOrder",
         "tests/text/a_test.cc",
         "#include \"gate/cli/run.h\"\n",
         {absl::StrCat("tests/text/a_test.cc:1: includes gate/cli/run.h: gate/text", kOrderText)}},
        {"FakesAreFree", "tests/testing/a.cc", "#include \"gate/cli/run.h\"\n", {}},
        {"ProductKnowsNoTests",
         "gate/cli/a.cc",
         "#include \"tests/testing/fakes.h\"\n",
         {"gate/cli/a.cc:1: includes tests/testing/fakes.h: the product knows no tests"}},
        {"Fence",
         "gate/prometheus/api.cc",
         "#include <curl/curl.h>\n",
         {"gate/prometheus/api.cc:1: includes curl/curl.h: allowed in gate/io/curl_http.cc, "
          "gate/io/curl_transfer.cc only"}},
        {"FenceHoldsForTests",
         "tests/text/a_test.cc",
         "#include <nlohmann/json.hpp>\n",
         {"tests/text/a_test.cc:1: includes nlohmann/json.hpp: allowed in gate/text/json.cc only"}},
        {"BehindTheFence", "gate/text/yaml.cc", "#include <yaml.h>\n", {}},
        {"FolderOfSources", "gate/policy/url.cc", "#include <re2/re2.h>\n", {}},
        {"FolderButNoHeader",
         "gate/policy/url.h",
         "#pragma once\n#include <re2/re2.h>\n",
         {"gate/policy/url.h:2: includes re2/re2.h: allowed in gate/text/, gate/policy/, "
          "tests/testing/ only"}},
        {"Regex",
         "gate/io/a.cc",
         "#include <regex>\n",
         {"gate/io/a.cc:1: includes regex: allowed in no file only"}},
        {"StringView",
         "gate/base/a.cc",
         "std::string_view a;\nabsl::string_view b;\nmy_std::string_view c;\n",
         {"gate/base/a.cc:1: std::string_view: write absl::string_view, which Debian's Abseil does "
          "not convert"}},
        {"Clock",
         "gate/decision/a.cc",
         "auto t = absl::Now();\n",
         {absl::StrCat("gate/decision/a.cc:1: absl::Now", kOutsideText)}},
        {"Exit",
         "gate/slo/a.cc",
         "if (bad) std::exit (1);\nint exit_code = on_exit(2);\n",
         {absl::StrCat("gate/slo/a.cc:1: exit(", kOutsideText)}},
        {"OutsideMay", "gate/io/clock.cc", "absl::Now(); getenv(name); steady_clock::now();\n", {}},
        {"TextsAndCommentsAreNoCode",
         "gate/slo/a.cc",
         "// exit(1)\n/* getenv\n exit(2) */ f(\"exit(3) \\\" getenv\", 'x', 1'000'000);\n"
         "g(R\"x(\n#include <regex>\n exit(4))\" getenv)x\");\n",
         {}},
        {"CodeAfterTexts",
         "gate/slo/a.cc",
         "f(\"//\"); exit(1);\ng('\"'); exit(2);\nh(R\"(\n\")\"); exit(3);\n",
         {absl::StrCat("gate/slo/a.cc:1: exit(", kOutsideText),
          absl::StrCat("gate/slo/a.cc:2: exit(", kOutsideText),
          absl::StrCat("gate/slo/a.cc:4: exit(", kOutsideText)}},
        {"Sleep",
         "tests/io/a_test.cc",
         "std::this_thread::sleep_for(x);\n",
         {"tests/io/a_test.cc:1: sleep_for: a test waits for events, not for a time"}},
        {"HeaderGuard",
         "gate/base/a.h",
         "// #pragma once\nint a;\n",
         {"gate/base/a.h:1: a header begins with #pragma once"}},
        {"LongestFile", "gate/base/a.cc", std::string(500, '\n'), {}},
        {"TooLongFile",
         "gate/base/a.cc",
         std::string(501, '\n'),
         {"gate/base/a.cc:501: a file has at most 500 lines; split it"}},
    }),
    [](const auto& test) { return test.param.name; });

TEST(Layering, EverySourceKeepsTheRules) {
  const std::filesystem::path root = SLOGATE_SOURCE_DIR;
  Lines broken;
  size_t read = 0;
  for (const char* folder : {"gate", "adapters", "tests"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(root / folder)) {
      const std::string path = entry.path().lexically_relative(root).string();
      if (!absl::EndsWith(path, ".cc") && !absl::EndsWith(path, ".h")) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::string source{std::istreambuf_iterator<char>(file), {}};
      const Lines more = Broken(path, source);
      broken.insert(broken.end(), more.begin(), more.end());
      ++read;
    }
  }
  EXPECT_GT(read, 50U);
  EXPECT_EQ(absl::StrJoin(broken, "\n"), "");
}

}  // namespace
}  // namespace slogate

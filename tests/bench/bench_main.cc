// slogate_bench --static FILE --dynamic FILE --promtool FILE --pgbench FILE --folder FOLDER --ledgers FOLDER
// --port N --server PID [--rounds N] [BLOCK…]: measures, prints a table for each block, and exits 1 where a limit was
// missed. For ./dev bench, which makes all of that ready.
#include <algorithm>
#include <cstdio>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <absl/strings/match.h>
#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>

#include "tests/bench/blocks.h"

namespace slogate::bench {

std::string Written(const Setup& setup, const std::string& name, const std::string& content) {
  std::string path = absl::StrCat(setup.folder, "/", name);
  std::ofstream(path, std::ios::binary | std::ios::trunc) << content;
  return path;
}

namespace {

const std::vector<std::pair<std::string, void (*)(const Setup&, Report&)>> kBlocks = {
    {"start", BenchStart}, {"growth", BenchGrowth}, {"decode", BenchDecode},
    {"check", BenchCheck}, {"far", BenchFar},       {"ledger", BenchLedger}};

int Usage(const std::string& wrong) {
  std::fprintf(stderr, "slogate_bench: %s; blocks are", wrong.c_str());
  for (const auto& [name, block] : kBlocks) std::fprintf(stderr, " %s", name.c_str());
  std::fputs("\n", stderr);
  return 2;
}

int Main(const std::vector<std::string>& arguments) {
  Setup setup;
  std::vector<std::string> wanted;
  const std::map<std::string, std::string*> texts = {
      {"--static", &setup.static_program}, {"--dynamic", &setup.dynamic_program},
      {"--promtool", &setup.promtool},     {"--pgbench", &setup.pgbench},
      {"--ledgers", &setup.ledgers},       {"--folder", &setup.folder}};
  const std::map<std::string, int*> numbers = {
      {"--port", &setup.port}, {"--server", &setup.server}, {"--rounds", &setup.rounds}};
  for (size_t i = 0; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    const std::string next = i + 1 < arguments.size() ? arguments[i + 1] : "";
    if (const auto text = texts.find(word); text != texts.end()) {
      *text->second = next;
      ++i;
    } else if (const auto number = numbers.find(word); number != numbers.end()) {
      if (!absl::SimpleAtoi(next, number->second) || *number->second < 1)
        return Usage(absl::StrCat(word, " needs a number"));
      ++i;
    } else if (std::any_of(kBlocks.begin(), kBlocks.end(),
                           [&](const auto& block) { return block.first == word; })) {
      wanted.push_back(word);
    } else {
      return Usage(absl::StrCat("unknown word '", word, "'"));
    }
  }
  Report report;
  for (const auto& [name, block] : kBlocks) {
    if (wanted.empty() || std::count(wanted.begin(), wanted.end(), name) > 0) block(setup, report);
  }
  std::printf("\n%s\n", report.missed().empty() ? "Every limit was held." : "Missed:");
  for (const std::string& missed : report.missed()) std::printf("  %s\n", missed.c_str());
  return report.missed().empty() ? 0 : 1;
}

}  // namespace
}  // namespace slogate::bench

int main(int argc, char** argv) {
  return slogate::bench::Main(std::vector<std::string>(argv + 1, argv + argc));
}

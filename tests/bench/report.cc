#include "tests/bench/report.h"

#include <algorithm>
#include <cstdio>
#include <utility>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>

namespace slogate::bench {

void Report::Begin(const std::string& title, std::vector<std::string> head) {
  title_ = title;
  rows_ = {std::move(head)};
}

void Report::Row(std::vector<std::string> cells) { rows_.push_back(std::move(cells)); }

void Report::End() {
  std::vector<size_t> widths;
  for (const std::vector<std::string>& row : rows_) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::printf("\n%s\n", title_.c_str());
  for (const std::vector<std::string>& row : rows_) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i)
      absl::StrAppendFormat(&line, "  %-*s", static_cast<int>(widths[i]), row[i]);
    line.erase(line.find_last_not_of(' ') + 1);
    std::printf("%s\n", line.c_str());
  }
  std::fflush(stdout);
}

std::string Report::Held(const std::string& what, const char* format, double figure, double limit) {
  const auto text = [&](double number) {
    char buffer[32];
    std::snprintf(buffer, sizeof buffer, format, number);
    return std::string(buffer);
  };
  const bool held = figure <= limit;
  if (!held) {
    missed_.push_back(absl::StrCat(what, ": ", text(figure), ", must be at most ", text(limit)));
  }
  return absl::StrCat(text(figure), ", at most ", text(limit), ": ", held ? "ok" : "MISSED");
}

}  // namespace slogate::bench

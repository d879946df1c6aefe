// What `./dev bench` prints: a table for each block, and which limits were missed.
#pragma once

#include <string>
#include <vector>

namespace slogate::bench {

class Report {
 public:
  // `head`: the columns' names.
  void Begin(const std::string& title, std::vector<std::string> head);
  void Row(std::vector<std::string> cells);
  void End();  // prints the table

  // "0.65, at most 0.8: ok" or with MISSED, which counts; `what` is for the summary.
  std::string Held(const std::string& what, const char* format, double figure, double limit);

  const std::vector<std::string>& missed() const { return missed_; }

 private:
  std::string title_;
  std::vector<std::vector<std::string>> rows_;
  std::vector<std::string> missed_;
};

}  // namespace slogate::bench

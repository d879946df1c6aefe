#include "tests/bench/measure.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>

#include <absl/strings/numbers.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_format.h>
#include <absl/strings/str_join.h>
#include <absl/strings/str_split.h>

#include "tests/testing/temp_folder.h"

namespace slogate::bench {
namespace {

[[noreturn]] void Fail(const std::string& why) {
  std::fprintf(stderr, "slogate_bench: %s\n", why.c_str());
  exit(1);
}

std::string Contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

// Runs it with standard output and error to those files.
double RunTo(const Command& command, const std::string& out, const std::string& err) {
  Command words = command;
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  constexpr int kWrite = O_WRONLY | O_CREAT | O_TRUNC;
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, out.c_str(), kWrite, 0600);
  posix_spawn_file_actions_addopen(&files, STDERR_FILENO, err.c_str(), kWrite, 0600);

  const auto start = std::chrono::steady_clock::now();
  pid_t child = 0;
  int status = posix_spawn(&child, argv[0], &files, nullptr, argv.data(), environ);
  if (status == 0) waitpid(child, &status, 0);
  const std::chrono::duration<double, std::milli> taken = std::chrono::steady_clock::now() - start;
  posix_spawn_file_actions_destroy(&files);
  if (status != 0) {
    Fail(absl::StrCat("no exit 0 (", status, "): ", absl::StrJoin(command, " "), "\n",
                      Contents(err)));
  }
  return taken.count();
}

}  // namespace

double Milliseconds(const Command& command) { return RunTo(command, "/dev/null", "/dev/null"); }

std::string Output(const Command& command) {
  const fake::TempFolder folder;
  RunTo(command, folder.Path("out"), folder.Path("err"));
  return folder.Read("out");
}

double PeakMegabytes(const Command& command) {
  const fake::TempFolder folder;
  Command timed = {"/usr/bin/time", "-f", "%M", "-o", folder.Path("kilobytes")};
  timed.insert(timed.end(), command.begin(), command.end());
  RunTo(timed, "/dev/null", "/dev/null");
  double kilobytes = 0;
  if (!absl::SimpleAtod(folder.Read("kilobytes"), &kilobytes)) Fail("time says no number");
  return kilobytes / 1024;
}

double CpuMilliseconds(pid_t process) {
  const std::string stat = Contents(absl::StrCat("/proc/", process, "/stat"));
  // After the name, which may hold anything but ends with the last parenthesis; see proc(5).
  const std::vector<std::string> fields =
      absl::StrSplit(stat.substr(std::min(stat.rfind(')') + 2, stat.size())), ' ');
  int64_t user = 0, system = 0;
  if (fields.size() < 13 || !absl::SimpleAtoi(fields[11], &user) ||
      !absl::SimpleAtoi(fields[12], &system)) {
    Fail(absl::StrCat("the server, process ", process, ", is gone"));
  }
  return 1000.0 * static_cast<double>(user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
}

double Median(std::vector<double> values) {
  if (values.empty()) return 0;
  std::sort(values.begin(), values.end());
  const size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

std::string Taken::Text() const {
  const auto [least, most] = std::minmax_element(rounds.begin(), rounds.end());
  return absl::StrFormat("%.1f (%.1f to %.1f)", Median(rounds), *least, *most);
}

void AddRound(const Command& a, const Command& b, int runs, pid_t server, Duel& duel) {
  std::vector<double> took_a, took_b;
  double server_a = 0, server_b = 0;
  const auto run = [&](const Command& command, std::vector<double>& took, double& used) {
    const double before = server == 0 ? 0 : CpuMilliseconds(server);
    took.push_back(Milliseconds(command));
    if (server != 0) used += (CpuMilliseconds(server) - before) / runs;
  };
  const bool a_first = duel.ratios.size() % 2 == 0;
  for (int i = 0; i < runs; ++i) {
    if (a_first) run(a, took_a, server_a);
    run(b, took_b, server_b);
    if (!a_first) run(a, took_a, server_a);
  }
  duel.a.rounds.push_back(Median(took_a));
  duel.b.rounds.push_back(Median(took_b));
  duel.ratios.push_back(duel.a.rounds.back() / duel.b.rounds.back());
  if (server == 0) return;
  duel.server_a.push_back(server_a);
  duel.server_b.push_back(server_b);
  duel.server_ratios.push_back(server_b > 0 ? server_a / server_b : 0);
}

}  // namespace slogate::bench

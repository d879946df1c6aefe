// The blocks of `./dev bench`, each a table of figures and their limits.
#pragma once

#include <string>

#include "tests/bench/measure.h"
#include "tests/bench/report.h"

namespace slogate::bench {

struct Setup {
  std::string static_program, dynamic_program;  // slogate
  std::string promtool, pgbench;
  int port = 0;      // Prometheus with the data of the workload, on 127.0.0.1
  pid_t server = 0;  // its process
  int rounds = 5;
  std::string folder;   // for files that the programs read and write
  std::string ledgers;  // for large ledgers, which are kept
};

// Start of the program, and lint of a policy with 20 SLOs, beside programs that do as little.
void BenchStart(const Setup& setup, Report& report);

// Loading, deciding and writing alone, in this process, and lint as a process, from 1 to 1,000 SLOs.
void BenchGrowth(const Setup& setup, Report& report);

// Raw samples, in this process, from the bytes of an answer.
void BenchDecode(const Setup& setup, Report& report);

// Whole checks beside curl --parallel, the server near and 20 ms away.
void BenchCheck(const Setup& setup, Report& report);
void BenchFar(const Setup& setup, Report& report);

// Appends beside what a disk and a database take at least, and ledgers of a million records. Needs PostgreSQL
// as the tests do.
void BenchLedger(const Setup& setup, Report& report);

// Writes a file into the setup's folder and gives its path.
std::string Written(const Setup& setup, const std::string& name, const std::string& content);

}  // namespace slogate::bench

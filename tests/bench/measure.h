// How long a program takes, and what it takes of memory and of a server.
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

namespace slogate::bench {

using Command = std::vector<std::string>;  // a program's path and its arguments

// Runs it to its end with nothing on its standard streams, and gives the milliseconds from fork to
// end. A program that does not end with exit 0 measures nothing: then this one ends, and says so.
double Milliseconds(const Command& command);

// What it writes to standard output.
std::string Output(const Command& command);

// The most memory it had at once, in MB. By the program `time`: what the system keeps for a child
// is at least the size of the parent that it was forked from, and time is small.
double PeakMegabytes(const Command& command);

// Milliseconds of processor time, user and system, that a process has used so far.
double CpuMilliseconds(pid_t process);

double Median(std::vector<double> values);

// What one contender took in all rounds.
struct Taken {
  std::vector<double> rounds;  // a median each
  std::string Text() const;    // "12.3 (11.9 to 14.0)"
};

// Two that are measured in turn, A and B, so that what disturbs the machine disturbs both.
struct Duel {
  Taken a, b;
  std::vector<double> ratios;              // of A to B, one a round
  std::vector<double> server_ratios;       // of the server's processor time
  std::vector<double> server_a, server_b;  // milliseconds a run
};

// Adds a round of `runs` runs each. `server`: the process whose time is looked at, or 0.
void AddRound(const Command& a, const Command& b, int runs, pid_t server, Duel& duel);

}  // namespace slogate::bench

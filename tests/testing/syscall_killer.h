// Kills a program with SIGKILL at one of its system calls: whatever it was about to do next, it does not.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "tests/testing/child_process.h"

namespace slogate::fake {

// Why programs cannot be traced here; nullopt where they can.
std::optional<std::string> CannotTrace();

// Lets `child`, started with `traced`, run, and kills it before the system call so many (1: the first; 0: never).
// Calls count from the first on that opens a file whose path ends with `file`, up to the one that ends the
// program; but for those that change nothing outside of it, such as reading: killed there, it leaves what it
// leaves at the next one. Gives how many there were; Child::Wait tells how it ended.
//
// On the thread that started the child. Threads and children of its own are not looked at.
size_t RunUntilCall(Child& child, const std::string& file, size_t call);

}  // namespace slogate::fake

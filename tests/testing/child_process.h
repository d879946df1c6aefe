// A program run as a child, with the descriptors, limits and environment that a test wants.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "tests/testing/temp_folder.h"

namespace slogate::fake {

struct ChildOptions {
  std::string folder;                              // to work in
  std::map<std::string, std::string> environment;  // these variables and no others
  std::map<int, int> descriptors;                  // the child's to the test's; -1: closed
  std::map<__rlimit_resource, rlim_t> limits;
  bool traced = false;  // it waits for syscall_killer.h
};

class Child {
 public:
  // Standard input is empty; output and error are kept, unless `options` say otherwise. The system
  // kills it when the calling thread ends, however that ends.
  Child(const std::string& program, const std::vector<std::string>& arguments,
        const ChildOptions& options);
  ~Child();  // stops it
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  pid_t pid() const { return pid_; }

  void Signal(int signal);
  void Stop();  // kills it where it still runs, and waits
  int Wait();   // its exit code as a shell shows it: 128 + N where signal N ended it

  // What it wrote; once it has ended.
  std::string Out() const { return kept_.Read("out"); }
  std::string Err() const { return kept_.Read("err"); }

 private:
  TempFolder kept_;
  pid_t pid_ = -1;
  int ended_ = -1;
};

}  // namespace slogate::fake

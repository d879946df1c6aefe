#include "tests/testing/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

#include <absl/strings/str_cat.h>

namespace slogate::fake {
namespace {

int Open(const std::string& path, int flags) {
  const int descriptor = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (descriptor < 0) std::abort();
  return descriptor;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

Child::Child(const std::string& program, const std::vector<std::string>& arguments,
             const ChildOptions& options) {
  std::vector<std::string> words = {program}, variables;
  words.insert(words.end(), arguments.begin(), arguments.end());
  for (const auto& [name, value] : options.environment)
    variables.push_back(absl::StrCat(name, "=", value));
  const std::vector<char*> argv = Pointers(words), envp = Pointers(variables);
  const int opened[] = {Open("/dev/null", O_RDONLY),
                        Open(kept_.Path("out"), O_WRONLY | O_CREAT | O_TRUNC),
                        Open(kept_.Path("err"), O_WRONLY | O_CREAT | O_TRUNC)};
  int wanted[] = {opened[0], opened[1], opened[2]};
  for (const auto& [child, test] : options.descriptors) wanted[child] = test;

  const pid_t parent = ::getpid();
  pid_ = ::fork();
  if (pid_ < 0) std::abort();
  if (pid_ == 0) {  // only what is safe between fork and exec, as the test may have threads
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != parent) ::_exit(126);  // the test ended before that
    for (const auto& [resource, most] : options.limits) {
      const rlimit limit{most, most};
      if (::setrlimit(resource, &limit) != 0) ::_exit(126);
    }
    for (int i = 0; i < 3; ++i) {
      if (wanted[i] >= 0 && ::dup2(wanted[i], i) != i) ::_exit(126);
      if (wanted[i] < 0) ::close(i);
    }
    ::close_range(3, ~0U, 0);
    if (options.traced && ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) ::_exit(126);
    if (!options.folder.empty() && ::chdir(options.folder.c_str()) != 0) ::_exit(126);
    ::execve(program.c_str(), argv.data(), envp.data());
    ::_exit(127);
  }
  for (const int descriptor : opened) ::close(descriptor);
}

Child::~Child() { Stop(); }

void Child::Stop() {
  if (ended_ >= 0) return;
  Signal(SIGKILL);
  Wait();
}

void Child::Signal(int signal) { ::kill(pid_, signal); }

int Child::Wait() {
  if (ended_ >= 0) return ended_;
  int status = 0;
  while (::waitpid(pid_, &status, 0) < 0) {
    if (errno != EINTR) std::abort();
  }
  ended_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return ended_;
}

}  // namespace slogate::fake

// slogate's main: the real outside, and the promise that whatever goes wrong ends non-zero.
#include <csignal>
#include <cstdlib>
#include <exception>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <malloc.h>
#include <unistd.h>

#include "gate/cli/run.h"

namespace {

// A bug, or no memory left: nothing that was not decided may look like an exit 0.
[[noreturn]] void Die() {
  constexpr char kText[] = "slogate: internal error: nothing is decided: exit 5\n";
  [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, kText, sizeof kText - 1);
  std::_Exit(slogate::kExitInternal);
}

// A caller that closed standard output must not get the verdict written into whatever file is
// opened next under that number: a closed descriptor becomes one that cannot be written.
void FillStandardDescriptors() {
  for (int descriptor = STDIN_FILENO; descriptor <= STDERR_FILENO; ++descriptor) {
    if (::fcntl(descriptor, F_GETFD) < 0) (void)::open("/dev/null", O_RDONLY);
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::set_terminate(Die);
  // Answers and documents come in large pieces: each is given back when it is done with, not kept
  // beside the next.
  mallopt(M_MMAP_THRESHOLD, 64 << 10);
  FillStandardDescriptors();
  // Where the machine's time zones are is not for a pipeline's variables to say: other data would make a
  // month begin when it suits.
  (void)::unsetenv("TZDIR");
  // A closed pipe, and a file that may not grow, are failed writes, and handled as such.
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  try {
    const std::unique_ptr<slogate::Clock> clock = slogate::RealClock();
    const std::unique_ptr<slogate::Environment> environment = slogate::RealEnvironment();
    const std::unique_ptr<slogate::Files> files = slogate::RealFiles();
    const std::unique_ptr<slogate::Http> http = slogate::CurlHttp();
    const std::unique_ptr<slogate::Stream> out = slogate::StandardOutput();
    const std::unique_ptr<slogate::Stream> err = slogate::StandardError();
    slogate::World world{*clock, *environment, *files, *http, *out, *err};
    return slogate::Run(std::vector<std::string>(argv + (argc > 0 ? 1 : 0), argv + argc), world);
  } catch (...) {
    Die();
  }
}

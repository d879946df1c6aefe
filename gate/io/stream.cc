#include "gate/io/stream.h"

#include <unistd.h>

#include <cerrno>
#include <cstring>

#include <absl/strings/str_cat.h>

namespace slogate {
namespace {

class DescriptorStream : public Stream {
 public:
  DescriptorStream(int descriptor, const char* name) : descriptor_(descriptor), name_(name) {}

  absl::Status Write(absl::string_view text) override {
    while (!text.empty()) {
      const ssize_t written = ::write(descriptor_, text.data(), text.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) {
        return absl::UnavailableError(
            absl::StrCat("cannot write to ", name_, ": ", std::strerror(errno)));
      }
      text.remove_prefix(static_cast<size_t>(written));
    }
    return absl::OkStatus();
  }

  bool IsTerminal() override { return ::isatty(descriptor_) == 1; }

 private:
  int descriptor_;
  const char* name_;
};

}  // namespace

std::unique_ptr<Stream> StandardOutput() {
  return std::make_unique<DescriptorStream>(STDOUT_FILENO, "standard output");
}

std::unique_ptr<Stream> StandardError() {
  return std::make_unique<DescriptorStream>(STDERR_FILENO, "standard error");
}

}  // namespace slogate

// Standard output and standard error, unbuffered: what was written is out, or the Status says that
// it is not.
#pragma once

#include <memory>

#include <absl/status/status.h>
#include <absl/strings/string_view.h>

namespace slogate {

class Stream {
 public:
  virtual ~Stream() = default;
  // Unavailable, with the system's reason, where not all of `text` could be written: closed, full,
  // or nobody reads it any more.
  virtual absl::Status Write(absl::string_view text) = 0;
  virtual bool IsTerminal() = 0;
};

std::unique_ptr<Stream> StandardOutput();
std::unique_ptr<Stream> StandardError();

}  // namespace slogate

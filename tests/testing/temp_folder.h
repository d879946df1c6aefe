// A folder of a test's own, gone when the test is.
#pragma once

#include <string>
#include <vector>

#include <absl/strings/string_view.h>

namespace slogate::fake {

class TempFolder {
 public:
  TempFolder();   // under $TMPDIR or /tmp; ends the program where it cannot be made
  ~TempFolder();  // removes it with all that is in it
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;

  const std::string& path() const { return path_; }
  std::string Path(absl::string_view name) const;  // of something in it, there or not

  // Makes or replaces a file, with the folders above it, and returns its path.
  std::string Write(absl::string_view name, absl::string_view content) const;
  std::string Read(absl::string_view name) const;  // "" where there is none
  std::vector<std::string> Names() const;          // what is in it, hidden ones too, sorted

 private:
  std::string path_;
};

}  // namespace slogate::fake

// Where a decision goes besides standard output: the document, reports, and the files of the CI
// system. All are opened before anything is measured, so that no release waits for a verdict that
// then cannot be told.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include <absl/status/status.h>
#include <absl/status/statusor.h>

#include "adapters/adapter.h"
#include "adapters/reports/reports.h"
#include "gate/cli/options.h"
#include "gate/cli/recording.h"
#include "gate/cli/world.h"

namespace slogate {

// `options` and `adapter` must outlive it.
class Places {
 public:
  // FailedPrecondition where the adapter needs a variable that is not set; otherwise as Files says.
  static absl::StatusOr<Places> Open(const CheckOptions& options, const Adapter& adapter,
                                     World& world);

  // Tells what is decided everywhere. The order is a promise: the document is on the disk before the
  // words are said, it is in its place after them, and what tells a later step to proceed comes
  // last of all. The first thing that fails ends it.
  absl::Status Publish(const Decided& decided, int exit_code, World& world);

 private:
  struct ReportFile {
    const Report* report;
    std::unique_ptr<NewFile> file;
  };
  struct SystemFile {
    const Sink* sink;
    std::unique_ptr<OpenFile> file;
  };

  Places(const CheckOptions& options, const Adapter& adapter)
      : options_(&options), adapter_(&adapter) {}

  absl::Status WriteSystemFiles(const Telling& telling, bool last);

  const CheckOptions* options_;
  const Adapter* adapter_;
  std::unique_ptr<NewFile> document_;  // null where it goes to standard output or nowhere
  std::vector<ReportFile> reports_;
  std::vector<SystemFile> system_files_;
};

}  // namespace slogate

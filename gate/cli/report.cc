#include "gate/cli/report.h"

#include <algorithm>
#include <utility>

#include <absl/status/statusor.h>
#include <absl/strings/str_cat.h>

#include "adapters/github/github.h"
#include "gate/base/limits.h"

namespace slogate {
namespace {

std::string Guarded(World& world, absl::string_view text) {
  return GithubReads(world.environment) ? GuardGithubText(text, world.new_token())
                                        : std::string(text);
}

}  // namespace

int Say(World& world, absl::string_view text) {
  const absl::Status written = world.out.Write(text);
  if (written.ok()) return kExitOk;
  Complain(world, written);
  return kExitInternal;
}

int SayQuoting(World& world, absl::string_view text) { return Say(world, Guarded(world, text)); }

void Complain(World& world, absl::string_view text) {
  // A diagnostic quotes a file, and a runner that reads this may take the quotation for a command.
  world.err.Write(Guarded(world, text)).IgnoreError();
}

void Complain(World& world, const absl::Status& status) {
  Complain(world, absl::StrCat("slogate: ", status.message(), "\n"));
}

void ShowDiagnostics(World& world, const std::vector<Diagnostic>& diagnostics,
                     absl::Span<const SourceFile> files) {
  if (diagnostics.empty()) return;
  const auto errors = std::count_if(
      diagnostics.begin(), diagnostics.end(),
      [](const Diagnostic& diagnostic) { return diagnostic.severity == Severity::kError; });
  const auto warnings = static_cast<std::ptrdiff_t>(diagnostics.size()) - errors;
  const auto count = [](std::ptrdiff_t number, absl::string_view noun) {
    return absl::StrCat(number, " ", noun, number == 1 ? "" : "s");
  };
  Complain(world,
           absl::StrCat(Render(diagnostics, files), "\n", errors > 0 ? count(errors, "error") : "",
                        errors > 0 && warnings > 0 ? ", " : "",
                        warnings > 0 ? count(warnings, "warning") : "", "\n"));
  if (GithubReads(world.environment)) {
    world.err.Write(AnnotateDiagnostics(diagnostics)).IgnoreError();
  }
}

std::vector<SourceFile> ReadFiles(World& world, const std::vector<std::string>& paths,
                                  std::vector<Diagnostic>& diagnostics) {
  std::vector<SourceFile> files;
  for (const std::string& path : paths) {
    const bool twice = std::any_of(files.begin(), files.end(),
                                   [&](const SourceFile& file) { return file.path == path; });
    if (twice) {
      diagnostics.push_back(
          {Severity::kError, "file_twice", path, {}, "the file is named twice", ""});
      continue;
    }
    absl::StatusOr<std::string> text = world.files.Read(path, limits::kFileBytes);
    if (!text.ok()) {
      diagnostics.push_back({Severity::kError,
                             "unreadable_file",
                             path,
                             {},
                             std::string(text.status().message()),
                             ""});
      continue;
    }
    files.push_back({path, *std::move(text)});
  }
  return files;
}

bool WantsColour(World& world, Stream& stream) {
  if (!stream.IsTerminal()) return false;
  if (!world.environment.Get("NO_COLOR").value_or("").empty()) return false;
  return world.environment.Get("TERM").value_or("dumb") != "dumb";
}

}  // namespace slogate

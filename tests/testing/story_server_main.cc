// slogate_story_server STORY: a fake Prometheus in which the service checkout is as the file
// tests/pipelines/stories/STORY.prometheus tells, in production and in staging alike, at the time
// of this start. Its first line is where it listens; it ends when its standard input does, with 1
// where it was asked what the story does not tell.
#include <cstdio>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>

#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <absl/time/clock.h>
#include <absl/time/time.h>

#include "tests/testing/scenario_server.h"

namespace {

std::optional<std::string> Read(const std::string& name) {
  std::ifstream file(absl::StrCat(SLOGATE_SOURCE_DIR, "/tests/", name));
  if (!file) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

int main(int argc, char** argv) {
  const auto healthy = Read("scenarios/fixtures/healthy.prometheus");
  const auto story =
      argc == 2 ? Read(absl::StrCat("pipelines/stories/", argv[1], ".prometheus")) : std::nullopt;
  if (!healthy || !story) {
    std::fputs("usage: slogate_story_server STORY, a file of tests/pipelines/stories\n", stderr);
    return 2;
  }
  const std::string production = absl::StrCat(*healthy, "\n", *story, "\n");
  const std::string staging =
      absl::StrReplaceAll(production, {{R"(env="prod")", R"(env="staging")"}});
  // The gate beside it goes by the real clock, and holds where the two differ.
  const std::string now = absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", absl::Now(), absl::UTCTimeZone());
  slogate::fake::ScenarioServer server(absl::StrCat(production, staging, "now ", now, "\n"));

  std::puts(server.url().c_str());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  for (const std::string& mistake : server.Mistakes())
    std::fprintf(stderr, "%s\n", mistake.c_str());
  return server.Mistakes().empty() ? 0 : 1;
}

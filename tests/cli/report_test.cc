#include "gate/cli/report.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "gate/base/limits.h"
#include "gate/cli/progress.h"
#include "tests/cli/memory_world.h"

namespace slogate {
namespace {

TEST(SayTest, WhatCannotBeSaidIsAnInternalError) {
  fake::MemoryWorld memory;
  EXPECT_EQ(Say(memory.world, "words\n"), 0);
  EXPECT_EQ(memory.out.text, "words\n");
  EXPECT_EQ(memory.err.text, "");
  memory.out.status = absl::UnavailableError("standard output: no space left on device");
  EXPECT_EQ(Say(memory.world, "more\n"), 5);
  EXPECT_EQ(memory.err.text, "slogate: standard output: no space left on device\n");
}

TEST(ComplainTest, ABrokenStandardErrorIsNoErrorOfItsOwn) {
  fake::MemoryWorld memory;
  memory.err.status = absl::UnavailableError("closed");
  Complain(memory.world, "unheard");
  EXPECT_EQ(memory.err.text, "");
}

TEST(ShowDiagnosticsTest, CountsThem) {
  const auto last_line = [](const std::vector<Diagnostic>& diagnostics) {
    fake::MemoryWorld memory;
    ShowDiagnostics(memory.world, diagnostics, {});
    EXPECT_EQ(memory.out.text, "");
    const std::string& text = memory.err.text;
    if (text.empty()) return text;
    return text.substr(text.rfind('\n', text.size() - 2) + 1);
  };
  const Diagnostic error{Severity::kError, "bad", "a.yaml", {}, "wrong", ""};
  const Diagnostic warning{Severity::kWarning, "odd", "a.yaml", {}, "strange", ""};
  EXPECT_EQ(last_line({}), "");
  EXPECT_EQ(last_line({error}), "1 error\n");
  EXPECT_EQ(last_line({warning}), "1 warning\n");
  EXPECT_EQ(last_line({error, error}), "2 errors\n");
  EXPECT_EQ(last_line({error, error, warning}), "2 errors, 1 warning\n");
  EXPECT_EQ(last_line({error, warning, warning}), "1 error, 2 warnings\n");
}

TEST(ReadFilesTest, AllThatCanBeReadAndAMistakeForEachOther) {
  fake::MemoryWorld memory;
  memory.files.contents = {
      {"a", "A"}, {"b", "B"}, {"big", std::string(limits::kFileBytes + 1, ' ')}};
  memory.files.read_errors["secret"] = absl::PermissionDeniedError("secret: permission denied");
  std::vector<Diagnostic> diagnostics;
  const std::vector<SourceFile> files =
      ReadFiles(memory.world, {"b", "secret", "a", "b", "big"}, diagnostics);
  ASSERT_EQ(files.size(), 2U);
  EXPECT_EQ(files[0].path + files[0].text + files[1].path + files[1].text, "bBaA");
  std::string mistakes;
  for (const Diagnostic& diagnostic : diagnostics)
    mistakes += diagnostic.file + " " + diagnostic.id + "; ";
  EXPECT_EQ(mistakes, "secret unreadable_file; b file_twice; big unreadable_file; ");
  EXPECT_TRUE(HasErrors(diagnostics));
}

TEST(WantsColourTest, OnlyOnATerminalThatShowsItAndNobodyMinds) {
  struct Case {
    bool terminal;
    std::map<std::string, std::string> variables;
    bool want;
  };
  const Case cases[] = {
      {true, {{"TERM", "xterm"}}, true},
      {false, {{"TERM", "xterm"}}, false},
      {true, {{"TERM", "dumb"}}, false},
      {true, {}, false},
      {true, {{"TERM", "xterm"}, {"NO_COLOR", "1"}}, false},
      {true, {{"TERM", "xterm"}, {"NO_COLOR", "0"}}, false},
      {true, {{"TERM", "xterm"}, {"NO_COLOR", ""}}, true},
  };
  for (const Case& test : cases) {
    fake::MemoryWorld memory;
    memory.out.terminal = test.terminal;
    memory.environment.variables = test.variables;
    EXPECT_EQ(WantsColour(memory.world, memory.out), test.want);
  }
}

TEST(ProgressLineTest, OnlyOnATerminalAndAfterASecond) {
  fake::MemoryWorld memory;
  memory.err.terminal = true;
  ProgressLine progress(memory.world);
  progress.Update(1, 9);
  memory.clock.monotonic = absl::Milliseconds(999);
  progress.Update(2, 9);
  progress.Clear();
  EXPECT_EQ(memory.err.text, "");
  memory.clock.monotonic = absl::Milliseconds(2500);
  progress.Update(3, 9);
  EXPECT_EQ(memory.err.text, "\r\x1b[Kmeasuring: 3 of 9 answers, 2 s");
  memory.err.text.clear();
  progress.Clear();
  progress.Clear();
  EXPECT_EQ(memory.err.text, "\r\x1b[K") << "taken away once";

  fake::MemoryWorld piped;
  ProgressLine silent(piped.world);
  piped.clock.monotonic = absl::Seconds(30);
  silent.Update(3, 9);
  silent.Clear();
  EXPECT_EQ(piped.err.text, "");
}

}  // namespace
}  // namespace slogate

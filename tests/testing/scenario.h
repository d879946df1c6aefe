// One end-to-end case in one text: files, environment and a server's answers, then commands, each
// followed by what came of it. Runs slogate in this process, over real HTTP, in a folder of its
// own.
//
//   # The story, a line or two.
//   -- policy.yaml = fixtures/acme.yaml --    a file, from the fixtures or from the lines below
//   -- prometheus --                          see scenario_server.h; several add up, fixtures too
//   -- prometheus eu --                       another server, of that name
//   -- environment --                         NAME=value lines
//   -- secret --                              texts that no output and no written file may hold
//   -- run --                                 slogate check … [>/dev/full] [>/dev/tty]
//   -- exit --                                from here on what the run came to
//   -- stdout --                              absent where there is none; so with stderr
//   -- requests --                            where it is asked for: what the server was asked
//   -- files --                               the names of files that are new or changed
//   -- decision.json --                       where it is asked for: a file's content
//   -- decision.json fields --                where asked for: PATH = VALUE, PATH as in
//                                             findings[].kind; "stdout fields" likewise
//   -- stdout begins --                       in place of stdout: its first lines, as many as
//                                             stand here
//
// Words like NAME=value before slogate are variables of that run alone; LOGIN=bob is who runs it ("ci" else).
// In a command, DECISION stands for the last decision that a run recorded, OVERRIDE for the last
// ov-…, CHECKPOINT for the last checkpoint.
//
// Sections of what came of a run may be followed by another `run`, or by more of `prometheus`
// before it. In policies the server is http://prometheus.test:9090, wherever it really listens, and
// those of policies/ are sent there, too; the one called eu is http://eu.prometheus.test:9090, and its
// requests begin with its name. The gate's clock is told to the one without a name. The clock stands
// still; a server that hangs costs no time.
#pragma once

#include <string>
#include <vector>

#include <absl/strings/string_view.h>

#include "gate/prometheus/prometheus_source.h"

namespace slogate::fake {

struct Played {
  // The scenario with what really came of its runs: the same text where all is as it says.
  std::string text;
  // What is wrong with the scenario itself, and what must never be, whatever it says.
  std::vector<std::string> mistakes;
};

// `fixtures` is the folder that names after '=' are looked up in.
Played PlayScenario(absl::string_view text, const std::string& fixtures,
                    Asking asking = Asking::kTogether);

// `text` without what tells which queries were sent: requests, whole documents, their ids, and what explain
// says.
std::string WithoutQueries(absl::string_view text);

}  // namespace slogate::fake

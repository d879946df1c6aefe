// Gates in GitLab's .gitlab-ci.yml.
#pragma once

#include <cstddef>

#include "gate/doctor/findings.h"
#include "gate/doctor/script.h"
#include "gate/text/node.h"

namespace slogate {

// Appends what is found; returns how many gates there are.
size_t ExamineGitLab(const Node& root, const TextPlaces& places, Findings& findings);

}  // namespace slogate

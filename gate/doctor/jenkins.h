// Gates in Jenkinsfiles and in the Groovy of shared libraries.
#pragma once

#include <cstddef>

#include "gate/doctor/findings.h"
#include "gate/doctor/script.h"

namespace slogate {

// Appends what is found; returns how many gates there are.
size_t ExamineJenkins(absl::string_view program, const TextPlaces& places, Findings& findings);

}  // namespace slogate

// A recorded decision's evidence as a source: what replay decides from. Contacts nobody.
#pragma once

#include <memory>

#include "gate/evidence/evidence.h"

namespace slogate {

// Answers each question as it was answered then; one that was not asked then is `unreachable`.
std::unique_ptr<Source> RecordedSource(Evidence evidence);

}  // namespace slogate

// All SLI kinds, each with the same four functions, for those who visit whichever it is.
#pragma once

#include "gate/evidence/sli_events.h"
#include "gate/evidence/sli_latency.h"
#include "gate/evidence/sli_query.h"
#include "gate/evidence/sli_slices.h"
#include "gate/evidence/sli_threshold.h"

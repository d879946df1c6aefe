// What a query means, told a second time: by the record itself, not by a database's columns.
#pragma once

#include "gate/history/history.h"
#include "gate/history/record.h"

namespace slogate {

// Whether `record` meets everything that is set in `query`; its order and its most are not looked at.
bool Meets(const Record& record, const RecordQuery& query);

}  // namespace slogate

// A Prometheus server as a source that counts from raw samples where the server streams them (remote
// read), and asks another source where it does not: what is no count, what reaches further back than
// the samples, and everything where none are offered and the policy does not insist.
//
// A server that offers samples and then breaks them is a finding: to fall back would lose what only
// samples show. It falls back where nothing was offered at all, and, unless the policy insists, where
// the samples are too many.
#pragma once

#include <memory>
#include <string>

#include "gate/evidence/evidence.h"
#include "gate/io/clock.h"
#include "gate/io/http.h"
#include "gate/policy/policy.h"
#include "gate/prometheus/credentials.h"
#include "gate/prometheus/prometheus_source.h"

namespace slogate {

// `http` must outlive the source. `progress` may be empty. Not for Counting::kPromql.
std::unique_ptr<Source> SamplesSource(std::unique_ptr<Source> other, std::string name,
                                      const SourceConfig& config, Credentials credentials,
                                      Http& http, Deadline deadline, Progress progress);

// The source that `config` describes: by PromQL alone, or with samples before it.
std::unique_ptr<Source> OpenSource(const std::string& name, const SourceConfig& config,
                                   const Credentials& credentials, Http& http, Deadline deadline,
                                   const Progress& progress, Asking asking);

}  // namespace slogate

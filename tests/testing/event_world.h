// Pods whose every event is known, and what a server that scrapes them stores of it: the truth to
// hold counts against. Values, pure; times in milliseconds since the Unix epoch.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "gate/evidence/samples.h"

namespace slogate::fake {

// One run of a program: it counts from 0 and takes its counters with it.
struct Process {
  int64_t start = 0, end = 0;                          // alive in [start, end)
  std::map<std::string, std::vector<int64_t>> events;  // by status code; ascending, while alive
};

// One place that is scraped. Its counter of "200" is there from the first; that of any other code is
// made with its first event.
struct Pod {
  SeriesLabels labels;
  std::vector<Process> processes;  // one after the other
};

struct Scraping {
  int64_t interval = 0, offset = 0;               // at offset + k * interval
  std::vector<std::pair<int64_t, int64_t>> gaps;  // [from, to): no scrape

  // Those in [from, to], ascending.
  std::vector<int64_t> Times(int64_t from, int64_t to) const;
};

// The pod's labels with `code`, sorted.
SeriesLabels SeriesOf(const Pod& pod, const std::string& code);

// What is stored of one pod from `from` to `to`, with a staleness marker where a series is gone that
// the scrape before had.
std::map<SeriesLabels, std::vector<Sample>> Scraped(const Pod& pod, const Scraping& scraping,
                                                    int64_t from, int64_t to);

// How many events of `code` happened in (from, to].
int64_t Happened(const Pod& pod, const std::string& code, int64_t from, int64_t to);

// Those of them that a scrape of the same process saw, up to `to`: all that samples can tell.
int64_t Seen(const Pod& pod, const Scraping& scraping, const std::string& code, int64_t from,
             int64_t to);

// How many of those no sample can tell all the same: after a restart the counter stood as high as
// before at its next scrape, or higher, and looks like one that went on.
int64_t Hidden(const Pod& pod, const Scraping& scraping, const std::string& code, int64_t to);

}  // namespace slogate::fake

#include "tests/testing/event_world.h"

#include <algorithm>
#include <cstring>
#include <optional>
#include <set>

namespace slogate::fake {
namespace {

double StaleMarker() {
  const uint64_t bits = 0x7ff0000000000002;
  double value;
  std::memcpy(&value, &bits, sizeof value);
  return value;
}

int64_t UpTo(const std::vector<int64_t>& events, int64_t time) {
  return std::upper_bound(events.begin(), events.end(), time) - events.begin();
}

const std::vector<int64_t>& EventsOf(const Process& process, const std::string& code) {
  static const std::vector<int64_t> kNone;
  const auto found = process.events.find(code);
  return found == process.events.end() ? kNone : found->second;
}

// What a scrape of the process shows of `code`: nothing where the counter is not made yet.
std::optional<int64_t> Shown(const Process& process, const std::string& code, int64_t time) {
  if (time < process.start || time >= process.end) return std::nullopt;
  const int64_t count = UpTo(EventsOf(process, code), time);
  if (count == 0 && code != "200") return std::nullopt;
  return count;
}

}  // namespace

std::vector<int64_t> Scraping::Times(int64_t from, int64_t to) const {
  std::vector<int64_t> times;
  const int64_t rounds = (from - offset) / interval;
  for (int64_t time = offset + rounds * interval; time <= to; time += interval) {
    const bool missed = std::any_of(gaps.begin(), gaps.end(), [time](const auto& gap) {
      return gap.first <= time && time < gap.second;
    });
    if (time >= from && !missed) times.push_back(time);
  }
  return times;
}

SeriesLabels SeriesOf(const Pod& pod, const std::string& code) {
  SeriesLabels labels = pod.labels;
  labels.emplace_back("__name__", "http_requests_total");
  labels.emplace_back("code", code);
  std::sort(labels.begin(), labels.end());
  return labels;
}

std::map<SeriesLabels, std::vector<Sample>> Scraped(const Pod& pod, const Scraping& scraping,
                                                    int64_t from, int64_t to) {
  std::set<std::string> codes = {"200"};
  for (const Process& process : pod.processes) {
    for (const auto& [code, events] : process.events) codes.insert(code);
  }
  std::map<SeriesLabels, std::vector<Sample>> stored;
  for (const std::string& code : codes) {
    std::vector<Sample> samples;
    for (const int64_t time : scraping.Times(from, to)) {
      std::optional<int64_t> shown;
      for (const Process& process : pod.processes) {
        if (!shown) shown = Shown(process, code, time);
      }
      if (shown) {
        samples.push_back({time, static_cast<double>(*shown)});
      } else if (!samples.empty() && !IsStaleMarker(samples.back().value)) {
        samples.push_back({time, StaleMarker()});
      }
    }
    if (!samples.empty()) stored[SeriesOf(pod, code)] = std::move(samples);
  }
  return stored;
}

int64_t Happened(const Pod& pod, const std::string& code, int64_t from, int64_t to) {
  int64_t count = 0;
  for (const Process& process : pod.processes) {
    const std::vector<int64_t>& events = EventsOf(process, code);
    count += std::max<int64_t>(0, UpTo(events, to) - UpTo(events, from));
  }
  return count;
}

int64_t Seen(const Pod& pod, const Scraping& scraping, const std::string& code, int64_t from,
             int64_t to) {
  int64_t count = 0;
  for (const Process& process : pod.processes) {
    const std::vector<int64_t> times = scraping.Times(process.start, std::min(to, process.end - 1));
    if (times.empty()) continue;
    const std::vector<int64_t>& events = EventsOf(process, code);
    count += std::max<int64_t>(0, UpTo(events, times.back()) - UpTo(events, from));
  }
  return count;
}

int64_t Hidden(const Pod& pod, const Scraping& scraping, const std::string& code, int64_t to) {
  int64_t hidden = 0, stood = 0;
  for (const Process& process : pod.processes) {
    bool first = true;
    for (const int64_t time : scraping.Times(process.start, std::min(to, process.end - 1))) {
      const std::optional<int64_t> shown = Shown(process, code, time);
      if (!shown) continue;
      if (first && *shown >= stood) hidden += stood;
      first = false;
      stood = *shown;
    }
  }
  return hidden;
}

}  // namespace slogate::fake

#include "gate/evidence/by_source.h"

#include <iterator>
#include <utility>
#include <vector>

namespace slogate {
namespace {

class Several : public Source {
 public:
  explicit Several(std::map<std::string, std::unique_ptr<Source>> sources)
      : sources_(std::move(sources)) {}

  Evidence Measure(absl::Span<const Question> questions, absl::Time at) override {
    Evidence evidence;
    for (const Question& question : questions) {
      evidence.readings.push_back(
          {question,
           {},
           false,
           {{FindingKind::kUnreachable, {}, {}, "the policy has no such source here"}},
           {}});
    }
    for (const auto& [name, source] : sources_) {
      std::vector<Question> own;
      std::vector<size_t> places;
      for (size_t i = 0; i < questions.size(); ++i) {
        if (questions[i].source != name) continue;
        own.push_back(questions[i]);
        places.push_back(i);
      }
      if (own.empty()) continue;
      Evidence part = source->Measure(own, at);
      const size_t before = evidence.answers.size();
      for (size_t i = 0; i < places.size(); ++i) {
        for (size_t& answer : part.readings[i].answers) answer += before;
        evidence.readings[places[i]] = std::move(part.readings[i]);
      }
      std::move(part.answers.begin(), part.answers.end(), std::back_inserter(evidence.answers));
    }
    return evidence;
  }

 private:
  std::map<std::string, std::unique_ptr<Source>> sources_;
};

}  // namespace

std::unique_ptr<Source> BySource(std::map<std::string, std::unique_ptr<Source>> sources) {
  return std::make_unique<Several>(std::move(sources));
}

}  // namespace slogate

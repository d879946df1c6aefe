#include "gate/evidence/recorded.h"

#include <cstddef>
#include <utility>
#include <vector>

namespace slogate {
namespace {

constexpr size_t kNotCopied = static_cast<size_t>(-1);

class Recorded : public Source {
 public:
  explicit Recorded(Evidence evidence) : evidence_(std::move(evidence)) {}

  Evidence Measure(absl::Span<const Question> questions, absl::Time /*at*/) override {
    Evidence result;
    std::vector<size_t> copies(evidence_.answers.size(), kNotCopied);
    for (const Question& question : questions) {
      const Reading* known = evidence_.Find(question);
      if (known == nullptr) {
        result.readings.push_back({question,
                                   {},
                                   false,
                                   {{FindingKind::kUnreachable,
                                     {},
                                     {},
                                     "the recorded decision holds no answer to this question"}},
                                   {}});
        continue;
      }
      Reading reading = *known;
      for (size_t& index : reading.answers) {
        size_t& copy = copies[index];
        if (copy == kNotCopied) {
          copy = result.answers.size();
          result.answers.push_back(evidence_.answers[index]);
        }
        index = copy;
      }
      result.readings.push_back(std::move(reading));
    }
    return result;
  }

 private:
  Evidence evidence_;
};

}  // namespace

std::unique_ptr<Source> RecordedSource(Evidence evidence) {
  return std::make_unique<Recorded>(std::move(evidence));
}

}  // namespace slogate

#include "gate/evidence/recorded.h"

#include <utility>

namespace slogate {
namespace {

class Recorded : public Source {
 public:
  explicit Recorded(Evidence evidence) : evidence_(std::move(evidence)) {}

  Evidence Measure(absl::Span<const Question> questions, absl::Time /*at*/) override {
    Evidence result;
    for (const Question& question : questions) {
      Evidence one;
      if (const Reading* known = evidence_.Find(question)) {
        one.readings.push_back(*known);
        for (size_t& index : one.readings[0].answers) {
          one.answers.push_back(evidence_.answers[index]);
          index = one.answers.size() - 1;
        }
      } else {
        one.readings.push_back({question,
                                {},
                                false,
                                {{FindingKind::kUnreachable,
                                  {},
                                  {},
                                  "the recorded decision holds no answer to this question"}},
                                {}});
      }
      result.Append(std::move(one));
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

#include "gate/io/environment.h"

#include <cstdlib>

namespace slogate {
namespace {

class ProcessEnvironment : public Environment {
 public:
  std::optional<std::string> Get(const std::string& name) override {
    // getenv would stop reading the name there, and find another variable.
    if (name.find('\0') != std::string::npos) return std::nullopt;
    const char* value = std::getenv(name.c_str());
    if (value == nullptr) return std::nullopt;
    return value;
  }
};

}  // namespace

std::unique_ptr<Environment> RealEnvironment() { return std::make_unique<ProcessEnvironment>(); }

}  // namespace slogate

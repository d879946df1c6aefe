// Environment variables, by name only: nothing in slogate looks through all of them.
#pragma once

#include <memory>
#include <optional>
#include <string>

namespace slogate {

class Environment {
 public:
  virtual ~Environment() = default;
  virtual std::optional<std::string> Get(
      const std::string& name) = 0;  // nullopt where it is not set
};

std::unique_ptr<Environment> RealEnvironment();

}  // namespace slogate

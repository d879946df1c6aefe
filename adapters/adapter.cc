#include "adapters/adapter.h"

#include "adapters/plain/plain.h"

namespace slogate {
namespace {

constexpr Adapter kAdapters[] = {
    {"plain", RenderPlain},
};

}  // namespace

const Adapter* FindAdapter(absl::string_view name) {
  if (name == "auto") return &kAdapters[0];
  for (const Adapter& adapter : kAdapters) {
    if (name == adapter.name) return &adapter;
  }
  return nullptr;
}

std::vector<std::string> AdapterNames() {
  std::vector<std::string> names = {"auto"};
  for (const Adapter& adapter : kAdapters) names.emplace_back(adapter.name);
  return names;
}

}  // namespace slogate

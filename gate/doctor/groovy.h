// A Groovy program as tokens and the blocks they stand in: as much as it takes to tell what encloses
// a call. Comments are left out; what stands within `${…}` of a text is part of the text.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <absl/strings/string_view.h>

namespace slogate {

struct GroovyToken {
  enum class Kind : uint8_t { kWord, kText, kSign, kLineEnd };

  Kind kind = Kind::kSign;
  std::string text;           // of a text: what stands in its quotes
  size_t begin = 0, end = 0;  // in the program; of a text, within its quotes
  size_t block = 0;           // the index of the block it stands in
  size_t statement = 0;       // the index of its statement's first token
};

// What stands between braces, and the words before them: `stage('Gate')`, `try`, `catch (e)`.
struct GroovyBlock {
  size_t parent = 0;           // its own index for the whole program
  size_t header = 0;           // the first token of the words before the brace
  size_t open = 0, close = 0;  // the tokens of the braces; the whole program's are its ends
  std::string name;            // the first of those words
};

struct GroovyProgram {
  std::vector<GroovyToken> tokens;
  std::vector<GroovyBlock> blocks;  // the first is the whole program

  bool Within(size_t block, size_t outer) const;
  const GroovyToken& At(size_t index) const;  // an empty one beyond the end
};

GroovyProgram ReadGroovy(absl::string_view program);

}  // namespace slogate

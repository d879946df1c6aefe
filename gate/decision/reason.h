// What people write when they ask for an override: the reason and the ticket. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include <absl/strings/string_view.h>

namespace slogate {

// How many characters of a reason say something: without blanks and invisible characters at its ends,
// and without what only repeats. Where fewer than five different characters make it up, they are what
// counts; where more than half of it repeats words, each word counts once, and of a word that repeats
// itself ("asdfasdf") what it repeats.
size_t SayingLength(absl::string_view reason);

// "" or why the reason will not do, and what would; in one printable line. `min_length` is in
// characters, as SayingLength counts them.
std::string WhyNotReason(absl::string_view reason, size_t min_length);

// "" or why the ticket will not do: missing, another prefix, nothing after it, or not one word. Without
// a prefix none is needed.
std::string WhyNotTicket(absl::string_view ticket, const std::optional<std::string>& prefix);

}  // namespace slogate

// What HTTP asks of texts on their way out and in: pure, and apart from the library that does the
// talking.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <absl/strings/string_view.h>

namespace slogate {

using TextPairs = std::vector<std::pair<std::string, std::string>>;

// application/x-www-form-urlencoded: "a=1&b=x%20y". Every byte but RFC 3986's unreserved ones is
// encoded.
std::string EncodeForm(const TextPairs& form);

// Why these headers must not be sent, such as a line break in a value, which would make a second
// header of the rest; "" where they may. Never shows a value.
std::string HeadersRefusal(const TextPairs& headers);

// Whether this header line of an answer says that the body is compressed.
bool SaysCompressed(absl::string_view line);

}  // namespace slogate

// The secrets and certificates a source needs, read once before anybody is asked.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "gate/io/environment.h"
#include "gate/io/files.h"
#include "gate/io/http.h"
#include "gate/policy/policy.h"

namespace slogate {

// Where a token is to be had before anything is asked, and the form to ask for it with.
struct TokenRequest {
  std::string url;
  std::vector<std::pair<std::string, std::string>> form;
};

// Never printed, never recorded.
struct Credentials {
  std::vector<std::pair<std::string, std::string>>
      headers;                         // Authorization and the policy's own headers
  std::string username, password;      // basic authentication, or a key to sign with
  std::string aws_sigv4;               // as HttpRequest has it
  std::optional<TokenRequest> token;   // FetchToken (oauth.h) makes a header of it
  std::shared_ptr<const HttpTls> tls;  // null where the source names none
  std::vector<std::string> secrets;    // every secret read, to mask them where they echo
};

// Reads what `source` names. A missing, empty or unreadable secret, or one with a control character
// in it, is a diagnostic at its place in `policy_file`; so is a file for TLS that holds no
// certificate or no plain key. One trailing newline of a file is not part of the secret.
Parsed<Credentials> ReadCredentials(const SourceConfig& source, const std::string& policy_file,
                                    Files& files, Environment& environment);

// `text` with every secret in it, also percent- or base64-encoded, replaced by "***".
std::string MaskCredentials(const Credentials& credentials, std::string text);

}  // namespace slogate

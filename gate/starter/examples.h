// Files of ci-examples/, byte for byte, put into the program when it is built (examples.cmake).
#pragma once

namespace slogate {

extern const char kPolicyExample[];
extern const char kSlosExample[];
extern const char kGithubExample[];
extern const char kJenkinsExample[];
extern const char kCircleciExample[];

}  // namespace slogate

# Writes OUTPUT, a C++ source that holds the files of EXAMPLES (a folder) as gate/starter/examples.h
# declares them: cmake -D EXAMPLES=… -D OUTPUT=… -P examples.cmake
set(names kPolicyExample kSlosExample kGithubExample kJenkinsExample kCircleciExample)
set(files policy/release-policy.yaml policy/checkout.yaml github/release.yml jenkins/Jenkinsfile circleci/config.yml)

set(source "#include \"gate/starter/examples.h\"\n\nnamespace slogate {\n")
foreach(name file IN ZIP_LISTS names files)
  file(READ "${EXAMPLES}/${file}" text)
  string(APPEND source "\nconst char ${name}[] = R\"slogate(${text})slogate\";\n")
endforeach()
file(WRITE "${OUTPUT}" "${source}\n}  // namespace slogate\n")

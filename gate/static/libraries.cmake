# What the static program is linked from, under the names that find_package gives the shared ones: Debian's
# packages of Abseil and libcurl describe their .so only. -static makes every -l below a .a.
find_package(nlohmann_json REQUIRED)
find_package(PkgConfig REQUIRED)
pkg_check_modules(ABSL REQUIRED absl_strings absl_str_format absl_time absl_statusor absl_span)
pkg_check_modules(GMP REQUIRED gmp)
pkg_check_modules(YAML REQUIRED yaml-0.1)
pkg_check_modules(RE2 REQUIRED re2)
find_package(Threads REQUIRED)

# static_library(NAME LIBS…): NAME stands for LIBS, in the linker's order: who needs before who is needed.
function(static_library name)
  add_library(${name} INTERFACE IMPORTED GLOBAL)
  target_link_libraries(${name} INTERFACE ${ARGN})
endfunction()

static_library(OpenSSL::Crypto crypto Threads::Threads ${CMAKE_DL_LIBS})
static_library(PkgConfig::GMP ${GMP_STATIC_LIBRARIES})
static_library(PkgConfig::YAML ${YAML_STATIC_LIBRARIES})
static_library(PkgConfig::RE2 ${RE2_STATIC_LIBRARIES})
static_library(PkgConfig::SQLITE sqlite3 m Threads::Threads ${CMAKE_DL_LIBS})
foreach(part strings str_format time statusor span)
  static_library(absl::${part} ${ABSL_STATIC_LIBRARIES})
endforeach()

# All that Debian's libcurl.a names, but for three whose .a Debian lacks, or lacks something for.
add_library(slogate_static STATIC ${CMAKE_CURRENT_LIST_DIR}/absent_libraries.cc)
target_link_libraries(slogate_static PRIVATE slogate_flags)
static_library(CURL::libcurl
  curl slogate_static nghttp2 ssh2 psl idn2 unistring ssl OpenSSL::Crypto zstd brotlidec brotlicommon z)

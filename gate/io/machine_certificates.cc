#include "gate/io/machine_certificates.h"

#include <unistd.h>

namespace slogate {
namespace {

const char* Find() {
  constexpr const char* kPlaces[] = {
      "/etc/ssl/certs/ca-certificates.crt",                 // Debian, Ubuntu, Arch
      "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  // Fedora, RHEL
      "/etc/pki/tls/certs/ca-bundle.crt",                   // older ones
      "/etc/ssl/ca-bundle.pem",                             // openSUSE
      "/etc/ssl/cert.pem",                                  // Alpine
  };
  for (const char* place : kPlaces) {
    if (access(place, R_OK) == 0) return place;
  }
  return kPlaces[0];
}

}  // namespace

const char* MachineCertificates() {
  static const char* const file = Find();
  return file;
}

}  // namespace slogate

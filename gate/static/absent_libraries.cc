// Stands in, in the static program, for the three libraries behind Debian's libcurl.a that cannot be
// linked statically: there is no libgssapi_krb5.a, libldap.a needs a libsasl2.a that does not exist,
// and librtmp.a needs GnuTLS. slogate allows libcurl http and https alone and never offers
// Negotiate, so nothing here is called but what says so. Only the static build compiles this file.
#include <nss.h>
#include <stdlib.h>
#include <unistd.h>

#include <cstddef>

namespace {

// Ends the process with a signal, which no caller can take for an answer.
[[noreturn]] void NeverCalled(const char* message, size_t size) {
  [[maybe_unused]] const ssize_t written = write(STDERR_FILENO, message, size);
  abort();
}

// A program that is linked statically cannot safely load what the machine's nsswitch.conf names:
// such a module brings the C library that it was made for. Files and DNS are in the program itself.
__attribute__((constructor)) void LookUpHostsByFilesAndDnsOnly() {
  __nss_configure_lookup("hosts", "files dns");
}

}  // namespace

// The linker knows functions by name alone, so none needs its true parameters.
#define SLOGATE_ABSENT(name)                                                              \
  [[noreturn]] void name() {                                                              \
    constexpr char kMessage[] = "slogate: " #name " is not part of the static program\n"; \
    NeverCalled(kMessage, sizeof kMessage - 1);                                           \
  }

extern "C" {

// libcurl asks for the version of the LDAP library when it says its own: not known.
int ldap_get_option() { return -1; }

SLOGATE_ABSENT(ldap_abandon_ext)
SLOGATE_ABSENT(ldap_err2string)
SLOGATE_ABSENT(ldap_free_urldesc)
SLOGATE_ABSENT(ldap_get_attribute_ber)
SLOGATE_ABSENT(ldap_get_dn_ber)
SLOGATE_ABSENT(ldap_init_fd)
SLOGATE_ABSENT(ldap_memfree)
SLOGATE_ABSENT(ldap_msgfree)
SLOGATE_ABSENT(ldap_msgtype)
SLOGATE_ABSENT(ldap_parse_result)
SLOGATE_ABSENT(ldap_parse_sasl_bind_result)
SLOGATE_ABSENT(ldap_pvt_url_scheme2proto)
SLOGATE_ABSENT(ldap_result)
SLOGATE_ABSENT(ldap_sasl_bind)
SLOGATE_ABSENT(ldap_search_ext)
SLOGATE_ABSENT(ldap_set_option)
SLOGATE_ABSENT(ldap_start_tls)
SLOGATE_ABSENT(ldap_unbind_ext)
SLOGATE_ABSENT(ldap_url_parse)
SLOGATE_ABSENT(ber_bvfree)
SLOGATE_ABSENT(ber_free)
SLOGATE_ABSENT(ber_memfree)
SLOGATE_ABSENT(ber_memvfree)
SLOGATE_ABSENT(ber_sockbuf_add_io)

const void* GSS_C_NT_HOSTBASED_SERVICE = nullptr;
SLOGATE_ABSENT(gss_delete_sec_context)
SLOGATE_ABSENT(gss_display_name)
SLOGATE_ABSENT(gss_display_status)
SLOGATE_ABSENT(gss_import_name)
SLOGATE_ABSENT(gss_init_sec_context)
SLOGATE_ABSENT(gss_inquire_context)
SLOGATE_ABSENT(gss_release_buffer)
SLOGATE_ABSENT(gss_release_name)
SLOGATE_ABSENT(gss_unwrap)
SLOGATE_ABSENT(gss_wrap)

SLOGATE_ABSENT(RTMP_Alloc)
SLOGATE_ABSENT(RTMP_Close)
SLOGATE_ABSENT(RTMP_Connect1)
SLOGATE_ABSENT(RTMP_ConnectStream)
SLOGATE_ABSENT(RTMP_Free)
SLOGATE_ABSENT(RTMP_Init)
SLOGATE_ABSENT(RTMP_Read)
SLOGATE_ABSENT(RTMP_SetBufferMS)
SLOGATE_ABSENT(RTMP_SetupURL)
SLOGATE_ABSENT(RTMP_Write)

}  // extern "C"

#include "gate/base/ed25519.h"

#include <string>
#include <utility>
#include <vector>

#include <absl/status/status.h>
#include <absl/strings/escaping.h>
#include <absl/strings/str_cat.h>
#include <gtest/gtest.h>

#include "gate/base/sha256.h"
#include "tests/testing/ed25519_keys.h"

namespace slogate {
namespace {

Ed25519Key KeyOf(const std::string& secret) {
  absl::StatusOr<Ed25519Key> key = Ed25519Key::FromPem(fake::Ed25519Pem(secret));
  if (!key.ok()) ADD_FAILURE() << key.status();
  return *std::move(key);
}

struct Vector {
  std::string name, secret, public_key, message, signature;
};

const char kMessageOf1023Bytes[] =
    "08b8b2b733424243760fe426a4b54908632110a66c2f6591eabd3345e3e4eb98fa6e264bf09efe12ee50f8f5"
    "4e9f77b1e355f6c50544e23fb1433ddf73be84d879de7c0046dc4996d9e773f4bc9efe5738829adb26c81b37"
    "c93a1b270b20329d658675fc6ea534e0810a4432826bf58c941efb65d57a338bbd2e26640f89ffbc1a858efc"
    "b8550ee3a5e1998bd177e93a7363c344fe6b199ee5d02e82d522c4feba15452f80288a821a579116ec6dad2b"
    "3b310da903401aa62100ab5d1a36553e06203b33890cc9b832f79ef80560ccb9a39ce767967ed628c6ad573c"
    "b116dbefefd75499da96bd68a8a97b928a8bbc103b6621fcde2beca1231d206be6cd9ec7aff6f6c94fcd7204"
    "ed3455c68c83f4a41da4af2b74ef5c53f1d8ac70bdcb7ed185ce81bd84359d44254d95629e9855a94a7c1958"
    "d1f8ada5d0532ed8a5aa3fb2d17ba70eb6248e594e1a2297acbbb39d502f1a8c6eb6f1ce22b3de1a1f40cc24"
    "554119a831a9aad6079cad88425de6bde1a9187ebb6092cf67bf2b13fd65f27088d78b7e883c8759d2c4f5c6"
    "5adb7553878ad575f9fad878e80a0c9ba63bcbcc2732e69485bbc9c90bfbd62481d9089beccf80cfe2df16a2"
    "cf65bd92dd597b0707e0917af48bbb75fed413d238f5555a7a569d80c3414a8d0859dc65a46128bab27af87a"
    "71314f318c782b23ebfe808b82b0ce26401d2e22f04d83d1255dc51addd3b75a2b1ae0784504df543af8969b"
    "e3ea7082ff7fc9888c144da2af58429ec96031dbcad3dad9af0dcbaaaf268cb8fcffead94f3c7ca495e056a9"
    "b47acdb751fb73e666c6c655ade8297297d07ad1ba5e43f1bca32301651339e22904cc8c42f58c30c04aafdb"
    "038dda0847dd988dcda6f3bfd15c4b4c4525004aa06eeff8ca61783aacec57fb3d1f92b0fe2fd1a85f672451"
    "7b65e614ad6808d6f6ee34dff7310fdc82aebfd904b01e1dc54b2927094b2db68d6f903b68401adebf5a7e08"
    "d78ff4ef5d63653a65040cf9bfd4aca7984a74d37145986780fc0b16ac451649de6188a7dbdf191f64b5fc5e"
    "2ab47b57f7f7276cd419c17a3ca8e1b939ae49e488acba6b965610b5480109c8b17b80e1b7b750dfc7598d5d"
    "5011fd2dcc5600a32ef5b52a1ecc820e308aa342721aac0943bf6686b64b2579376504ccc493d97e6aed3fb0"
    "f9cd71a43dd497f01f17c0e2cb3797aa2a2f256656168e6c496afc5fb93246f6b1116398a346f1a641f3b041"
    "e989f7914f90cc2c7fff357876e506b50d334ba77c225bc307ba537152f3f1610e4eafe595f6d9d90d11faa9"
    "33a15ef1369546868a7f3a45a96768d40fd9d03412c091c6315cf4fde7cb68606937380db2eaaa707b4c4185"
    "c32eddcdd306705e4dc1ffc872eeee475a64dfac86aba41c0618983f8741c5ef68d3a101e8a3b8cac60c905c"
    "15fc910840b94c00a0b9d0";

// RFC 8032 §7.1.
const std::vector<Vector> kVectors = {
    {"Test1", "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
     "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
     "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b"
     "4"
     "6bd25bf5f0595bbe24655141438e7a100b"},
    {"Test2", "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
     "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
     "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11"
     "d"
     "8c387b2eaeb4302aeeb00d291612bb0c00"},
    {"Test3", "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
     "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
     "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc"
     "6"
     "594a7c15e9716ed28dc027beceea1ec40a"},
    {"Test1024", "f5e5767cf153319517630f226876b86c8160cc583bc013744c6bf255f5cc0ee5",
     "278117fc144c72340f67d0f2316e8386ceffbf2b2428c9c51fef7c597f1d426e", kMessageOf1023Bytes,
     "0aab4c900501b3e24d7cdf4663326a3a87df5e4843b2cbdb67cbf6e460fec350aa5371b1508f9f4528ecea23c436d"
     "9"
     "4b5e8fcd4f681e30a6ac00a9704a188a03"},
    {"TestShaAbc", "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
     "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3fee"
     "b"
     "bd454d4423643ce80e2a9ac94fa54ca49f",
     "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b58909351fc9ac90b3ecfdfbc7c66431e"
     "0"
     "303dca179c138ac17ad9bef1177331a704"},
};

class Ed25519 : public testing::TestWithParam<Vector> {
 protected:
  const Ed25519Key key_ = KeyOf(GetParam().secret);
  const std::string message_ = absl::HexStringToBytes(GetParam().message);
  const std::string signature_ = absl::HexStringToBytes(GetParam().signature);
};

TEST_P(Ed25519, GivesThePublishedSignature) {
  EXPECT_EQ(Hex(key_.public_key()), GetParam().public_key);
  EXPECT_EQ(absl::BytesToHexString(Bytes(key_.Sign(message_))), GetParam().signature);
  EXPECT_TRUE(VerifyEd25519(key_.public_key(), message_, signature_));
}

TEST_P(Ed25519, RefusesEveryChangedBit) {
  for (size_t bit = 0; bit < 8 * signature_.size(); ++bit) {
    std::string changed = signature_;
    changed[bit / 8] = static_cast<char>(changed[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(VerifyEd25519(key_.public_key(), message_, changed)) << "bit " << bit;
  }
  for (size_t at = 0; at < message_.size(); at += 31) {
    std::string changed = message_;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(VerifyEd25519(key_.public_key(), changed, signature_)) << "byte " << at;
  }
  EXPECT_FALSE(VerifyEd25519(key_.public_key(), absl::StrCat(message_, "x"), signature_));
}

TEST_P(Ed25519, RefusesOtherLengths) {
  for (size_t bytes = 0; bytes < signature_.size(); ++bytes) {
    EXPECT_FALSE(VerifyEd25519(key_.public_key(), message_, signature_.substr(0, bytes)))
        << bytes << " bytes";
  }
  EXPECT_FALSE(
      VerifyEd25519(key_.public_key(), message_, absl::StrCat(signature_, std::string(1, '\0'))));
}

// S + L signs the same by the equation alone: RFC 8032 §5.1.7 wants S < L, so that nobody can make a
// second signature of one.
TEST_P(Ed25519, RefusesAnotherFormOfTheSameSignature) {
  const std::string order =
      absl::HexStringToBytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
  std::string changed = signature_;
  unsigned carry = 0;
  for (size_t i = 0; i < order.size(); ++i) {
    carry += static_cast<unsigned char>(changed[32 + i]);
    carry += static_cast<unsigned char>(order[i]);
    changed[32 + i] = static_cast<char>(carry & 0xffU);
    carry >>= 8U;
  }
  ASSERT_EQ(carry, 0u);
  EXPECT_FALSE(VerifyEd25519(key_.public_key(), message_, changed));
}

TEST_P(Ed25519, RefusesAnotherKeysSignature) {
  for (const Vector& other : kVectors) {
    if (other.name == GetParam().name) continue;
    EXPECT_FALSE(VerifyEd25519(KeyOf(other.secret).public_key(), message_, signature_));
  }
}

INSTANTIATE_TEST_SUITE_P(Rfc8032, Ed25519, testing::ValuesIn(kVectors),
                         [](const auto& test) { return test.param.name; });

TEST(Ed25519PublicKeys, AnyBytesMayBeAskedFor) {
  Ed25519PublicKey no_point;
  no_point.fill(0xff);
  EXPECT_FALSE(VerifyEd25519(no_point, "text", std::string(64, '\0')));
}

// What `openssl genpkey` and `openssl pkey` write.
constexpr char kPem[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MC4CAQAwBQYDK2VwBCIEIN5illFe6tQu80nKoF8ubon8L31FYmpPhWBNMZfRVdS+\n"
    "-----END PRIVATE KEY-----\n";

TEST(Ed25519FromPem, ReadsWhatOpensslWrites) {
  const absl::StatusOr<Ed25519Key> key = Ed25519Key::FromPem(kPem);
  ASSERT_TRUE(key.ok()) << key.status();
  // As `openssl pkey -pubout` says.
  EXPECT_EQ(Hex(key->public_key()),
            "5ae308f9ee1a0aed0d7927f7229d2048d983a13d4cc369a963dc5ab24e9de2c8");
}

struct Refused {
  std::string name, pem;
};

class Ed25519RefusedPem : public testing::TestWithParam<Refused> {};

TEST_P(Ed25519RefusedPem, SaysWhatIsWanted) {
  const absl::StatusOr<Ed25519Key> key = Ed25519Key::FromPem(GetParam().pem);
  EXPECT_EQ(key.status(),
            absl::InvalidArgumentError("no Ed25519 private key in PEM without a passphrase; "
                                       "`openssl genpkey -algorithm ed25519 -out FILE` makes one"));
}

INSTANTIATE_TEST_SUITE_P(All, Ed25519RefusedPem,
                         testing::ValuesIn(std::vector<Refused>{
                             {"Empty", ""},
                             {"OtherText", "not a key\n"},
                             {"Nuls", std::string(1000, '\0')},
                             {"CutShort", std::string(kPem).substr(0, 80)},
                             {"WithoutEnd", std::string(kPem).substr(0, 95)},
                             {"PublicKey",
                              "-----BEGIN PUBLIC KEY-----\n"
                              "MCowBQYDK2VwAyEAWuMI+e4aCu0NeSf3Ip0gSNmDoT1Mw2mpY9xask6d4sg=\n"
                              "-----END PUBLIC KEY-----\n"},
                             // The key above under the passphrase "secret". Nobody is asked for it.
                             {"Encrypted",
                              "-----BEGIN ENCRYPTED PRIVATE KEY-----\n"
                              "MIGbMFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAjp+q9YueRpWAICCAAw\n"
                              "DAYIKoZIhvcNAgkFADAdBglghkgBZQMEAQIEELF1Nk6MaQ2lGist7CzZEEcEQNJy\n"
                              "xlqrkO9NkPVZSoGqBmrNV/Q+Szb1ZvXZup/Eey20/SR4HhVegaFwBX/Un+tw57Qy\n"
                              "10oujBTtcsYESPDNjG0=\n"
                              "-----END ENCRYPTED PRIVATE KEY-----\n"},
                             {"Ed448",
                              "-----BEGIN PRIVATE KEY-----\n"
                              "MEcCAQAwBQYDK2VxBDsEOays7StT+MMlDqzQSQVIFU/cWJs308K5Mq+QBhP+VWUj\n"
                              "YEKk4IeX3I6kKt1moCmohERIYt4kxd5OtQ==\n"
                              "-----END PRIVATE KEY-----\n"},
                             {"X25519",
                              "-----BEGIN PRIVATE KEY-----\n"
                              "MC4CAQAwBQYDK2VuBCIEIPA/Iz7wPeqrVvYvUaiZTfpa52wpK4JXpbDc2BvOBE1N\n"
                              "-----END PRIVATE KEY-----\n"},
                             {"EllipticCurve",
                              "-----BEGIN PRIVATE KEY-----\n"
                              "MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgRzD5J/Z2Ak0BMHap\n"
                              "FS+2fmUKIX0oFhTAVUhagXZ/DE2hRANCAASZicq58TedokTF1+wu4jJ88ey9MjIn\n"
                              "q/1fT6+8FROzP5ObadFAcnbhjwW2Sy0Q5UU8ueIafMZ07f+kl+rUhx8N\n"
                              "-----END PRIVATE KEY-----\n"},
                         }),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace slogate

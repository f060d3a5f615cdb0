package dev.turnout.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.config.ConfigDef;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReloadingSslEngineFactoryTest {
  private static final String PASSWORD = "changeit";

  @TempDir Path dir;

  /** A store with one certificate, for both sides. */
  private Path store(String name) throws Exception {
    Path file = dir.resolve(name + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "client",
                "-keyalg",
                "EC",
                "-dname",
                "CN=" + name,
                "-storetype",
                "PKCS12",
                "-keystore",
                file.toString(),
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(keytool.exitValue()).isZero();
    return file;
  }

  private static String subject(ReloadingSslEngineFactory factory) throws GeneralSecurityException {
    assertThat(factory.createClientSslEngine("localhost", 9093, "").getUseClientMode()).isTrue();
    KeyStore keys = factory.keystore();
    assertThat(keys).isNotNull();
    return ((X509Certificate) keys.getCertificate("client")).getSubjectX500Principal().getName();
  }

  private static void replace(Path target, Path by) throws IOException {
    Files.move(by, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
  }

  @Test
  void shouldUseTheCertificatesThatTheFilesHoldNow() throws Exception {
    // given
    Path mounted = store("first");
    try (ReloadingSslEngineFactory factory = new ReloadingSslEngineFactory()) {
      factory.configure(
          new ConfigDef()
              .withClientSslSupport()
              .parse(
                  Map.of(
                      "ssl.keystore.type",
                      "PKCS12",
                      "ssl.keystore.location",
                      mounted.toString(),
                      "ssl.keystore.password",
                      PASSWORD,
                      "ssl.key.password",
                      PASSWORD,
                      "ssl.truststore.type",
                      "PKCS12",
                      "ssl.truststore.location",
                      mounted.toString(),
                      "ssl.truststore.password",
                      PASSWORD)));
      assertThat(subject(factory)).isEqualTo("CN=first");

      // when they are renewed
      replace(mounted, store("second"));

      // then
      assertThat(subject(factory)).isEqualTo("CN=second");

      // and what nobody can use changes nothing, until it is mended
      replace(mounted, Files.writeString(dir.resolve("half"), "half a file"));
      assertThat(subject(factory)).isEqualTo("CN=second");
      replace(mounted, store("third"));
      assertThat(subject(factory)).isEqualTo("CN=third");
    }
  }
}

package dev.turnout.app.role;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Self-signed certificates of the JDK's keytool: a key store for each name, one that trusts all.
 */
final class Certificates {
  static final String PASSWORD = "changeit";

  /** The broker's, for {@code localhost}. */
  static final String BROKER = "broker";

  private final Path dir;
  private final Path trusting;

  private Certificates(Path dir, Path trusting) {
    this.dir = dir;
    this.trusting = trusting;
  }

  static Certificates make(Path dir, List<String> names) throws Exception {
    KeyStore trusted = empty();
    Certificates certificates = new Certificates(dir, dir.resolve("trusted.p12"));
    // a JVM a name: side by side, as each takes its time to start
    List<Process> makings = names.stream().map(certificates::generate).toList();
    for (int i = 0; i < names.size(); i++) {
      assertThat(makings.get(i).waitFor(120, TimeUnit.SECONDS)).isTrue();
      assertThat(makings.get(i).exitValue()).isZero();
      KeyStore keys = empty();
      try (InputStream file = Files.newInputStream(certificates.store(names.get(i)))) {
        keys.load(file, PASSWORD.toCharArray());
      }
      trusted.setCertificateEntry(names.get(i), keys.getCertificate("key"));
    }
    try (OutputStream file = Files.newOutputStream(certificates.trusting)) {
      trusted.store(file, PASSWORD.toCharArray());
    }
    return certificates;
  }

  private static KeyStore empty() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private Process generate(String name) {
    try {
      return new ProcessBuilder(
              Path.of(System.getProperty("java.home", ""), "bin", "keytool").toString(),
              "-J-XX:TieredStopAtLevel=1",
              "-genkeypair",
              "-alias",
              "key",
              "-keyalg",
              "EC",
              "-dname",
              "CN=" + name,
              "-ext",
              "SAN=dns:localhost",
              "-storetype",
              "PKCS12",
              "-keystore",
              store(name).toString(),
              "-storepass",
              PASSWORD)
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new IllegalStateException("keytool cannot be started", e);
    }
  }

  private Path store(String name) {
    return dir.resolve(name + ".p12");
  }

  /** Kafka's settings of who has this name. */
  Map<String, String> of(String name) {
    return Map.of(
        "ssl.keystore.type",
        "PKCS12",
        "ssl.keystore.location",
        store(name).toString(),
        "ssl.keystore.password",
        PASSWORD,
        "ssl.truststore.type",
        "PKCS12",
        "ssl.truststore.location",
        trusting.toString(),
        "ssl.truststore.password",
        PASSWORD);
  }
}

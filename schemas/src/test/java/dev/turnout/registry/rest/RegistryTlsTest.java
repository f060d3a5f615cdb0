package dev.turnout.registry.rest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.turnout.registry.FakeRegistry;
import dev.turnout.registry.RegistryUnavailableException;
import dev.turnout.registry.SchemaRegistryClient;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryTlsTest {

  private static final String PASSWORD = "changeit";

  @TempDir Path directory;

  private FakeRegistry server;
  private Path store;
  private String certificate;
  private final Map<String, Object> config = new HashMap<>();

  @BeforeEach
  void start() throws Exception {
    store = directory.resolve("server.p12");
    int exit =
        new ProcessBuilder(
                    Path.of(System.getProperty("java.home", ""), "bin", "keytool").toString(),
                    "-genkeypair",
                    "-alias",
                    "registry",
                    "-keyalg",
                    "EC",
                    "-dname",
                    "CN=localhost",
                    "-ext",
                    "SAN=dns:localhost",
                    "-storetype",
                    "PKCS12",
                    "-keystore",
                    store.toString(),
                    "-storepass",
                    PASSWORD)
                .start()
                .waitFor(60, TimeUnit.SECONDS)
            ? 0
            : 1;
    assertThat(exit).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream file = Files.newInputStream(store)) {
      keys.load(file, PASSWORD.toCharArray());
    }
    certificate =
        "-----BEGIN CERTIFICATE-----\n"
            + Base64.getMimeEncoder().encodeToString(keys.getCertificate("registry").getEncoded())
            + "\n-----END CERTIFICATE-----\n";
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, PASSWORD.toCharArray());
    SSLContext tls = SSLContext.getInstance("TLS");
    tls.init(managers.getKeyManagers(), null, null);
    server = FakeRegistry.start(tls).answering(200, "{\"schema\":\"\\\"string\\\"\"}");
    config.put("schema.registry.url", server.url());
    config.put("schema.registry.max.retries", 0);
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void shouldTrustACertificateGivenAsPem() {
    config.put("schema.registry.ssl.truststore.type", "PEM");
    config.put("schema.registry.ssl.truststore.certificates", certificate);

    assertThat(SchemaRegistryClient.create(config).schemaById(1).getName()).isEqualTo("string");
  }

  @Test
  void shouldTrustAStoreGivenAsFile() {
    config.put("schema.registry.ssl.truststore.type", "PKCS12");
    config.put("schema.registry.ssl.truststore.location", store.toString());
    config.put("schema.registry.ssl.truststore.password", PASSWORD);

    assertThat(SchemaRegistryClient.create(config).schemaById(1).getName()).isEqualTo("string");
  }

  @Test
  void shouldNotTalkToAStranger() {
    assertThatThrownBy(() -> SchemaRegistryClient.create(config).schemaById(1))
        .isInstanceOf(RegistryUnavailableException.class)
        .hasMessageContaining(server.url());
  }
}
